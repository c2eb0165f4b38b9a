# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delegated permission grants. PRIVATE to tenantops.entra."""

from __future__ import annotations

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

GRANTS_READ = ("Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All")
GRANTS_WRITE = ("DelegatedPermissionGrant.ReadWrite.All",)

_GRANT = "id,clientId,consentType,principalId,resourceId,scope"


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
        {"$filter": odata.equals(**properties), "$select": _GRANT, "$top": odata.LARGEST_PAGE},
    )


def grants_of_resource(api: str, resource_id: str) -> Request:
    """All grants on one API."""
    return Request(
        f"read the delegated permission grants on {api}",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, resourceId=resource_id),
        {"$filter": odata.equals(resourceId=resource_id), "$select": _GRANT, "$top": odata.LARGEST_PAGE},
    )


def grants_of_tenant(consent_type: str) -> Request:
    """All grants for all users, or all for single ones. Without any filter Graph leaves some out."""
    return Request(
        "list the tenant's delegated permission grants",
        "GET",
        "/oauth2PermissionGrants",
        GRANTS_READ,
        shapes.many(shapes.GRANT, consentType=consent_type),
        {"$filter": odata.equals(consentType=consent_type), "$select": _GRANT, "$top": odata.LARGEST_PAGE},
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
        {"$filter": odata.equals(principalId=user_id), "$select": _GRANT, "$top": odata.LARGEST_PAGE},
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
