# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Twenty apps over a thousand users, declared in one document: one process plans and applies them."""

from __future__ import annotations

import typing as t

from entra_simulator.testing import running
from integration.runner import JSON, checked, task
from integration.tenant import Tenant, predictable, scopes

if t.TYPE_CHECKING:
    from pathlib import Path

APPS = [f"a0000000-0000-4000-8000-{place:012}" for place in range(20)]
GRAPH = "00000003-0000-0000-c000-000000000000"
SEED = {
    "tenant": {"id": "7a0e8f3c-4b7d-4c55-9d0f-3f1c2b1a0d9e", "domain": "contoso.example"},
    "users": [{"generate": 1000, "prefix": "user"}],
    "groups": [
        {"display_name": "Everybody", "members": [{"generated": "user"}]},
        *(
            {
                "display_name": f"Team {place}",
                "members": [{"generated": "user", "first": place * 50 + 1, "last": place * 50 + 50}],
            }
            for place in range(20)
        ),
    ],
    "applications": [
        {"app_id": app_id, "display_name": f"App {place}", "owner_tenant_id": "9d6b7e2a-0c1f-4a38-8b11-6f1f0a9c7d52"}
        for place, app_id in enumerate(APPS)
    ],
    "identities": [
        {
            "name": "automation",
            "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11",
            "permissions": [
                "Application.ReadWrite.All",
                "AppRoleAssignment.ReadWrite.All",
                "DelegatedPermissionGrant.ReadWrite.All",
                "Directory.Read.All",
            ],
        }
    ],
}


def declared() -> list[JSON]:
    """The first two apps for everybody, one by one; each of the others for a team."""
    return [
        {
            "app_id": app_id,
            "account_enabled": True,
            "delegated_permissions": [
                {"scopes": ["openid", "User.Read"], "groups": ["Everybody" if place < 2 else f"Team {place}"]}
            ],
            "assignments": [{"groups": [f"Team {place}"]}],
        }
        for place, app_id in enumerate(APPS)
    ]


def test_twenty_apps_over_a_thousand_users(tmp_path: Path) -> None:
    granted = 2 * 1000 + 18 * 50
    with running(SEED) as simulated:
        tenant = Tenant(simulated, simulated.state(), tmp_path)
        apply = task("tenant_consent", apps=declared(), return_limit=10_000)
        planned, applied, again = tenant.play(checked(apply), apply, apply)
        assert planned.writes == []
        assert predictable(planned) == predictable(applied)
        assert applied["counts"]["changes"] == len(applied.writes) == 20 + granted + 20
        # Twenty service principals in one batch, then everything else.
        assert len(applied.round_trips) - len(planned.round_trips) == 1 + -(-(granted + 20) // 20)
        assert (again.changed, again.writes) == (False, [])

        app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
        graph = tenant.simulated.graph
        first, second = APPS[:2]
        _status, listed = graph("GET", f"/oauth2PermissionGrants?$filter=clientId eq '{app[first]}'&$top=2")
        more, gone = listed["value"]
        graph("PATCH", f"/oauth2PermissionGrants/{more['id']}", {"scope": f"{more['scope']} Mail.Read"})
        graph("DELETE", f"/oauth2PermissionGrants/{gone['id']}")
        graph("PATCH", f"/servicePrincipals/{app[second]}", {"accountEnabled": False})
        one = {
            "principalId": more["principalId"],
            "resourceId": app[second],
            "appRoleId": "00000000-0000-0000-0000-000000000000",
        }
        graph("POST", f"/servicePrincipals/{app[second]}/appRoleAssignedTo", one)

        drift, repair, left = tenant.play(
            task("tenant_consent_info", declared=declared()), apply, task("tenant_consent_info", declared=declared())
        )
        assert drift["report"]["counts"] == {"apps": 20, "missing": 1, "extra": 1, "changed": 2, "undeclared": 0}
        assert [found["status"] for found in drift["report"]["apps"][2:]] == ["as_declared"] * 18
        assert sorted(change["action"] for change in repair["changes"]) == ["create", "update", "update"]
        assert left["report"]["counts"] == {"apps": 20, "missing": 0, "extra": 1, "changed": 0, "undeclared": 0}
        assert len({frozenset(found) for found in scopes(tenant.state()).values()}) == 1
