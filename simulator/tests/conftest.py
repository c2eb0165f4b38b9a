# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all tests; every test starts from the example tenant."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from simulator_helpers import GRAPH, JIRA, SEEDS, Tenant

from entra_simulator.testing import SimulatedTenant, running


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[SimulatedTenant, dict[str, Any]]]:
    with running(SEEDS / "contoso.yml") as simulated:
        yield simulated, simulated.state()


@pytest.fixture
def tenant(server: tuple[SimulatedTenant, dict[str, Any]]) -> Tenant:
    simulated, initial = server
    simulated.clear_faults()
    simulated.put_state(initial)
    simulated.clear_requests()
    return Tenant(simulated, copy.deepcopy(initial))


@pytest.fixture
def passing_time() -> Iterator[Tenant]:
    """A simulator of its own, whose clock only the test moves."""
    with running(SEEDS / "contoso.yml") as simulated:
        simulated.freeze()
        yield Tenant(simulated, simulated.state())


@pytest.fixture
def jira(tenant: Tenant) -> str:
    """The vendor's app, now in the tenant: the object id of its service principal."""
    return tenant.app(JIRA)


@pytest.fixture
def graph(tenant: Tenant) -> str:
    """The object id of Microsoft Graph's service principal."""
    return tenant.app(GRAPH)
