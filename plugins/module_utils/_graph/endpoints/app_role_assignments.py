# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""App role assignments of users, groups and apps. PRIVATE to tenantops.entra."""

from __future__ import annotations

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints.service_principals import (
    APPLICATIONS_READ,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request

# Of a user or group; an app's own list takes APPLICATIONS_READ.
ASSIGNMENTS_READ = ("Directory.Read.All", "AppRoleAssignment.ReadWrite.All")
ASSIGNMENTS_WRITE = ("AppRoleAssignment.ReadWrite.All",)


def assignments_of_app(app: str, resource_id: str) -> Request:
    """Who is assigned to an app: users, groups and other apps."""
    return Request(
        f"read the app role assignments of {app}",
        "GET",
        f"/servicePrincipals/{odata.segment(resource_id)}/appRoleAssignedTo",
        APPLICATIONS_READ,
        shapes.many(shapes.ASSIGNMENT, resourceId=resource_id),
        {"$top": odata.LARGEST_PAGE},
    )


def assignments_of_principal(name: str, kind: str, principal_id: str, *, resource_id: str | None = None) -> Request:
    """What a user or group is assigned to, of one app or of all; for a user also what comes through the user's groups."""
    collection = "/groups" if kind == "Group" else "/users"
    of_app = {"$filter": odata.equals_guid("resourceId", resource_id)} if resource_id else {}
    return Request(
        f"read the app role assignments of {name}",
        "GET",
        f"{collection}/{odata.segment(principal_id)}/appRoleAssignments",
        ASSIGNMENTS_READ,
        shapes.many(shapes.ASSIGNMENT, **({"resourceId": resource_id} if resource_id else {})),
        {**of_app, "$top": odata.LARGEST_PAGE},
    )


def roles_of_app(app: str, client_id: str) -> Request:
    """What a service principal itself is assigned to: its application permissions on all APIs."""
    return Request(
        f"read the application permissions of {app}",
        "GET",
        f"/servicePrincipals/{odata.segment(client_id)}/appRoleAssignments",
        APPLICATIONS_READ,
        shapes.many(shapes.ASSIGNMENT, principalId=client_id),
        {"$top": odata.LARGEST_PAGE},
    )


def inherited_roles(app: str, agent_id: str) -> Request:
    """The application permissions that an agent identity has from its blueprint's principal. Read-only.

    Graph takes no options here, and has no pages.
    """
    return Request(
        f"read the application permissions that {app} inherits",
        "GET",
        f"/servicePrincipals/{odata.segment(agent_id)}/inheritedAppRoleAssignments",
        APPLICATIONS_READ,
        shapes.many(shapes.ASSIGNMENT),
    )


def create_assignment(subject: str, resource_id: str, principal_id: str, role_id: str) -> Request:
    return Request(
        f"assign {subject}",
        "POST",
        f"/servicePrincipals/{odata.segment(resource_id)}/appRoleAssignedTo",
        ASSIGNMENTS_WRITE,
        shapes.one(201, shapes.ASSIGNMENT, resourceId=resource_id, principalId=principal_id),
        body={"principalId": principal_id, "resourceId": resource_id, "appRoleId": role_id},
    )


def delete_assignment(subject: str, resource_id: str, assignment_id: str) -> Request:
    return Request(
        f"remove the assignment of {subject}",
        "DELETE",
        f"/servicePrincipals/{odata.segment(resource_id)}/appRoleAssignedTo/{odata.segment(assignment_id)}",
        ASSIGNMENTS_WRITE,
        shapes.DONE,
    )
