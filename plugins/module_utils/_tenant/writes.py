# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change → the request that makes it. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

_GRAPH_NAMES = {
    "account_enabled": "accountEnabled",
    "assignment_required": "appRoleAssignmentRequired",
    "tags": "tags",
    "notes": "notes",
    "notification_email_addresses": "notificationEmailAddresses",
}


def of_service_principal(change: Change) -> Request:
    """The first, and mostly the only, request for a change of a service principal."""
    object_id = str(change.object_id)
    match change.action:
        case "create":
            return endpoints.create_service_principal(change.app_id, properties(change))
        case "restore":
            return endpoints.restore_service_principal(change.app_id, object_id)
        case "update":
            return endpoints.update_service_principal(change.app_id, object_id, properties(change))
        case "delete":
            return endpoints.delete_service_principal(change.app_id, object_id)


def properties(change: Change) -> JSON:
    """As Graph names them. An empty text clears a property, which Graph wants as null."""
    return {_GRAPH_NAMES[name]: None if value == "" else value for name, value in change.after.items()}


def of_link(change: Change, apps: Mapping[str, ServicePrincipal]) -> Request:
    """The request for a change of a grant or an assignment. :param apps: service principals by app id."""
    app = apps[change.app_id]
    if change.kind == "app_role_assignment":
        if change.action == "delete":
            return endpoints.delete_assignment(change.subject, app.id, str(change.object_id))
        principal_id = change.principal.id if change.principal else ""
        return endpoints.create_assignment(change.subject, app.id, principal_id, str(change.role_id))
    if change.action == "delete":
        return endpoints.delete_grant(change.subject, str(change.object_id))
    scope = scope_rules.text(change.scopes_after)
    if change.action == "update":
        return endpoints.update_grant(change.subject, str(change.object_id), scope)
    body: JSON = {
        "clientId": app.id,
        "consentType": change.consent_type,
        "resourceId": apps[str(change.resource_app_id)].id,
        "scope": scope,
    }
    if change.principal:
        body["principalId"] = change.principal.id
    return endpoints.create_grant(change.subject, body)
