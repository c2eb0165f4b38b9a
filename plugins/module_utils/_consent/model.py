# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tenant has, what changes in it, and how it went. PRIVATE to tenantops.entra. Data only."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.microsoft_tenants import MICROSOFT_TENANTS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import UNTOUCHED, Wanted

if t.TYPE_CHECKING:
    from collections.abc import Mapping

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
# The "default access" of an app that declares no role of its own for users.
DEFAULT_ROLE = "default"
DEFAULT_ROLE_ID = "00000000-0000-0000-0000-000000000000"

# A group's visibility, lower case.
HIDDEN_MEMBERSHIP = "hiddenmembership"

ALL_PRINCIPALS = "AllPrincipals"
PRINCIPAL = "Principal"

Action: t.TypeAlias = t.Literal["create", "restore", "update", "delete"]
Kind: t.TypeAlias = t.Literal["service_principal", "delegated_permission_grant", "app_role_assignment"]
JSON: t.TypeAlias = dict[str, t.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Principal:
    """A user or a group. ``name`` is the UPN or the display name, empty when it could not be read.

    :ivar hides_members: of a group, whether Graph shows its members only to those who may see hidden ones.
    """

    id: str
    type: str
    name: str = ""
    hides_members: bool = dataclasses.field(default=False, compare=False)

    @classmethod
    def user(cls, graph: JSON) -> Principal:
        return cls(graph["id"], "User", graph.get("userPrincipalName") or "")

    @classmethod
    def group(cls, graph: JSON) -> Principal:
        hidden = str(graph.get("visibility") or "").lower() == HIDDEN_MEMBERSHIP
        return cls(graph["id"], "Group", graph.get("displayName") or "", hidden)

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclasses.dataclass(frozen=True, slots=True)
class PublishedScope:
    value: str
    enabled: bool
    admin_consent_required: bool


@dataclasses.dataclass(frozen=True, slots=True)
class AppRole:
    id: str
    value: str
    enabled: bool
    for_users: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An app in this tenant. ``id`` is empty where check mode predicts one that does not exist yet."""

    app_id: str
    id: str = ""
    display_name: str | None = None
    account_enabled: bool = True
    assignment_required: bool = False
    tags: frozenset[str] = frozenset()
    notes: str | None = None
    notification_email_addresses: tuple[str, ...] = ()
    owner_tenant_id: str | None = None
    service_principal_type: str | None = None
    disabled_by_microsoft: str | None = None
    scopes: tuple[PublishedScope, ...] = ()
    roles: tuple[AppRole, ...] = ()

    @classmethod
    def from_graph(cls, graph: JSON) -> ServicePrincipal:
        return cls(
            app_id=graph["appId"].lower(),
            id=graph["id"],
            display_name=graph.get("displayName"),
            account_enabled=graph.get("accountEnabled") is not False,
            assignment_required=bool(graph.get("appRoleAssignmentRequired")),
            tags=frozenset(graph.get("tags") or ()),
            notes=graph.get("notes"),
            notification_email_addresses=tuple(graph.get("notificationEmailAddresses") or ()),
            owner_tenant_id=graph.get("appOwnerOrganizationId"),
            service_principal_type=graph.get("servicePrincipalType"),
            disabled_by_microsoft=graph.get("disabledByMicrosoftStatus"),
            scopes=tuple(
                PublishedScope(scope["value"], bool(scope.get("isEnabled", True)), scope.get("type") == "Admin")
                for scope in graph.get("oauth2PermissionScopes") or ()
                if scope.get("value")
            ),
            roles=tuple(
                AppRole(
                    role["id"],
                    role.get("value") or "",
                    bool(role.get("isEnabled", True)),
                    "User" in (role.get("allowedMemberTypes") or ()),
                )
                for role in graph.get("appRoles") or ()
            ),
        )

    @property
    def owned_by_microsoft(self) -> bool:
        return (self.owner_tenant_id or "").lower() in MICROSOFT_TENANTS

    @property
    def label(self) -> str:
        return self.display_name or self.app_id


# Ten thousand grants mostly have a few texts between them.
@functools.lru_cache(maxsize=1024)
def tokens(scope_text: str) -> frozenset[str]:
    """The set of scopes in Graph's text, whatever its spacing."""
    return frozenset(scope_text.split())


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """A delegated permission grant. ``scope`` is Graph's text as it stands, with whatever spacing it has."""

    app_id: str
    resource_app_id: str
    principal: Principal | None
    scope: str
    id: str = ""

    @property
    def scopes(self) -> frozenset[str]:
        return tokens(self.scope)

    @property
    def key(self) -> GrantKey:
        return (self.app_id, self.resource_app_id, self.principal.id if self.principal else None)


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


# client app, resource app, user (None: all users)
GrantKey: t.TypeAlias = tuple[str, str, str | None]
# app, principal, role
AssignmentKey: t.TypeAlias = tuple[str, str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class GoesAlong:
    """What vanishes with a service principal: whatever it is granted, is assigned, or others are granted on it."""

    grants: int = 0
    assignments: int = 0

    @property
    def total(self) -> int:
        return self.grants + self.assignments


@dataclasses.dataclass(frozen=True, slots=True)
class TenantState:
    """The part of a tenant that a declaration speaks of.

    :ivar service_principals: by app id; absent ones have no entry.
    :ivar deleted: service principals in the recycle bin, by app id.
    :ivar users, groups: declared principals by the key they were declared with.
    :ivar members: users of an expanded group, by (group id, nested).
    :ivar listed: apps of which all grants, or all assignments of people, are here: (app id, kind).
    :ivar going_along: by the app id of a service principal that is to be deleted.
    :ivar unresolved: (key, problem) of declared users and groups that do not exist or are not unique.
    """

    service_principals: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    deleted: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    users: Mapping[str, Principal] = dataclasses.field(default_factory=dict)
    groups: Mapping[str, Principal] = dataclasses.field(default_factory=dict)
    members: Mapping[tuple[str, bool], tuple[Principal, ...]] = dataclasses.field(default_factory=dict)
    grants: Mapping[GrantKey, Grant] = dataclasses.field(default_factory=dict)
    assignments: Mapping[AssignmentKey, Assignment] = dataclasses.field(default_factory=dict)
    listed: frozenset[tuple[str, Kind]] = frozenset()
    going_along: Mapping[str, GoesAlong] = dataclasses.field(default_factory=dict)
    unresolved: tuple[tuple[str, str], ...] = ()

    def label(self, app_id: str) -> str:
        """The app's name in this tenant, or its id."""
        known = self.service_principals.get(app_id)
        return known.label if known else app_id


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One create, restore, update or delete of one object. Holds what is reported and what applying it takes."""

    action: Action
    kind: Kind
    app_id: str
    app_display_name: str | None = None
    resource_app_id: str | None = None
    resource_display_name: str | None = None
    principal: Principal | None = None
    scopes_before: frozenset[str] = frozenset()
    scopes_after: frozenset[str] = frozenset()
    # Of a grant: what is wanted of its scopes, whatever it turns out to have.
    wanted: Wanted = UNTOUCHED
    # Added scopes that need an admin's consent; None if that is not known.
    admin_scopes: tuple[str, ...] | None = None
    app_role: str | None = None
    role_id: str | None = None
    # Service principals: option name → value before and after; for a new one, before is empty.
    before: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    after: Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    # The object that is updated, restored or deleted.
    object_id: str | None = None
    # What no other change takes away and vanishes with the object.
    going_along: GoesAlong = GoesAlong()

    @property
    def scopes_added(self) -> list[str]:
        return sorted(self.scopes_after - self.scopes_before)

    @property
    def scopes_removed(self) -> list[str]:
        return sorted(self.scopes_before - self.scopes_after)

    @property
    def admin_consent_required(self) -> bool | None:
        """Whether an added scope needs an admin's consent; None if nothing is added or that is not known."""
        return None if self.admin_scopes is None or not self.scopes_added else bool(self.admin_scopes)

    @property
    def consent_type(self) -> str | None:
        if self.kind != "delegated_permission_grant":
            return None
        return PRINCIPAL if self.principal else ALL_PRINCIPALS

    @property
    def takes_away(self) -> bool:
        """Whether somebody loses something."""
        return self.action == "delete" or bool(self.scopes_removed)

    @property
    def removals(self) -> int:
        """In how many places somebody loses something: what ``max_removals`` counts."""
        return int(self.takes_away) + self.going_along.total

    @property
    def keeps_others(self) -> bool:
        """Whether it holds only for what was read last: others' scopes are kept."""
        return self.kind == "delegated_permission_grant" and self.wanted.keeps_others

    @property
    def app_label(self) -> str:
        return self.app_display_name or self.app_id

    @property
    def subject(self) -> str:
        """The object in words, for error messages."""
        if self.kind == "service_principal":
            return f"the service principal of {self.app_label}"
        whom = self.principal.label if self.principal else "all users"
        if self.kind == "app_role_assignment":
            return f"{whom} to {self.app_label} (role {self.app_role})"
        return f"{self.app_label} on {self.resource_display_name or self.resource_app_id} for {whom}"


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

    :ivar grants: those that were read again in the end, None where there is none; they count before what was done.
    """

    done: tuple[tuple[Change, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    service_principals: Mapping[str, ServicePrincipal] = dataclasses.field(default_factory=dict)
    grants: Mapping[GrantKey, Grant | None] = dataclasses.field(default_factory=dict)
