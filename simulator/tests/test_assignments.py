# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App role assignments from both sides."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_helpers import CRM, JIRA, NOBODY, Tenant

from entra_simulator import ids

ADA = "ada@contoso.example"
READER = "0a1b2c3d-0001-4000-8000-000000000001"
RETIRED = "0a1b2c3d-0003-4000-8000-000000000003"
SYNC = "0a1b2c3d-0004-4000-8000-000000000004"
EXISTS = (400, "Request_BadRequest", "Permission being assigned already exists on the object")
NOT_THERE = (400, "Request_BadRequest", "EntitlementGrant being updated or deleted is not found.")
NO_REFERENCE = (400, "Request_BadRequest", "Not a valid reference update.")


def _body(principal: Any, resource: Any, role: Any = ids.ZERO_GUID) -> dict[str, Any]:
    return {"principalId": principal, "resourceId": resource, "appRoleId": role}


def test_create_for_a_user(tenant: Tenant, jira: str) -> None:
    ada = tenant.user(ADA)
    path = f"/servicePrincipals/{jira}/appRoleAssignedTo"
    made = tenant.ok("POST", path, {**_body(ada, jira), "@odata.type": "#microsoft.graph.appRoleAssignment"})
    assert made["principalType"] == "User"
    assert (made["principalDisplayName"], made["resourceDisplayName"]) == ("Ada", "Microsoft 365 for Jira")
    assert made["deletedDateTime"] is None
    assert len(made["createdDateTime"]) == len("2026-01-01T00:00:00.1234567Z")
    assert ids.is_assignment_id(made["id"])
    assert tenant.refused("POST", path, _body(ada, jira)) == EXISTS
    shown = tenant.ok("GET", f"{path}/{made['id']}")
    assert shown["id"] == made["id"]
    assert tenant.refused("PATCH", f"{path}/{made['id']}", {"appRoleId": READER}) == (
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )
    assert tenant.call("DELETE", f"{path}/{made['id']}") == (204, None)
    assert tenant.ok("POST", path, _body(ada, jira))["id"] != made["id"]


def test_every_path_creates(tenant: Tenant, jira: str) -> None:
    crm, group, ada = tenant.app(CRM), tenant.group("Jira users"), tenant.user(ADA)
    assert tenant.ok("POST", f"/users/{ADA}/appRoleAssignments", _body(ada, jira))["principalType"] == "User"
    made = tenant.ok("POST", f"/groups/{group}/appRoleAssignments", _body(group, crm, READER))
    assert made["principalType"] == "Group"
    made = tenant.ok("POST", f"/servicePrincipals/{jira}/appRoleAssignments", _body(jira, crm, SYNC))
    assert made["principalType"] == "ServicePrincipal"
    # The body decides: live tools post below the client.
    tenant.ok("POST", f"/servicePrincipals(appId='{JIRA}')/appRoleAssignedTo", _body(ada, crm, READER))
    assert len(tenant.every(f"/servicePrincipals/{crm}/appRoleAssignedTo")) == 3
    assert [row["appRoleId"] for row in tenant.every(f"/servicePrincipals/{jira}/appRoleAssignments")] == [SYNC]
    assert tenant.refused("POST", f"/users/{ADA}/appRoleAssignments", _body(group, jira)) == NO_REFERENCE


@pytest.mark.parametrize("role", [NOBODY, ids.ZERO_GUID, RETIRED, SYNC])
def test_roles_that_do_not_fit_a_user(tenant: Tenant, role: str) -> None:
    crm, ada = tenant.app(CRM), tenant.user(ADA)
    assert tenant.refused("POST", f"/servicePrincipals/{crm}/appRoleAssignedTo", _body(ada, crm, role)) == (
        400,
        "Request_BadRequest",
        f"Permission being assigned was not found on application '{CRM}'.",
    )


def test_a_role_of_users_does_not_fit_an_app(tenant: Tenant, jira: str) -> None:
    crm = tenant.app(CRM)
    status, _, message = tenant.refused("POST", f"/servicePrincipals/{crm}/appRoleAssignedTo", _body(jira, crm, READER))
    assert status == 400
    assert "was not found on application" in message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"principalId": None}, "One or more properties are invalid."),
        ({"appRoleId": "Reader"}, "One or more properties are invalid."),
        ({"principalId": NOBODY}, "Not a valid reference update."),
        ({"resourceId": NOBODY}, "Not a valid reference update."),
        ({"role": "x"}, "Property role does not exist as a declared property or extension property."),
    ],
)
def test_what_create_refuses(tenant: Tenant, jira: str, changes: dict[str, Any], message: str) -> None:
    body = {**_body(tenant.user(ADA), jira), **changes}
    path = f"/servicePrincipals/{jira}/appRoleAssignedTo"
    assert tenant.refused("POST", path, body) == (400, "Request_BadRequest", message)
    assert tenant.refused("POST", f"/servicePrincipals/{NOBODY}/appRoleAssignedTo", body)[0] == 404


def test_delete(tenant: Tenant, jira: str) -> None:
    ada, crm = tenant.user(ADA), tenant.app(CRM)
    made = tenant.ok("POST", f"/servicePrincipals/{jira}/appRoleAssignedTo", _body(ada, jira))["id"]
    assert tenant.refused("DELETE", f"/servicePrincipals/{crm}/appRoleAssignedTo/{made}") == NOT_THERE
    assert tenant.refused("DELETE", f"/users/lead@contoso.example/appRoleAssignments/{made}") == NOT_THERE
    assert tenant.refused("DELETE", f"/servicePrincipals/{jira}/appRoleAssignedTo/{NOBODY}") == (
        400,
        "Request_BadRequest",
        "Invalid resource identifier for EntitlementGrant.",
    )
    assert tenant.call("DELETE", f"/users/{ada}/appRoleAssignments/{made}") == (204, None)
    assert tenant.refused("DELETE", f"/users/{ada}/appRoleAssignments/{made}") == NOT_THERE
    assert tenant.call("GET", f"/users/{ada}/appRoleAssignments/{made}")[0] == 404


def test_a_users_list_has_the_rows_of_its_direct_groups(tenant: Tenant, jira: str) -> None:
    outer, inner = tenant.group("Jira users"), tenant.group("Jira mail users")
    for group in (outer, inner):
        tenant.ok("POST", f"/groups/{group}/appRoleAssignments", _body(group, jira))
    own = tenant.user("user050@contoso.example")
    tenant.ok("POST", f"/users/{own}/appRoleAssignments", _body(own, jira))
    rows = tenant.every("/users/user050@contoso.example/appRoleAssignments")
    # Nested membership isn't honoured: the outer group's row is missing.
    assert [(row["principalType"], row["principalId"]) for row in rows] == [("Group", inner), ("User", own)]


def test_filters(tenant: Tenant, jira: str) -> None:
    ada, crm = tenant.user(ADA), tenant.app(CRM)
    tenant.ok("POST", f"/users/{ada}/appRoleAssignments", _body(ada, jira))
    tenant.ok("POST", f"/users/{ada}/appRoleAssignments", _body(ada, crm, READER))
    path = f"/users/{ada}/appRoleAssignments"
    assert [row["resourceId"] for row in tenant.every(f"{path}?$filter=resourceId eq {crm}")] == [crm]
    assert tenant.refused("GET", f"{path}?$filter=resourceId eq '{crm}'") == (
        400,
        "BadRequest",
        "Invalid filter clause",
    )
    resource = f"/servicePrincipals/{crm}/appRoleAssignedTo"
    assert len(tenant.every(f"{resource}?$filter=startswith(principalDisplayName,'ad')")) == 1
    assert tenant.every(f"{resource}?$filter=principalDisplayName eq 'Lead'") == []
    assert tenant.refused("GET", f"{resource}?$filter=principalId eq {ada}") == (
        400,
        "Request_UnsupportedQuery",
        "Unsupported or invalid query filter clause specified for property 'principalId' of resource "
        "'AppRoleAssignment'.",
    )


def test_the_top_level_set_is_unusable(tenant: Tenant) -> None:
    assert tenant.refused("GET", "/appRoleAssignments") == (
        400,
        "Request_BadRequest",
        "Direct queries to this resource type are not supported.",
    )
