# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant's consent state as a seed of the simulated tenant, to try declarations on. PRIVATE to tenantops.entra. Pure.

The format is that of the simulator's README. Members of groups within a group are put into it directly.
"""

from __future__ import annotations

import typing as t
import uuid
from collections import Counter

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import GRAPH_APP_ID, Principal

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        JSON,
        ServicePrincipal,
        TenantState,
    )

DOMAIN = "contoso.example"
# The automation that signs in to the copy: it may do all that the modules do.
AUTOMATION: JSON = {
    "name": "automation",
    "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11",
    "permissions": [
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "AuditLog.Read.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
    ],
}


def seed(
    state: TenantState, members: Mapping[str, Sequence[Principal]], *, new: Mapping[str, str], tenant: str | None
) -> JSON:
    """The copy.

    :param members: the users in groups, by the group's object id.
    :param new: apps that the tenant does not have and the copy is to know, by app id with their names.
    :param tenant: the tenant's id or domain, as far as it is known.
    """
    groups = {one.id: one for one in _assigned(state, "Group")} | {one.id: one for one in state.groups.values()}
    found = [*_assigned(state, "User"), *_granted(state), *state.users.values()]
    found += [user for users in (*members.values(), *state.members.values()) for user in users]
    # Graph copies display names into assignments; only a name that was looked up is a UPN.
    users = {user.id: user for user in found if "@" in user.name}
    people = users.keys() | groups.keys()
    apps = sorted(state.service_principals.values(), key=lambda app: app.app_id)
    return {
        "tenant": _tenant(tenant, users.values()),
        "users": [
            {"id": user.id, "user_principal_name": user.name, "display_name": user.name.partition("@")[0]}
            for user in sorted(users.values(), key=_by_name)
        ],
        "groups": [
            {
                "id": group.id,
                "display_name": group.label,
                "members": [user.id for user in sorted(members.get(group.id, ()), key=_by_name) if user.id in users],
            }
            for group in sorted(groups.values(), key=_by_name)
        ],
        "applications": [
            *(_application(app) for app in apps if app.app_id != GRAPH_APP_ID),
            *({"app_id": app_id, "display_name": name} for app_id, name in sorted(new.items())),
        ],
        "service_principals": [_service_principal(app) for app in apps],
        "grants": [
            {
                "client_app_id": grant.app_id,
                "resource_app_id": grant.resource_app_id,
                "scope": grant.scope,
                **({"principal": grant.principal.id} if grant.principal else {}),
                **({"orphaned": True} if grant.principal and grant.principal.id not in users else {}),
            }
            for _key, grant in sorted(state.grants.items(), key=lambda item: str(item[0]))
        ],
        "assignments": [
            {
                "app_id": one.app_id,
                "principal": one.principal.id,
                "app_role": one.role_id,
                **({} if one.principal.id in people else _orphaned(one.principal)),
            }
            for _key, one in sorted(state.assignments.items())
        ],
        "identities": [AUTOMATION],
    }


def _tenant(tenant: str | None, users: Iterable[Principal]) -> JSON:
    """An id and a domain, both from what is known; what is not known is derived, the same each time."""
    domains = Counter(user.name.rpartition("@")[2].lower() for user in users)
    try:
        tenant_id: str | None = str(uuid.UUID(tenant or ""))
    except ValueError:
        tenant_id = None
    domain = tenant if tenant and tenant_id is None else domains.most_common(1)[0][0] if domains else DOMAIN
    return {"id": tenant_id or str(uuid.uuid5(uuid.NAMESPACE_DNS, domain)), "domain": domain}


def _application(app: ServicePrincipal) -> JSON:
    return {
        "app_id": app.app_id,
        "display_name": app.label,
        **({"owner_tenant_id": app.owner_tenant_id} if app.owner_tenant_id else {}),
        "app_roles": [
            {
                "id": role.id,
                **({"value": role.value} if role.value else {}),
                "allowed_member_types": ["User"] if role.for_users else ["Application"],
                "is_enabled": role.enabled,
            }
            for role in app.roles
        ],
        "scopes": [
            {
                "value": scope.value,
                "type": "Admin" if scope.admin_consent_required else "User",
                "is_enabled": scope.enabled,
            }
            for scope in app.scopes
        ],
    }


def _service_principal(app: ServicePrincipal) -> JSON:
    return {
        "app_id": app.app_id,
        "id": app.id,
        "account_enabled": app.account_enabled,
        "assignment_required": app.assignment_required,
        "tags": sorted(app.tags),
        "notification_email_addresses": list(app.notification_email_addresses),
        **({"notes": app.notes} if app.notes else {}),
    }


def _orphaned(principal: Principal) -> JSON:
    """Whose user or group is gone: Graph keeps what they were given."""
    return {"orphaned": True, "principal_type": principal.type}


def _assigned(state: TenantState, kind: str) -> list[Principal]:
    return [one.principal for one in state.assignments.values() if one.principal.type == kind]


def _granted(state: TenantState) -> list[Principal]:
    return [grant.principal for grant in state.grants.values() if grant.principal]


def _by_name(one: Principal) -> tuple[str, str]:
    return (one.label.casefold(), one.id)
