# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of modules that together send every request that the collection sends."""

from __future__ import annotations

import dataclasses
import typing as t

from unit.foreign.world import ADA, AGENT, CRM, GRAPH, IDENTITY, OUTLOOK, TEAMS, TO_DO

if t.TYPE_CHECKING:
    from unit.foreign.world import JSON, World

PORTAL = "a47ed889-74d6-4acf-b5c8-b1172696eb70"
USERS = [f"user{number:03}@contoso.example" for number in range(1, 26)]
NEW_USERS = [f"user{number:03}@contoso.example" for number in range(61, 86)]


@dataclasses.dataclass(frozen=True)
class Scenario:
    module: str
    options: JSON

    def run(self, world: World) -> JSON:
        return world.run(self.module, **self.options)


SCENARIOS: dict[str, Scenario] = {
    "a group pruned": Scenario(
        "delegated_permission_grant",
        {"app_id": OUTLOOK, "groups": ["Jira users"], "scopes": ["User.Read"], "prune": True},
    ),
    "a group's own members": Scenario(
        "app_role_assignment",
        {"app_id": OUTLOOK, "groups": ["Jira mail users"], "expand_groups": True, "nested_groups": False},
    ),
    "one user": Scenario("delegated_permission_grant", {"app_id": OUTLOOK, "users": [ADA], "scopes": ["User.Read"]}),
    "one scope more": Scenario(
        "delegated_permission_grant", {"app_id": OUTLOOK, "users": USERS[:1], "scopes": ["Mail.Read"], "append": True}
    ),
    "revoked from some": Scenario(
        "delegated_permission_grant", {"app_id": OUTLOOK, "users": USERS[:3], "state": "absent"}
    ),
    "revoked from one": Scenario(
        "delegated_permission_grant", {"app_id": OUTLOOK, "users": USERS[:1], "state": "absent"}
    ),
    "assigned by id": Scenario("app_role_assignment", {"app_id": OUTLOOK, "users": [ADA]}),
    "assignments pruned": Scenario(
        "app_role_assignment", {"app_id": CRM, "app_role": "Reader", "users": USERS, "prune": True}
    ),
    "one assignment pruned": Scenario(
        "app_role_assignment", {"app_id": CRM, "app_role": "Reader", "users": USERS[:1], "state": "absent"}
    ),
    "an app created": Scenario("service_principal", {"app_id": PORTAL, "notes": "Ticket 4711"}),
    "an app restored": Scenario("service_principal", {"app_id": TEAMS, "notes": "Ticket 4711"}),
    "an app changed": Scenario("service_principal", {"app_id": CRM, "notes": "Ticket 4711"}),
    "an app deleted": Scenario("service_principal", {"app_id": TO_DO, "state": "absent"}),
    "all of it": Scenario(
        "tenant_consent",
        {
            "apps": [
                {"app_id": PORTAL, "delegated_permissions": [{"scopes": ["User.Read"], "users": NEW_USERS}]},
                {
                    "app_id": OUTLOOK,
                    "delegated_permissions": [{"scopes": ["User.Read"], "groups": ["Jira mail users"]}],
                },
                {"app_id": TO_DO, "state": "absent"},
                {"app_id": CRM, "assignments": [{"app_role": "Reader", "users": USERS[:25]}]},
            ],
            "prune": True,
        },
    ),
    "application permissions granted": Scenario(
        "application_permission_grant", {"app_id": OUTLOOK, "app_roles": ["Group.Read.All", "User.Read.All"]}
    ),
    "application permissions revoked": Scenario(
        "application_permission_grant", {"app_id": TO_DO, "app_roles": ["User.Read.All"]}
    ),
    "application permissions of a managed identity read": Scenario(
        "application_permission_grant_info", {"managed_identity": IDENTITY}
    ),
    "application permissions of an agent read": Scenario("application_permission_grant_info", {"app_id": AGENT}),
    "apps read": Scenario("service_principal_info", {"app_ids": [OUTLOOK, CRM]}),
    "grants of an app read": Scenario("delegated_permission_grant_info", {"app_id": OUTLOOK}),
    "grants of a user read": Scenario("delegated_permission_grant_info", {"users": USERS[:1]}),
    "assignments of an app read": Scenario("app_role_assignment_info", {"app_id": CRM}),
    "assignments of a group read": Scenario("app_role_assignment_info", {"groups": ["Jira users"]}),
    "compared": Scenario(
        "tenant_consent_info",
        {
            "declared": [
                {"app_id": OUTLOOK, "delegated_permissions": [{"scopes": ["User.Read"], "groups": ["Jira users"]}]},
                {"app_id": GRAPH, "account_enabled": False},
                {"app_id": AGENT, "application_permissions": []},
            ],
            "attribution": True,
        },
    ),
    "exported": Scenario("tenant_consent_info", {"rehearsal": True}),
    "who is it": Scenario("caller_info", {"with_users": True, "with_groups": True}),
}
