# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of delegated permission grants. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import functools
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
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import Wanted

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        PermissionRule,
        Prune,
    )


# Of a grant that no rule names.
_NOTHING = Wanted(without=None)


def plan(app: AppDeclaration, state: TenantState, *, validate_scopes: bool) -> Planned:
    """Changes of the app's grants as a client."""
    planned = Planned()
    wanted = _wanted(app, state)

    @functools.cache
    def needs_admin(added: frozenset[str], resource_app_id: str) -> tuple[str, ...] | None:
        return scope_rules.needing_admin(added, state.service_principals.get(resource_app_id))

    def change(key: GrantKey, principal: Principal | None, want: Wanted) -> None:
        planned.changes.append(_change(app, state, key, principal, want, needs=needs_admin))

    if validate_scopes:
        for rule in app.permissions:
            resource = state.service_principals.get(rule.resource_app_id)
            if resource and rule.scopes and not rule.remove:
                new = rule.scopes - _granted(app.app_id, rule.resource_app_id, state)
                planned.problems.extend(scope_rules.published_problems(new, resource))
    for key, (principal, want) in wanted.items():
        before = state.grants[key].scopes if key in state.grants else frozenset()
        after = want.after(before)
        if before == after and (after or key not in state.grants):
            continue
        if problem := scope_rules.length_problem(after):
            planned.problems.append(f"The scopes of {_subject(app, key, principal, state)} {problem}")
        change(key, principal, want)
    for key, grant in state.grants.items():
        if key[0] == app.app_id and key not in wanted and _prunes(app, grant):
            change(key, grant.principal, _NOTHING)
    return planned


def keys(app: AppDeclaration, state: TenantState) -> set[GrantKey]:
    """The grants that the app's rules speak of."""
    return set(_wanted(app, state))


def unnamed(app: AppDeclaration, state: TenantState) -> list[GrantKey]:
    """The grants that no rule names, of what the app declares a part of."""
    named = keys(app, state)
    return [
        key
        for key, grant in state.grants.items()
        if key[0] == app.app_id and key not in named and _is_in(app.declares, grant)
    ]


def _wanted(app: AppDeclaration, state: TenantState) -> dict[GrantKey, tuple[Principal | None, Wanted]]:
    wanted: dict[GrantKey, tuple[Principal | None, Wanted]] = {}
    for rule in app.permissions:
        # Of ten thousand users mostly the same has been said so far.
        merged: dict[Wanted, Wanted] = {}
        for principal_id, principal in principals.of(rule.whom, state).items():
            key = (app.app_id, rule.resource_app_id, principal_id)
            so_far = wanted[key][1] if key in wanted else Wanted()
            if so_far not in merged:
                merged[so_far] = _and_also(so_far, rule)
            wanted[key] = (principal, merged[so_far])
    return wanted


def _and_also(wanted: Wanted, rule: PermissionRule) -> Wanted:
    if rule.remove:
        return wanted.and_taken(rule.scopes)
    return wanted.and_given(rule.scopes or frozenset(), append=rule.append)


def _granted(app_id: str, resource_app_id: str, state: TenantState) -> frozenset[str]:
    """Scopes that somebody has already: what the API no longer publishes stays where it is."""
    texts = {grant.scopes for key, grant in state.grants.items() if key[:2] == (app_id, resource_app_id)}
    return frozenset().union(*texts)


def _prunes(app: AppDeclaration, grant: Grant) -> bool:
    if app.revoke:
        return True
    return _is_in(app.prune, grant)


def _is_in(part: Prune, grant: Grant) -> bool:
    return part.grants and part.resource_app_id in (None, grant.resource_app_id)


def _subject(app: AppDeclaration, key: GrantKey, principal: Principal | None, state: TenantState) -> str:
    whom = principal.label if principal else "all users"
    return f"{state.label(app.app_id)} on {state.label(key[1])} for {whom}"


def _change(
    app: AppDeclaration,
    state: TenantState,
    key: GrantKey,
    principal: Principal | None,
    wanted: Wanted,
    *,
    needs: Callable[[frozenset[str], str], tuple[str, ...] | None],
) -> Change:
    existing = state.grants.get(key)
    before = existing.scopes if existing else frozenset()
    after = wanted.after(before)
    resource = state.service_principals.get(key[1])
    client = state.service_principals.get(app.app_id)
    return Change(
        "create" if not existing else "update" if after else "delete",
        "delegated_permission_grant",
        app.app_id,
        app_display_name=(client.display_name if client else None) or app.name,
        resource_app_id=key[1],
        resource_display_name=resource.display_name if resource else None,
        principal=principal,
        scopes_before=before,
        scopes_after=after,
        wanted=wanted,
        admin_scopes=needs(after - before, key[1]),
        object_id=existing.id if existing else None,
    )
