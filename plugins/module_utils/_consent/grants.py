# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of delegated permission grants. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Grant,
    GrantKey,
    Principal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Planned

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        PermissionRule,
    )


@dataclasses.dataclass(slots=True)
class _Wanted:
    """What the rules together say of one grant."""

    principal: Principal | None
    scopes: set[str] = dataclasses.field(default_factory=set)
    append: bool = False
    # Scopes to take away; None for all.
    without: frozenset[str] | None = frozenset()
    declared: bool = False


def plan(app: AppDeclaration, state: TenantState, *, validate_scopes: bool) -> Planned:
    """Changes of the app's grants as a client."""
    planned = Planned()
    wanted = _wanted(app, state)
    if validate_scopes:
        for rule in app.permissions:
            resource = state.service_principals.get(rule.resource_app_id)
            if resource and rule.scopes and not rule.remove:
                planned.problems.extend(scope_rules.published_problems(rule.scopes, resource))
    for key, want in wanted.items():
        before = state.grants[key].scopes if key in state.grants else frozenset()
        after = _after(before, want)
        if problem := scope_rules.length_problem(after, _subject(app, key, want.principal, state)):
            planned.problems.append(problem)
        if before != after or (key in state.grants and not after):
            planned.changes.append(_change(app, state, key, want, after))
    for key, grant in state.grants.items():
        if key[0] == app.app_id and key not in wanted and _prunes(app, grant):
            planned.changes.append(_change(app, state, key, _Wanted(grant.principal), frozenset()))
    return planned


def keys(app: AppDeclaration, state: TenantState) -> set[GrantKey]:
    """The grants that the app's rules speak of."""
    return set(_wanted(app, state))


def _wanted(app: AppDeclaration, state: TenantState) -> dict[GrantKey, _Wanted]:
    wanted: dict[GrantKey, _Wanted] = {}
    for rule in app.permissions:
        for principal_id, principal in principals.of(rule.whom, state).items():
            want = wanted.setdefault((app.app_id, rule.resource_app_id, principal_id), _Wanted(principal))
            _add(want, rule)
    return wanted


def _add(want: _Wanted, rule: PermissionRule) -> None:
    if rule.remove:
        want.without = rule.scopes
    else:
        want.declared = True
        want.scopes |= rule.scopes or frozenset()
        want.append = want.append or rule.append


def _after(before: frozenset[str], want: _Wanted) -> frozenset[str]:
    if want.declared:
        return frozenset(want.scopes | before) if want.append else frozenset(want.scopes)
    return frozenset() if want.without is None else before - want.without


def _prunes(app: AppDeclaration, grant: Grant) -> bool:
    if app.revoke:
        return True
    return app.prune.grants and app.prune.resource_app_id in (None, grant.resource_app_id)


def _subject(app: AppDeclaration, key: GrantKey, principal: Principal | None, state: TenantState) -> str:
    whom = principal.label if principal else "all users"
    return f"{state.label(app.app_id)} on {state.label(key[1])} for {whom}"


def _change(app: AppDeclaration, state: TenantState, key: GrantKey, want: _Wanted, after: frozenset[str]) -> Change:
    existing = state.grants.get(key)
    before = existing.scopes if existing else frozenset()
    resource = state.service_principals.get(key[1])
    client = state.service_principals.get(app.app_id)
    return Change(
        "create" if not existing else "update" if after else "delete",
        "delegated_permission_grant",
        app.app_id,
        app_display_name=(client.display_name if client else None) or app.name,
        resource_app_id=key[1],
        resource_display_name=resource.display_name if resource else None,
        principal=want.principal,
        scopes_before=before,
        scopes_after=after,
        keep_other_scopes=want.append,
        admin_consent_required=scope_rules.needs_admin(after - before, resource) if after - before else None,
        object_id=existing.id if existing else None,
    )
