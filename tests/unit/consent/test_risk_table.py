# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped risk table follows from Graph's own data by the rules that it states."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible_collections.tenantops.entra.plugins.module_utils._consent import risk_data
from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import LEVELS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable

DATA = Path(__file__).parents[3] / "simulator" / "src" / "entra_simulator" / "data" / "graph-delegated-scopes.json"
SIGNING_IN = {"openid", "profile", "email", "offline_access"}
RISING = ("low", "medium", "high", "critical")


def by_rule(scope: dict[str, t.Any]) -> str:
    name, admin = scope["value"], scope["type"] == "Admin"
    if name in risk_data.CONTROL.split():
        return "critical"
    levels = {
        4: "critical",
        3: "high" if admin else "medium",
        2: "medium" if admin else "low",
        1: "low",
        None: "high" if admin else "medium",
    }
    level = "low" if name in SIGNING_IN else levels[scope.get("privilege_level")]
    return "medium" if name in risk_data.CONTENT.split() and level == "low" else level


def test_each_scope_of_graph_has_the_level_of_the_rules() -> None:
    expected: dict[str, str] = {}
    for scope in json.loads(DATA.read_text(encoding="utf-8"))["scopes"]:
        # Where sources differ, the higher one counts.
        known = expected.get(scope["value"], "low")
        expected[scope["value"]] = max(known, by_rule(scope), key=RISING.index)
    table = RiskTable()
    assert {scope: table.level(GRAPH_APP_ID, scope) for scope in expected} == expected
    assert sum(len(scopes.split()) for scopes in risk_data.LEVELS.values()) == len(expected)


def test_what_is_raised_is_there_and_levels_rise() -> None:
    table = RiskTable()
    assert {table.level(GRAPH_APP_ID, scope) for scope in risk_data.CONTROL.split()} == {"critical"}
    assert all(
        LEVELS.index(table.level(GRAPH_APP_ID, scope)) >= LEVELS.index("medium") for scope in risk_data.CONTENT.split()
    )
    assert table.highest([]) is None
    assert table.highest([(GRAPH_APP_ID, "openid"), ("another", "x"), (GRAPH_APP_ID, "Mail.Read")]) == "medium"


def test_application_permissions_are_another_scale_than_scopes() -> None:
    own = {"application/Mail.Read": "low", "Mail.Send": "low", f"application/{GRAPH_APP_ID}/Sites.Read.All": "critical"}
    mine = RiskTable.read(own)
    assert (mine.application_level(GRAPH_APP_ID, "Mail.Read"), mine.level(GRAPH_APP_ID, "Mail.Read")) == (
        "low",
        "medium",
    )
    assert (mine.application_level(GRAPH_APP_ID, "Mail.Send"), mine.level(GRAPH_APP_ID, "Mail.Send")) == ("high", "low")
    assert mine.application_level(GRAPH_APP_ID, "Sites.Read.All") == "critical"
    assert mine.application_level("c0ffee00-0000-4000-8000-000000000001", "Sites.Read.All") == "unknown"
