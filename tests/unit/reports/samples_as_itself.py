# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports of apps that act as themselves, without a user."""

from __future__ import annotations

from .samples import (
    EVE,
    GRAPH,
    JSON,
    RISKS,
    SHAREPOINT,
    app,
    app_id,
    application_permission,
    own_permission,
    permission,
    tenant,
    undeclared,
)

CAN_GRANT = "can grant itself, and any other app, every application permission."
CAN_LEAD = "can make itself, and anybody, Global Administrator."


def acting() -> JSON:
    """Apps that act as themselves, declared and not; apps that only have assignments, or only that."""
    grants_all = application_permission("AppRoleAssignment.ReadWrite.All", "critical", tier_0=CAN_GRANT)
    payroll = app(
        1,
        "Payroll sync",
        [permission("User.Read"), permission("Mail.Read", 4, risk="high")],
        [
            own_permission(1, "User.Read.All", "missing", risk="medium"),
            own_permission(1, "AppRoleAssignment.ReadWrite.All", risk="critical", tier_0=CAN_GRANT, attribution=[EVE]),
        ],
        application_permissions=[
            grants_all,
            application_permission("Sites.FullControl.All", "critical", resource=SHAREPOINT),
            application_permission("Mail.Read"),
        ],
    )
    archive = app(2, "Mail archive", [], application_permissions=[application_permission("Mail.Read")])
    agent = app(
        3,
        "Agent 7",
        [{**permission("User.Read"), "inherited": True}, {**permission("Notes.Read", 3), "inherited": False}],
        application_permissions=[
            application_permission("Group.Read.All", "medium", inherited=True),
            application_permission("default", "unknown", resource=(app_id(800), None)),
        ],
    )
    plain = app(4, "Wiki", [permission("openid")], application_permissions=[])
    backup = undeclared(
        10,
        "Old backup",
        [],
        application_permissions=[
            application_permission("RoleManagement.ReadWrite.Directory", "critical", tier_0=CAN_LEAD),
            application_permission("Files.Read.All"),
        ],
        assigned={"users": 0, "groups": 0},
    )
    shop = undeclared(11, "Intranet", [], application_permissions=[], assigned={"users": 12, "groups": 1})
    notes = undeclared(
        12,
        "Shadow notes",
        [{**permission("Notes.Read.All", 17, risk="medium"), "inherited": True}],
        application_permissions=[application_permission("Notes.Read.All", "medium", inherited=True)],
        assigned={"users": 1, "groups": 0},
    )
    return tenant(apps=[payroll, archive, agent, plain], without=[backup, shop, notes])


def service_provider(apps: int = 300, held: int = 2000, roles: int = 120) -> JSON:
    """Many apps that act as themselves, on APIs of their own and on Graph: `held` application permissions in all."""
    names = [f"Area{number:03}.{'ReadWrite' if number % 3 else 'Read'}.All" for number in range(roles)]
    found = []
    for number in range(apps):
        share = held // apps + (number < held % apps)
        # The last of the roles are of tier 0, and few apps hold one.
        places = [(number * 7 + place * 11) % (roles - 5) for place in range(share)]
        places[:1] = [roles - 1 - number // 20 % 5] if number % 20 == 0 and places else places[:1]
        own = [
            application_permission(
                names[place],
                "critical" if place >= roles - 5 else RISKS[place % 5],
                tier_0=CAN_GRANT if place >= roles - 5 else None,
                resource=(GRAPH, SHAREPOINT)[place % 4 == 0],
            )
            for place in places
        ]
        granted = [permission(scope) for scope in ("openid", "User.Read", "Mail.Read")[: 1 + number % 3]]
        more = {"application_permissions": own} if own else {}
        found.append(app(number, f"Line of business app {number:03}", granted, **more))
    return tenant("provider", found)
