# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""403 for callers without the permission that Graph wants."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, TODO, Tenant

from entra_simulator.tenant.permissions import OPERATIONS, known

DENIED = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
USER = "/users/ada@contoso.example"
CASES: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("GET", "/servicePrincipals", None, ("Application.Read.All",)),
    ("GET", "/servicePrincipals", None, ("Directory.Read.All",)),
    ("POST", "/servicePrincipals", {"appId": TODO}, ("Application.ReadWrite.All",)),
    ("PATCH", f"/servicePrincipals(appId='{CRM}')", {}, ("Application.ReadWrite.OwnedBy",)),
    ("GET", "/directory/deletedItems/microsoft.graph.servicePrincipal", None, ("Application.Read.All",)),
    ("GET", "/oauth2PermissionGrants", None, ("Directory.Read.All",)),
    ("GET", "/oauth2PermissionGrants", None, ("DelegatedPermissionGrant.ReadWrite.All",)),
    ("GET", f"{USER}/oauth2PermissionGrants", None, ("Directory.Read.All",)),
    ("GET", f"/servicePrincipals(appId='{CRM}')/appRoleAssignedTo", None, ("Application.Read.All",)),
    ("GET", f"{USER}/appRoleAssignments", None, ("AppRoleAssignment.ReadWrite.All",)),
    ("GET", USER, None, ("User.ReadBasic.All",)),
    ("GET", "/users", None, ("User.Read.All",)),
    ("GET", "/groups", None, ("GroupMember.Read.All",)),
    ("GET", "/groups", None, ("Group.ReadBasic.All",)),
    ("GET", "/organization", None, ("Organization.Read.All",)),
]


@pytest.mark.parametrize(("method", "path", "body", "held"), CASES)
def test_least_privilege(tenant: Tenant, method: str, path: str, body: Any, held: tuple[str, ...]) -> None:
    token = tenant.holding("AuditLog.Read.All")
    assert tenant.refused(method, path, body, token=token) == DENIED
    assert tenant.call(method, path, body, token=tenant.holding(*held))[0] < 300


def test_members_and_objects(tenant: Tenant) -> None:
    group = tenant.group("Jira users")
    path = f"/groups/{group}/members"
    assert tenant.refused("GET", path, token=tenant.holding("User.Read.All")) == DENIED
    assert tenant.call("GET", path, token=tenant.holding("GroupMember.ReadBasic.All"))[0] == 200
    body = {"ids": [group]}
    assert tenant.refused("POST", "/directoryObjects/getByIds", body) == DENIED


def test_writing_roles_takes_two_permissions(tenant: Tenant, jira: str) -> None:
    body = {
        "principalId": tenant.user("ada@contoso.example"),
        "resourceId": jira,
        "appRoleId": "00000000-0000-0000-0000-000000000000",
    }
    path = f"/servicePrincipals/{jira}/appRoleAssignedTo"
    one, other = "AppRoleAssignment.ReadWrite.All", "Application.Read.All"
    assert tenant.refused("POST", path, body, token=tenant.holding(one)) == DENIED
    assert tenant.refused("POST", path, body, token=tenant.holding(other)) == DENIED
    assert tenant.call("POST", path, body, token=tenant.holding(one, other))[0] == 201
    own = f"{USER}/appRoleAssignments"
    assert tenant.refused("POST", own, body, token=tenant.holding(one))[0] == 400  # allowed, and there already


def test_grants_need_their_own_permission(tenant: Tenant, jira: str, graph: str) -> None:
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": "x"}
    token = tenant.holding("Application.ReadWrite.All", "Directory.Read.All")
    assert tenant.refused("POST", "/oauth2PermissionGrants", body, token=token) == DENIED
    token = tenant.holding("DelegatedPermissionGrant.ReadWrite.All")
    made = tenant.ok("POST", "/oauth2PermissionGrants", body, token=token)
    assert tenant.call("DELETE", f"/oauth2PermissionGrants/{made['id']}", token=token)[0] == 204


def test_owned_by_stops_at_foreign_apps(tenant: Tenant) -> None:
    token = tenant.holding("Application.ReadWrite.OwnedBy")
    assert tenant.refused("POST", "/servicePrincipals", {"appId": JIRA}, token=token) == (
        403,
        "Authorization_RequestDenied",
        "When using this permission, the backing application of the service principal being created must in the "
        "local tenant",
    )
    assert tenant.refused("PATCH", f"/servicePrincipals(appId='{GRAPH}')", {}, token=token) == DENIED
    rows = tenant.ok("GET", "/servicePrincipals?$select=appId", token=token)["value"]
    assert [row["appId"] for row in rows] == [CRM]


def test_a_changed_permission_needs_a_new_token(tenant: Tenant) -> None:
    before = tenant.holding("User.Read.All")
    after = tenant.holding("AuditLog.Read.All")
    assert tenant.call("GET", USER, token=before)[0] == 200
    assert tenant.refused("GET", USER, token=after) == DENIED


def test_every_permission_of_the_table_can_be_held() -> None:
    assert {name for sets in OPERATIONS.values() for names in sets for name in names} <= known()
