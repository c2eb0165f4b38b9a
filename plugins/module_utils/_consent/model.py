# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tenant has, what changes in it, and how it went: what all kinds share. PRIVATE to tenantops.entra. Data only."""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    JSON,
    Principal,
    ServicePrincipal,
)

if t.TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks

Action: t.TypeAlias = t.Literal["create", "restore", "update", "delete"]
Side: t.TypeAlias = t.Literal["before", "after"]
Key: t.TypeAlias = tuple[str | None, ...]

# The order of applying: what others need, what is given, what is taken away, and what goes with all that hangs on it.
PREPARE, GIVE, TAKE, DESTROY = range(4)


@dataclasses.dataclass(frozen=True, slots=True)
class GoesAlong:
    """What vanishes with a service principal, by ids: whatever it is granted, is assigned, or others are granted on it."""

    grants: frozenset[str] = frozenset()
    assignments: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return len(self.grants) + len(self.assignments)

    def besides(self, ids: Collection[str | None]) -> GoesAlong:
        """What is not among these."""
        return GoesAlong(self.grants.difference(ids), self.assignments.difference(ids))


@dataclasses.dataclass(frozen=True, slots=True)
class TenantState:
    """The part of a tenant that a declaration speaks of.

    :ivar service_principals: by app id; absent ones have no entry.
    :ivar deleted: service principals in the recycle bin, by app id.
    :ivar users, groups: declared principals by the key they were declared with.
    :ivar members: users of an expanded group, by (group id, nested).
    :ivar objects: by kind, and by the natural key of that kind, which begins with the app id.
    :ivar inherited: what agent identities have from their blueprint's principal, by kind.
    :ivar listed: apps of which all objects of a kind are here: (app id, kind).
    :ivar going_along: by the app id of a service principal that is to be deleted.
    :ivar unresolved: (key, problem) of declared users and groups that do not exist or are not unique.
    """

    service_principals: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    deleted: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    users: Mapping[str, Principal] = dataclasses.field(default_factory=dict)
    groups: Mapping[str, Principal] = dataclasses.field(default_factory=dict)
    members: Mapping[tuple[str, bool], tuple[Principal, ...]] = dataclasses.field(default_factory=dict)
    objects: Mapping[str, Mapping[t.Any, t.Any]] = dataclasses.field(default_factory=dict)
    inherited: Mapping[str, Sequence[t.Any]] = dataclasses.field(default_factory=dict)
    listed: frozenset[tuple[str, str]] = frozenset()
    going_along: Mapping[str, GoesAlong] = dataclasses.field(default_factory=dict)
    unresolved: tuple[tuple[str, str], ...] = ()

    def label(self, app_id: str) -> str:
        """The app's name in this tenant, or its id."""
        known = self.service_principals.get(app_id)
        return known.label if known else app_id

    def published(self, app_id: str | None) -> ServicePrincipal | None:
        """The service principal that tells what an API publishes, if need be the one in the recycle bin."""
        return self.service_principals.get(app_id or "") or self.deleted.get(app_id or "")

    def can_tell_roles(self, app_id: str) -> bool:
        """Whether an API is there that has the ids of its roles: one that check mode predicts has none."""
        known = self.service_principals.get(app_id)
        return known is not None and known.id != ""

    def display_name(self, app_id: str) -> str | None:
        known = self.service_principals.get(app_id)
        return known.display_name if known else None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change(abc.ABC):
    """One create, restore, update or delete of one object of an app. Each kind has its own, with what applying it takes."""

    kind: t.ClassVar[str]
    action: Action
    app_id: str
    app_display_name: str | None = None
    # The object that is updated, restored or deleted.
    object_id: str | None = None
    principal: Principal | None = None

    # How it is planned and applied

    @property
    def step(self) -> int:
        return TAKE if self.takes_away else GIVE

    @property
    @abc.abstractmethod
    def place(self) -> tuple[str, ...]:
        """Tells the object from others of the kind and the app, and puts it in their order."""

    @property
    def identity(self) -> tuple[t.Any, ...]:
        return (self.action, self.kind, self.app_id, self.place)

    @property
    def takes_away(self) -> bool:
        """Whether somebody loses something."""
        return self.action == "delete"

    @property
    def removals(self) -> int:
        """In how many places somebody loses something: what ``max_removals`` counts."""
        return int(self.takes_away)

    def besides(self, ids: Collection[str | None]) -> Change:
        """The same when other changes take away what has these ids."""
        return self

    @property
    def provides(self) -> str | None:
        """The app whose service principal it is about."""
        return None

    @property
    def refers_to(self) -> tuple[str, ...]:
        """Apps whose service principals must be there."""
        return (self.app_id,)

    def predict(self, apps: dict[str, ServicePrincipal], state: TenantState) -> dict[str, ServicePrincipal]:
        """The service principals by app id once check mode has made it."""
        return apps

    @abc.abstractmethod
    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        """Does to the objects of its kind what was done to the tenant's."""

    # How it is told

    @property
    def app_label(self) -> str:
        return self.app_display_name or self.app_id

    @property
    @abc.abstractmethod
    def subject(self) -> str:
        """The object in words, for error messages."""

    def about(self) -> JSON:
        """What it is about, as results and reports have it; None where a key does not apply."""
        return {
            "kind": self.kind,
            "app_id": self.app_id,
            "app_display_name": self.app_display_name,
            "principal": self.principal.facts() if self.principal else None,
        }

    def facts(self, risks: Risks) -> JSON:
        """As results have it, with what ``about`` tells; None where a key does not apply."""
        return {"action": self.action, **self.about()}

    def drift_facts(self, state: TenantState, risks: Risks) -> JSON:
        """What a drift entry has besides what ``about`` tells; None where a key does not apply."""
        return {}

    @property
    @abc.abstractmethod
    def alike(self) -> tuple[t.Any, ...]:
        """What changes of the kind and the app share that differ in their principal only."""

    @abc.abstractmethod
    def lines(self, group: Sequence[t.Any], side: Side, risks: Risks) -> list[str]:
        """The entry of a group of such changes in the diff."""

    @property
    @abc.abstractmethod
    def lost(self) -> tuple[t.Any, ...]:
        """What changes of the kind and the app share that take the same away."""

    @abc.abstractmethod
    def loss(self, group: Sequence[t.Any]) -> str:
        """What a group of such changes takes away, as a sentence."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApiChange(Change):
    """A change of what an app may do on an API."""

    resource_app_id: str
    resource_display_name: str | None = None

    @property
    def refers_to(self) -> tuple[str, ...]:
        return (self.app_id, self.resource_app_id)

    @property
    def api_label(self) -> str:
        return self.resource_display_name or self.resource_app_id


@dataclasses.dataclass(slots=True)
class Planned:
    """One part of a plan, and what stands against it."""

    changes: list[Change] = dataclasses.field(default_factory=list)
    problems: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The difference between a declaration and a state.

    :ivar changes: in the order in which they are applied.
    :ivar assumed: apps whose service principal does not exist and is not declared either. Check mode takes it that an
        earlier task creates them; otherwise nothing may be applied.
    :ivar warnings: what the user should know, one sentence each.
    :ivar max_removals: the limit, which also holds for what settling takes away; None is none.
    """

    changes: tuple[Change, ...] = ()
    assumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    max_removals: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A change that was not made, with the error as data."""

    change: Change
    error: Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How applying went: what was done with the objects' ids, and what failed.

    :ivar seen: objects that were read again in the end, by kind and key, None where there is none; they count before
        what was done.
    """

    done: tuple[tuple[Change, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    service_principals: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    seen: Mapping[tuple[str, t.Any], t.Any] = dataclasses.field(default_factory=dict)
