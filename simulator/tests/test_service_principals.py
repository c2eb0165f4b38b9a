# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/servicePrincipals` and the bin."""

from __future__ import annotations

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, NOBODY, TODO, Tenant

from entra_simulator.ids import ZERO_GUID

UPSERT = {"Prefer": "create-if-missing"}
EVENTUAL = {"ConsistencyLevel": "eventual"}


def test_create_gives_the_documented_properties(tenant: Tenant) -> None:
    body = {"appId": JIRA, "@odata.type": "#microsoft.graph.servicePrincipal", "notes": "reviewed"}
    made = tenant.ok("POST", "/servicePrincipals", body)
    assert made["@odata.context"].endswith("/v1.0/$metadata#servicePrincipals/$entity")
    assert made["appDisplayName"] == made["displayName"] == "Microsoft 365 for Jira"
    assert (made["accountEnabled"], made["appRoleAssignmentRequired"], made["notes"]) == (True, False, "reviewed")
    assert made["servicePrincipalNames"] == [JIRA]
    assert {"verifiedPublisher", "info", "keyCredentials", "disabledByMicrosoftStatus"} <= set(made)
    assert "customSecurityAttributes" not in made


def test_create_of_an_unknown_app(tenant: Tenant) -> None:
    message = f"The appId '{NOBODY}' of the service principal does not reference a valid application object."
    status, answer = tenant.call("POST", "/servicePrincipals", {"appId": NOBODY})
    assert (status, answer["error"]["code"], answer["error"]["message"]) == (400, "Request_BadRequest", message)
    assert answer["error"]["details"] == [{"code": "NoBackingApplicationObject", "target": "appId", "message": message}]


def test_create_twice(tenant: Tenant, jira: str) -> None:
    assert tenant.refused("POST", "/servicePrincipals", {"appId": JIRA}) == (
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "The service principal cannot be created, updated, or restored because the service principal name "
        f"{JIRA} is already in use.",
    )


def test_upsert_creates_then_updates(tenant: Tenant) -> None:
    path = f"/servicePrincipals(appId='{JIRA}')"
    status, made = tenant.call("PATCH", path, {"appRoleAssignmentRequired": True}, headers=UPSERT)
    assert (status, made["appRoleAssignmentRequired"]) == (201, True)
    assert tenant.call("PATCH", path, {"accountEnabled": False}, headers=UPSERT) == (204, None)
    found = tenant.ok("GET", path)
    assert (found["id"], found["accountEnabled"], found["appRoleAssignmentRequired"]) == (made["id"], False, True)


def test_patch_by_app_id_needs_the_preference_to_create(tenant: Tenant) -> None:
    status, code, _ = tenant.refused("PATCH", f"/servicePrincipals(appId='{JIRA}')", {"notes": "x"})
    assert (status, code) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"id": NOBODY}, "Property 'id' is read-only and cannot be set."),
        ({"alternativeNames": []}, "Property 'alternativeNames' is read-only and cannot be set."),
        ({"displayName": "x"}, "Property 'displayName' is read-only and cannot be set."),
        ({"colour": "x"}, "Property colour does not exist as a declared property or extension property."),
        (
            {"notes": "x" * 1025},
            "Invalid value specified for property 'notes' of resource 'ServicePrincipal'.",
        ),
        (
            {"appRoleAssignmentRequired": None},
            "Invalid value specified for property 'appRoleAssignmentRequired' of resource 'ServicePrincipal'.",
        ),
        ({"tags": "x"}, "Invalid value specified for property 'tags' of resource 'ServicePrincipal'."),
    ],
)
def test_what_a_patch_may_not_write(tenant: Tenant, jira: str, body: dict[str, object], message: str) -> None:
    before = tenant.ok("GET", f"/servicePrincipals/{jira}")
    assert tenant.refused("PATCH", f"/servicePrincipals/{jira}", body) == (400, "Request_BadRequest", message)
    assert tenant.ok("GET", f"/servicePrincipals/{jira}") == before


def test_tags_are_the_union_with_the_apps_own(tenant: Tenant) -> None:
    crm = tenant.app(CRM)
    assert tenant.call("PATCH", f"/servicePrincipals/{crm}", {"tags": ["HideApp"]})[0] == 204
    assert tenant.ok("GET", f"/servicePrincipals/{crm}?$select=tags")["tags"] == ["crm", "HideApp"]
    assert tenant.call("PATCH", f"/servicePrincipals/{crm}", {"tags": [], "notes": None})[0] == 204
    assert tenant.ok("GET", f"/servicePrincipals/{crm}?$select=tags")["tags"] == ["crm"]


def test_reads(tenant: Tenant, jira: str) -> None:
    by_id = tenant.ok("GET", f"/servicePrincipals/{jira}")
    assert tenant.ok("GET", f"/servicePrincipals(appId='{JIRA}')") == by_id
    assert tenant.ok("GET", f"/servicePrincipals('{jira}')") == by_id
    chosen = tenant.ok("GET", f"/servicePrincipals/{jira}?$select=id,appId")
    assert {name for name in chosen if name[0] != "@"} == {"id", "appId"}
    assert chosen["@odata.context"].endswith("#servicePrincipals(id,appId)/$entity")


@pytest.mark.parametrize(
    ("text", "apps"),
    [
        (f"appId eq '{JIRA}'", [JIRA]),
        (f"appId in ('{JIRA}','{CRM}','{NOBODY}')", [CRM, JIRA]),
        (f"appId in ('{JIRA.upper()}')", [JIRA]),
        (f"appId eq '{NOBODY}'", []),
        ("startswith(displayName,'microsoft')", [GRAPH, JIRA]),
        ("startsWith(displayName,'contoso') and accountEnabled eq true", [CRM]),
        ("displayName eq 'contoso crm' or displayName eq 'microsoft graph'", [CRM, GRAPH]),
        ("servicePrincipalType eq 'Application' and displayName eq 'Contoso CRM'", [CRM]),
        ("servicePrincipalType in ('ManagedIdentity')", []),
        ("alternativeNames/any(n:n eq 'isExplicit=True')", []),
    ],
)
def test_filters(tenant: Tenant, jira: str, text: str, apps: list[str]) -> None:
    found = tenant.ok("GET", f"/servicePrincipals?$filter={text}&$select=appId")["value"]
    assert [row["appId"] for row in found] == apps


@pytest.mark.parametrize(
    ("text", "apps"),
    [
        ("appOwnerOrganizationId eq 5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", [CRM]),
        ("not(appOwnerOrganizationId eq 5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10)", [GRAPH, JIRA]),
        (f"appId eq '{CRM}' and appOwnerOrganizationId in (5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10)", [CRM]),
        (f"not(appId in ('{GRAPH}','{JIRA}'))", [CRM]),
        (f"NOT  appId in ('{GRAPH}','{JIRA}') and displayName ne 'not(x)'", [CRM]),
        ("NOT alternativeNames/any(n:n eq 'isExplicit=True')", [CRM, GRAPH, JIRA]),
    ],
)
def test_filters_of_advanced_queries(tenant: Tenant, jira: str, text: str, apps: list[str]) -> None:
    path = f"/servicePrincipals?$filter={text}&$select=appId"
    found = tenant.ok("GET", f"{path}&$count=true", headers=EVENTUAL)
    assert sorted(row["appId"] for row in found["value"]) == sorted(apps)
    assert found["@odata.count"] == len(apps)
    for half, headers in ((path, EVENTUAL), (f"{path}&$count=true", {})):
        assert tenant.refused("GET", half, headers=headers)[:2] == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("appOwnerOrganizationId eq '5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10'", "BadRequest"),
        ("alternativeNames eq 'isExplicit=True'", "Request_UnsupportedQuery"),
        ("alternativeNames/any(n:endswith(n,'True'))", "Request_UnsupportedQuery"),
        ("alternativeNames/any(n:m eq 'isExplicit=True')", "BadRequest"),
        ("alternativeNames/any(n:n/name eq 'isExplicit=True')", "BadRequest"),
        ("alternativeNames/all(n:n eq 'isExplicit=True')", "Request_UnsupportedQuery"),
        ("tags/any(n:n eq 'crm')", "Request_UnsupportedQuery"),
        ("agentIdentityBlueprintId eq 'x'", "Request_UnsupportedQuery"),
    ],
)
def test_filters_that_are_refused(tenant: Tenant, text: str, code: str) -> None:
    path = f"/servicePrincipals?$filter={text}&$count=true"
    assert tenant.refused("GET", path, headers=EVENTUAL)[:2] == (400, code)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_absent(tenant: Tenant, method: str) -> None:
    message = f"Resource '{NOBODY}' does not exist or one of its queried reference-property objects are not present."
    body: dict[str, object] | None = {} if method == "PATCH" else None
    for path in (f"/servicePrincipals/{NOBODY}", f"/servicePrincipals(appId='{NOBODY}')"):
        assert tenant.refused(method, path, body) == (404, "Request_ResourceNotFound", message)
    assert tenant.refused(method, "/servicePrincipals/nonsense", body) == (
        400,
        "Request_BadRequest",
        "Invalid object identifier 'nonsense'.",
    )


def test_graph_publishes_its_scopes_and_roles(tenant: Tenant, graph: str) -> None:
    found = tenant.ok("GET", f"/servicePrincipals/{graph}?$select=oauth2PermissionScopes,appRoles")
    scopes = {scope["value"]: scope for scope in found["oauth2PermissionScopes"]}
    assert scopes["User.Read"]["id"] == "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
    assert (scopes["User.Read"]["type"], scopes["Group.ReadWrite.All"]["type"]) == ("User", "Admin")
    assert any(role["value"] == "Application.ReadWrite.All" for role in found["appRoles"])


def test_delete_is_soft_and_restore_brings_everything_back(tenant: Tenant, jira: str, graph: str) -> None:
    grant = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": " openid"}
    made = tenant.ok("POST", "/oauth2PermissionGrants", grant)
    role = {"principalId": tenant.user("ada@contoso.example"), "resourceId": jira, "appRoleId": ZERO_GUID}
    assignment = tenant.ok("POST", f"/servicePrincipals/{jira}/appRoleAssignedTo", role)
    assert tenant.call("DELETE", f"/servicePrincipals(appId='{JIRA}')") == (204, None)
    assert tenant.call("GET", f"/servicePrincipals/{jira}")[0] == 404
    assert tenant.call("GET", f"/oauth2PermissionGrants/{made['id']}")[0] == 404
    bin_path = "/directory/deletedItems/microsoft.graph.servicePrincipal"
    binned = tenant.ok("GET", f"{bin_path}?$filter=appId eq '{JIRA}'")["value"]
    assert [row["id"] for row in binned] == [jira]
    assert binned[0]["deletedDateTime"].endswith("Z")
    assert tenant.ok("GET", f"{bin_path}?$filter=appId eq '{TODO}'")["value"] == []
    shown = tenant.ok("GET", f"/directory/deletedItems/{jira}")
    assert shown["@odata.type"] == "#microsoft.graph.servicePrincipal"
    restored = tenant.ok("POST", f"/directory/deletedItems/{jira}/restore")
    assert (restored["id"], restored["deletedDateTime"]) == (jira, None)
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{made['id']}")["scope"] == " openid"
    roles = tenant.ok("GET", f"/servicePrincipals/{jira}/appRoleAssignedTo")["value"]
    assert [row["id"] for row in roles] == [assignment["id"]]


def test_a_twin_gets_a_new_id_and_stands_in_the_way_of_restoring(tenant: Tenant, jira: str) -> None:
    tenant.ok("DELETE", f"/servicePrincipals/{jira}")
    twin = tenant.app(JIRA)
    assert twin != jira
    status, code, _ = tenant.refused("POST", f"/directory/deletedItems/{jira}/restore")
    assert (status, code) == (409, "Request_MultipleObjectsWithSameKeyValue")
    assert tenant.call("DELETE", f"/directory/deletedItems/{jira}") == (204, None)
    assert tenant.call("GET", f"/directory/deletedItems/{jira}")[0] == 404
    assert tenant.refused("DELETE", "/directory/deletedItems/x")[0] == 400


def test_the_bin_is_emptied_after_thirty_days(passing_time: Tenant) -> None:
    tenant = passing_time
    jira = tenant.app(JIRA)
    tenant.ok("DELETE", f"/servicePrincipals/{jira}")
    tenant.simulated.advance(29 * 86400)
    assert tenant.call("GET", f"/directory/deletedItems/{jira}")[0] == 200
    tenant.simulated.advance(2 * 86400)
    assert tenant.call("POST", f"/directory/deletedItems/{jira}/restore")[0] == 404


def test_links_between_two_deleted_apps_come_back_with_the_second(tenant: Tenant, jira: str) -> None:
    crm = tenant.app(CRM)
    grant = {"clientId": jira, "resourceId": crm, "consentType": "AllPrincipals", "scope": "Crm.Read"}
    made = tenant.ok("POST", "/oauth2PermissionGrants", grant)["id"]
    for app in (jira, crm):
        tenant.ok("DELETE", f"/servicePrincipals/{app}")
    tenant.ok("POST", f"/directory/deletedItems/{jira}/restore")
    assert tenant.call("GET", f"/oauth2PermissionGrants/{made}")[0] == 404
    tenant.simulated.put_state(tenant.simulated.state())
    tenant.ok("POST", f"/directory/deletedItems/{crm}/restore")
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{made}")["scope"] == "Crm.Read"
