# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What apps are granted, summed up per scope. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t
from collections import Counter

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import tokens
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import needing_admin

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        JSON,
        ServicePrincipal,
        TenantState,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable


class Granted(t.NamedTuple):
    """A grant as far as summing up takes: the API and its app id, Graph's scope text, the user or None for all."""

    resource: ServicePrincipal | None
    resource_app_id: str
    scope: str
    user_id: str | None


def permissions(grants: Iterable[Granted], risks: RiskTable) -> list[JSON]:
    """One entry for each API and scope: who has it, and how risky it is."""
    resources: dict[str, ServicePrincipal | None] = {}
    users: Counter[tuple[str, str]] = Counter()
    everybody: set[tuple[str, str]] = set()
    for (resource_app_id, text, is_single), count in _alike(grants, resources).items():
        for scope in tokens(text):
            if is_single:
                users[resource_app_id, scope] += count
            else:
                everybody.add((resource_app_id, scope))
    return [
        _permission(resources[resource_app_id], resource_app_id, scope, risks)
        | {"all_users": (resource_app_id, scope) in everybody, "users": users[resource_app_id, scope]}
        for resource_app_id, scope in sorted(everybody | users.keys())
    ]


def highest(granted: Iterable[JSON], risks: RiskTable) -> str | None:
    """The highest risk among permissions."""
    return risks.highest((one["resource_app_id"], one["scope"]) for one in granted)


def app(state: TenantState, app_id: str, risks: RiskTable) -> JSON:
    """A declared app: what it is granted and who is assigned to it."""
    known = state.service_principals.get(app_id)
    granted = permissions(
        (
            Granted(state.service_principals.get(key[1]), key[1], grant.scope, key[2])
            for key, grant in state.grants.items()
            if key[0] == app_id
        ),
        risks,
    )
    kinds = Counter(assignment.principal.type for key, assignment in state.assignments.items() if key[0] == app_id)
    return {
        "app_id": app_id,
        "name": known.display_name if known else None,
        "exists": known is not None,
        "account_enabled": known.account_enabled if known else None,
        "assignment_required": known.assignment_required if known else None,
        "owner_tenant_id": known.owner_tenant_id if known else None,
        "risk": highest(granted, risks),
        "permissions": granted,
        "assigned": {"users": kinds["User"], "groups": kinds["Group"]},
    }


def _alike(grants: Iterable[Granted], resources: dict[str, ServicePrincipal | None]) -> Counter[tuple[str, str, bool]]:
    """Twenty thousand grants mostly have a few texts between them."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for grant in grants:
        resources[grant.resource_app_id] = grant.resource
        found[grant.resource_app_id, grant.scope, grant.user_id is not None] += 1
    return found


def _permission(resource: ServicePrincipal | None, resource_app_id: str, scope: str, risks: RiskTable) -> JSON:
    admin = needing_admin([scope], resource)
    return {
        "resource_app_id": resource_app_id,
        "resource_name": resource.display_name if resource else None,
        "scope": scope,
        "admin_consent_required": None if admin is None else bool(admin),
        "risk": risks.level(resource_app_id, scope),
    }
