# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulated tenant for all tests; each test starts from the example seed."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from entra_simulator.testing import SimulatedTenant, running
from integration.runner import COLLECTIONS, ROOT
from integration.tenant import Tenant

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEED = ROOT / "simulator" / "seeds" / "contoso.yml"


@pytest.fixture(scope="session", autouse=True)
def collections() -> Path:
    """The folder in which Ansible finds this checkout as a collection."""
    link = COLLECTIONS / "ansible_collections" / "tenantops" / "entra"
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to("../../../..")
    return COLLECTIONS


@pytest.fixture(scope="session")
def simulated() -> Iterator[SimulatedTenant]:
    with running(SEED) as tenant:
        yield tenant


@pytest.fixture(scope="session")
def initial(simulated: SimulatedTenant) -> dict[str, t.Any]:
    """The seed's content, with all ids."""
    return simulated.state()


@pytest.fixture
def tenant(simulated: SimulatedTenant, initial: dict[str, t.Any], tmp_path: Path) -> Tenant:
    return Tenant(simulated, initial, tmp_path)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Tenant]]:
    """Starts another simulator, with options of its own."""
    with contextlib.ExitStack() as stack:

        def begin(**options: t.Any) -> Tenant:
            other = stack.enter_context(running(SEED, **options))
            return Tenant(other, other.state(), tmp_path)

        yield begin
