# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenants of the benchmarks, as seeds for the simulator."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Mapping

APP_ID = "89d5ca9f-d63b-4885-bd30-6e7433c1540c"
GRAPH = "00000003-0000-0000-c000-000000000000"
GROUP_ID = "6f1d8a3c-2b47-4e59-9c60-d7a1e5b8f034"
NEWCOMERS = ("ada@contoso.example", "bob@contoso.example")
SCOPES = ("openid", "profile", "email", "offline_access", "User.Read", "Chat.ReadWrite")

_EVERYBODY = {"generated": "user", "first": 1}


def seed(users: int, *, approved: bool = False) -> dict[str, t.Any]:
    """A tenant with a group of so many users and two more who are not in it.

    :param approved: whether the app is there, with a grant and an assignment for each user of the group.
    """
    everybody = {**_EVERYBODY, "last": users}
    document: dict[str, t.Any] = {
        "tenant": {"id": "0b7e4d19-5c83-4fa6-8e21-9d3f60c5a7b2", "domain": "contoso.example"},
        "users": [{"generate": users}, *({"user_principal_name": upn} for upn in NEWCOMERS)],
        "groups": [{"display_name": "Everybody", "id": GROUP_ID, "members": [everybody]}],
        "applications": [
            {
                "app_id": APP_ID,
                "display_name": "Microsoft Teams for Jira",
                "owner_tenant_id": "9b6d2f10-44a7-4c53-8e1d-70b5c3a9d264",
            }
        ],
        "identities": [
            {
                "name": "automation",
                "client_id": "5e2c8b94-0f3d-4a61-b7e5-9d1a6c40f823",
                "permissions": [
                    "Application.ReadWrite.All",
                    "DelegatedPermissionGrant.ReadWrite.All",
                    "AppRoleAssignment.ReadWrite.All",
                    "User.ReadBasic.All",
                    "GroupMember.Read.All",
                ],
            }
        ],
    }
    if approved:
        document |= {
            "service_principals": [{"app_id": APP_ID}],
            "grants": [{"client_app_id": APP_ID, "scope": " ".join(SCOPES), "principals": everybody}],
            "assignments": [{"app_id": APP_ID, "principals": everybody}],
        }
    return document


def acting(apps: int) -> list[dict[str, t.Any]]:
    """So many apps, each declared to hold two application permissions."""
    rule = {"app_roles": ["Group.Read.All", "User.Read.All"]}
    return [{"app_id": f"{place:08x}{APP_ID[8:]}", "application_permissions": [rule]} for place in range(apps)]


def acting_seed(apps: int) -> dict[str, t.Any]:
    """A tenant with as many users in which these apps hold nothing."""
    document = seed(apps)
    names = {app["app_id"]: f"App {place}" for place, app in enumerate(acting(apps))}
    owner = document["applications"][0]["owner_tenant_id"]
    document["applications"] += [
        {"app_id": app_id, "display_name": name, "owner_tenant_id": owner} for app_id, name in names.items()
    ]
    return {**document, "service_principals": [{"app_id": app_id} for app_id in names]}


def upns(count: int, of: int) -> list[str]:
    """The first users of a tenant that was seeded with so many."""
    width = max(3, len(str(of)))
    return [f"user{number:0{width}}@contoso.example" for number in range(1, count + 1)]


def variables(**more: t.Any) -> Mapping[str, t.Any]:
    """What the playbooks want to know."""
    return {"app_id": APP_ID, "scopes": list(SCOPES), **more}
