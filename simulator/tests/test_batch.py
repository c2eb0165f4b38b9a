# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`$batch`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from simulator_helpers import JIRA, TODO, Tenant

from entra_simulator.waiting import wait_until

JSON = {"Content-Type": "application/json"}


def _item(number: object, method: str = "GET", url: str = "/users?$top=1", **more: Any) -> dict[str, Any]:
    return {"id": str(number), "method": method, "url": url, **more}


def _batch(tenant: Tenant, *items: dict[str, Any]) -> dict[str, Any]:
    answer = tenant.ok("POST", "/$batch", {"requests": list(items)})
    return {response["id"]: response for response in answer["responses"]}


def test_items_have_their_own_status_headers_and_body(tenant: Tenant) -> None:
    made = _batch(
        tenant,
        _item("a", "POST", "/servicePrincipals", body={"appId": JIRA}, headers=JSON),
        _item("b", "GET", "users/o%27neil@contoso.example?$select=displayName"),
        _item("c", "GET", "/users/bob_fabrikam.example%23EXT%23@contoso.example?$select=id,mail"),
        _item("d", "GET", "/users?$filter=userPrincipalName eq 'o''neil@contoso.example'&$select=id"),
        _item("e", "DELETE", "/servicePrincipals/00000000-0000-0000-0000-000000000001"),
        _item("f", "GET", "/users/bob_fabrikam.example#EXT#@contoso.example"),
    )
    assert {name: response["status"] for name, response in made.items()} == {
        "a": 201, "b": 200, "c": 200, "d": 200, "e": 404, "f": 404,
    }  # fmt: skip
    assert made["b"]["body"]["displayName"] == "O'Neil"
    assert made["c"]["body"]["mail"] == "bob@fabrikam.example"
    assert len(made["d"]["body"]["value"]) == 1
    assert made["e"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert made["a"]["headers"]["Content-Type"] == "application/json"
    assert made["a"]["headers"]["x-ms-resource-unit"] == "1"


def test_no_content_has_no_body(tenant: Tenant, jira: str) -> None:
    made = _batch(tenant, _item(1, "PATCH", f"/servicePrincipals/{jira}", body={"notes": "x"}, headers=JSON))
    assert made["1"]["status"] == 204
    assert "body" not in made["1"]


def test_headers_reach_the_item(tenant: Tenant) -> None:
    group = tenant.group("Jira users")
    url = f"/groups/{group}/transitiveMembers/graph.user?$count=true&$select=id&$top=5"
    made = _batch(tenant, _item(1, url=url, headers={"ConsistencyLevel": "eventual"}), _item(2, url=url))
    assert made["1"]["body"]["@odata.count"] == 60
    assert made["2"]["status"] == 400
    upsert = _item(
        1,
        "PATCH",
        f"/servicePrincipals(appId='{TODO}')",
        body={},
        headers={**JSON, "Prefer": "create-if-missing"},
    )
    assert _batch(tenant, upsert)["1"]["status"] == 201


def test_a_sequence_stops_at_the_first_failure(tenant: Tenant) -> None:
    made = _batch(
        tenant,
        _item(0, "POST", "/servicePrincipals", body={"appId": JIRA}, headers=JSON),
        _item(1, "POST", "/servicePrincipals", body={"appId": JIRA}, headers=JSON, dependsOn=["0"]),
        _item(2, "POST", "/servicePrincipals", body={"appId": TODO}, headers=JSON, dependsOn=["1"]),
        _item(3, dependsOn=["2"]),
    )
    assert [made[str(number)]["status"] for number in range(4)] == [201, 409, 424, 424]
    assert TODO not in [row["app_id"] for row in tenant.simulated.state()["service_principals"]]
    entries = [entry for entry in tenant.simulated.requests() if entry["batch"]]
    assert [entry["status"] for entry in entries] == [201, 409, 424, 424]


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        ([_item(n) for n in range(21)], "MaximumValueExceeded"),
        ([_item("a"), _item("A")], "BadRequest"),
        ([], "BadRequest"),
        ("x", "BadRequest"),
        (["x"], "BadRequest"),
        ([{"id": "1", "method": "GET"}], "BadRequest"),
        ([{"id": 1, "method": "GET", "url": "/users"}], "BadRequest"),
        ([_item(1, "BREW")], "BadRequest"),
        ([_item(1, "POST", "/servicePrincipals", body={})], "BadRequest"),
        ([_item(1), _item(2), _item(3, dependsOn=["1"])], "BadRequest"),
        ([_item(1), _item(2, dependsOn=["9"])], "BadRequest"),
        ([_item(1), _item(2), _item(3, dependsOn=["1", "2"])], "BadRequest"),
    ],
)
def test_malformed_envelopes(tenant: Tenant, requests: Any, code: str) -> None:
    status, got, _ = tenant.refused("POST", "/$batch", {"requests": requests})
    assert (status, got) == (400, code)


def test_a_batch_in_a_batch(tenant: Tenant) -> None:
    made = _batch(tenant, _item(1, "POST", "/$batch", body={"requests": [_item(1)]}, headers=JSON))
    assert made["1"]["status"] == 400


def test_items_are_requests_of_their_own(tenant: Tenant) -> None:
    tenant.simulated.clear_requests()
    body = {"appId": JIRA}
    _batch(tenant, _item(1, "POST", "/servicePrincipals", body=body, headers=JSON), _item(2))
    envelope, first, second = tenant.simulated.requests()[-3:]
    assert (envelope["path"], envelope["batch"], envelope["status"]) == ("/v1.0/$batch", False, 200)
    assert (first["method"], first["path"], first["body"]) == ("POST", "/v1.0/servicePrincipals", body)
    assert (first["batch"], first["parent"], first["item_id"]) == (True, envelope["number"], "1")
    assert (second["path"], second["status"]) == ("/v1.0/users?$top=1", 200)
    assert first["client_id"] == tenant.simulated.env["AZURE_CLIENT_ID"]


def test_items_wait_side_by_side(tenant: Tenant) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant.simulated.holding({"match": {"item": True}}, times=20) as there:
            answers = pool.submit(_batch, tenant, *(_item(n) for n in range(20)))
            wait_until(there)  # none has been let go yet
        assert {answer["status"] for answer in answers.result().values()} == {200}
