# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Application permissions: what an app may do as itself, without any user. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import roles as role_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent import specs, wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Reader,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import LEVELS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Action,
    ApiChange,
    Planned,
    Side,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    GRAPH_APP_ID,
    JSON,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import tier_0
from ansible_collections.tenantops.entra.plugins.module_utils._consent.role_rules import PermissionKey, RoleRule, Wanted
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Level, Risks


@dataclasses.dataclass(frozen=True, slots=True)
class ApplicationPermission:
    """An app role that an app holds itself. Agent identities inherit some from their blueprint's principal."""

    app_id: str
    resource_app_id: str
    role_id: str
    id: str = ""

    @property
    def key(self) -> PermissionKey:
        return (self.app_id, self.resource_app_id, self.role_id)

    @property
    def principal(self) -> None:
        return None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPermissionChange(ApiChange):
    """:ivar app_role: the role's value, or its id where it has none.
    :ivar role_id: empty as long as the API has no service principal that could be asked for its roles.
    """

    kind = "application_permission"
    app_role: str
    role_id: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        return (self.resource_app_id, self.app_role, self.role_id)

    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        item = ApplicationPermission(self.app_id, self.resource_app_id, self.role_id or self.app_role, object_id)
        objects[item.key] = item
        if self.action == "delete":
            del objects[item.key]

    @property
    def subject(self) -> str:
        return f"{self.app_role} of {self.api_label} to {self.app_label}"

    @property
    def tier_0(self) -> str | None:
        return tier_0(self.resource_app_id, self.app_role)

    def about(self) -> JSON:
        return {
            "kind": self.kind,
            "app_id": self.app_id,
            "app_display_name": self.app_display_name,
            "resource_app_id": self.resource_app_id,
            "resource_display_name": self.resource_display_name,
            "app_role": self.app_role,
        }

    def facts(self, risks: Risks) -> JSON:
        return {"action": self.action, **self.about(), **self._risk(risks)}

    def drift_facts(self, state: TenantState, risks: Risks) -> JSON:
        return self._risk(risks)

    def _risk(self, risks: Risks) -> JSON:
        return {"risk": risks.application_level(self.resource_app_id, self.app_role), "tier_0": _sentence(self.tier_0)}

    @property
    def alike(self) -> tuple[t.Any, ...]:
        return (self.resource_app_id,)

    def lines(self, group: Sequence[ApplicationPermissionChange], side: Side, risks: Risks) -> list[str]:
        roles = (f"  - {change.app_role}{change._warning(side, risks)}" for change in group)
        return [f"application permissions on {self.api_label}, without any user", *roles]

    def _warning(self, side: Side, risks: Risks) -> str:
        """What to think of before it is given."""
        level = risks.application_level(self.resource_app_id, self.app_role)
        if side == "before" or level not in ("medium", "high", "critical"):
            return ""
        return f" ({level} risk: lets the app {self.tier_0})" if self.tier_0 else f" ({level} risk)"

    @property
    def lost(self) -> tuple[t.Any, ...]:
        return (self.resource_app_id,)

    def loss(self, group: Sequence[ApplicationPermissionChange]) -> str:
        names = wording.listed(sorted(change.app_role for change in group))
        number = wording.count(len(group), "application permission")
        return f"{self.app_label} loses {number} on {self.api_label}: {names}."


class ApplicationPermissions(Kind):
    name = ApplicationPermissionChange.kind
    result = "application_permissions"
    options: t.ClassVar[JSON] = specs.rules(
        "application_permissions",
        {
            "app_roles": {**specs.STRINGS, "required": True},
            "resource_app_id": {"type": "str", "default": GRAPH_APP_ID},
            "accept_critical": {"type": "bool", "default": False},
        },
    )

    def rule(self, reader: Reader, options: Options, where: str = "") -> RoleRule:
        remove = options.get("state") == "absent"
        given, append = options.get("app_roles"), bool(options.get("append"))
        if given is None and not remove:
            reader.problems.append(f"{where}app_roles is required with state: present.")
        if given is not None and not given:
            instead = "leave the rule out and set prune: true" if where else "set state: absent without app_roles"
            reader.problems.append(
                f"{where}app_roles is empty: name at least one; to take all application permissions away, {instead}."
            )
        return RoleRule(
            resource_app_id=reader.api(options, where, names="app_roles"),
            app_roles=None if given is None else tuple(map(role_rules.plain, reader.names(given, f"{where}app_roles"))),
            append=append,
            accept_critical=bool(options.get("accept_critical")),
            remove=remove,
        )

    def plan(self, app: AppDeclaration, state: TenantState, declaration: Declaration) -> Planned:
        planned = Planned()
        objects, wanted = self.objects(state), Wanted(app, state, self.name)
        planned.problems.extend(wanted.problems)
        for key, (role, accepted) in wanted.given.items():
            if key in objects:
                continue
            change = _change("create", app, state, key, role)
            if change.tier_0 and not accepted:
                planned.problems.append(
                    f"The application permission {change.app_role} on {change.api_label} lets {change.app_label} "
                    f"{change.tier_0}: set accept_critical: true in its rule if that is really meant."
                )
            planned.changes.append(change)
        for key, item in self.of_app(app.app_id, state):
            if key not in wanted.given and (wanted.takes(key) or self.prunes(app, item, state)):
                planned.changes.append(_change("delete", app, state, key, None, item.id))
        return planned

    def named(self, app: AppDeclaration, state: TenantState) -> set[PermissionKey]:
        wanted = Wanted(app, state, self.name)
        taken = {key for key, item in self.of_app(app.app_id, state) if wanted.takes(key)}
        return set(wanted.given) | taken

    def is_within(self, item: ApplicationPermission, only: str | None, state: TenantState) -> bool:
        return only in (None, item.resource_app_id)

    def facts(self, item: ApplicationPermission, state: TenantState, *, inherited: bool = False) -> JSON:
        return {
            "id": item.id or None,
            "app_id": item.app_id,
            "app_display_name": state.display_name(item.app_id),
            "resource_app_id": item.resource_app_id,
            "resource_display_name": state.display_name(item.resource_app_id),
            "app_role": role_name(item, state),
            "app_role_id": item.role_id if item.id or state.can_tell_roles(item.resource_app_id) else None,
            "inherited": inherited,
        }

    def kept(self, app: AppDeclaration, state: TenantState) -> Iterable[str]:
        left = self.left(app, state) or ()
        if left:
            number, them = wording.count(len(left), "application permission"), "it" if len(left) == 1 else "them"
            label = state.label(app.app_id)
            yield f"{label} keeps {number} that no rule names: prune: true takes {them} away."

    def overview(self, app_id: str, state: TenantState, risks: Risks) -> JSON:
        own = [(item, False) for _key, item in self.of_app(app_id, state)]
        inherited = [(item, True) for item in self.inherited(app_id, state)]
        found = [_summed(item, state, risks, inherited=is_inherited) for item, is_inherited in (*own, *inherited)]
        return {"application_permissions": sorted(found, key=_riskiest_first)}

    def risk(self, overview: JSON, risks: Risks) -> Iterable[Level]:
        return (one["risk"] for one in overview["application_permissions"])

    def exported(
        self, app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
    ) -> JSON:
        """A rule for each API, and another one for what must be accepted."""
        rules: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for _key, item in self.of_app(app.app_id, state):
            role = role_name(item, state)
            critical = tier_0(item.resource_app_id, role) is not None
            api = state.service_principals.get(item.resource_app_id)
            if role_rules.resolve_for_apps(role, api)[1]:
                problems.append(
                    f"{app.label} may keep the application permission {role!r} on {state.label(item.resource_app_id)}, but "
                    "it can't be granted again once it is taken away."
                )
            rules[item.resource_app_id, critical].append(role if is_whole(role) else item.role_id)
        return {
            "application_permissions": [
                ({} if resource_app_id == GRAPH_APP_ID else {"resource_app_id": resource_app_id})
                | {"app_roles": sorted(roles)}
                | ({"accept_critical": True} if critical else {})
                for (resource_app_id, critical), roles in sorted(rules.items())
            ]
        }

    def seeded(self, state: TenantState, people: set[str]) -> JSON:
        apps = state.service_principals
        return {
            "assignments": [
                {"app_id": item.resource_app_id, "principal": apps[item.app_id].id, "app_role": item.role_id}
                for _key, item in sorted(self.objects(state).items())
                if item.app_id in apps
            ]
        }


KIND = ApplicationPermissions()


def declaration(options: Options) -> Declaration:
    """Of module ``application_permission_grant``. Raises DeclarationError."""
    reader = Reader()
    return reader.one_part(options, KIND.name, KIND.rule(reader, options))


def role_name(item: ApplicationPermission, state: TenantState) -> str:
    """The role's value, ``default``, or its id where it has no value or is not known."""
    return (state.service_principals.get(item.resource_app_id) or ServicePrincipal("")).role_name(item.role_id)


def _change(
    action: Action,
    app: AppDeclaration,
    state: TenantState,
    key: PermissionKey,
    declared: str | None,
    object_id: str | None = None,
) -> ApplicationPermissionChange:
    _app_id, resource_app_id, role_id = key
    api = state.published(resource_app_id)
    return ApplicationPermissionChange(
        action=action,
        app_id=app.app_id,
        app_display_name=state.display_name(app.app_id) or app.name,
        resource_app_id=resource_app_id,
        resource_display_name=state.display_name(resource_app_id),
        app_role=api.role_name(role_id) if api else declared or role_id,
        role_id=role_id if api or declared is None else "",
        object_id=object_id,
    )


def _summed(item: ApplicationPermission, state: TenantState, risks: Risks, *, inherited: bool) -> JSON:
    """As reports have it."""
    role = role_name(item, state)
    return {
        "resource_app_id": item.resource_app_id,
        "resource_name": state.display_name(item.resource_app_id),
        "app_role": role,
        "app_role_id": item.role_id,
        "risk": risks.application_level(item.resource_app_id, role),
        "tier_0": _sentence(tier_0(item.resource_app_id, role)),
        "inherited": inherited,
    }


def _sentence(what: str | None) -> str | None:
    return f"Lets the app {what}." if what else None


def _riskiest_first(one: JSON) -> tuple[bool, int, str, str]:
    return (one["tier_0"] is None, -LEVELS.index(one["risk"]), one["resource_app_id"], one["app_role"])
