# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds that were exported from a tenant: whatever a tenant can hold is kept, with its ids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simulator_helpers import GRAPH, Tenant

from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build, read_file
from entra_simulator.tenant.catalog import microsoft_graph
from entra_simulator.testing import running

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
SHAREPOINT, VENDOR, GONE, MANAGED = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in range(1, 5))
ORPHAN, LOST_GROUP = "dddddddd-0000-4000-8000-000000000001", "dddddddd-0000-4000-8000-000000000002"
RETIRED_ROLE = "dddddddd-0000-4000-8000-000000000003"
NAMELESS_ROLE = "eeeeeeee-0000-4000-8000-000000000001"
GRAPH_OBJECT = "cccccccc-0000-4000-8000-000000000009"
GROUPS = ["cccccccc-0000-4000-8000-000000000001", "cccccccc-0000-4000-8000-000000000002"]
ADA = "bbbbbbbb-0000-4000-8000-000000000001"


def _object(number: int) -> str:
    return f"cccccccc-0000-4000-8000-00000000010{number}"


SEED: dict[str, Any] = {
    "tenant": {"id": "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", "domain": "contoso.example"},
    "users": [{"id": ADA, "user_principal_name": "ada@fabrikam.example"}],
    "groups": [
        {"id": GROUPS[0], "display_name": "Sales", "members": [ADA]},
        {"id": GROUPS[1], "display_name": "Sales", "members": [GROUPS[0]]},
    ],
    "applications": [
        {
            "app_id": SHAREPOINT,
            "display_name": "Office 365 SharePoint Online",
            "owner_tenant_id": MICROSOFT,
            "scopes": [{"value": "AllSites.Read", "type": "User"}, {"value": "AllSites.FullControl", "type": "Admin"}],
            "app_roles": [{"id": NAMELESS_ROLE, "allowed_member_types": ["Application"]}],
        },
        {"app_id": VENDOR, "display_name": "Vendor"},
    ],
    "service_principals": [
        {"app_id": GRAPH, "id": GRAPH_OBJECT, "assignment_required": True},
        {"app_id": SHAREPOINT, "id": _object(1)},
        {"app_id": VENDOR, "id": _object(2), "display_name": "Vendor (renamed)"},
        {
            "app_id": GONE,
            "id": _object(3),
            "display_name": "Withdrawn app",
            "owner_tenant_id": MICROSOFT,
            "scopes": [{"value": "Old.Read"}],
            "app_roles": [{"value": "Reader"}],
        },
        {"app_id": MANAGED, "id": _object(4), "display_name": "vm-backup", "type": "ManagedIdentity"},
    ],
    "grants": [
        {"client_app_id": VENDOR, "scope": " openid"},
        {"client_app_id": VENDOR, "principal": ORPHAN, "orphaned": True, "scope": " User.Read"},
        {"client_app_id": VENDOR, "resource_app_id": SHAREPOINT, "principal": ADA, "scope": "AllSites.Read"},
        {"client_app_id": GONE, "resource_app_id": GONE, "scope": "Old.Read"},
    ],
    "assignments": [
        {"app_id": SHAREPOINT, "principal": MANAGED, "app_role": NAMELESS_ROLE},
        {"app_id": VENDOR, "principal": ORPHAN, "orphaned": True},
        {"app_id": VENDOR, "principal": LOST_GROUP, "orphaned": True, "principal_type": "Group"},
        {"app_id": VENDOR, "principal": GROUPS[1]},
        {"app_id": GONE, "principal": ADA, "app_role": RETIRED_ROLE},
    ],
    "identities": [
        {
            "name": "automation",
            "client_id": "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a",
            "permissions": [
                "Application.ReadWrite.All",
                "AppRoleAssignment.ReadWrite.All",
                "DelegatedPermissionGrant.ReadWrite.All",
                "Directory.Read.All",
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def copy() -> Iterator[Tenant]:
    with running(SEED) as simulated:
        yield Tenant(simulated, simulated.state())


@pytest.fixture
def exported(copy: Tenant) -> Tenant:
    copy.simulated.put_state(copy.initial)
    return copy


def test_a_copy_of_the_copy_is_the_same() -> None:
    document = dump(build(SEED, Clock()))
    assert dump(build(document, Clock())) == document
    assert [row["id"] for row in document["service_principals"]] == [GRAPH_OBJECT, *map(_object, (1, 2, 3, 4))]
    assert [row["id"] for row in document["groups"]] == GROUPS
    assert [row.get("orphaned", False) for row in document["grants"]] == [False, True, False, False]


def test_microsoft_graph_has_the_id_of_the_tenant(exported: Tenant) -> None:
    found = exported.ok("GET", f"/servicePrincipals(appId='{GRAPH}')")
    assert (found["id"], found["appRoleAssignmentRequired"]) == (GRAPH_OBJECT, True)
    assert len(found["oauth2PermissionScopes"]) > 500
    grants = exported.every(f"/oauth2PermissionGrants?$filter=resourceId eq '{GRAPH_OBJECT}'")
    assert len(grants) == 2


def test_microsoft_graph_described_anew() -> None:
    described = {
        "app_id": GRAPH,
        "display_name": "Microsoft Graph",
        "owner_tenant_id": MICROSOFT,
        "scopes": [{"value": "Brand.New"}],
    }
    store = build({**SEED, "applications": [*SEED["applications"], described]}, Clock())
    assert [scope.value for scope in store.by_app_id[GRAPH].app.scopes] == ["Brand.New"]
    assert dump(build(dump(store), Clock())) == dump(store)
    assert len(microsoft_graph().scopes) > 500
    with pytest.raises(SeedError, match=rf"applications\.1\.app_id: '{GRAPH}' is there already"):
        build({**SEED, "applications": [described, described]}, Clock())


def test_apps_of_microsoft_and_their_permissions(exported: Tenant) -> None:
    rows = exported.every(
        f"/servicePrincipals?$filter=appOwnerOrganizationId eq {MICROSOFT}&$count=true",
        headers={"ConsistencyLevel": "eventual"},
    )
    assert [row["displayName"] for row in rows] == ["Microsoft Graph", "Office 365 SharePoint Online", "Withdrawn app"]
    scopes = {scope["value"]: scope["type"] for scope in rows[1]["oauth2PermissionScopes"]}
    assert scopes == {"AllSites.Read": "User", "AllSites.FullControl": "Admin"}
    assert rows[1]["appRoles"][0]["value"] is None
    ada = exported.every("/users/ada@fabrikam.example/oauth2PermissionGrants")
    assert [(row["resourceId"], row["scope"]) for row in ada] == [(_object(1), "AllSites.Read")]


def test_a_service_principal_without_an_application(exported: Tenant) -> None:
    gone = exported.ok("GET", f"/servicePrincipals/{_object(3)}")
    assert (gone["appId"], gone["displayName"], gone["appOwnerOrganizationId"]) == (GONE, "Withdrawn app", MICROSOFT)
    assert [scope["value"] for scope in gone["oauth2PermissionScopes"]] == ["Old.Read"]
    exported.ok("PATCH", f"/servicePrincipals/{_object(3)}", {"accountEnabled": False})
    exported.ok("DELETE", f"/servicePrincipals/{_object(3)}")
    assert exported.refused("POST", "/servicePrincipals", {"appId": GONE})[:2] == (400, "Request_BadRequest")
    exported.simulated.put_state(exported.simulated.state())
    exported.ok("POST", f"/directory/deletedItems/{_object(3)}/restore")
    assert exported.ok("GET", f"/servicePrincipals(appId='{GONE}')")["displayName"] == "Withdrawn app"
    assert len(exported.every(f"/servicePrincipals/{_object(3)}/oauth2PermissionGrants")) == 1


def test_names_and_kinds_of_service_principals(exported: Tenant) -> None:
    managed = exported.every("/servicePrincipals?$filter=servicePrincipalType eq 'ManagedIdentity'")
    assert [(row["displayName"], row["appOwnerOrganizationId"]) for row in managed] == [("vm-backup", None)]
    (vendor,) = exported.every("/servicePrincipals?$filter=displayName eq 'Vendor (renamed)'")
    assert (vendor["id"], vendor["appDisplayName"]) == (_object(2), "Vendor")
    (role,) = exported.every(f"/servicePrincipals/{_object(4)}/appRoleAssignments")
    assert (role["principalDisplayName"], role["appRoleId"]) == ("vm-backup", NAMELESS_ROLE)


def test_grants_of_users_that_are_gone(exported: Tenant) -> None:
    rows = exported.every(f"/servicePrincipals/{_object(2)}/oauth2PermissionGrants")
    assert [row["principalId"] for row in rows] == [None, ORPHAN, ADA]
    (row,) = exported.every(f"/oauth2PermissionGrants?$filter=principalId eq '{ORPHAN}'")
    assert (row["consentType"], row["scope"]) == ("Principal", " User.Read")
    assert exported.refused("GET", f"/users/{ORPHAN}/oauth2PermissionGrants")[0] == 404
    body = {"ids": [ORPHAN, ADA]}
    assert [found["id"] for found in exported.ok("POST", "/directoryObjects/getByIds", body)["value"]] == [ADA]
    new = {"clientId": _object(2), "resourceId": _object(1), "consentType": "Principal", "principalId": ORPHAN}
    assert exported.refused("POST", "/oauth2PermissionGrants", new)[0] == 404
    exported.ok("PATCH", f"/oauth2PermissionGrants/{row['id']}", {"scope": "x"})
    exported.ok("DELETE", f"/oauth2PermissionGrants/{row['id']}")
    assert exported.refused("GET", f"/oauth2PermissionGrants/{row['id']}")[0] == 404


def test_assignments_of_principals_that_are_gone(exported: Tenant) -> None:
    path = f"/servicePrincipals/{_object(2)}"

    def shown() -> list[tuple[Any, ...]]:
        rows = exported.every(f"{path}/appRoleAssignedTo")
        return [(row["principalId"], row["principalType"], row["principalDisplayName"]) for row in rows]

    expected = [(ORPHAN, "User", None), (LOST_GROUP, "Group", None), (GROUPS[1], "Group", "Sales")]
    assert shown() == expected
    exported.ok("DELETE", path)
    exported.simulated.put_state(exported.simulated.state())
    exported.ok("POST", f"/directory/deletedItems/{_object(2)}/restore")
    assert shown() == expected
    for row in exported.every(f"{path}/appRoleAssignedTo")[:2]:
        exported.ok("DELETE", f"{path}/appRoleAssignedTo/{row['id']}")
    assert shown() == expected[2:]
    user, group = exported.simulated.audit_log()[:2][::-1]
    assert (user["activityDisplayName"], user["targetResources"][1]["id"]) == (
        "Remove app role assignment from user",
        ORPHAN,
    )
    assert (group["activityDisplayName"], group["targetResources"][1]["type"]) == (
        "Remove app role assignment from group",
        "Group",
    )


def test_an_assignment_of_a_role_that_is_declared_no_more(exported: Tenant) -> None:
    (row,) = exported.every(f"/servicePrincipals/{_object(3)}/appRoleAssignedTo")
    assert (row["appRoleId"], row["principalId"]) == (RETIRED_ROLE, ADA)
    exported.ok("DELETE", f"/servicePrincipals/{_object(3)}/appRoleAssignedTo/{row['id']}")


def test_groups_of_one_name(exported: Tenant) -> None:
    rows = exported.every("/groups?$filter=displayName eq 'Sales'")
    assert [row["id"] for row in rows] == GROUPS
    members = [exported.every(f"/groups/{group}/members") for group in GROUPS]
    assert [[row["id"] for row in found] for found in members] == [[ADA], [GROUPS[0]]]


@pytest.mark.parametrize(
    ("section", "row", "message"),
    [
        ("grants", {"client_app_id": VENDOR, "principal": ADA, "orphaned": True}, "orphaned: '"),
        ("grants", {"client_app_id": VENDOR, "principal": "ada@x", "orphaned": True}, "principal: must be a GUID"),
        ("grants", {"client_app_id": VENDOR, "orphaned": True}, "principal: is required"),
        ("grants", {"client_app_id": VENDOR, "principal": LOST_GROUP}, "principal: there is no '"),
        (
            "grants",
            {"client_app_id": VENDOR, "principals": {"generated": "user"}, "orphaned": True},
            "principals: can't be orphaned",
        ),
        ("assignments", {"app_id": VENDOR, "principal": LOST_GROUP}, "principal: there is no '"),
        (
            "assignments",
            {"app_id": VENDOR, "principal": ADA, "principal_type": "User"},
            "principal_type: is for an orphaned assignment",
        ),
        (
            "assignments",
            {"app_id": VENDOR, "principal": RETIRED_ROLE, "orphaned": True, "principal_type": "Device"},
            "principal_type: must be one of User, Group, ServicePrincipal",
        ),
        ("assignments", {"app_id": VENDOR, "principal": ADA, "app_role": "Owner"}, "app_role: the app '"),
        ("service_principals", {"app_id": ORPHAN}, f"app_id: '{ORPHAN}' is not among the applications"),
        ("service_principals", {"app_id": ORPHAN, "display_name": "X", "type": "Bot"}, "type: must be one of"),
        (
            "service_principals",
            {"app_id": VENDOR, "deleted": True, "scopes": [{"value": "x"}]},
            f"scopes: belongs to the application '{VENDOR}'",
        ),
        ("applications", {"app_id": ORPHAN, "display_name": "X", "app_roles": [{}]}, "app_roles.0.id: is required"),
    ],
)
def test_mistakes(section: str, row: dict[str, Any], message: str) -> None:
    with pytest.raises(SeedError) as caught:
        build({**SEED, section: [*SEED[section], row]}, Clock())
    assert str(caught.value).startswith(f"{section}.{len(SEED[section])}.{message}")


def test_a_seed_may_mark_texts_as_ansible_does(tmp_path: Path) -> None:
    """By the tag for what is no template, on texts and on whole parts."""
    path = tmp_path / "contoso.seed.yml"
    path.write_text(
        "tenant: {id: 5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10, domain: contoso.example}\n"
        "groups:\n"
        "  - display_name: !unsafe 'Staff {{ site }}'\n"
        '  - display_name: !unsafe "{% raw %}\\e[2J\\u202E"\n'
        "users: !unsafe [{user_principal_name: ada@contoso.example, account_enabled: false}]\n",
        encoding="utf-8",
    )
    store = build(read_file(path), Clock())
    assert [group.display_name for group in store.all_groups] == ["Staff {{ site }}", "{% raw %}\x1b[2J\u202e"]
    assert [user.account_enabled for user in store.all_users] == [False]
