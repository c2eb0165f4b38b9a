# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service principals: whether the app is in the tenant, and how it is set up. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import specs, wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Part,
    Reader,
    Rule,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    DESTROY,
    PREPARE,
    Action,
    Change,
    GoesAlong,
    Planned,
    Side,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    GRAPH_APP_ID,
    JSON,
    MANAGED_IDENTITY,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks

LONGEST_NOTES = 1024
_NOTHING = GoesAlong()
_PROPERTIES = ("account_enabled", "assignment_required", "tags", "notes", "notification_email_addresses")
OPTIONS: JSON = {
    "account_enabled": {"type": "bool"},
    "assignment_required": {"type": "bool"},
    "tags": specs.STRINGS,
    "notes": {"type": "str"},
    "notification_email_addresses": specs.STRINGS,
    "restore": {"type": "bool", "default": True},
    "force": {"type": "bool", "default": False},
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipalRule(Rule):
    """The app's own object. ``properties`` holds the options that were given; the others are left alone."""

    properties: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    restore: bool = True
    force: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ServicePrincipalChange(Change):
    """:ivar before, after: option name → value; for a new one, before is empty.
    :ivar going_along: what no other change takes away and vanishes with the object.
    """

    kind = "service_principal"
    before: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    after: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    going_along: GoesAlong = _NOTHING

    @property
    def step(self) -> int:
        return DESTROY if self.action == "delete" else PREPARE

    @property
    def place(self) -> tuple[str, ...]:
        return ()

    @property
    def removals(self) -> int:
        return int(self.takes_away) + self.going_along.total

    def besides(self, ids: Collection[str | None]) -> ServicePrincipalChange:
        return dataclasses.replace(self, going_along=self.going_along.besides(ids)) if self.going_along.total else self

    @property
    def provides(self) -> str:
        return self.app_id

    @property
    def refers_to(self) -> tuple[str, ...]:
        return ()

    def predict(self, apps: dict[str, ServicePrincipal], state: TenantState) -> dict[str, ServicePrincipal]:
        if self.action == "delete":
            apps.pop(self.app_id, None)
        elif self.action == "create":
            apps[self.app_id] = ServicePrincipal(self.app_id, display_name=self.app_display_name)
        elif self.action == "restore":
            apps[self.app_id] = state.deleted[self.app_id]
        return apps

    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        if self.app_id in apps:
            given = dict(self.after)
            if "tags" in given:
                given["tags"] = frozenset(given["tags"])
            if "notification_email_addresses" in given:
                given["notification_email_addresses"] = tuple(given["notification_email_addresses"])
            apps[self.app_id] = dataclasses.replace(apps[self.app_id], **given)

    @property
    def subject(self) -> str:
        return f"the service principal of {self.app_label}"

    def facts(self, risks: Risks) -> JSON:
        if self.action == "delete":
            along = {"grants": len(self.going_along.grants), "assignments": len(self.going_along.assignments)}
            return {"action": self.action, **self.about(), "goes_along": along}
        properties = {name: {"before": self.before.get(name), "after": value} for name, value in self.after.items()}
        return {"action": self.action, **self.about(), "properties": properties}

    def drift_facts(self, state: TenantState, risks: Risks) -> JSON:
        if self.action == "delete":
            return {}
        return {
            "properties": {
                name: {"declared": value, "found": self.before.get(name)} for name, value in self.after.items()
            }
        }

    @property
    def alike(self) -> tuple[t.Any, ...]:
        return ()

    def lines(self, group: Sequence[ServicePrincipalChange], side: Side, risks: Risks) -> list[str]:
        values = self.before if side == "before" else self.after
        return ["service principal", *(f"  {name}: {_plain(value)}" for name, value in values.items())]

    @property
    def lost(self) -> tuple[t.Any, ...]:
        return ()

    def loss(self, group: Sequence[ServicePrincipalChange]) -> str:
        along = self.going_along
        grants = wording.count(len(along.grants), "grant")
        assignments = wording.count(len(along.assignments), "assignment")
        more = f" {grants} and {assignments} go with it." if along.total else ""
        return f"{self.app_label} loses its service principal.{more}"


class ServicePrincipals(Kind):
    name = ServicePrincipalChange.kind
    result = "service_principals"
    options: t.ClassVar[JSON] = {**OPTIONS, "remove_service_principal": {"type": "bool", "default": False}}

    def rule(self, reader: Reader, options: Options, where: str = "") -> ServicePrincipalRule:
        properties = {name: options[name] for name in _PROPERTIES if options.get(name) is not None}
        if len(properties.get("notes", "")) > LONGEST_NOTES:
            reader.problems.append(f"{where}notes is longer than the {LONGEST_NOTES} characters that Graph stores.")
        for name in ("tags", "notification_email_addresses"):
            if name in properties:
                properties[name] = reader.names(properties[name], f"{where}{name}")
        return ServicePrincipalRule(
            remove=options.get("state") == "absent",
            properties=properties,
            restore=options.get("restore") is not False,
            force=bool(options.get("force")),
        )

    def declared(self, reader: Reader, options: Options, where: str) -> Part:
        return Part((self.rule(reader, options, where),))

    def revoked(self, reader: Reader, options: Options, where: str) -> Part | None:
        rule = self.rule(reader, options, where)
        return Part((rule,)) if options.get("remove_service_principal") else None

    def presupposed(self, app: AppDeclaration) -> Iterable[str]:
        return ()

    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        planned = Planned()
        rule = rule_of(app)
        if rule is None:
            return planned
        existing = state.service_principals.get(app.app_id)
        if rule.remove:
            if existing and existing.owned_by_microsoft and not rule.force:
                planned.problems.append(
                    f"{existing.label} ({app.app_id}) is owned by Microsoft, and deleting its service principal can "
                    "break Microsoft 365 for everybody: set force: true if that is really meant."
                )
            elif existing:
                change = _change("delete", app, existing)
                along = state.going_along.get(app.app_id, _NOTHING)
                planned.changes.append(dataclasses.replace(change, going_along=along))
            return planned
        deleted = state.deleted.get(app.app_id) if rule.restore else None
        base = existing or deleted
        after = _differences(rule.properties, base)
        if existing and after:
            planned.changes.append(_change("update", app, existing, after))
        elif deleted and not existing:
            planned.changes.append(_change("restore", app, deleted, after))
        elif not base:
            planned.changes.append(_change("create", app, None, after))
        return planned

    def named(self, app: AppDeclaration, state: TenantState) -> set[t.Any]:
        return {app.app_id}

    def is_within(self, item: t.Any, only: str | None, state: TenantState) -> bool:
        return True

    def facts(self, item: ServicePrincipal, state: TenantState) -> JSON:
        return facts(item)

    def returned(self, declaration: Declaration, state: TenantState, limit: int | None) -> tuple[list[JSON], JSON]:
        apps = [state.service_principals.get(app.app_id) for app in declaration.apps]
        return [facts(app) for app in apps if app], {"others": 0}

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        known = state.service_principals.get(app_id)
        return {
            "name": known.display_name if known else None,
            "exists": known is not None,
            "account_enabled": known.account_enabled if known else None,
            "assignment_required": known.assignment_required if known else None,
            "owner_tenant_id": known.owner_tenant_id if known else None,
        }

    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        given: JSON = {
            "account_enabled": app.account_enabled,
            "assignment_required": app.assignment_required,
            "tags": sorted(app.tags),
            "notes": app.notes,
            "notification_email_addresses": sorted(app.notification_email_addresses),
        }
        found: JSON = {}
        for name, value in {"name": app.display_name, **given}.items():
            texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
            if not all(map(is_whole, texts)):
                problems.append(
                    f"The {name} of {app.label} can't be declared and is left out: no file can hold half a character."
                )
            elif value not in (None, "", []):
                found[name] = value
        return found

    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        apps = sorted(state.service_principals.values(), key=lambda app: app.app_id)
        return {
            "applications": [_application(app) for app in apps if app.app_id != GRAPH_APP_ID],
            "service_principals": [_seeded(app) for app in apps],
        }


KIND = ServicePrincipals()


def declaration(options: Options) -> Declaration:
    """Of module ``service_principal``. Raises DeclarationError."""
    reader = Reader()
    app_id = reader.guid(options["app_id"], "app_id")
    app = AppDeclaration(app_id, parts={KIND.name: Part((KIND.rule(reader, options),))})
    return reader.done(reader.declaration((app,), options))


def rule_of(app: AppDeclaration) -> ServicePrincipalRule | None:
    """What is declared of the app's own object; None if nothing is."""
    rules: tuple[ServicePrincipalRule, ...] = app.part(KIND.name).rules
    return rules[0] if rules else None


def facts(app: ServicePrincipal) -> JSON:
    """As results have it."""
    return {
        "id": app.id or None,
        "app_id": app.app_id,
        "display_name": app.display_name,
        **_current(app),
        "owner_tenant_id": app.owner_tenant_id,
        "service_principal_type": app.service_principal_type,
        "disabled_by_microsoft": app.disabled_by_microsoft,
        "app_roles": [
            {
                "id": role.id,
                "value": role.value,
                "enabled": role.enabled,
                "for_users": role.for_users,
                "for_apps": role.for_apps,
            }
            for role in app.roles
        ],
    }


def _current(principal: ServicePrincipal) -> dict[str, t.Any]:
    """The options' values that the service principal has now."""
    return {
        "account_enabled": principal.account_enabled,
        "assignment_required": principal.assignment_required,
        "tags": sorted(principal.tags),
        "notes": principal.notes or "",
        "notification_email_addresses": sorted(principal.notification_email_addresses),
    }


def _differences(properties: Mapping[str, t.Any], base: ServicePrincipal | None) -> dict[str, t.Any]:
    now = _current(base) if base else {}
    wanted = dict(properties)
    if "tags" in wanted:
        wanted["tags"] = sorted({*now.get("tags", ()), *wanted["tags"]})
    if "notification_email_addresses" in wanted:
        wanted["notification_email_addresses"] = sorted(wanted["notification_email_addresses"])
    return {name: value for name, value in wanted.items() if name not in now or now[name] != value}


def _change(
    action: Action,
    app: AppDeclaration,
    principal: ServicePrincipal | None,
    after: Mapping[str, t.Any] | None = None,
) -> ServicePrincipalChange:
    now = _current(principal) if principal else {}
    return ServicePrincipalChange(
        action=action,
        app_id=app.app_id,
        app_display_name=(principal.display_name if principal else None) or app.name,
        before={name: now[name] for name in after or {} if name in now},
        after=after or {},
        object_id=principal.id if principal else None,
    )


def _plain(value: t.Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)


def _application(app: ServicePrincipal) -> JSON:
    return {
        "app_id": app.app_id,
        "display_name": app.label,
        **({"owner_tenant_id": app.owner_tenant_id} if app.owner_tenant_id else {}),
        "app_roles": [
            {
                "id": role.id,
                **({"value": role.value} if role.value else {}),
                "allowed_member_types": [
                    *(["User"] if role.for_users else []),
                    *(["Application"] if role.for_apps or not role.for_users else []),
                ],
                "is_enabled": role.enabled,
            }
            for role in app.roles
        ],
        "scopes": [
            {
                "value": scope.value,
                "type": "Admin" if scope.admin_consent_required else "User",
                "is_enabled": scope.enabled,
            }
            for scope in app.scopes
        ],
    }


def _seeded(app: ServicePrincipal) -> JSON:
    return {
        "app_id": app.app_id,
        "id": app.id,
        "account_enabled": app.account_enabled,
        "assignment_required": app.assignment_required,
        "tags": sorted(app.tags),
        "notification_email_addresses": list(app.notification_email_addresses),
        **({"notes": app.notes} if app.notes else {}),
        **({"type": MANAGED_IDENTITY} if app.service_principal_type == MANAGED_IDENTITY else {}),
        **({"alternative_names": list(app.alternative_names)} if app.alternative_names else {}),
    }
