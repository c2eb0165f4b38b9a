# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""(declaration, state) → Plan. PRIVATE to tenantops.entra. Pure: the same plan in check mode and out of it."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import (
    assignments,
    empty_groups,
    grants,
    principals,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, Plan, TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration


def plan(declaration: Declaration, state: TenantState) -> Plan:
    """What has to change, in the order of applying.

    Raises DeclarationError naming everything that does not hold in this tenant, and RemovalLimitError.
    """
    problems = [*principals.problems(declaration, state)]
    changes: list[Change] = []
    for app in declaration.apps:
        for planned in (
            principals.plan(app, state),
            grants.plan(app, state, validate_scopes=declaration.validate_scopes),
            assignments.plan(app, state),
        ):
            changes.extend(planned.changes)
            problems.extend(planned.problems)
        if not declaration.allow_empty_groups:
            problems.extend(empty_groups.problems(app, state, changes))
    if problems:
        raise DeclarationError(problems)
    Removals(declaration.max_removals).plan(changes)
    return Plan(
        changes=tuple(sorted(changes, key=_order)),
        assumed=_assumed(changes, state),
        warnings=tuple(_warnings(declaration, state)),
        max_removals=declaration.max_removals,
    )


def _order(change: Change) -> tuple[t.Any, ...]:
    """Service principals, then what is given, then what is taken away; within these by name, whatever the rules' order."""
    if change.kind == "service_principal":
        step = 3 if change.action == "delete" else 0
    elif change.action == "delete" or (change.takes_away and not change.scopes_added):
        step = 2
    else:
        step = 1
    who = change.principal
    return (
        step,
        change.app_id,
        change.kind != "delegated_permission_grant",
        change.resource_app_id or "",
        who.name.casefold() if who else "",
        who.id if who else "",
        change.role_id or "",
    )


def _assumed(changes: list[Change], state: TenantState) -> tuple[str, ...]:
    """Apps that changes refer to although they are neither there nor created by the same plan."""
    created = {change.app_id for change in changes if change.kind == "service_principal"}
    referred = {
        app_id
        for change in changes
        for app_id in (change.app_id, change.resource_app_id)
        if app_id and change.kind != "service_principal"
    }
    return tuple(sorted(referred - created - state.service_principals.keys()))


def _warnings(declaration: Declaration, state: TenantState) -> t.Iterator[str]:
    for app in declaration.apps:
        known = state.service_principals.get(app.app_id)
        if known and known.disabled_by_microsoft not in (None, "NotDisabled"):
            yield f"Microsoft has disabled the app {known.label} ({known.disabled_by_microsoft}): nobody can sign in to it."
    yield from empty_groups.warnings(declaration, state)
