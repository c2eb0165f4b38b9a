# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/oauth2PermissionGrants`."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_helpers import CRM, JIRA, NOBODY, Tenant

from entra_simulator import ids
from entra_simulator.testing import running

ADA = "ada@contoso.example"


def _grant(tenant: Tenant, client: str, resource: str, upn: str | None = None, scope: Any = "User.Read") -> Any:
    body = {"clientId": client, "resourceId": resource, "consentType": "AllPrincipals", "scope": scope}
    if upn:
        body |= {"consentType": "Principal", "principalId": tenant.user(upn)}
    return tenant.ok("POST", "/oauth2PermissionGrants", body)


def test_create_keeps_the_scope_letter_for_letter(tenant: Tenant, jira: str, graph: str) -> None:
    made = _grant(tenant, jira, graph, scope=" openid  openid,profile Nonsense.All")
    assert made == {
        "@odata.context": f"{tenant.simulated.url}/v1.0/$metadata#oauth2PermissionGrants/$entity",
        "clientId": jira,
        "consentType": "AllPrincipals",
        "id": ids.grant_id(jira, graph, None),
        "principalId": None,
        "resourceId": graph,
        "scope": " openid  openid,profile Nonsense.All",
    }
    assert _grant(tenant, jira, graph, ADA, None)["scope"] is None


def test_the_id_is_the_same_after_delete_and_create(tenant: Tenant, jira: str, graph: str) -> None:
    first = _grant(tenant, jira, graph, ADA)["id"]
    assert tenant.call("DELETE", f"/oauth2PermissionGrants/{first}") == (204, None)
    assert tenant.refused("DELETE", f"/oauth2PermissionGrants/{first}")[:2] == (404, "Request_ResourceNotFound")
    assert tenant.refused("GET", f"/oauth2PermissionGrants/{first}")[:2] == (404, "Request_ResourceNotFound")
    assert _grant(tenant, jira, graph, ADA)["id"] == first


def test_duplicates(tenant: Tenant, jira: str, graph: str) -> None:
    _grant(tenant, jira, graph)
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": "x"}
    assert tenant.refused("POST", "/oauth2PermissionGrants", body) == (
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "Permission entry already exists.",
    )
    _grant(tenant, jira, graph, ADA)
    _grant(tenant, jira, graph, "lead@contoso.example")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scope": "x" * 3851}, (400, "Invalid value specified for property 'scope' of resource")),
        ({"consentType": "Everyone"}, (400, "Invalid value specified for property 'consentType' of resource")),
        ({"consentType": "Principal"}, (400, "One or more properties are invalid.")),
        ({"principalId": NOBODY}, (400, "One or more properties are invalid.")),
        ({"clientId": None}, (400, "One or more properties are invalid.")),
        ({"expiryTime": "2027-01-01"}, (400, "Property expiryTime does not exist")),
        ({"clientId": NOBODY}, (404, f"Resource '{NOBODY}' does not exist or one of its queried")),
        ({"resourceId": NOBODY}, (400, "Specified resourceId was not found.")),
        (
            {"consentType": "Principal", "principalId": NOBODY},
            (404, f"Resource '{NOBODY}' does not exist or one of its queried"),
        ),
    ],
)
def test_what_create_refuses(
    tenant: Tenant, jira: str, graph: str, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": "x" * 3850, **changes}
    status, _, message = tenant.refused("POST", "/oauth2PermissionGrants", body)
    assert status == expected[0]
    assert message.startswith(expected[1])
    assert tenant.simulated.state()["grants"] == []


def test_patch_replaces_the_scope_and_nothing_else(tenant: Tenant, jira: str, graph: str) -> None:
    path = f"/oauth2PermissionGrants/{_grant(tenant, jira, graph)['id']}"
    assert tenant.call("PATCH", path, {"scope": " a b"}) == (204, None)
    assert tenant.ok("GET", path)["scope"] == " a b"
    assert tenant.call("PATCH", path, {"scope": ""})[0] == 204
    assert tenant.ok("GET", path)["scope"] == ""
    assert tenant.refused("PATCH", path, {"principalId": NOBODY}) == (
        400,
        "Request_BadRequest",
        "Property cannot be updated: principalId",
    )
    assert tenant.refused("PATCH", path, {"scope": "x" * 3851})[0] == 400
    assert tenant.refused("PATCH", f"/oauth2PermissionGrants/{ids.grant_id(NOBODY, graph, None)}", {})[0] == 404


def test_lists(tenant: Tenant, jira: str, graph: str) -> None:
    crm = tenant.app(CRM)
    everybody = _grant(tenant, jira, graph)["id"]
    ada = _grant(tenant, jira, graph, ADA)["id"]
    other = _grant(tenant, jira, crm, ADA)["id"]
    reverse = _grant(tenant, crm, graph)["id"]
    user = tenant.user(ADA)
    for text, expected in {
        f"clientId eq '{jira}'": [everybody, ada, other],
        f"clientId eq '{jira.upper()}'": [everybody, ada, other],
        f"resourceId eq '{graph}'": [everybody, ada, reverse],
        f"principalId eq '{user}'": [ada, other],
        "consentType eq 'AllPrincipals'": [everybody, reverse],
        f"clientId eq '{jira}' and resourceId eq '{graph}' and consentType eq 'AllPrincipals'": [everybody],
        f"clientId eq '{jira}' and principalId eq '{user}'": [ada, other],
        f"resourceId eq '{NOBODY}'": [],
    }.items():
        rows = tenant.every(f"/oauth2PermissionGrants?$filter={text}")
        assert [row["id"] for row in rows] == expected, text
    for path, expected in {
        "/oauth2PermissionGrants": [everybody, ada, other, reverse],
        f"/servicePrincipals/{jira}/oauth2PermissionGrants": [everybody, ada, other],
        f"/servicePrincipals(appId='{JIRA}')/oauth2PermissionGrants": [everybody, ada, other],
        f"/users/{ADA}/oauth2PermissionGrants": [ada, other],
    }.items():
        assert [row["id"] for row in tenant.every(path)] == expected, path


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$filter=scope eq 'x'", (400, "Request_UnsupportedQuery", "Filter is invalid. scope")),
        ("$filter=id eq 'x'", (400, "Request_UnsupportedQuery", "Filter is invalid. id")),
        ("$filter=clientId ne 'x'", (400, "Request_UnsupportedQuery", "Filter is invalid. clientId")),
        (f"$filter=clientId eq {NOBODY}", (400, "BadRequest", "Invalid filter clause")),
        ("$filter=clientId", (400, "BadRequest", "Invalid filter clause")),
        ("$filter=clientId eq", (400, "BadRequest", "Invalid filter clause")),
        (
            f"$filter=clientId eq '{NOBODY}'",
            (
                404,
                "Request_ResourceNotFound",
                "Resource '' does not exist or one of its queried reference-property objects are not present.",
            ),
        ),
        ("$search=x", (500, "Service_InternalServerError", "Encountered an internal server error.")),
    ],
)
def test_queries_that_fail(tenant: Tenant, query: str, expected: tuple[int, str, str]) -> None:
    assert tenant.refused("GET", f"/oauth2PermissionGrants?{query}") == expected


def test_keys_of_the_wrong_form(tenant: Tenant) -> None:
    assert tenant.refused("GET", f"/oauth2PermissionGrants/{NOBODY}") == (
        400,
        "Request_UnsupportedQuery",
        "Filter is invalid. id",
    )
    assert tenant.refused("DELETE", "/oauth2PermissionGrants/abc")[0] == 400


def test_writes_below_a_user_are_refused(tenant: Tenant, jira: str, graph: str) -> None:
    made = _grant(tenant, jira, graph, ADA)["id"]
    assert tenant.refused("DELETE", f"/users/{ADA}/oauth2PermissionGrants/{made}") == (
        400,
        "BadRequest",
        "Write requests are only supported on contained entities or navigation properties with bindings.",
    )
    assert tenant.call("GET", f"/oauth2PermissionGrants/{made}")[0] == 200


def test_the_other_answer_to_duplicates(tenant: Tenant) -> None:
    graph_app = "00000003-0000-0000-c000-000000000000"
    document = {**tenant.initial, "grants": [{"client_app_id": CRM, "scope": "x"}]}
    crm = tenant.app(CRM)
    default_role = {"app_id": CRM, "principal": ADA, "app_role": "Reader"}
    with running({**document, "assignments": [default_role]}, duplicates="other") as other:
        _, resource = other.graph("GET", f"/servicePrincipals(appId='{graph_app}')?$select=id")
        body = {"clientId": crm, "resourceId": resource["id"], "consentType": "AllPrincipals", "scope": "x"}
        status, answer = other.graph("POST", "/oauth2PermissionGrants", body)
        assert (status, answer["error"]["code"], answer["error"]["message"]) == (
            400,
            "Request_BadRequest",
            "Permission entry already exists.",
        )
        role = other.graph("GET", f"/servicePrincipals/{crm}/appRoleAssignedTo")[1]["value"][0]
        body = {name: role[name] for name in ("principalId", "resourceId", "appRoleId")}
        status, answer = other.graph("POST", f"/servicePrincipals/{crm}/appRoleAssignedTo", body)
        assert (status, answer["error"]["code"], answer["error"]["message"]) == (
            409,
            "Request_MultipleObjectsWithSameKeyValue",
            "EntitlementGrant entry already exists.",
        )
