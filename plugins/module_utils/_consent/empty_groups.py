# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups in which nobody is seen, and who would lose something by it. PRIVATE to tenantops.entra. Pure.

Graph answers alike for a group that is empty, one whose members are hidden from the caller, and one whose rule is broken:
200 and no members.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal

    # A rule with its kind.
    Named: t.TypeAlias = tuple[str, t.Any]


def warnings(declaration: Declaration, state: TenantState) -> Iterator[str]:
    for app in declaration.apps:
        for _rule, group in _unseen(app, state):
            if group.hides_members:
                yield f"The group {group.label} shows no users: its members are hidden from who lacks Member.Read.Hidden."
            else:
                yield f"The group {group.label} has no users in it."


def problems(app: AppDeclaration, state: TenantState, changes: Iterable[Change]) -> list[str]:
    """Why some of the app's changes must not be made until the user says that they are meant, a sentence for each group."""
    return [_problem(group, lost, app, state) for group, lost in _losses(app, state, changes) if lost]


def incomparable(app: AppDeclaration, state: TenantState, changes: Iterable[Change]) -> list[str]:
    """Why the app can't be said to be as declared: a sentence for each group that hides its members, or makes somebody lose something."""
    return [
        f"Who is in the group {group.label} can't be seen, so what its members have of {state.label(app.app_id)} was not "
        "compared: its members are hidden, grant the automation Member.Read.Hidden as an application permission."
        if group.hides_members
        else _problem(group, lost, app, state)
        for group, lost in _losses(app, state, changes)
        if lost or group.hides_members
    ]


def without_due(app: AppDeclaration, state: TenantState, changes: Iterable[Change]) -> list[Change]:
    """The changes that no group of the app in which nobody is seen can be the reason of."""
    rules = [rule for rule, _group in _unseen(app, state)]
    return [change for change in changes if not any(_may_be_due_to(rule, change, app, state) for rule in rules)]


def _losses(app: AppDeclaration, state: TenantState, changes: Iterable[Change]) -> list[tuple[Principal, int]]:
    """The groups in which nobody is seen, and in how many places users may lose something by it."""
    rules: dict[str, tuple[Principal, list[Named]]] = {}
    for rule, group in _unseen(app, state):
        rules.setdefault(group.id, (group, []))[1].append(rule)
    made = list(changes) if rules else []
    return [
        (group, sum(any(_may_be_due_to(rule, change, app, state) for rule in own) for change in made))
        for group, own in rules.values()
    ]


def _unseen(app: AppDeclaration, state: TenantState) -> Iterator[tuple[Named, Principal]]:
    for kind, rule, whom in app.whoms():
        for key in whom.groups if whom.expand_groups else ():
            group = state.groups.get(key)
            if group and not state.members.get((group.id, whom.nested_groups)):
                yield (kind, rule), group


def _may_be_due_to(named: Named, change: Change, app: AppDeclaration, state: TenantState) -> bool:
    """Whether the user would keep something if the rule spoke of the user."""
    kind, rule = named
    if rule.remove or change.app_id != app.app_id or change.principal is None or change.principal.type != "User":
        return False
    return registry.of(kind).may_be_due_to(rule, change, app, state)


def _problem(group: Principal, lost: int, app: AppDeclaration, state: TenantState) -> str:
    reason = (
        "its members are hidden, so grant the automation Member.Read.Hidden as an application permission"
        if group.hides_members
        else "look whether somebody should be in it, or whether its membership rule is broken"
    )
    return (
        f"Nobody is seen in the group {group.label}, and in {lost} {'place' if lost == 1 else 'places'} users of "
        f"{state.label(app.app_id)} would lose something because of it: {reason}; if the group is meant to be empty, set "
        "allow_empty_groups: true."
    )
