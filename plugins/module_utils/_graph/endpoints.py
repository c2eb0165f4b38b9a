# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every call to Graph about apps, with the permission it takes; ``people`` has the others. PRIVATE to tenantops.entra.

Application permissions stand least privileged first. The documentation's permission table is checked against them.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

if t.TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATIONS_READ = ("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All")
# Application.ReadWrite.OwnedBy is less, but Graph refuses it for apps of another tenant, which is what is governed here.
APPLICATIONS_WRITE = ("Application.ReadWrite.All",)
GRANTS_READ = ("Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All")
GRANTS_WRITE = ("DelegatedPermissionGrant.ReadWrite.All",)
# Of a user or group; an app's own list takes APPLICATIONS_READ.
ASSIGNMENTS_READ = ("Directory.Read.All", "AppRoleAssignment.ReadWrite.All")
ASSIGNMENTS_WRITE = ("AppRoleAssignment.ReadWrite.All",)


LARGEST_PAGE = "999"
# $filter takes up to 15 values in an "in" list.
LARGEST_IN_LIST = 15

_SERVICE_PRINCIPAL = ",".join(
    (
        "id",
        "appId",
        "displayName",
        "accountEnabled",
        "appRoleAssignmentRequired",
        "tags",
        "notes",
        "notificationEmailAddresses",
        "alternativeNames",
        "appOwnerOrganizationId",
        "servicePrincipalType",
        "disabledByMicrosoftStatus",
        "appRoles",
        "oauth2PermissionScopes",
    )
)
_GRANT = "id,clientId,consentType,principalId,resourceId,scope"


# Service principals


def service_principals(app_ids: Sequence[str]) -> Request:
    """Up to 15 service principals by appId, with what they publish."""
    return Request(
        f"read the service principals of {', '.join(app_ids)}",
        "GET",
        "/servicePrincipals",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {"$filter": odata.one_of("appId", app_ids), "$select": _SERVICE_PRINCIPAL},
    )


def managed_identity(resource_id: str) -> Request:
    """The service principal of a managed identity by its ARM resource id, which is one of its alternative names."""
    return Request(
        f"look for the managed identity {resource_id}",
        "GET",
        "/servicePrincipals",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {
            "$filter": f"alternativeNames/any(name:name eq {odata.literal(resource_id)})",
            "$select": "id,appId,displayName",
        },
    )


def service_principals_by_id(object_ids: Sequence[str]) -> Request:
    """Up to 15 service principals by object id, as far as naming them and their roles takes."""
    return Request(
        "read service principals by object id",
        "GET",
        "/servicePrincipals",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {"$filter": odata.one_of("id", object_ids), "$select": "id,appId,displayName,appRoles"},
    )


def service_principals_of_tenant() -> Request:
    """All of them, as far as telling them apart takes."""
    return Request(
        "list the tenant's service principals",
        "GET",
        "/servicePrincipals",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {
            "$select": "id,appId,displayName,accountEnabled,appOwnerOrganizationId,servicePrincipalType",
            "$top": LARGEST_PAGE,
        },
    )


def resources_by_id(object_ids: Sequence[str]) -> Request:
    """Up to 15 service principals by object id, with the scopes that they publish."""
    return Request(
        "read the scopes that APIs publish",
        "GET",
        "/servicePrincipals",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {"$filter": odata.one_of("id", object_ids), "$select": _SERVICE_PRINCIPAL},
    )


def deleted_service_principal(app_id: str) -> Request:
    """The service principals of an app in the recycle bin (kept for 30 days)."""
    return Request(
        f"look for a deleted service principal of {app_id}",
        "GET",
        "/directory/deletedItems/microsoft.graph.servicePrincipal",
        APPLICATIONS_READ,
        shapes.many(shapes.SERVICE_PRINCIPAL),
        {"$filter": odata.equals(appId=app_id), "$select": _SERVICE_PRINCIPAL},
    )


def create_service_principal(app_id: str, properties: JSON) -> Request:
    return Request(
        f"create the service principal of {app_id}",
        "POST",
        "/servicePrincipals",
        APPLICATIONS_WRITE,
        shapes.one(201, shapes.SERVICE_PRINCIPAL, appId=app_id),
        body={"appId": app_id, **properties},
    )


def restore_service_principal(app_id: str, object_id: str) -> Request:
    return Request(
        f"restore the deleted service principal of {app_id}",
        "POST",
        f"/directory/deletedItems/{odata.segment(object_id)}/restore",
        APPLICATIONS_WRITE,
        shapes.one(200, shapes.DIRECTORY_OBJECT),
        body={},
    )


def update_service_principal(app_id: str, object_id: str, properties: JSON) -> Request:
    return Request(
        f"update the service principal of {app_id}",
        "PATCH",
        f"/servicePrincipals/{odata.segment(object_id)}",
        APPLICATIONS_WRITE,
        shapes.DONE,
        body=properties,
    )


def delete_service_principal(app_id: str, object_id: str) -> Request:
    return Request(
        f"delete the service principal of {app_id}",
        "DELETE",
        f"/servicePrincipals/{odata.segment(object_id)}",
        APPLICATIONS_WRITE,
        shapes.DONE,
    )


# Delegated permission grants


def grants_of_client(app: str, client_id: str, *, consent_type: str | None = None) -> Request:
    """All grants of one client. Never listed without a filter: Graph leaves some out then.

    The client must exist: for an unknown one Graph answers 404 instead of an empty list.
    """
    properties = {"clientId": client_id} | ({"consentType": consent_type} if consent_type else {})
    return Request(
        f"read the delegated permission grants of {app}",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, **properties),
        {"$filter": odata.equals(**properties), "$select": _GRANT, "$top": LARGEST_PAGE},
    )


def grants_of_resource(api: str, resource_id: str) -> Request:
    """All grants on one API."""
    return Request(
        f"read the delegated permission grants on {api}",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, resourceId=resource_id),
        {"$filter": odata.equals(resourceId=resource_id), "$select": _GRANT, "$top": LARGEST_PAGE},
    )


def grants_of_tenant(consent_type: str) -> Request:
    """All grants for all users, or all for single ones. Without any filter Graph leaves some out."""
    return Request(
        "list the tenant's delegated permission grants",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, consentType=consent_type),
        {"$filter": odata.equals(consentType=consent_type), "$select": _GRANT, "$top": LARGEST_PAGE},
    )


def grants_of_principal(app: str, client_id: str, principal_id: str) -> Request:
    """One user's grants of one client, at most one for each resource."""
    return Request(
        f"read the delegated permission grants of {app} for {principal_id}",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, clientId=client_id, principalId=principal_id),
        {"$filter": odata.equals(clientId=client_id, principalId=principal_id), "$select": _GRANT},
    )


def grants_of_user(name: str, user_id: str) -> Request:
    """One user's grants of all clients."""
    return Request(
        f"read the delegated permission grants of {name}",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, principalId=user_id),
        {"$filter": odata.equals(principalId=user_id), "$select": _GRANT, "$top": LARGEST_PAGE},
    )


def inherited_grants(app: str, agent_id: str) -> Request:
    """The grants that an agent identity has from its blueprint's principal. Read-only.

    Graph takes no options here, and has no pages.
    """
    return Request(
        f"read the delegated permission grants that {app} inherits",
        "GET",
        f"/servicePrincipals/{odata.segment(agent_id)}/inheritedOauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT),
    )


def create_grant(subject: str, body: JSON) -> Request:
    asked = {name: body[name] for name in ("clientId", "resourceId", "principalId") if name in body}
    return Request(
        f"grant {subject}",
        "POST",
        "/oauth2PermissionGrants",
        GRANTS_WRITE,
        shapes.one(201, shapes.GRANT, **asked),
        body=body,
    )


def update_grant(subject: str, grant_id: str, scope: str) -> Request:
    """Replaces the whole scope text: nothing else of a grant can be changed."""
    return Request(
        f"update {subject}",
        "PATCH",
        f"/oauth2PermissionGrants/{odata.segment(grant_id)}",
        GRANTS_WRITE,
        shapes.DONE,
        body={"scope": scope},
    )


def delete_grant(subject: str, grant_id: str) -> Request:
    return Request(
        f"delete {subject}", "DELETE", f"/oauth2PermissionGrants/{odata.segment(grant_id)}", GRANTS_WRITE, shapes.DONE
    )


# App role assignments


def assignments_of_app(app: str, resource_id: str) -> Request:
    """Who is assigned to an app: users, groups and other apps."""
    return Request(
        f"read the app role assignments of {app}",
        "GET",
        f"/servicePrincipals/{odata.segment(resource_id)}/appRoleAssignedTo",
        APPLICATIONS_READ,
        shapes.many(shapes.ASSIGNMENT, resourceId=resource_id),
        {"$top": LARGEST_PAGE},
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
        {**of_app, "$top": LARGEST_PAGE},
    )


def roles_of_app(app: str, client_id: str) -> Request:
    """What a service principal itself is assigned to: its application permissions on all APIs."""
    return Request(
        f"read the application permissions of {app}",
        "GET",
        f"/servicePrincipals/{odata.segment(client_id)}/appRoleAssignments",
        APPLICATIONS_READ,
        shapes.many(shapes.ASSIGNMENT, principalId=client_id),
        {"$top": LARGEST_PAGE},
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
