# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who and what consent is between: users, groups, and apps with what they publish. PRIVATE to tenantops.entra. Data only."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.microsoft_tenants import MICROSOFT_TENANTS

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
# The "default access" of an app that declares no role of its own.
DEFAULT_ROLE = "default"
DEFAULT_ROLE_ID = "00000000-0000-0000-0000-000000000000"

MANAGED_IDENTITY = "ManagedIdentity"
# Graph tells the type of what is more than a plain service principal.
AGENT_IDENTITY = "#microsoft.graph.agentIdentity"

# A group's visibility, lower case.
HIDDEN_MEMBERSHIP = "hiddenmembership"

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

    def facts(self) -> JSON:
        """As results have it."""
        return {"id": self.id, "type": self.type, "name": self.name or None}


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
    for_apps: bool = False


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
    # Of a managed identity, its Azure resource id is among them.
    alternative_names: tuple[str, ...] = ()
    # Whether it is an agent identity, which inherits permissions from its blueprint's principal.
    is_agent: bool = False

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
            alternative_names=tuple(graph.get("alternativeNames") or ()),
            is_agent=graph.get("@odata.type") == AGENT_IDENTITY,
            roles=tuple(
                AppRole(
                    role["id"],
                    role.get("value") or "",
                    bool(role.get("isEnabled", True)),
                    "User" in (role.get("allowedMemberTypes") or ()),
                    "Application" in (role.get("allowedMemberTypes") or ()),
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

    def role_name(self, role_id: str) -> str:
        """The role's value, ``default``, or its id where no value tells it from all others."""
        if role_id == DEFAULT_ROLE_ID:
            return DEFAULT_ROLE
        value = next((role.value for role in self.roles if role.id == role_id), "")
        # Whoever publishes a role may call it anything.
        same = [role for role in self.roles if role.value == value]
        return value if value and value != DEFAULT_ROLE and len(same) == 1 else role_id
