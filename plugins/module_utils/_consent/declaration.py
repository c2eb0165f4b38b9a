# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is declared, whatever its kind, and how options are read. PRIVATE to tenantops.entra.

One form for all modules: the small ones declare one part of one app, ``tenant_consent`` declares many apps. What can be
judged without a tenant is judged here and by the kinds, all of it in one DeclarationError.
"""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from ansible_collections.tenantops.entra.plugins.module_utils._consent.microsoft_tenants import MICROSOFT_TENANTS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Options: t.TypeAlias = Mapping[str, t.Any]

_T = t.TypeVar("_T")


@dataclasses.dataclass(frozen=True, slots=True)
class Whom:
    """Users by UPN or object id, groups by display name or object id, or everybody."""

    all_users: bool = False
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    # Groups stand for the users in them; otherwise for themselves.
    expand_groups: bool = True
    nested_groups: bool = True


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is given, or with ``remove`` taken away. Each kind has its own.

    :ivar whom: for whom; None where nobody is named.
    """

    whom: Whom | None = None
    remove: bool = False

    @property
    def apis(self) -> tuple[str, ...]:
        """Other apps that it speaks of."""
        return ()

    @property
    def everywhere(self) -> bool:
        """Whether it is about every API."""
        return False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApiRule(Rule):
    """:ivar resource_app_id: the API; None with ``remove``: every API."""

    resource_app_id: str | None

    @property
    def apis(self) -> tuple[str, ...]:
        return (self.resource_app_id,) if self.resource_app_id else ()

    @property
    def everywhere(self) -> bool:
        return self.resource_app_id is None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """What is declared of one kind of an app's objects.

    :ivar only: the API or role outside which nothing is looked at; None means all.
    :ivar declares: whether anything at all is declared, be it that there is nothing.
    :ivar prune: whether what no rule names is removed.
    """

    rules: tuple[t.Any, ...] = ()
    only: str | None = None
    declares: bool = False
    prune: bool = False


_NOTHING = Part()


@dataclasses.dataclass(frozen=True, slots=True)
class AppDeclaration:
    """All that is declared of one app.

    :ivar parts: by kind; what has none is left alone.
    :ivar revoke: nothing of the app may be granted or assigned.
    """

    app_id: str
    name: str | None = None
    # The ARM resource id of one whose app id is not known yet; that is empty then.
    managed_identity: str | None = None
    parts: Mapping[str, Part] = dataclasses.field(default_factory=dict)
    revoke: bool = False

    def part(self, kind: str) -> Part:
        return self.parts.get(kind, _NOTHING)

    def reads_all(self, kind: str) -> bool:
        """Whether all objects of a kind have to be known."""
        return self.revoke or self.part(kind).prune

    def looks_everywhere(self) -> bool:
        """Whether something is about APIs that are not named."""
        parts = self.parts.values()
        return self.revoke or any(part.prune or any(rule.everywhere for rule in part.rules) for part in parts)

    def takes(self, kind: str) -> bool:
        """Whether anything of a kind has to be known."""
        return self.reads_all(kind) or bool(self.part(kind).rules)

    def whoms(self) -> Iterator[tuple[str, t.Any, Whom]]:
        """The rules that say for whom, with their kind."""
        for kind, part in self.parts.items():
            for rule in part.rules:
                if rule.whom is not None:
                    yield kind, rule, rule.whom

    def exact(self) -> AppDeclaration:
        """The same with everything pruned that it declares a part of."""
        parts = {kind: dataclasses.replace(part, prune=part.declares) for kind, part in self.parts.items()}
        return dataclasses.replace(self, parts=parts)

    def with_everything(self, kinds: Iterable[str]) -> AppDeclaration:
        """The same, so that all objects of these kinds are read."""
        parts = {kind: dataclasses.replace(self.part(kind), only=None, prune=True) for kind in kinds}
        return dataclasses.replace(self, parts={**self.parts, **parts})


@dataclasses.dataclass(frozen=True, slots=True)
class Declaration:
    apps: tuple[AppDeclaration, ...]
    max_removals: int | None = None
    validate_scopes: bool = True
    # Whether a group in which nobody is seen may make somebody lose something.
    allow_empty_groups: bool = False

    def whoms(self) -> Iterator[Whom]:
        """Everything that says for whom, in all rules of all apps."""
        for app in self.apps:
            for _kind, _rule, whom in app.whoms():
                yield whom


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What an info module looks for: of one app, for some users or groups, or both."""

    app_id: str | None
    resource_app_id: str | None
    whom: Whom | None


class Reader:
    """Reads options and collects what is wrong with them. ``where`` leads to the option: ``apps[2].``"""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def guid(self, value: object, where: str, what: str = "an application (client) id") -> str:
        text = str(value or "").strip()
        try:
            return str(uuid.UUID(text))
        except ValueError:
            self.problems.append(f"{where} must be {what}, a GUID such as {GRAPH_APP_ID}, not {text!r}.")
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

    def api(self, options: Options, where: str, *, names: str) -> str | None:
        """The API of a rule, Microsoft Graph by default.

        Of which API a scope or role is, is not said by its name alone; taking away whatever there is needs no name, and
        without an API is about every one (None).

        :param names: the option that names scopes or roles.
        """
        given = options.get("resource_app_id")
        if given is None and options.get(names) is None and options.get("state") == "absent":
            return None
        return self.guid(given or GRAPH_APP_ID, f"{where}resource_app_id")

    def one_part(self, options: Options, kind: str, rule: Rule, *, only: str | None = None) -> Declaration:
        """Of a module that has one rule of one kind of one app's objects. Raises DeclarationError."""
        if rule.remove and options["prune"]:
            self.problems.append("prune goes with state: present only.")
        part = Part((rule,), only, declares=not rule.remove, prune=options["prune"])
        app = dataclasses.replace(self.app(options, ""), parts={kind: part})
        return self.done(self.declaration((app,), options))

    def app(self, options: Options, where: str) -> AppDeclaration:
        """The app that is meant, by its id or as a managed identity."""
        identity = str(options.get("managed_identity") or "").strip()
        if identity and not identity.startswith("/"):
            self.problems.append(
                f"{where}managed_identity must be an Azure resource id, such as /subscriptions/…/userAssignedIdentities/name, "
                f"not {identity!r}."
            )
        if identity and options.get("app_id"):
            self.problems.append(
                f"{where}app_id and {where}managed_identity both say which app is meant: give one of them."
            )
        return AppDeclaration(
            "" if identity else self.guid(options.get("app_id"), f"{where}app_id"),
            options.get("name"),
            managed_identity=identity or None,
        )

    def declaration(self, apps: tuple[AppDeclaration, ...], options: Options) -> Declaration:
        return Declaration(
            apps,
            max_removals=options["max_removals"],
            validate_scopes=options.get("validate_scopes") is not False,
            allow_empty_groups=bool(options.get("allow_empty_groups")),
        )

    def done(self, read: _T) -> _T:
        if self.problems:
            raise DeclarationError(self.problems)
        return read


def app_ids(values: Iterable[object]) -> list[str]:
    """The apps that module ``service_principal_info`` looks for, each once."""
    reader = Reader()
    given = list(values)
    if not given:
        reader.problems.append("app_ids is empty: name at least one app.")
    return reader.done(
        list(dict.fromkeys(reader.guid(value, f"app_ids[{place}]") for place, value in enumerate(given)))
    )


def rules_part(rules: Iterable[Rule]) -> Part:
    """Of an entry of ``apps``. Rules that only take something away say nothing of what there is besides."""
    read = tuple(rules)
    return Part(read, declares=not read or not all(rule.remove for rule in read))


def tenant_ids(values: Iterable[object]) -> list[str]:
    """Publishers, each once, by the id of their tenant. Microsoft's are none: much of Microsoft 365 stands on their apps."""
    reader = Reader()
    given = list(values)
    if not given:
        reader.problems.append("publisher_tenant_ids is empty: name at least one tenant.")
    read = [reader.guid(value, f"publisher_tenant_ids[{place}]", "a tenant id") for place, value in enumerate(given)]
    reader.problems += [
        f"{one} is a tenant of Microsoft's own apps, on which much of Microsoft 365 stands: name apps by app_ids instead."
        for one in read
        if one in MICROSOFT_TENANTS
    ]
    return reader.done(list(dict.fromkeys(read)))


def query(options: Options, *, expand_groups: bool) -> Query:
    """What the other info modules look for."""
    reader = Reader()
    app_id, resource = options.get("app_id"), options.get("resource_app_id")
    named = options.get("users") is not None or options.get("groups") is not None
    return reader.done(
        Query(
            app_id=None if app_id is None else reader.guid(app_id, "app_id"),
            resource_app_id=None if resource is None else reader.guid(resource, "resource_app_id"),
            whom=reader.whom(options, "", expand_groups=expand_groups) if named else None,
        )
    )
