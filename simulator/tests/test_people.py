# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups, members, objects by id, the tenant."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from simulator_helpers import CRM, NOBODY, Tenant

ADVANCED = {"ConsistencyLevel": "eventual"}
READER = "7e57ab1e-0002-4a2b-9c3d-1f2e3d4c5b6a"
GUEST = "bob_fabrikam.example#EXT#@contoso.example"
CAST_REFUSED = "Request with an OData cast is not supported"


@pytest.mark.parametrize(
    ("path", "upn"),
    [
        ("/users/ADA@Contoso.example", "ada@contoso.example"),
        (f"/users/{quote(GUEST, safe='')}", GUEST),
        ("/users/bob_fabrikam.example%23EXT%23@contoso.example", GUEST),
        ("/users/o%27neil@contoso.example", "o'neil@contoso.example"),
        ("/users('o%27%27neil@contoso.example')", "o'neil@contoso.example"),
        ("/users('ada@contoso.example')", "ada@contoso.example"),
    ],
)
def test_a_user_by_name(tenant: Tenant, path: str, upn: str) -> None:
    found = tenant.ok("GET", path)
    assert found["userPrincipalName"] == upn
    assert set(found) == {
        "@odata.context", "businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone",
        "officeLocation", "preferredLanguage", "surname", "userPrincipalName",
    }  # fmt: skip
    assert tenant.ok("GET", f"/users/{found['id']}") == found


def test_select_shows_what_is_not_default(tenant: Tenant) -> None:
    found = tenant.ok("GET", "/users/left@contoso.example?$select=id,accountEnabled,userType,department")
    assert (found["accountEnabled"], found["userType"], found["department"]) == (False, "Member", None)
    assert tenant.ok("GET", f"/users/{quote(GUEST)}?$select=userType")["userType"] == "Guest"
    assert tenant.refused("GET", "/users?$select=upn") == (
        400,
        "BadRequest",
        "Could not find a property named 'upn' on type 'microsoft.graph.user'.",
    )


def test_users_that_are_not_there(tenant: Tenant) -> None:
    for key in ("nobody@contoso.example", NOBODY):
        assert tenant.refused("GET", f"/users/{key}") == (
            404,
            "Request_ResourceNotFound",
            f"Resource '{key}' does not exist or one of its queried reference-property objects are not present.",
        )
    assert tenant.refused("GET", "/users/$x@contoso.example")[:2] == (400, "BadRequest")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("userPrincipalName eq 'o''neil@contoso.example'", ["O'Neil"]),
        ("userPrincipalName in ('ADA@contoso.example','nobody@x','lead@contoso.example')", ["Ada", "Lead"]),
        ("userPrincipalName in ('ada@contoso.example')", ["Ada"]),
        ("mail eq 'bob@fabrikam.example'", ["Bob (guest)"]),
        ("startswith(userPrincipalName,'user00')", [f"User {n}" for n in range(1, 10)]),
        ("startsWith(displayName,'l') and accountEnabled eq true", ["Lead"]),
        ("accountEnabled eq false", ["Left"]),
    ],
)
def test_filters(tenant: Tenant, text: str, names: list[str]) -> None:
    rows = tenant.every(f"/users?$filter={quote(text)}")
    assert [row["displayName"] for row in rows] == names


def test_ids_in(tenant: Tenant) -> None:
    ada, lead = tenant.user("ada@contoso.example"), tenant.user("lead@contoso.example")
    rows = tenant.every(f"/users?$filter=id in ('{lead}','{ada}','{NOBODY}')&$select=id")
    assert [row["id"] for row in rows] == [ada, lead]


def test_a_filter_has_fifteen_terms_at_most(tenant: Tenant) -> None:
    names = ",".join(f"'user{n:03}@contoso.example'" for n in range(1, 17))
    assert tenant.refused("GET", f"/users?$filter=userPrincipalName in ({names})") == (
        400,
        "Request_UnsupportedQuery",
        "Too many child clauses specified in search filter expression containing 'OR' operators: 16. Max allowed: 15.",
    )


@pytest.mark.parametrize("text", ["userType ne 'Guest'", "not startswith(mail,'u')", "endswith(mail,'example')"])
def test_advanced_filters(tenant: Tenant, text: str) -> None:
    status, code, message = tenant.refused("GET", f"/users?$filter={text}")
    assert (status, code) == (400, "Request_UnsupportedQuery")
    assert "ConsistencyLevel:eventual" in message
    assert tenant.ok("GET", f"/users?$filter={text}&$count=true", headers=ADVANCED)["@odata.count"] > 0


def test_groups_by_name(tenant: Tenant) -> None:
    twins = tenant.every("/groups?$filter=displayName eq 'duplicates'&$select=id,displayName")
    assert [row["displayName"] for row in twins] == ["Duplicates", "Duplicates"]
    assert tenant.every("/groups?$filter=displayName eq 'None'") == []
    one = tenant.ok("GET", f"/groups/{twins[0]['id']}")
    assert (one["securityEnabled"], one["groupTypes"]) == (True, [])
    assert tenant.refused("GET", f"/groups/{NOBODY}")[:2] == (404, "Request_ResourceNotFound")
    assert tenant.refused("GET", "/groups/Duplicates")[0] == 400
    assert tenant.refused("GET", "/groups?$filter=visibility eq 'x'")[1] == "Request_UnsupportedQuery"
    assert tenant.refused("GET", "/groups?$filter=nonsense eq 'x'") == (
        400,
        "BadRequest",
        "Could not find a property named 'nonsense' on type 'microsoft.graph.group'.",
    )


def test_members(tenant: Tenant) -> None:
    group = tenant.group("Jira users")
    rows = tenant.every(f"/groups/{group}/members")
    assert {row["@odata.type"] for row in rows} == {"#microsoft.graph.user", "#microsoft.graph.group"}
    assert len(rows) == 41
    assert len(tenant.every(f"/groups/{group}/transitiveMembers")) == 61


@pytest.mark.parametrize("cast", ["microsoft.graph.user", "graph.user"])
def test_casts_are_advanced(tenant: Tenant, cast: str) -> None:
    path = f"/groups/{tenant.group('Jira users')}/transitiveMembers/{cast}"
    for query, headers in (("", {}), ("", ADVANCED), ("?$count=true", {})):
        status, code, message = tenant.refused("GET", path + query, headers=headers)
        assert (status, code) == (400, "Request_UnsupportedQuery")
        assert message.startswith(CAST_REFUSED)
    page = tenant.ok("GET", f"{path}?$count=true&$select=id,accountEnabled&$top=50", headers=ADVANCED)
    assert (page["@odata.count"], len(page["value"])) == (60, 50)
    assert set(page["value"][0]) == {"id", "accountEnabled"}
    assert tenant.refused("GET", page["@odata.nextLink"])[1] == "Request_UnsupportedQuery"
    rest = tenant.ok("GET", page["@odata.nextLink"], headers=ADVANCED)
    assert len(rest["value"]) == 10
    assert not {"@odata.count", "@odata.nextLink"} & set(rest)


def test_members_that_are_deleted_count_no_longer(tenant: Tenant) -> None:
    document = tenant.simulated.state()
    group = next(row for row in document["groups"] if row["display_name"] == "Jira users")
    crm = tenant.app(CRM)
    group["members"].insert(3, crm)
    tenant.simulated.put_state(document)
    path = f"/groups/{group['id']}/transitiveMembers"

    def counts(cast: str = "") -> tuple[int, int]:
        page = tenant.ok("GET", f"{path}{cast}?$count=true&$top=999", headers=ADVANCED)
        return page["@odata.count"], len(page["value"])

    assert (counts(), counts("/microsoft.graph.servicePrincipal")) == ((62, 62), (1, 1))
    assert (counts("/microsoft.graph.user"), counts("/microsoft.graph.group")) == ((60, 60), (1, 1))
    tenant.ok("DELETE", f"/servicePrincipals/{crm}")
    assert (counts(), counts("/microsoft.graph.servicePrincipal")) == ((61, 61), (0, 0))


def test_groups_may_contain_each_other(tenant: Tenant) -> None:
    document = tenant.simulated.state()
    first, second, *_ = document["groups"]
    second["members"].append(first["id"])
    tenant.simulated.put_state(document)
    path = f"/groups/{second['id']}/transitiveMembers/microsoft.graph.user?$count=true"
    assert len(tenant.every(path, headers=ADVANCED)) == 60


def test_members_without_permission_for_users_show_only_their_id(tenant: Tenant) -> None:
    group = tenant.group("Jira mail users")
    token = tenant.holding("GroupMember.Read.All")
    row = tenant.ok("GET", f"/groups/{group}/members?$top=1", token=token)["value"][0]
    assert row["id"]
    assert row["userPrincipalName"] is None


def test_objects_by_ids(tenant: Tenant) -> None:
    reader = tenant.simulated.token(READER, tenant.simulated.env["ENTRA_SIMULATOR_SECRET_READER"])
    user, group = tenant.user("ada@contoso.example"), tenant.group("Jira users")

    def ask(**body: Any) -> tuple[int, Any]:
        status, answer = tenant.call("POST", "/directoryObjects/getByIds", body, token=reader)
        return status, answer

    status, found = ask(ids=[group, user, NOBODY], types=["user", "group"])
    assert status == 200
    assert [(row["@odata.type"], row["id"]) for row in found["value"]] == [
        ("#microsoft.graph.group", group),
        ("#microsoft.graph.user", user),
    ]
    assert [row["id"] for row in ask(ids=[group, user], types=["user"])[1]["value"]] == [user]
    assert ask(ids=[])[0] == 400
    assert ask(ids=["x"])[0] == 400
    assert ask(ids=[user] * 1001)[0] == 400


def test_organization(tenant: Tenant) -> None:
    reader = tenant.simulated.token(READER, tenant.simulated.env["ENTRA_SIMULATOR_SECRET_READER"])
    (found,) = tenant.ok("GET", "/organization", token=reader)["value"]
    assert found["id"] == tenant.simulated.env["AZURE_TENANT_ID"]
    assert found["verifiedDomains"][0]["name"] == "contoso.example"
    assert tenant.refused("GET", "/me")[2] == "/me request is only valid with delegated authentication flow."
