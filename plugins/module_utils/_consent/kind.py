# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The face of a kind: everything that is special to it stands in its own file behind this. PRIVATE to tenantops.entra.

Pure. Its other half, which asks and changes a live tenant, is ``_tenant/kind.py``.
"""

from __future__ import annotations

import abc
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import order
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Part, rules_part

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
        Options,
        Reader,
        Rule,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Level, Risks
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, Planned, TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
        JSON,
        Principal,
        ServicePrincipal,
    )

    Objects: t.TypeAlias = Mapping[t.Any, t.Any]


class Kind(abc.ABC):
    """A sort of consent state.

    :cvar name: as results and reports have it.
    :cvar result: what its objects are called in results and counts.
    :cvar options: the argument spec of what an entry of ``apps`` takes of it: one option that holds rules, or others where
        ``declared`` reads them.
    """

    name: t.ClassVar[str]
    result: t.ClassVar[str]
    options: t.ClassVar[JSON]

    # What is declared

    @abc.abstractmethod
    def rule(self, reader: Reader, options: Options, where: str = "") -> Rule:
        """A rule; what is wrong with it goes to the reader. :param where: leads to its options: ``apps[2].rules[0].``"""

    def declared(self, reader: Reader, options: Options, where: str) -> Part | None:
        """Of an entry of ``apps``; None if it is left alone."""
        (name,) = self.options
        rules = options.get(name)
        if rules is None:
            return None
        return rules_part(self.rule(reader, rule, f"{where}{name}[{place}].") for place, rule in enumerate(rules))

    def revoked(self, reader: Reader, options: Options, where: str) -> Part | None:
        """Of an entry of ``apps`` that is absent; None if there is nothing to say but that."""
        return None

    def app_ids(self, part: Part) -> Iterable[str]:
        """Other apps that the rules speak of."""
        return {app_id for rule in part.rules for app_id in rule.apis}

    def presupposed(self, app: AppDeclaration) -> Iterable[str]:
        """Apps whose service principals the rules take for granted."""
        rules = [rule for rule in app.part(self.name).rules if not rule.remove]
        return {app_id for rule in rules for app_id in (app.app_id, *rule.apis)}

    # What follows from it

    @abc.abstractmethod
    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        """What has to change of an app's objects."""

    @abc.abstractmethod
    def named(self, app: AppDeclaration, state: TenantState) -> set[t.Any]:
        """The keys of what the app's rules speak of, whether or not it is there."""

    @abc.abstractmethod
    def is_within(self, item: t.Any, only: str | None, state: TenantState) -> bool:
        """Whether an object is of the API or role that a part is limited to."""

    def unnamed(self, app: AppDeclaration, state: TenantState) -> list[t.Any]:
        """The keys of what no rule names, of what the app declares a part of."""
        part = app.part(self.name)
        if not part.declares:
            return []
        named = self.named(app, state)
        return [
            key
            for key, item in self.of_app(app.app_id, state)
            if key not in named and self.is_within(item, part.only, state)
        ]

    def prunes(self, app: AppDeclaration, item: t.Any, state: TenantState) -> bool:
        """Whether an object that no rule names is removed."""
        part = app.part(self.name)
        return app.revoke or (part.prune and self.is_within(item, part.only, state))

    def may_be_due_to(self, rule: t.Any, change: Change, app: AppDeclaration, state: TenantState) -> bool:
        """Whether a user would keep something if the rule spoke of the user."""
        return False

    # What there is

    def objects(self, state: TenantState) -> Objects:
        return state.objects.get(self.name, {})

    def of_app(self, app_id: str, state: TenantState) -> Iterator[tuple[t.Any, t.Any]]:
        return ((key, item) for key, item in self.objects(state).items() if key[0] == app_id)

    def inherited(self, app_id: str, state: TenantState) -> Iterable[t.Any]:
        """What an agent identity has from its blueprint's principal: not its own, so never planned."""
        return (item for item in state.inherited.get(self.name, ()) if item.app_id == app_id)

    @abc.abstractmethod
    def facts(self, item: t.Any, state: TenantState) -> JSON:
        """An object as results have it."""

    def returned(self, declaration: Declaration, state: TenantState, limit: int | None) -> tuple[list[JSON], JSON]:
        """The first objects that the rules speak of, and how many there are and others no rule names."""
        objects = self.objects(state)
        keys = {key for app in declaration.apps for key in self.named(app, state)}
        found = [objects[key] for key in keys if key in objects]
        shown = [self.facts(item, state) for item in order.by_name(found, limit)]
        return shown, {self.result: len(found), "others": self.others(declaration, state)}

    def others(self, declaration: Declaration, state: TenantState) -> int | None:
        """How many objects of the declared apps no rule names; None if not all of them were read."""
        counts = [self.left(app, state) for app in declaration.apps]
        found = [len(keys) for keys in counts if keys is not None]
        return sum(found) if len(found) == len(counts) else None

    def left(self, app: AppDeclaration, state: TenantState) -> list[t.Any] | None:
        """The keys of what no rule names and stays; None if that was not read."""
        if not app.part(self.name).declares:
            return []
        if app.app_id in state.service_principals and (app.app_id, self.name) not in state.listed:
            return None
        return self.unnamed(app, state)

    def kept(self, app: AppDeclaration, state: TenantState) -> Iterable[str]:
        """Who keeps what no rule names, in sentences."""
        return ()

    # Reports, exports, copies

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        """What a report says of an app's objects."""
        return {}

    def holders(self, app_id: str, state: TenantState) -> JSON:
        """What a report says of who has anything of an app that nobody declared."""
        return {}

    def risk(self, overview: JSON, risks: Risks) -> Iterable[Level]:
        """The levels of risk in an overview."""
        return ()

    @abc.abstractmethod
    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        """An app's objects as an entry of ``apps`` has them."""

    def people(self, state: TenantState) -> Iterable[Principal]:
        """Users and groups that have objects, and nobody else."""
        return ()

    def of_others(self, state: TenantState, names: Mapping[str, Principal]) -> Objects:
        """The same objects of other people, whose names are by object id."""
        return self.objects(state)

    @abc.abstractmethod
    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        """The sections of a seed of the simulated tenant that hold the objects.

        :param people: the object ids of users and groups that exist.
        """
