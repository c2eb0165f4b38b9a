# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of a module → Declaration. PRIVATE to tenantops.entra.

One form for all modules: the small ones declare one part of one app, ``tenant_consent`` declares many apps. What can be
judged without a tenant is judged here, all of it in one DeclarationError.
"""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    DEFAULT_ROLE,
    DEFAULT_ROLE_ID,
    GRAPH_APP_ID,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Options: t.TypeAlias = Mapping[str, t.Any]

_T = t.TypeVar("_T")

LONGEST_NOTES = 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Whom:
    """Users by UPN or object id, groups by display name or object id, or everybody."""

    all_users: bool = False
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    # Groups stand for the users in them; otherwise for themselves.
    expand_groups: bool = True
    nested_groups: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class PermissionRule:
    """Scopes of a resource for somebody. ``scopes`` None with ``remove``: whatever is granted."""

    resource_app_id: str
    scopes: frozenset[str] | None
    whom: Whom
    append: bool = False
    remove: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class AssignmentRule:
    """An app role (``default``, a value or an id) for users and groups."""

    app_role: str
    whom: Whom
    remove: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class ServicePrincipalRule:
    """The app's own object. ``properties`` holds the options that were given; the others are left alone."""

    remove: bool = False
    properties: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    restore: bool = True
    force: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Prune:
    """What of an app is removed when no rule names it; None as resource or role means all of them."""

    grants: bool = False
    resource_app_id: str | None = None
    assignments: bool = False
    app_role: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class AppDeclaration:
    """All that is declared of one app."""

    app_id: str
    name: str | None = None
    service_principal: ServicePrincipalRule | None = None
    permissions: tuple[PermissionRule, ...] = ()
    assignments: tuple[AssignmentRule, ...] = ()
    prune: Prune = Prune()
    # Of what kinds of things the app declares anything at all, be it that there are none.
    declares: Prune = Prune()
    # Nothing of the app may be granted or assigned.
    revoke: bool = False

    @property
    def rules(self) -> tuple[PermissionRule | AssignmentRule, ...]:
        return (*self.permissions, *self.assignments)


@dataclasses.dataclass(frozen=True, slots=True)
class Declaration:
    apps: tuple[AppDeclaration, ...]
    max_removals: int | None = None
    validate_scopes: bool = True
    # Whether a group in which nobody is seen may make somebody lose something.
    allow_empty_groups: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What an info module looks for: of one app, for some users or groups, or both."""

    app_id: str | None
    resource_app_id: str | None
    whom: Whom | None


def _instead_of_no_scopes(where: str, *, append: bool, remove: bool) -> str:
    """What to do who wants what an empty list may have meant."""
    if append or remove:
        return f"that says nothing with {'append' if append else 'state: absent'}"
    if where:
        return "name at least one; to take a grant away, leave the rule out and set prune: true"
    return "name at least one; to take a grant away, set state: absent"


_PROPERTIES = ("account_enabled", "assignment_required", "tags", "notes", "notification_email_addresses")


class _Reader:
    """Reads options and collects what is wrong with them. ``where`` leads to the option: ``apps[2].``"""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def guid(self, value: object, where: str) -> str:
        text = str(value or "").strip()
        try:
            return str(uuid.UUID(text))
        except ValueError:
            self.problems.append(
                f"{where} must be an application (client) id, a GUID such as {GRAPH_APP_ID}, not {text!r}."
            )
            return text

    def names(self, values: Iterable[object] | None, where: str) -> tuple[str, ...]:
        """Trimmed, the same name (whatever its case) once."""
        names: dict[str, str] = {}
        for value in values or ():
            name = str(value).strip()
            if not name:
                self.problems.append(f"{where} has an empty entry: leave it out.")
            names.setdefault(name.casefold(), name)
        return tuple(names.values())

    def whom(self, options: Options, where: str, *, expand_groups: bool) -> Whom:
        whom = Whom(
            all_users=bool(options.get("all_users")),
            users=self.names(options.get("users"), f"{where}users"),
            groups=self.names(options.get("groups"), f"{where}groups"),
            expand_groups=expand_groups,
            nested_groups=options.get("nested_groups") is not False,
        )
        if not (whom.all_users or whom.users or whom.groups):
            choices = "all_users: true, users or groups" if "all_users" in options else "users or groups"
            self.problems.append(
                f"{where.rstrip('.') or 'The task'} names nobody: give {choices}, at least one of them not empty."
            )
        return whom

    def scopes(self, values: Iterable[object]) -> frozenset[str]:
        declared = [str(value) for value in values]
        self.problems.extend(scope_rules.form_problems(declared))
        return frozenset(declared)

    def permission(self, options: Options, where: str = "") -> PermissionRule:
        remove = options.get("state") == "absent"
        given = options.get("scopes")
        append = bool(options.get("append"))
        if given is None and not remove:
            self.problems.append(f"{where}scopes is required with state: present.")
        if given is not None and not given:
            self.problems.append(
                f"{where}scopes is empty: {_instead_of_no_scopes(where, append=append, remove=remove)}."
            )
        return PermissionRule(
            resource_app_id=self.guid(options.get("resource_app_id") or GRAPH_APP_ID, f"{where}resource_app_id"),
            scopes=None if given is None else self.scopes(given),
            whom=self.whom(options, where, expand_groups=True),
            append=append,
            remove=remove,
        )

    def assignment(self, options: Options, where: str = "") -> AssignmentRule:
        role = str(options.get("app_role") or "").strip()
        if not role:
            self.problems.append(f"{where}app_role is empty: give {DEFAULT_ROLE}, a role's value, or its id.")
        return AssignmentRule(
            app_role=DEFAULT_ROLE if role == DEFAULT_ROLE_ID else role,
            whom=self.whom(options, where, expand_groups=bool(options.get("expand_groups"))),
            remove=options.get("state") == "absent",
        )

    def service_principal(self, options: Options, where: str = "") -> ServicePrincipalRule:
        properties = {name: options[name] for name in _PROPERTIES if options.get(name) is not None}
        if len(properties.get("notes", "")) > LONGEST_NOTES:
            self.problems.append(f"{where}notes is longer than the {LONGEST_NOTES} characters that Graph stores.")
        for name in ("tags", "notification_email_addresses"):
            if name in properties:
                properties[name] = self.names(properties[name], f"{where}{name}")
        return ServicePrincipalRule(
            remove=options.get("state") == "absent",
            properties=properties,
            restore=options.get("restore") is not False,
            force=bool(options.get("force")),
        )

    def app(self, options: Options, where: str, *, prune: bool) -> AppDeclaration:
        app_id = self.guid(options.get("app_id"), f"{where}app_id")
        permissions, assignments = options.get("delegated_permissions"), options.get("assignments")
        if options.get("state") == "absent":
            if permissions or assignments:
                self.problems.append(f"{where}state is absent, so it can't declare permissions or assignments.")
            principal = self.service_principal(options, where)
            remove = bool(options.get("remove_service_principal"))
            return AppDeclaration(
                app_id, options.get("name"), service_principal=principal if remove else None, revoke=True
            )
        declares = Prune(grants=permissions is not None, assignments=assignments is not None)
        return AppDeclaration(
            app_id,
            options.get("name"),
            service_principal=self.service_principal(options, where),
            permissions=tuple(
                self.permission(rule, f"{where}delegated_permissions[{place}].")
                for place, rule in enumerate(permissions or ())
            ),
            assignments=tuple(
                self.assignment(rule, f"{where}assignments[{place}].") for place, rule in enumerate(assignments or ())
            ),
            prune=declares if prune else Prune(),
            declares=declares,
        )

    def done(self, read: _T) -> _T:
        if self.problems:
            raise DeclarationError(self.problems)
        return read


def service_principal(options: Options) -> Declaration:
    """The declaration of module ``service_principal``."""
    reader = _Reader()
    app = AppDeclaration(reader.guid(options["app_id"], "app_id"), service_principal=reader.service_principal(options))
    return reader.done(Declaration((app,), max_removals=options["max_removals"]))


def delegated_permission_grant(options: Options) -> Declaration:
    """The declaration of module ``delegated_permission_grant``."""
    reader = _Reader()
    rule = reader.permission(options)
    if rule.remove and options["prune"]:
        reader.problems.append("prune goes with state: present only.")
    app = AppDeclaration(
        reader.guid(options["app_id"], "app_id"),
        permissions=(rule,),
        prune=Prune(grants=options["prune"], resource_app_id=rule.resource_app_id),
        declares=Prune(grants=not rule.remove, resource_app_id=rule.resource_app_id),
    )
    return reader.done(
        Declaration(
            (app,),
            max_removals=options["max_removals"],
            validate_scopes=options["validate_scopes"],
            allow_empty_groups=options["allow_empty_groups"],
        )
    )


def app_role_assignment(options: Options) -> Declaration:
    """The declaration of module ``app_role_assignment``."""
    reader = _Reader()
    rule = reader.assignment(options)
    if rule.remove and options["prune"]:
        reader.problems.append("prune goes with state: present only.")
    app = AppDeclaration(
        reader.guid(options["app_id"], "app_id"),
        assignments=(rule,),
        prune=Prune(assignments=options["prune"], app_role=rule.app_role),
        declares=Prune(assignments=not rule.remove, app_role=rule.app_role),
    )
    return reader.done(
        Declaration((app,), max_removals=options["max_removals"], allow_empty_groups=options["allow_empty_groups"])
    )


def tenant_consent(options: Options) -> Declaration:
    """The declaration of module ``tenant_consent``."""
    reader = _Reader()
    places: dict[str, int] = {}
    apps = []
    if not options["apps"]:
        reader.problems.append("apps is empty: declare at least one app.")
    for place, entry in enumerate(options["apps"]):
        app = reader.app(entry, f"apps[{place}].", prune=options["prune"])
        first = places.setdefault(app.app_id, place)
        if first != place:
            reader.problems.append(
                f"apps[{first}] and apps[{place}] are both for {app.app_id}: put their rules into one entry."
            )
        apps.append(app)
    return reader.done(
        Declaration(
            tuple(apps),
            max_removals=options["max_removals"],
            validate_scopes=options["validate_scopes"],
            allow_empty_groups=options["allow_empty_groups"],
        )
    )


def app_ids(values: Iterable[object]) -> list[str]:
    """The apps that module ``service_principal_info`` looks for, each once."""
    reader = _Reader()
    given = list(values)
    if not given:
        reader.problems.append("app_ids is empty: name at least one app.")
    return reader.done(
        list(dict.fromkeys(reader.guid(value, f"app_ids[{place}]") for place, value in enumerate(given)))
    )


def query(options: Options, *, expand_groups: bool) -> Query:
    """What the other info modules look for."""
    reader = _Reader()
    app_id, resource = options.get("app_id"), options.get("resource_app_id")
    named = options.get("users") is not None or options.get("groups") is not None
    return reader.done(
        Query(
            app_id=None if app_id is None else reader.guid(app_id, "app_id"),
            resource_app_id=None if resource is None else reader.guid(resource, "resource_app_id"),
            whom=reader.whom(options, "", expand_groups=expand_groups) if named else None,
        )
    )
