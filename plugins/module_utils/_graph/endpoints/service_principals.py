# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service principals, and the recycle bin. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

if t.TYPE_CHECKING:
    from collections.abc import Sequence


APPLICATIONS_READ = ("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All")
# Application.ReadWrite.OwnedBy is less, but Graph refuses it for apps of another tenant, which is what is governed here.
APPLICATIONS_WRITE = ("Application.ReadWrite.All",)

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
            "$top": odata.LARGEST_PAGE,
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
