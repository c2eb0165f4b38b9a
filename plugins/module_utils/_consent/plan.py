# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""(declaration, state) → Plan. PRIVATE to tenantops.entra. Pure: the same plan in check mode and out of it."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import empty_groups, registry, whom
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, Plan, TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration


def plan(declaration: Declaration, state: TenantState) -> Plan:
    """What has to change, in the order of applying.

    Raises DeclarationError naming everything that does not hold in this tenant, and RemovalLimitError.
    """
    problems = whom.problems(declaration, state)
    changes: list[Change] = []
    for app in declaration.apps:
        for kind in registry.KINDS:
            planned = kind.plan(app, state, declaration)
            changes.extend(planned.changes)
            problems.extend(planned.problems)
        if not declaration.allow_empty_groups:
            problems.extend(empty_groups.problems(app, state, changes))
    if problems:
        raise DeclarationError(problems)
    taken = {change.object_id for change in changes if change.action == "delete"}
    changes = [change.besides(taken) for change in changes]
    Removals(declaration.max_removals).plan(changes)
    places = {kind.name: place for place, kind in enumerate(registry.KINDS)}
    return Plan(
        # Within a step by name, whatever the rules' order.
        changes=tuple(
            sorted(changes, key=lambda change: (change.step, change.app_id, places[change.kind], change.place))
        ),
        assumed=_assumed(changes, state),
        warnings=tuple(_warnings(declaration, state)),
        max_removals=declaration.max_removals,
    )


def _assumed(changes: list[Change], state: TenantState) -> tuple[str, ...]:
    """Apps that changes refer to although they are neither there nor created by the same plan."""
    created = {change.provides for change in changes}
    referred = {app_id for change in changes for app_id in change.refers_to}
    return tuple(sorted(referred - created - state.service_principals.keys()))


def _warnings(declaration: Declaration, state: TenantState) -> t.Iterator[str]:
    for app in declaration.apps:
        known = state.service_principals.get(app.app_id)
        if known and known.disabled_by_microsoft not in (None, "NotDisabled"):
            yield f"Microsoft has disabled the app {known.label} ({known.disabled_by_microsoft}): nobody can sign in to it."
    yield from empty_groups.warnings(declaration, state)
