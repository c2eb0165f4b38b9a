# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delegated permission grants: what an app may do on behalf of whom. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import functools
import typing as t
from collections import Counter, defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import order, specs, wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Reader,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    Grant,
    GrantChange,
    GrantKey,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Planned,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.permission_rules import PermissionRule, wanted_of
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    GRAPH_APP_ID,
    JSON,
    Principal,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import tokens
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import Wanted
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Level, Risks

# Of a grant that no rule names.
_NOTHING = Wanted(without=None)


class DelegatedPermissionGrants(Kind):
    name = GrantChange.kind
    result = "grants"
    options: t.ClassVar[JSON] = specs.rules(
        "delegated_permissions",
        {
            "scopes": specs.STRINGS,
            "resource_app_id": {"type": "str"},
            **specs.STATE,
            **specs.ALL_USERS,
            **specs.PRINCIPALS,
        },
    )

    def rule(self, reader: Reader, options: Options, where: str = "") -> PermissionRule:
        remove = options.get("state") == "absent"
        given = options.get("scopes")
        append = bool(options.get("append"))
        if given is None and not remove:
            reader.problems.append(f"{where}scopes is required with state: present.")
        if given is not None and not given:
            reader.problems.append(
                f"{where}scopes is empty: {_instead_of_no_scopes(where, append=append, remove=remove)}."
            )
        return PermissionRule(
            resource_app_id=reader.api(options, where, names="scopes"),
            scopes=None if given is None else _scopes(reader, given),
            whom=reader.whom(options, where, expand_groups=True),
            append=append,
            remove=remove,
        )

    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        planned = Planned()
        wanted, objects = wanted_of(app, state, self.name), self.objects(state)

        @functools.cache
        def needs_admin(added: frozenset[str], resource_app_id: str) -> tuple[str, ...] | None:
            return scope_rules.needing_admin(added, state.service_principals.get(resource_app_id))

        def change(key: GrantKey, principal: Principal | None, want: Wanted) -> None:
            existing, validate = objects.get(key), declaration.validate_scopes
            made = _change(app, state, existing, key, principal, want, validate=validate, needs=needs_admin)
            planned.changes.append(made)

        if declaration.validate_scopes:
            for rule in app.part(self.name).rules:
                resource = state.published(rule.resource_app_id)
                if resource and rule.scopes and not rule.remove:
                    new = rule.scopes - self._granted(app.app_id, rule.resource_app_id, state)
                    planned.problems.extend(scope_rules.published_problems(new, resource))
        for key, (principal, want) in wanted.items():
            before = objects[key].scopes if key in objects else frozenset()
            after = want.after(before)
            if before == after and (after or key not in objects):
                continue
            if problem := scope_rules.length_problem(after):
                planned.problems.append(f"The scopes of {_subject(app, key, principal, state)} {problem}")
            change(key, principal, want)
        for key, grant in self.of_app(app.app_id, state):
            if key not in wanted and self.prunes(app, grant, state):
                change(key, grant.principal, _NOTHING)
        return planned

    def _granted(self, app_id: str, resource_app_id: str, state: TenantState) -> frozenset[str]:
        """Scopes that somebody has already: what the API no longer publishes stays where it is."""
        texts = {grant.scopes for key, grant in self.of_app(app_id, state) if key[1] == resource_app_id}
        return frozenset().union(*texts)

    def named(self, app: AppDeclaration, state: TenantState) -> set[GrantKey]:
        return set(wanted_of(app, state, self.name))

    def is_within(self, item: Grant, only: str | None, state: TenantState) -> bool:
        return only in (None, item.resource_app_id)

    def may_be_due_to(self, rule: PermissionRule, change: Change, app: AppDeclaration, state: TenantState) -> bool:
        return (
            isinstance(change, GrantChange)
            and rule.resource_app_id in (None, change.resource_app_id)
            and bool((rule.scopes or frozenset()).intersection(change.scopes_removed))
        )

    def facts(self, item: Grant, state: TenantState) -> JSON:
        return {
            "id": item.id or None,
            "app_id": item.app_id,
            "app_display_name": state.display_name(item.app_id),
            "resource_app_id": item.resource_app_id,
            "resource_display_name": state.display_name(item.resource_app_id),
            "consent_type": item.consent_type,
            "principal": item.principal.facts() if item.principal else None,
            "scopes": sorted(item.scopes),
        }

    def kept(self, app: AppDeclaration, state: TenantState) -> Iterable[str]:
        granted, label = [key[2] for key in self.left(app, state) or ()], state.label(app.app_id)
        people = {key for key in granted if key is not None}
        if people:
            yield (
                f"{wording.keep(len(people))} their grants of {label}, which no rule names: prune: true takes them away."
            )
        if None in granted:
            yield f"All users keep a grant of {label} that no rule names: prune: true takes it away."

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        own = permissions((grant for _key, grant in self.of_app(app_id, state)), state, risks)
        inherited = permissions(self.inherited(app_id, state), state, risks)
        return {"permissions": [*own, *(one | {"inherited": True} for one in inherited)]}

    def holders(self, app_id: str, state: TenantState) -> JSON:
        whom = {key[2] for key, _grant in self.of_app(app_id, state)}
        return {"all_users": None in whom, "users": len(whom - {None})}

    def risk(self, overview: JSON, risks: Risks) -> Iterable[Level]:
        return (one["risk"] for one in overview["permissions"])

    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        """One rule for each set of scopes of an API, with all the users who have just these."""
        users: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        everybody: list[tuple[str, tuple[str, ...]]] = []
        lost = odd = empty = 0
        for _key, grant in self.of_app(app.app_id, state):
            # A grant without scopes grants nothing, and can't be declared: that would delete it.
            if not grant.scopes:
                empty += 1
                continue
            # Graph stores any text as a scope.
            if not is_whole(grant.scope) or scope_rules.form_problems(grant.scopes):
                odd += 1
                continue
            what = (grant.resource_app_id, tuple(sorted(grant.scopes)))
            if grant.principal is None:
                everybody.append(what)
            elif grant.principal.name:
                # The object id of one whose name no file can hold.
                users[what].append(grant.principal.name if is_whole(grant.principal.name) else grant.principal.id)
            else:
                lost += 1
        if empty:
            problems.append(
                f"{empty} {'grant' if empty == 1 else 'grants'} of {app.label} without any scope {'is' if empty == 1 else 'are'} "
                "left out: nothing can be declared of what grants nothing."
            )
        if odd:
            problems.append(
                f"{odd} {'grant' if odd == 1 else 'grants'} of {app.label} {'is' if odd == 1 else 'are'} left out: a scope "
                f"of {'it' if odd == 1 else 'each'} has a comma or half a character in it, which can't be declared."
            )
        if lost:
            problems.append(
                f"{lost} {'grant' if lost == 1 else 'grants'} of {app.label} for users who can't be found any more "
                f"{'is' if lost == 1 else 'are'} left out."
            )
        rules = [_exported(what) | {"all_users": True} for what in everybody]
        rules += [_exported(what) | {"users": sorted(names, key=order.by_case)} for what, names in users.items()]
        return {"delegated_permissions": sorted(rules, key=_exported_place)}

    def people(self, state: TenantState) -> Iterable[Principal]:
        return (grant.principal for grant in self.objects(state).values() if grant.principal)

    def of_others(self, state: TenantState, names: Mapping[str, Principal]) -> dict[GrantKey, Grant]:
        others = [
            dataclasses.replace(grant, principal=names[grant.principal.id] if grant.principal else None)
            for grant in self.objects(state).values()
        ]
        return {grant.key: grant for grant in others}

    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        return {
            "grants": [
                {
                    "client_app_id": grant.app_id,
                    "resource_app_id": grant.resource_app_id,
                    "scope": grant.scope,
                    **({"principal": grant.principal.id} if grant.principal else {}),
                    **({"orphaned": True} if grant.principal and grant.principal.id not in people else {}),
                }
                for _key, grant in sorted(self.objects(state).items(), key=lambda item: str(item[0]))
            ]
        }


KIND = DelegatedPermissionGrants()


def declaration(options: Options) -> Declaration:
    """Of module ``delegated_permission_grant``. Raises DeclarationError."""
    reader = Reader()
    rule = KIND.rule(reader, options)
    return reader.one_part(options, KIND.name, rule, only=rule.resource_app_id)


def permissions(grants: Iterable[Grant], state: TenantState, risks: Risks) -> list[JSON]:
    """One entry for each API and scope: who has it, and how risky it is."""
    users: Counter[tuple[str, str]] = Counter()
    everybody: set[tuple[str, str]] = set()
    # Twenty thousand grants mostly have a few texts between them.
    alike = Counter((grant.resource_app_id, grant.scope, grant.principal is not None) for grant in grants)
    for (resource_app_id, text, is_single), count in alike.items():
        for scope in tokens(text):
            if is_single:
                users[resource_app_id, scope] += count
            else:
                everybody.add((resource_app_id, scope))
    found = []
    for resource_app_id, scope in sorted(everybody | users.keys()):
        resource = state.service_principals.get(resource_app_id)
        admin = scope_rules.needing_admin([scope], resource)
        found.append(
            {
                "resource_app_id": resource_app_id,
                "resource_name": resource.display_name if resource else None,
                "scope": scope,
                "admin_consent_required": None if admin is None else bool(admin),
                "risk": risks.level(resource_app_id, scope),
                "all_users": (resource_app_id, scope) in everybody,
                "users": users[resource_app_id, scope],
            }
        )
    return found


def _scopes(reader: Reader, values: Iterable[object]) -> frozenset[str]:
    declared = [str(value) for value in values]
    reader.problems.extend(scope_rules.form_problems(declared))
    return frozenset(declared)


def _instead_of_no_scopes(where: str, *, append: bool, remove: bool) -> str:
    """What to do who wants what an empty list may have meant."""
    if append or remove:
        return f"that says nothing with {'append' if append else 'state: absent'}"
    if where:
        return "name at least one; to take a grant away, leave the rule out and set prune: true"
    return "name at least one; to take a grant away, set state: absent"


def _subject(app: AppDeclaration, key: GrantKey, principal: Principal | None, state: TenantState) -> str:
    whom = principal.label if principal else "all users"
    return f"{state.label(app.app_id)} on {state.label(key[1])} for {whom}"


def _change(
    app: AppDeclaration,
    state: TenantState,
    existing: Grant | None,
    key: GrantKey,
    principal: Principal | None,
    wanted: Wanted,
    *,
    validate: bool,
    needs: Callable[[frozenset[str], str], tuple[str, ...] | None],
) -> GrantChange:
    before = existing.scopes if existing else frozenset()
    after = wanted.after(before)
    return GrantChange(
        action="create" if not existing else "update" if after else "delete",
        app_id=app.app_id,
        app_display_name=state.display_name(app.app_id) or app.name,
        resource_app_id=key[1],
        resource_display_name=state.display_name(key[1]),
        principal=principal,
        scopes_before=before,
        scopes_after=after,
        wanted=wanted,
        unchecked=validate and not state.published(key[1]),
        admin_scopes=needs(after - before, key[1]),
        object_id=existing.id if existing else None,
    )


def _exported(what: tuple[str, tuple[str, ...]]) -> JSON:
    resource_app_id, scopes = what
    return ({} if resource_app_id == GRAPH_APP_ID else {"resource_app_id": resource_app_id}) | {"scopes": list(scopes)}


def _exported_place(rule: JSON) -> tuple[str, bool, list[str], list[str]]:
    return (rule.get("resource_app_id", ""), "users" in rule, rule["scopes"], rule.get("users", []))
