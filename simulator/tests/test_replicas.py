# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that are answered from a replica which is behind, hidden members, and several clients at once."""

from __future__ import annotations

import concurrent.futures
from typing import Any

import pytest
from simulator_helpers import GRAPH, SEEDS, Tenant

from entra_simulator.testing import running

ADVANCED = {"ConsistencyLevel": "eventual"}


@pytest.fixture(autouse=True)
def following(tenant: Tenant) -> None:
    tenant.simulated.replicas_follow()


def grant_of(tenant: Tenant, client: str, scope: str) -> str:
    body = {"clientId": client, "resourceId": tenant.app(GRAPH), "consentType": "AllPrincipals", "scope": scope}
    return str(tenant.ok("POST", "/oauth2PermissionGrants", body)["id"])


def scopes(tenant: Tenant, client: str) -> list[str]:
    path = f"/oauth2PermissionGrants?$filter=clientId eq '{client}'"
    return [row["scope"] for row in tenant.ok("GET", path)["value"]]


def test_a_replica_answers_with_what_was_and_writes_go_past_it(tenant: Tenant, jira: str) -> None:
    grant = grant_of(tenant, jira, "openid")
    tenant.simulated.replica_behind("/oauth2PermissionGrants", times=2, after=1)
    tenant.ok("PATCH", f"/oauth2PermissionGrants/{grant}", {"scope": "profile"})
    assert [scopes(tenant, jira) for _ in range(4)] == [["profile"], ["openid"], ["openid"], ["profile"]]
    assert tenant.simulated.remaining_replicas() == [
        {"match": {"path": "/oauth2PermissionGrants"}, "times": 0, "after": 0, "seconds": None}
    ]
    tenant.simulated.replica_behind()
    tenant.ok("DELETE", f"/oauth2PermissionGrants/{grant}")
    assert scopes(tenant, jira) == ["profile"]
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{grant}")["scope"] == "profile"
    assert tenant.refused("PATCH", f"/oauth2PermissionGrants/{grant}", {"scope": "x"})[0] == 404
    tenant.simulated.replicas_follow()
    assert scopes(tenant, jira) == []


def test_items_of_a_batch_meet_it_too(tenant: Tenant, jira: str) -> None:
    tenant.simulated.replica_behind("clientId", times=1)
    grant_of(tenant, jira, "openid")
    one = {"method": "GET", "url": f"/oauth2PermissionGrants?$filter=clientId eq '{jira}'"}
    batch = tenant.ok("POST", "/$batch", {"requests": [{"id": "1", **one}, {"id": "2", **one}]})
    assert sorted(len(item["body"]["value"]) for item in batch["responses"]) == [0, 1]


def test_a_list_that_began_at_it_goes_on_there(tenant: Tenant) -> None:
    before = [row["id"] for row in tenant.every("/users?$top=50")]
    tenant.simulated.replica_behind(r"/users\?\$top", times=1)
    assert [row["id"] for row in tenant.every("/users?$top=50")] == before
    assert tenant.simulated.remaining_replicas()[0]["times"] == 0
    assert [row["id"] for row in tenant.every("/users?$top=50")] == before


def test_it_catches_up_in_time(passing_time: Tenant) -> None:
    jira = passing_time.app("e7185a25-9df9-4d05-b779-76b04bf46424")
    passing_time.simulated.replica_behind("PermissionGrants", seconds=60)
    grant_of(passing_time, jira, "openid")
    assert scopes(passing_time, jira) == []
    passing_time.simulated.advance(61)
    assert scopes(passing_time, jira) == ["openid"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"match": {"path": "("}}, "replicas.match.path: is no regular expression"),
        ({"times": -1}, "replicas.times: must be a number from 0"),
        ({"lag": 3}, "replicas.lag: is not known"),
        ([], "replicas: must be"),
    ],
)
def test_mistakes(tenant: Tenant, body: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r"replicas") as caught:
        tenant.simulated._control("POST", "replicas", body)  # the form as posted
    assert message.partition(": ")[0] in str(caught.value)
    assert tenant.simulated.remaining_replicas() == []


# Members that a group hides


def hide(tenant: Tenant, name: str) -> None:
    document = tenant.simulated.state()
    for group in document["groups"]:
        if group["display_name"] == name:
            group["visibility"] = "HiddenMembership"
    tenant.simulated.put_state(document)


def members(tenant: Tenant, name: str, token: str, relation: str = "transitiveMembers") -> tuple[list[Any], int]:
    path = f"/groups/{tenant.group(name)}/{relation}/microsoft.graph.user?$count=true&$select=id,userPrincipalName&$top=999"
    page = tenant.ok("GET", path, token=token, headers=ADVANCED)
    return page["value"], page["@odata.count"]


@pytest.mark.parametrize("relation", ["members", "transitiveMembers"])
def test_who_may_not_see_hidden_members_sees_nobody(tenant: Tenant, relation: str) -> None:
    held = ("GroupMember.Read.All", "User.ReadBasic.All")
    plain, seeing = tenant.holding(*held), tenant.holding(*held, "Member.Read.Hidden")
    everybody = members(tenant, "Jira users", plain, relation)
    hide(tenant, "Jira users")
    assert members(tenant, "Jira users", plain, relation) == ([], 0)
    assert members(tenant, "Jira users", seeing, relation) == everybody
    assert tenant.ok("GET", f"/groups/{tenant.group('Jira users')}")["visibility"] == "HiddenMembership"
    assert tenant.simulated.state()["groups"][0]["members"]


def test_a_hidden_group_within_another_takes_its_members_along(tenant: Tenant) -> None:
    """The outer group looks complete: nobody can tell."""
    token = tenant.holding("GroupMember.Read.All", "User.ReadBasic.All")
    everybody, count = members(tenant, "Jira users", token)
    hide(tenant, "Jira mail users")
    seen, shown = members(tenant, "Jira users", token)
    assert 0 < shown < count
    assert [row for row in everybody if row in seen] == seen


def test_or_sees_nothing_but_ids() -> None:
    with running(SEEDS / "contoso.yml", hidden_members="bare") as simulated:
        tenant = Tenant(simulated, simulated.state())
        hide(tenant, "Jira users")
        token = tenant.holding("GroupMember.Read.All", "User.ReadBasic.All")
        rows, count = members(tenant, "Jira users", token, "members")
        assert count == len(rows) > 0
        assert all(row["id"] and row["userPrincipalName"] is None for row in rows)


# Clients at once


def test_of_many_clients_at_once_one_creates_and_no_write_is_lost(tenant: Tenant, jira: str) -> None:
    body = {"clientId": jira, "resourceId": tenant.app(GRAPH), "consentType": "AllPrincipals", "scope": "openid"}
    tenant.simulated.graph("GET", "/users")  # one token for all

    def create(_number: int) -> int:
        return tenant.call("POST", "/oauth2PermissionGrants", body)[0]

    with concurrent.futures.ThreadPoolExecutor(16) as clients:
        statuses = list(clients.map(create, range(64)))
        assert sorted(statuses) == [201] + [409] * 63
        grant = tenant.ok("GET", f"/oauth2PermissionGrants?$filter=clientId eq '{jira}'")["value"][0]["id"]
        tenant.simulated.clear_requests()

        def change(number: int) -> int:
            return tenant.call("PATCH", f"/oauth2PermissionGrants/{grant}", {"scope": f"S.{number}"})[0]

        assert set(clients.map(change, range(64))) == {204}
    entries = [entry for entry in tenant.simulated.requests() if entry["method"] == "PATCH"]
    assert sorted(entry["body"]["scope"] for entry in entries) == sorted(f"S.{number}" for number in range(64))
    # The request list is in the order of the answers: the last of them is what is there.
    assert scopes(tenant, jira) == [entries[-1]["body"]["scope"]]
