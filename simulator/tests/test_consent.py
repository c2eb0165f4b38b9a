# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Consent screens: what accepting one changes, and what the audit log tells of it."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, NOBODY, Tenant

ADA, LEAD = "ada@contoso.example", "lead@contoso.example"
ZERO = "00000000-0000-0000-0000-000000000000"


def _told(tenant: Tenant, correlation_id: str) -> list[dict[str, Any]]:
    """The entries of one consent, the oldest first."""
    return [entry for entry in tenant.simulated.audit_log()[::-1] if entry["correlationId"] == correlation_id]


def _new(entry: dict[str, Any], name: str) -> str:
    (value,) = (
        change["newValue"]
        for change in entry["targetResources"][0]["modifiedProperties"]
        if change["displayName"] == name
    )
    return str(value)


def test_a_user_consents_to_a_new_app(tenant: Tenant) -> None:
    ids = tenant.simulated.consent(ADA, JIRA, "openid User.Read")
    ada, graph = tenant.user(ADA), tenant.app(GRAPH)
    app = tenant.ok("GET", f"/servicePrincipals(appId='{JIRA}')")
    assert (app["id"], app["tags"]) == (ids["service_principal_id"], ["WindowsAzureActiveDirectoryIntegratedApp"])
    (grant,) = tenant.every(f"/servicePrincipals/{app['id']}/oauth2PermissionGrants")
    assert (grant["id"], grant["scope"], grant["principalId"]) == (ids["grant_id"], " openid User.Read", ada)
    (role,) = tenant.every(f"/servicePrincipals/{app['id']}/appRoleAssignedTo")
    assert (role["principalId"], role["appRoleId"]) == (ada, ZERO)

    entries = _told(tenant, ids["correlation_id"])
    assert [entry["activityDisplayName"] for entry in entries] == [
        "Add service principal",
        "Add delegated permission grant",
        "Add app role assignment grant to user",
        "Consent to application",
    ]
    for entry in entries:
        user = entry["initiatedBy"]["user"]
        assert (user["id"], user["userPrincipalName"], user["displayName"]) == (ada, ADA, "Azure ESTS Service")
    consented = entries[-1]
    assert consented["targetResources"][0]["id"] == app["id"]
    assert [_new(consented, f"ConsentContext.{name}") for name in ("IsAdminConsent", "IsAppOnly", "OnBehalfOfAll")] == [
        '"False"'
    ] * 3
    assert _new(consented, "ConsentContext.Tags") == '"WindowsAzureActiveDirectoryIntegratedApp"'
    assert _new(consented, "ConsentAction.Permissions") == (
        f'"[] => [[Id: {grant["id"]}, ClientId: {app["id"]}, PrincipalId: {ada}, ResourceId: {graph}, '
        'ConsentType: Principal, Scope:  openid User.Read, CreatedDateTime: , LastModifiedDateTime ]]; "'
    )


def test_an_administrator_consents_for_all(tenant: Tenant, jira: str) -> None:
    ids = tenant.simulated.consent(LEAD, JIRA, "Place.Read.All", consent_type="AllPrincipals")
    entries = _told(tenant, ids["correlation_id"])
    assert [entry["activityDisplayName"] for entry in entries] == [
        "Add delegated permission grant",
        "Consent to application",
    ]
    assert _new(entries[1], "ConsentContext.IsAdminConsent") == '"True"'
    assert _new(entries[1], "ConsentContext.OnBehalfOfAll") == '"True"'
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{ids['grant_id']}")["consentType"] == "AllPrincipals"
    assert tenant.every(f"/servicePrincipals/{jira}/appRoleAssignedTo") == []


def test_an_administrator_may_consent_for_itself_alone(tenant: Tenant) -> None:
    ids = tenant.simulated.consent(ADA, JIRA, "Place.Read.All", admin=True)
    consented = _told(tenant, ids["correlation_id"])[-1]
    assert _new(consented, "ConsentContext.IsAdminConsent") == '"True"'
    assert _new(consented, "ConsentContext.OnBehalfOfAll") == '"False"'


def test_more_consent_adds_to_the_grant(tenant: Tenant) -> None:
    tenant.simulated.consent(ADA, JIRA, "openid")
    ids = tenant.simulated.consent(ADA, JIRA, "User.Read openid")
    again = tenant.simulated.consent(ADA, JIRA, "openid")
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{ids['grant_id']}")["scope"] == " openid User.Read"
    added, consented = _told(tenant, ids["correlation_id"])
    changed = added["targetResources"][0]["modifiedProperties"][0]
    assert (changed["oldValue"], changed["newValue"]) == ('" openid"', '" openid User.Read"')
    assert "Scope:  openid, CreatedDateTime: , LastModifiedDateTime ]] => [[" in _new(
        consented, "ConsentAction.Permissions"
    )
    assert [entry["activityDisplayName"] for entry in _told(tenant, again["correlation_id"])] == [
        "Consent to application"
    ]


def test_another_api_than_graph(tenant: Tenant) -> None:
    tenant.app(JIRA)
    ids = tenant.simulated.consent(ADA, JIRA, "Crm.Read", resource_app_id=CRM)
    assert tenant.ok("GET", f"/oauth2PermissionGrants/{ids['grant_id']}")["resourceId"] == tenant.app(CRM)
    # The CRM has roles for users: there is no default access that a consent could give.
    tenant.simulated.consent(ADA, CRM, "openid")
    assert tenant.every(f"/servicePrincipals(appId='{CRM}')/appRoleAssignedTo") == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"user": "nobody"}, r"consent\.user: there is no user 'nobody'"),
        ({"app_id": NOBODY}, r"consent\.app_id: '.*' is not among the applications"),
        ({"scope": "Nonsense"}, r"consent\.scope: 'Microsoft Graph' publishes no scope 'Nonsense'"),
        ({"scope": "Place.Read.All"}, r"consent\.scope: 'Place\.Read\.All' needs the consent of an administrator"),
        ({"consent_type": "Some"}, r"consent\.consent_type: must be one of"),
        ({"consent_type": "AllPrincipals", "admin": False}, r"consent\.admin: only an administrator"),
        ({"resource_app_id": NOBODY}, r"consent\.resource_app_id: '.*' has no service principal"),
    ],
)
def test_what_no_screen_offers(tenant: Tenant, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tenant.simulated.consent(**{"user": ADA, "app_id": JIRA, "scope": "openid", **changed})
    assert tenant.simulated.state() == tenant.initial
    assert tenant.simulated.audit_log() == []


def test_apps_that_users_cannot_consent_to(tenant: Tenant, jira: str) -> None:
    tenant.ok("PATCH", f"/servicePrincipals/{jira}", {"appRoleAssignmentRequired": True})
    with pytest.raises(ValueError, match="requires assignment: users can't consent to it"):
        tenant.simulated.consent(ADA, JIRA, "openid")
    tenant.simulated.consent(ADA, JIRA, "openid", consent_type="AllPrincipals")
    tenant.ok("PATCH", f"/servicePrincipals/{jira}", {"accountEnabled": False})
    with pytest.raises(ValueError, match="is disabled"):
        tenant.simulated.consent(ADA, JIRA, "openid", consent_type="AllPrincipals")
