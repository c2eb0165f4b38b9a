# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenant that the tests of the kind share, as it was in the beginning."""

from __future__ import annotations

import pytest
from unit.foreign.world import World
from unit.toy.place import connect_with_the_kind, document


@pytest.fixture(scope="module")
def tenants() -> World:
    return World(document())


@pytest.fixture
def world(tenants: World, monkeypatch: pytest.MonkeyPatch) -> World:
    tenants.reset()
    connect_with_the_kind(tenants, monkeypatch)
    return tenants
