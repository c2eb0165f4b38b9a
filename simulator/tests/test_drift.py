# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An example: a tenant drifts behind somebody's back, by raw requests, and the audit log tells who did it."""

from __future__ import annotations

from entra_simulator.testing import SimulatedTenant, running

VENDOR = "bbbbbbbb-0000-4000-8000-000000000099"
DECLARED, REMOVED, DISABLED, STRANGER = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in range(1, 5))
SEED = {
    "tenant": {"id": "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", "domain": "contoso.example"},
    "users": [{"user_principal_name": f"{name}@contoso.example"} for name in ("ada", "eve")],
    "applications": [
        {"app_id": app_id, "display_name": name, "owner_tenant_id": VENDOR}
        for app_id, name in (
            (DECLARED, "Declared"),
            (REMOVED, "Removed"),
            (DISABLED, "Disabled"),
            (STRANGER, "Stranger"),
        )
    ],
    "service_principals": [{"app_id": app_id} for app_id in (DECLARED, REMOVED, DISABLED)],
    "grants": [{"client_app_id": app_id, "scope": "openid"} for app_id in (DECLARED, REMOVED)],
    "identities": [
        {
            "name": "automation",
            "client_id": "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a",
            "permissions": [
                "Application.ReadWrite.All",
                "AppRoleAssignment.ReadWrite.All",
                "AuditLog.Read.All",
                "DelegatedPermissionGrant.ReadWrite.All",
                "User.ReadBasic.All",
            ],
        }
    ],
}


def _id(tenant: SimulatedTenant, path: str) -> str:
    return str(tenant.graph("GET", f"{path}?$select=id")[1]["id"])


def _grant(tenant: SimulatedTenant, app_id: str) -> str:
    """The path of the one grant of an app."""
    (row,) = tenant.graph("GET", f"/servicePrincipals(appId='{app_id}')/oauth2PermissionGrants")[1]["value"]
    return f"/oauth2PermissionGrants/{row['id']}"


def test_every_kind_of_drift() -> None:
    with running(SEED) as tenant:
        eve = tenant.act_as("eve@contoso.example")
        declared = _id(tenant, f"/servicePrincipals(appId='{DECLARED}')")
        ada = _id(tenant, "/users/ada@contoso.example")
        before = tenant.state()

        statuses = [
            # A scope is added, by a user at a tool of Microsoft's.
            tenant.graph("PATCH", _grant(tenant, DECLARED), {"scope": "openid Mail.Read"}, token=eve)[0],
            # A grant is removed, and an app disabled, by the automation.
            tenant.graph("DELETE", _grant(tenant, REMOVED))[0],
            tenant.graph("PATCH", f"/servicePrincipals(appId='{DISABLED}')", {"accountEnabled": False})[0],
            # A user is assigned, by another user.
            tenant.graph(
                "POST",
                f"/servicePrincipals/{declared}/appRoleAssignedTo",
                {
                    "principalId": ada,
                    "resourceId": declared,
                    "appRoleId": "00000000-0000-0000-0000-000000000000",
                },
                token=eve,
            )[0],
        ]
        assert statuses == [204, 204, 204, 201]
        # An app that nobody declared is consented to.
        tenant.consent("ada@contoso.example", STRANGER, "openid User.Read")

        after = tenant.state()
        scopes = {row["client_app_id"]: row["scope"] for row in after["grants"]}
        assert scopes == {DECLARED: "openid Mail.Read", STRANGER: " openid User.Read"}
        assert len(before["grants"]) == 2
        assert [row["principal"] for row in after["assignments"]] == [ada, ada]
        assert {row["app_id"]: row["account_enabled"] for row in after["service_principals"]}[DISABLED] is False

        def newest(object_id: str) -> tuple[str, str]:
            """What happened last to an object, and who did it."""
            path = f"/auditLogs/directoryAudits?$filter=targetResources/any(t:t/id eq '{object_id}')&$top=1"
            (row,) = tenant.graph("GET", path)[1]["value"]
            by = row["initiatedBy"]
            return row["activityDisplayName"], by["user"]["userPrincipalName"] if by["user"] else by["app"][
                "displayName"
            ]

        stranger = _id(tenant, f"/servicePrincipals(appId='{STRANGER}')")
        assert newest(declared) == ("Add app role assignment grant to user", "eve@contoso.example")
        assert newest(_id(tenant, f"/servicePrincipals(appId='{REMOVED}')")) == (
            "Remove delegated permission grant",
            "automation",
        )
        assert newest(_id(tenant, f"/servicePrincipals(appId='{DISABLED}')")) == (
            "Update service principal",
            "automation",
        )
        assert newest(stranger) == ("Consent to application", "ada@contoso.example")
