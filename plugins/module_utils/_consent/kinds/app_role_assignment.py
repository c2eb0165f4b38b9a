# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""App role assignments: who may use an app, in which role. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import Counter, defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import order, specs, wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Reader,
    Rule,
    Whom,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Planned,
    Side,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    DEFAULT_ROLE,
    DEFAULT_ROLE_ID,
    JSON,
    AppRole,
    Principal,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks

# app, principal, role
AssignmentKey: t.TypeAlias = tuple[str, str, str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule(Rule):
    """An app role (``default``, a value or an id) for users and groups."""

    whom: Whom
    app_role: str


@dataclasses.dataclass(frozen=True, slots=True)
class Assignment:
    """An app role given to a user or a group."""

    app_id: str
    principal: Principal
    role_id: str
    id: str = ""

    @property
    def key(self) -> AssignmentKey:
        return (self.app_id, self.principal.id, self.role_id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentChange(Change):
    kind = "app_role_assignment"
    principal: Principal
    app_role: str
    role_id: str

    @property
    def place(self) -> tuple[str, ...]:
        return (self.principal.name.casefold(), self.principal.id, self.role_id)

    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        assignment = Assignment(self.app_id, self.principal, self.role_id, object_id)
        objects[assignment.key] = assignment
        if self.action == "delete":
            del objects[assignment.key]

    @property
    def subject(self) -> str:
        return f"{self.principal.label} to {self.app_label} (role {self.app_role})"

    def about(self) -> JSON:
        return {**Change.about(self), "app_role": self.app_role}

    @property
    def alike(self) -> tuple[t.Any, ...]:
        return (self.role_id, self.principal.type)

    def lines(self, group: Sequence[AssignmentChange], side: Side, risks: Risks) -> list[str]:
        heading, *names = wording.heading([change.principal for change in group])
        return [f"role {self.app_role} for {heading}", *names]

    @property
    def lost(self) -> tuple[t.Any, ...]:
        return (self.role_id,)

    def loss(self, group: Sequence[AssignmentChange]) -> str:
        whom = wording.names([change.principal for change in group])
        return f"{self.app_label}: the role {self.app_role} is taken from {whom}."


class AppRoleAssignments(Kind):
    name = AssignmentChange.kind
    result = "assignments"
    options: t.ClassVar[JSON] = specs.rules("assignments", {**specs.ROLE, **specs.STATE, **specs.PRINCIPALS})

    def rule(self, reader: Reader, options: Options, where: str = "") -> AssignmentRule:
        role = str(options.get("app_role") or "").strip()
        if not role:
            reader.problems.append(f"{where}app_role is empty: give {DEFAULT_ROLE}, a role's value, or its id.")
        return AssignmentRule(
            app_role=DEFAULT_ROLE if role == DEFAULT_ROLE_ID else role,
            whom=reader.whom(options, where, expand_groups=bool(options.get("expand_groups"))),
            remove=options.get("state") == "absent",
        )

    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        planned = Planned()
        known = state.service_principals.get(app.app_id)
        objects = self.objects(state)
        present: dict[AssignmentKey, tuple[Principal, str]] = {}
        absent: set[AssignmentKey] = set()
        for rule in app.part(self.name).rules:
            role_id, problem = resolve_role(rule.app_role, known, removing=rule.remove)
            whom = whoms.of(rule.whom, state)
            # What can't be given any more may stay with those who have it.
            held = [(app.app_id, principal_id, role_id) in objects for principal_id in whom]
            if problem and not (held and all(held)):
                planned.problems.append(problem)
                continue
            for principal_id, principal in whom.items():
                if principal_id is None or principal is None:
                    continue
                key = (app.app_id, principal_id, role_id)
                if rule.remove:
                    absent.add(key)
                else:
                    present[key] = (principal, role_id)
        for key, (principal, role_id) in present.items():
            if key not in objects:
                planned.changes.append(_change("create", app, known, principal, role_id))
        for key, item in self.of_app(app.app_id, state):
            if key not in present and (key in absent or self.prunes(app, item, state)):
                planned.changes.append(_change("delete", app, known, item.principal, item.role_id, item.id))
        return planned

    def named(self, app: AppDeclaration, state: TenantState) -> set[AssignmentKey]:
        known = state.service_principals.get(app.app_id)
        return {
            (app.app_id, principal_id, resolve_role(rule.app_role, known, removing=rule.remove)[0])
            for rule in app.part(self.name).rules
            for principal_id in whoms.of(rule.whom, state)
            if principal_id is not None
        }

    def is_within(self, item: Assignment, only: str | None, state: TenantState) -> bool:
        known = state.service_principals.get(item.app_id)
        return only is None or item.role_id == resolve_role(only, known, removing=True)[0]

    def may_be_due_to(self, rule: AssignmentRule, change: Change, app: AppDeclaration, state: TenantState) -> bool:
        if not isinstance(change, AssignmentChange) or change.action != "delete":
            return False
        known = state.service_principals.get(app.app_id)
        return change.role_id == resolve_role(rule.app_role, known, removing=True)[0]

    def facts(self, item: Assignment, state: TenantState) -> JSON:
        return {
            "id": item.id or None,
            "app_id": item.app_id,
            "app_display_name": state.display_name(item.app_id),
            "principal": item.principal.facts(),
            "app_role": role_name(item.role_id, state.service_principals.get(item.app_id)),
            "app_role_id": item.role_id,
        }

    def kept(self, app: AppDeclaration, state: TenantState) -> Iterable[str]:
        people = {key[1] for key in self.left(app, state) or ()}
        if people:
            label = state.label(app.app_id)
            yield f"{wording.keep(len(people))} their access to {label}, which no rule names: prune: true takes it away."

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        types = Counter(item.principal.type for _key, item in self.of_app(app_id, state))
        return {"assigned": {"users": types["User"], "groups": types["Group"]}}

    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        """One rule for each role, with all who have it."""
        roles: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"groups": [], "users": []})
        lost = 0
        for _key, item in self.of_app(app.app_id, state):
            who, role = item.principal, app.role_name(item.role_id)
            # Graph copies display names into assignments; only a name that was looked up is a UPN.
            upn = who.name if "@" in who.name else None
            name: str | None = group_names.get(who.id, who.id) if who.type == "Group" else upn
            if name is None:
                lost += 1
                continue
            noun = "groups" if who.type == "Group" else "users"
            roles[role if is_whole(role) else item.role_id][noun].append(name if is_whole(name) else who.id)
        if lost:
            problems.append(
                f"{lost} {'assignment' if lost == 1 else 'assignments'} to {app.label} of users who can't be found any "
                f"more {'is' if lost == 1 else 'are'} left out."
            )
        problems.extend(
            f"Who has the role {role!r} of {app.label} may keep it, but it can't be given again once it is taken away."
            for role in sorted(roles)
            if resolve_role(role, app, removing=False)[1]
        )
        rules = [
            {"app_role": role} | {noun: sorted(names, key=order.by_case) for noun, names in who.items() if names}
            for role, who in sorted(roles.items())
        ]
        return {"assignments": rules}

    def people(self, state: TenantState) -> Iterable[Principal]:
        return (item.principal for item in self.objects(state).values())

    def of_others(self, state: TenantState, names: Mapping[str, Principal]) -> dict[AssignmentKey, Assignment]:
        others = [
            dataclasses.replace(item, principal=names[item.principal.id]) for item in self.objects(state).values()
        ]
        return {item.key: item for item in others}

    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        return {
            "assignments": [
                {
                    "app_id": item.app_id,
                    "principal": item.principal.id,
                    "app_role": item.role_id,
                    # Whose user or group is gone: Graph keeps what they were given.
                    **(
                        {} if item.principal.id in people else {"orphaned": True, "principal_type": item.principal.type}
                    ),
                }
                for _key, item in sorted(self.objects(state).items())
            ]
        }


KIND = AppRoleAssignments()


def declaration(options: Options) -> Declaration:
    """Of module ``app_role_assignment``. Raises DeclarationError."""
    reader = Reader()
    rule = KIND.rule(reader, options)
    return reader.one_part(options, KIND.name, rule, only=rule.app_role)


def role_name(role_id: str, app: ServicePrincipal | None) -> str:
    """The role's value, ``default``, or its id where it has no value or is not known."""
    return (app or ServicePrincipal("")).role_name(role_id)


def resolve_role(role: str, app: ServicePrincipal | None, *, removing: bool) -> tuple[str, str | None]:
    """The id of a declared role, and what is wrong with it.

    An app that is not there yet can't be asked for its roles: the declared text stands for the id then.
    """
    if app is None:
        return (DEFAULT_ROLE_ID if role == DEFAULT_ROLE else role), None
    selectable = [known for known in app.roles if known.enabled and known.for_users]
    if role == DEFAULT_ROLE:
        if selectable and not removing:
            return DEFAULT_ROLE_ID, (
                f"{app.label} declares roles for users, so the default one can't be assigned: "
                f"set app_role to one of {_names(selectable)}."
            )
        return DEFAULT_ROLE_ID, None
    found = next((known for known in app.roles if role in (known.value, known.id)), None)
    if found is None or (found not in selectable and not removing):
        state = "has no role" if found is None else "can't give to users the role"
        choice = f"set app_role to one of {_names(selectable)}" if selectable else f"set app_role to {DEFAULT_ROLE}"
        return found.id if found else role, f"{app.label} {state} {role!r}: {choice}."
    return found.id, None


def _names(roles: Iterable[AppRole]) -> str:
    return ", ".join(sorted(role.value or role.id for role in roles))


def _change(
    action: t.Literal["create", "delete"],
    app: AppDeclaration,
    known: ServicePrincipal | None,
    principal: Principal,
    role_id: str,
    object_id: str | None = None,
) -> AssignmentChange:
    return AssignmentChange(
        action=action,
        app_id=app.app_id,
        app_display_name=(known.display_name if known else None) or app.name,
        principal=principal,
        app_role=role_name(role_id, known),
        role_id=role_id,
        object_id=object_id,
    )
