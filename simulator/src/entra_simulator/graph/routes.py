# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that is answered: method, path, handler, permission and price.

`units` are resource units before the modifiers of `$select` and `$top`. What is not a GET costs one, and is a
write unless its permission is one of reading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from entra_simulator.answer import Answer
from entra_simulator.graph import (
    assignments,
    audits,
    deleted_items,
    directory,
    grants,
    groups,
    inherited,
    service_principals,
    users,
)
from entra_simulator.graph.call import Call, World

Handler = Callable[[World, Call], Answer]
WILD = "{}"  # a key of any form
CASTS = ("microsoft.graph.user", "microsoft.graph.group", "microsoft.graph.servicePrincipal")


@dataclass(frozen=True)
class Price:
    """What a request costs its caller: resource units, writes (none or one) and reports (none or one)."""

    units: int
    writes: int
    reports: int = 0


@dataclass(frozen=True)
class Route:
    """One line of the table. `options` are the query options that only this request answers."""

    method: str
    path: str
    handler: Handler
    operation: str
    units: int = 1
    options: frozenset[str] = frozenset()

    def price(self, call: Call) -> Price:
        """One unit less for `$select`, one less for a small `$top`, never below one."""
        units = self.units
        if "$select" in call.query:
            # Objects by id are priced five, or two with a selection; everything else gets one off.
            units -= 3 if self.handler is directory.get_by_ids else 1
        top = call.query.get("$top", "")
        if top.isdecimal() and int(top) < 20:
            units -= 1
        writes = self.method != "GET" and not self.operation.endswith(".read")
        return Price(max(units, 1), int(writes), int(self.operation == "audits.read"))


def _assignment_routes(path: str, side: assignments.Side, operation: str, units: int) -> list[Route]:
    return [
        Route("GET", path, assignments.list_answer_of(side), f"{operation}.read", units),
        Route("POST", path, assignments.create_under(side), f"{operation}.write"),
        Route("GET", f"{path}/{WILD}", assignments.read_under(side), f"{operation}.read"),
        Route("DELETE", f"{path}/{WILD}", assignments.delete_under(side), f"{operation}.write"),
    ]


def _member_routes() -> list[Route]:
    found = []
    for name, handler, units in (
        ("members", groups.list_members, 3),
        ("transitiveMembers", groups.list_transitive_members, 5),
    ):
        path = f"groups/{WILD}/{name}"
        paths = [path, *(f"{path}/{cast}" for cast in CASTS)]
        found += [Route("GET", item, handler, "members.read", units) for item in paths]
    return found


def _refused_grant_routes() -> list[Route]:
    found = []
    for owner in ("users", "servicePrincipals"):
        path = f"{owner}/{WILD}/oauth2PermissionGrants"
        found.append(Route("POST", path, grants.refuse_write, "none"))
        found += [Route(method, f"{path}/{WILD}", grants.refuse_write, "none") for method in ("PATCH", "PUT", "DELETE")]
    return found


def _inherited_routes() -> list[Route]:
    """Both views, with and without the cast that newer pages of Microsoft's have in front of the key."""
    found = []
    for prefix in ("servicePrincipals", "servicePrincipals/microsoft.graph.agentIdentity"):
        path = f"{prefix}/{WILD}"
        found += [
            Route("GET", f"{path}/inheritedAppRoleAssignments", inherited.list_assignments, "servicePrincipals.read"),
            Route("GET", f"{path}/inheritedOauth2PermissionGrants", inherited.list_grants, "grants.read"),
        ]
    return found


ROUTES: list[Route] = [
    Route("GET", "servicePrincipals", service_principals.list_all, "servicePrincipals.read"),
    Route("POST", "servicePrincipals", service_principals.create, "servicePrincipals.write"),
    Route("GET", f"servicePrincipals/{WILD}", service_principals.read, "servicePrincipals.read"),
    Route("PATCH", f"servicePrincipals/{WILD}", service_principals.change, "servicePrincipals.write"),
    Route("DELETE", f"servicePrincipals/{WILD}", service_principals.delete, "servicePrincipals.write"),
    Route("GET", f"servicePrincipals/{WILD}/oauth2PermissionGrants", grants.list_of_client, "grants.read"),
    *_assignment_routes(f"servicePrincipals/{WILD}/appRoleAssignedTo", assignments.resource_side, "appRoles", 1),
    *_assignment_routes(f"servicePrincipals/{WILD}/appRoleAssignments", assignments.client_side, "appRoles", 2),
    *_assignment_routes(f"users/{WILD}/appRoleAssignments", assignments.user_side, "principalRoles", 1),
    *_assignment_routes(f"groups/{WILD}/appRoleAssignments", assignments.group_side, "principalRoles", 1),
    Route(
        "GET",
        "directory/deletedItems/microsoft.graph.servicePrincipal",
        deleted_items.list_service_principals,
        "servicePrincipals.read",
    ),
    Route("GET", f"directory/deletedItems/{WILD}", deleted_items.read, "servicePrincipals.read"),
    Route("DELETE", f"directory/deletedItems/{WILD}", deleted_items.purge, "servicePrincipals.write"),
    Route("POST", f"directory/deletedItems/{WILD}/restore", deleted_items.restore, "servicePrincipals.write"),
    Route("GET", "oauth2PermissionGrants", grants.list_all, "grants.read", 2),
    Route("POST", "oauth2PermissionGrants", grants.create, "grants.write"),
    Route("GET", f"oauth2PermissionGrants/{WILD}", grants.read, "grants.read", 2),
    Route("PATCH", f"oauth2PermissionGrants/{WILD}", grants.change, "grants.write"),
    Route("DELETE", f"oauth2PermissionGrants/{WILD}", grants.delete, "grants.write"),
    Route("GET", f"users/{WILD}/oauth2PermissionGrants", grants.list_of_user, "grants.read"),
    *_refused_grant_routes(),
    *_inherited_routes(),
    *(Route(method, "appRoleAssignments", assignments.refuse_top_level, "none") for method in ("GET", "POST")),
    Route("GET", "users", users.list_all, "users.read", 2),
    Route("GET", f"users/{WILD}", users.read, "users.read"),
    Route("GET", "groups", groups.list_all, "groups.read"),
    Route("GET", f"groups/{WILD}", groups.read, "groups.read"),
    *_member_routes(),
    Route("POST", "directoryObjects/getByIds", directory.get_by_ids, "objects.read", 5),
    Route("GET", "organization", directory.list_organization, "organization.read"),
    Route("GET", "auditLogs/directoryAudits", audits.list_all, "audits.read", options=audits.OPTIONS),
    Route("GET", f"auditLogs/directoryAudits/{WILD}", audits.read, "audits.read"),
    Route("GET", "me", directory.refuse_me, "none"),
]
