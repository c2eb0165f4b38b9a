# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests reading a whole tenant takes."""

from __future__ import annotations

import copy
import re
import typing as t
from pathlib import Path

from unit.foreign.world import World, connect
from unit.state.test_acting_as_itself import DOCUMENT, GRANT, TENANT, app

if t.TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[3]


def documented() -> list[int]:
    """The requests of each row."""
    table = (ROOT / "docs" / "requests.md").read_text(encoding="utf-8").partition("<!-- tenant -->")[2]
    return [int(number) for number in re.findall(r"^\|.*\| (\d+) \|$", table.partition("<!-- /tenant -->")[0], re.M)]


def test_a_whole_tenant_is_read_in_few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    document = copy.deepcopy(DOCUMENT)
    number, each = 300, 7
    roles = [
        {
            "id": f"a99e3000-0000-4000-8000-{place:012}",
            "value": f"Task.{place}",
            "allowed_member_types": ["Application"],
        }
        for place in range(each)
    ]
    document["applications"].append({"app_id": app(9000), "display_name": "Tasks", "app_roles": roles})
    document["service_principals"] += [{"app_id": app(9000)}] + [
        {"app_id": app(5000 + place), "display_name": f"Worker {place}"} for place in range(number)
    ]
    document["assignments"] += [
        {"app_id": app(9000), "principal": app(5000 + place), "app_role": role["value"]}
        for place in range(number)
        for role in roles
    ]
    assert number * each == 2100
    large = World(document, page_limit=999)
    connect(large, monkeypatch)
    found = large.run(TENANT, declared=[])
    assert found["report"]["problems"] == []
    assert len(found["report"]["undeclared"]) >= number
    asked = len(large.asked)
    large.asked.clear()
    assert len(large.run(TENANT)["apps"]) >= number
    exported = len(large.asked)
    large.asked.clear()
    one = large.run(GRANT, app_id=app(5000), resource_app_id=app(9000), app_roles=[role["value"] for role in roles])
    assert one["changes"] == []
    assert [asked, exported, len(large.asked)] == documented()
    # However the figures change
    assert (max(asked, exported) <= 40, len(large.asked) <= 8) == (True, True)
