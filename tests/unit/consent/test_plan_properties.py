# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every tenant and every declaration."""

from __future__ import annotations

import typing as t

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._consent import report
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import (
    application_permission,
    delegated_permission_grant,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable

from .tenants import CLIENT, OTHER, assignments_of, consent_task, consents, grants_of, permission, tenants

Options = dict[str, t.Any]


def applied(state: TenantState, options: Options, **more: t.Any) -> TenantState:
    return report.after(
        state, report.predicted(plan(consent_task(options, allow_empty_groups=True, **more), state), state)
    )


@given(tenants(), consents(), st.booleans())
def test_after_applying_nothing_is_left_to_do(state: TenantState, options: Options, prune: bool) -> None:
    assert (
        plan(consent_task(options, prune=prune, allow_empty_groups=True), applied(state, options, prune=prune)).changes
        == ()
    )


@given(tenants(), consents())
def test_each_declared_grant_has_exactly_the_union_of_its_rules(state: TenantState, options: Options) -> None:
    after = applied(state, options)
    wanted: dict[str | None, set[str]] = {}
    for rule in options["delegated_permissions"]:
        people: set[str | None] = {None} if rule["all_users"] else set()
        people |= {state.users[key].id for key in rule["users"]}
        people |= {user.id for key in rule["groups"] for user in state.members[state.groups[key].id, True]}
        for person in people:
            wanted.setdefault(person, set()).update(rule["scopes"])
    for person, scopes in wanted.items():
        found = [grant for grant in grants_of(after).values() if grant.app_id == CLIENT and _person(grant) == person]
        assert [set(grant.scopes) for grant in found] == ([scopes] if scopes else [])


@given(tenants(), consents(), st.booleans())
def test_other_apps_stay_byte_equal(state: TenantState, options: Options, prune: bool) -> None:
    after = applied(state, options, prune=prune)
    for kind, before_items in state.objects.items():
        assert _of(before_items, OTHER) == _of(after.objects[kind], OTHER)


@given(tenants(), consents())
def test_without_prune_nothing_undeclared_changes(state: TenantState, options: Options) -> None:
    declaration = consent_task(options)
    after = applied(state, options)
    declared = delegated_permission_grant.KIND.named(declaration.apps[0], state)
    for key, grant in grants_of(state).items():
        if key not in declared:
            assert grants_of(after)[key] is grant
    assert set(assignments_of(state)) <= set(assignments_of(after))


@given(tenants(), consents())
def test_with_prune_only_what_is_declared_is_left(state: TenantState, options: Options) -> None:
    after = applied(state, options, prune=True)
    declared = delegated_permission_grant.KIND.named(consent_task(options).apps[0], state)
    assert {key for key in grants_of(after) if key[0] == CLIENT} <= declared


@given(tenants(), consents(), st.booleans())
def test_application_permissions_are_exactly_those_of_the_rules_of_an_api(
    state: TenantState, options: Options, prune: bool
) -> None:
    """A list without rules takes all away with prune; no list touches nothing."""
    held = {key for key in application_permission.KIND.objects(state) if key[0] == CLIENT}
    after = application_permission.KIND.objects(applied(state, options, prune=prune))
    rules = options["application_permissions"]
    wanted = {permission(role).key for rule in rules or () for role in rule["app_roles"]}
    expected = wanted if rules or (prune and rules is not None) else held
    assert {key for key in after if key[0] == CLIENT} == expected


@given(tenants(), consents(), st.randoms())
def test_the_order_of_rules_and_names_never_matters(state: TenantState, options: Options, chance: t.Any) -> None:
    shuffled = {**options}
    for section in ("delegated_permissions", "assignments"):
        rules = [
            {**rule, "users": _shuffled(rule["users"], chance), "groups": _shuffled(rule["groups"], chance)}
            for rule in options[section]
        ]
        shuffled[section] = _shuffled(rules, chance)
    assert plan(consent_task(options, allow_empty_groups=True), state) == plan(
        consent_task(shuffled, allow_empty_groups=True), state
    )


@given(tenants(), consents())
def test_what_is_taken_away_comes_last(state: TenantState, options: Options) -> None:
    changes = plan(consent_task(options, prune=True, allow_empty_groups=True), state).changes
    pure_removals = [change.takes_away and not change.facts(RiskTable()).get("scopes_added") for change in changes]
    assert pure_removals == sorted(pure_removals)


def _person(grant: t.Any) -> str | None:
    return grant.principal.id if grant.principal else None


def _of(items: t.Mapping[tuple[t.Any, ...], t.Any], app_id: str) -> dict[tuple[t.Any, ...], t.Any]:
    return {key: item for key, item in items.items() if key[0] == app_id}


def _shuffled(items: list[t.Any], chance: t.Any) -> list[t.Any]:
    copy = list(items)
    chance.shuffle(copy)
    return copy
