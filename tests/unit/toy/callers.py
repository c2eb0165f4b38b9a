# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind that only tests know: for whom a client may call an API in one scope.

In Graph a caller is a delegated permission grant seen from the API, so that the simulated tenant has it, and an API that
is declared alone has nothing of any other kind that would be the same object.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent import wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Reader,
    Rule,
    Whom,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, Planned, Side, TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    JSON,
    Principal,
    ServicePrincipal,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Level, Risks

# app, client app, user
CallerKey: t.TypeAlias = tuple[str, str, str]

SCOPE = "Crm.Read"
_STRINGS = {"type": "list", "elements": "str"}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallerRule(Rule):
    whom: Whom
    client_app_id: str

    @property
    def apis(self) -> tuple[str, ...]:
        return (self.client_app_id,)


@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """A user for whom a client may call the app."""

    app_id: str
    client_app_id: str
    principal: Principal
    id: str = ""

    @property
    def key(self) -> CallerKey:
        return (self.app_id, self.client_app_id, self.principal.id)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallerChange(Change):
    kind = "api_caller"
    principal: Principal
    client_app_id: str
    client: str

    @property
    def place(self) -> tuple[str, ...]:
        return (self.principal.name.casefold(), self.principal.id, self.client_app_id)

    @property
    def refers_to(self) -> tuple[str, ...]:
        return (self.app_id, self.client_app_id)

    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        caller = Caller(self.app_id, self.client_app_id, self.principal, object_id)
        objects[caller.key] = caller
        if self.action == "delete":
            del objects[caller.key]

    @property
    def subject(self) -> str:
        return f"{self.client} calling {self.app_label} for {self.principal.label}"

    def about(self) -> JSON:
        return {**Change.about(self), "client_app_id": self.client_app_id}

    def drift_facts(self, state: TenantState, risks: Risks) -> JSON:
        return {"risk": risks.level(self.app_id, SCOPE)}

    @property
    def alike(self) -> tuple[t.Any, ...]:
        return (self.client_app_id,)

    def lines(self, group: Sequence[CallerChange], side: Side, risks: Risks) -> list[str]:
        heading, *names = wording.heading([change.principal for change in group])
        return [f"called by {self.client} for {heading}", *names]

    @property
    def lost(self) -> tuple[t.Any, ...]:
        return (self.client_app_id,)

    def loss(self, group: Sequence[CallerChange]) -> str:
        whom = wording.names([change.principal for change in group])
        return f"{self.client} can't call {self.app_label} any more for {whom}."


class ApiCallers(Kind):
    name = CallerChange.kind
    result = "api_callers"
    options: t.ClassVar[JSON] = {
        "callers": {
            "type": "list",
            "elements": "dict",
            "options": {
                "client_app_id": {"type": "str", "required": True},
                "users": _STRINGS,
                "groups": _STRINGS,
                "nested_groups": {"type": "bool", "default": True},
            },
        }
    }

    def rule(self, reader: Reader, options: Options, where: str = "") -> CallerRule:
        return CallerRule(
            client_app_id=reader.guid(options.get("client_app_id"), f"{where}client_app_id"),
            whom=reader.whom(options, where, expand_groups=True),
        )

    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        planned, objects = Planned(), self.objects(state)
        wanted = self._wanted(app, state)
        for key, principal in wanted.items():
            if key not in objects:
                planned.changes.append(_change("create", app, state, Caller(*key[:2], principal)))
        for key, item in self.of_app(app.app_id, state):
            if key not in wanted and self.prunes(app, item, state):
                planned.changes.append(_change("delete", app, state, item))
        return planned

    def _wanted(self, app: AppDeclaration, state: TenantState) -> dict[CallerKey, Principal]:
        return {
            (app.app_id, rule.client_app_id, principal.id): principal
            for rule in app.part(self.name).rules
            for principal in whoms.of(rule.whom, state).values()
            if principal is not None
        }

    def named(self, app: AppDeclaration, state: TenantState) -> set[CallerKey]:
        return set(self._wanted(app, state))

    def is_within(self, item: Caller, only: str | None, state: TenantState) -> bool:
        return True

    def may_be_due_to(self, rule: CallerRule, change: Change, app: AppDeclaration, state: TenantState) -> bool:
        return isinstance(change, CallerChange) and change.client_app_id == rule.client_app_id and change.takes_away

    def facts(self, item: Caller, state: TenantState) -> JSON:
        return {
            "id": item.id or None,
            "app_id": item.app_id,
            "client_app_id": item.client_app_id,
            "principal": item.principal.facts(),
        }

    def kept(self, app: AppDeclaration, state: TenantState) -> Iterable[str]:
        if others := self.left(app, state):
            yield f"{wording.keep(len(others))} calling {state.label(app.app_id)}, which no rule names."

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        return {"callers": sum(1 for _caller in self.of_app(app_id, state))}

    def holders(self, app_id: str, state: TenantState) -> JSON:
        return {"called_for": len({key[2] for key, _caller in self.of_app(app_id, state)})}

    def risk(self, overview: JSON, risks: Risks) -> Iterable[Level]:
        return [risks.level("", SCOPE)] if overview["callers"] else []

    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        clients: dict[str, list[str]] = defaultdict(list)
        for _key, item in self.of_app(app.app_id, state):
            clients[item.client_app_id].append(item.principal.label)
        rules = [{"client_app_id": client, "users": sorted(users)} for client, users in sorted(clients.items())]
        return {"callers": rules}

    def people(self, state: TenantState) -> Iterable[Principal]:
        return (item.principal for item in self.objects(state).values())

    def of_others(self, state: TenantState, names: Mapping[str, Principal]) -> dict[CallerKey, Caller]:
        others = [
            dataclasses.replace(item, principal=names[item.principal.id]) for item in self.objects(state).values()
        ]
        return {item.key: item for item in others}

    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        return {
            "grants": [
                {
                    "client_app_id": item.client_app_id,
                    "resource_app_id": item.app_id,
                    "scope": SCOPE,
                    "principal": item.principal.id,
                }
                for _key, item in sorted(self.objects(state).items())
            ]
        }


KIND = ApiCallers()


def _change(
    action: t.Literal["create", "delete"], app: AppDeclaration, state: TenantState, caller: Caller
) -> CallerChange:
    return CallerChange(
        action=action,
        app_id=app.app_id,
        app_display_name=state.display_name(app.app_id),
        object_id=caller.id or None,
        principal=caller.principal,
        client_app_id=caller.client_app_id,
        client=state.label(caller.client_app_id),
    )
