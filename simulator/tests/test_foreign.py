# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of somebody between client and Graph: other bodies, redirects, changed and cut JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from simulator_helpers import Tenant

USERS = {"method": "GET", "path": "/users"}


def _send(tenant: Tenant) -> tuple[int, dict[str, str], bytes]:
    headers = {"Authorization": f"Bearer {tenant.simulated.token()}"}
    return tenant.simulated.send("GET", f"{tenant.simulated.url}/v1.0/users?$top=2", None, headers)


def test_a_page_instead_of_graphs_answer(tenant: Tenant) -> None:
    tenant.simulated.faults([{"match": USERS, "times": 1, "answer": {"status": 200, "body": "<html>Log in</html>"}}])
    status, headers, content = _send(tenant)
    assert (status, headers["content-type"], content) == (200, "text/html", b"<html>Log in</html>")
    assert json.loads(_send(tenant)[2])["value"]


def test_other_json_with_headers_of_ones_own(tenant: Tenant) -> None:
    answer = {"status": 307, "body": {"ok": True}, "headers": {"Location": "https://portal.example/", "X-Proxy": "p"}}
    tenant.simulated.faults([{"match": {**USERS, "path": "/groups"}, "answer": {**answer, "status": 200}}])
    status, body = tenant.call("GET", "/groups")
    assert (status, body) == (200, {"ok": True})


def test_graphs_answer_with_another_next_page(tenant: Tenant) -> None:
    link = "https://graph.fabrikam.example/v1.0/users?$skiptoken=x"
    tenant.simulated.faults(
        [{"match": USERS, "rewrite": {"set": {"@odata.nextLink": link}, "remove": ["@odata.context"]}}]
    )
    body = tenant.ok("GET", "/users?$top=2")
    assert body["@odata.nextLink"] == link
    assert "@odata.context" not in body
    assert len(body["value"]) == 2


def test_a_cut_answer(tenant: Tenant) -> None:
    tenant.simulated.faults([{"match": USERS, "rewrite": {"cut": 30}}])
    _status, headers, content = _send(tenant)
    assert len(content) == 30
    assert headers["content-type"] == "application/json"


def test_an_item_of_a_batch_is_answered_by_somebody_else(tenant: Tenant) -> None:
    tenant.simulated.faults([{"match": {**USERS, "item": True}, "answer": {"status": 404, "body": "<html/>"}}])
    batch = {
        "requests": [{"id": "1", "method": "GET", "url": "/users"}, {"id": "2", "method": "GET", "url": "/groups"}]
    }
    answers = {one["id"]: one for one in tenant.ok("POST", "/$batch", batch)["responses"]}
    assert (answers["1"]["status"], answers["1"]["body"], answers["2"]["status"]) == (404, "<html/>", 200)


@pytest.mark.parametrize(
    "rule", [{"rewrite": {"replace": {}}}, {"rewrite": {"cut": "half"}}, {"answer": {"status": 200, "html": "x"}}]
)
def test_what_is_no_rule_is_refused(tenant: Tenant, rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="faults"):
        tenant.simulated.faults([rule])
