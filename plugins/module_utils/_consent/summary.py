# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken away from whom, and who keeps access, in a few sentences. PRIVATE to tenantops.entra. Pure.

The same in check mode and out of it.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import assignments, grants

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        Change,
        Kind,
        Principal,
        TenantState,
    )

# So many names are spelled out; all of them are in the result's ``changes``.
NAMES = 5


def summary(declaration: Declaration, state: TenantState, made: Iterable[Change]) -> list[str]:
    """Nothing is said of what is added: the changes tell.

    :param state: as it is afterwards.
    """
    return [*_taken(made), *_kept(declaration, state)]


def others(declaration: Declaration, state: TenantState, kind: Kind) -> int | None:
    """How many grants, or assignments, of the declared apps no rule names; None if not all of them were read."""
    counts = [_others(app, state, kind) for app in declaration.apps]
    found = [len(keys) for keys in counts if keys is not None]
    return sum(found) if len(found) == len(counts) else None


def _taken(made: Iterable[Change]) -> list[str]:
    alike: dict[tuple[t.Any, ...], list[Change]] = defaultdict(list)
    for change in made:
        if change.takes_away:
            what = (change.app_id, change.kind, change.resource_app_id, change.role_id, tuple(change.scopes_removed))
            alike[what].append(change)
    return [_loss(changes) for changes in alike.values()]


def _loss(changes: Sequence[Change]) -> str:
    first = changes[0]
    if first.kind == "service_principal":
        along = first.going_along
        more = f" {_count(along.grants, 'grant')} and {_count(along.assignments, 'assignment')} go with it."
        return f"{first.app_label} loses its service principal.{more if along.total else ''}"
    whom = _names([change.principal for change in changes])
    if first.kind == "app_role_assignment":
        return f"{first.app_label}: the role {first.app_role} is taken from {whom}."
    scopes = first.scopes_removed
    api = first.resource_display_name or first.resource_app_id
    if not scopes:
        return f"{first.app_label} loses a grant without scopes on {api} for {whom}."
    return f"{first.app_label} loses {_count(len(scopes), 'scope')} on {api} for {whom}: {_listed(scopes)}."


def _kept(declaration: Declaration, state: TenantState) -> Iterable[str]:
    for app in declaration.apps:
        label = state.label(app.app_id)
        granted = _others(app, state, "delegated_permission_grant") or []
        people = {key for key in granted if key is not None}
        if people:
            yield f"{_keep(len(people))} their grants of {label}, which no rule names: prune: true takes them away."
        if None in granted:
            yield f"All users keep a grant of {label} that no rule names: prune: true takes it away."
        assigned = set(_others(app, state, "app_role_assignment") or [])
        if assigned:
            yield f"{_keep(len(assigned))} their access to {label}, which no rule names: prune: true takes it away."


def _others(app: AppDeclaration, state: TenantState, kind: Kind) -> list[str | None] | None:
    """The ids of those who have something that no rule names, None for all users; None if that was not read."""
    if not (app.declares.grants if kind == "delegated_permission_grant" else app.declares.assignments):
        return []
    if app.app_id in state.service_principals and (app.app_id, kind) not in state.listed:
        return None
    if kind == "app_role_assignment":
        return [key[1] for key in assignments.unnamed(app, state)]
    return [key[2] for key in grants.unnamed(app, state)]


def _keep(count: int) -> str:
    return "1 other keeps" if count == 1 else f"{count} others keep"


def _names(whom: Sequence[Principal | None]) -> str:
    if None in whom:
        return "all users"
    names = sorted(principal.label for principal in whom if principal)
    return names[0] if len(names) == 1 else f"{len(names)} ({_listed(names)})"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(names[:NAMES]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
