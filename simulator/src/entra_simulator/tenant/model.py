# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant holds. Plain records; who refers to whom is kept by `store` and `links`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from entra_simulator import ids
from entra_simulator.tenant.agents import Inheritable
from entra_simulator.tenant.certificates import Certificate

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
HIDDEN_MEMBERSHIP = "HiddenMembership"
VISIBILITIES = ("Public", "Private", HIDDEN_MEMBERSHIP)
GITHUB_ACTIONS, AZURE_PIPELINES = "github_actions", "azure_pipelines"
TOKEN_EXCHANGE = "api://AzureADTokenExchange"  # the audience that a provider's token has


@dataclass(slots=True)
class Tenant:
    """The tenant itself. `domain` is its only verified one."""

    id: str
    domain: str
    display_name: str


@dataclass(slots=True)
class User:
    """A user. `seq` is the place in the order of creation, which pages are cut by."""

    id: str
    user_principal_name: str
    display_name: str
    mail: str | None = None
    account_enabled: bool = True
    user_type: str = "Member"
    seq: int = 0


@dataclass(slots=True)
class Group:
    """A group. `members` holds object ids of users, groups and service principals, in order.

    With the `visibility` `HiddenMembership` only callers with `Member.Read.Hidden` see them.
    """

    id: str
    display_name: str
    description: str | None = None
    visibility: str | None = None
    members: list[str] = field(default_factory=list)
    seq: int = 0

    @property
    def hides_members(self) -> bool:
        """Whether its members are hidden."""
        return self.visibility == HIDDEN_MEMBERSHIP


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role that an app declares. `allowed_member_types` holds `User` (also for groups) or `Application`."""

    id: str
    value: str | None
    display_name: str
    allowed_member_types: tuple[str, ...] = ("User",)
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """A delegated permission that an app publishes. `type` is `User` or `Admin`: who may consent."""

    id: str
    value: str
    type: str = "User"
    is_enabled: bool = True


@dataclass
class Application:
    """A multi-tenant app somewhere in the world, whether or not this tenant has a service principal of it."""

    app_id: str
    display_name: str
    owner_tenant_id: str | None
    tags: tuple[str, ...] = ()
    app_roles: tuple[AppRole, ...] = ()
    scopes: tuple[Scope, ...] = ()
    disabled_by_microsoft: str | None = None

    @cached_property
    def rendered_roles(self) -> list[dict[str, Any]]:
        """`appRoles` as Graph shows them; made once, for Microsoft Graph has seven hundred."""
        return [
            {
                "allowedMemberTypes": list(role.allowed_member_types),
                "description": role.display_name,
                "displayName": role.display_name,
                "id": role.id,
                "isEnabled": role.is_enabled,
                "origin": "Application",
                "value": role.value,
            }
            for role in self.app_roles
        ]

    @cached_property
    def rendered_scopes(self) -> list[dict[str, Any]]:
        """`oauth2PermissionScopes` as Graph shows them; made once."""
        return [
            {
                "adminConsentDescription": scope.value,
                "adminConsentDisplayName": scope.value,
                "id": scope.id,
                "isEnabled": scope.is_enabled,
                "type": scope.type,
                "userConsentDescription": None,
                "userConsentDisplayName": None,
                "value": scope.value,
            }
            for scope in self.scopes
        ]

    def assignable_role(self, role_id: str, member_type: str) -> bool:
        """Whether a principal of `member_type` (`User` or `Application`) may get the role.

        The all-zero role stands for "default access" and is for apps that declare no role for that kind of
        principal.
        """
        usable = {role.id for role in self.app_roles if role.is_enabled and member_type in role.allowed_member_types}
        return not usable if role_id == ids.ZERO_GUID else role_id in usable


@dataclass
class ServicePrincipal:
    """An app's object in this tenant.

    `visible_from` is the clock's second at which reads and references find it (replication lag).
    `deleted_at` is set while it lies in the bin. `display_name` is for one that is not named like its app.
    `alternative_names` of a managed identity are `isExplicit=True` or `False` and its resource id in Azure.
    An agent identity has the app id of its blueprint (`blueprint_id`), whose own service principal has `inheritable`.
    """

    id: str
    app: Application
    type: str = "Application"
    display_name: str | None = None
    account_enabled: bool = True
    assignment_required: bool = False
    tags: list[str] = field(default_factory=list)
    notes: str | None = None
    description: str | None = None
    homepage: str | None = None
    login_url: str | None = None
    preferred_single_sign_on_mode: str | None = None
    notification_email_addresses: list[str] = field(default_factory=list)
    alternative_names: list[str] = field(default_factory=list)
    blueprint_id: str | None = None
    inheritable: tuple[Inheritable, ...] | None = None
    deleted_at: str | None = None
    visible_from: float = 0.0
    seq: int = 0

    @property
    def app_id(self) -> str:
        """The client id of the app: the natural key."""
        return self.app.app_id

    @property
    def name(self) -> str:
        """The display name."""
        return self.display_name or self.app.display_name

    @property
    def all_tags(self) -> list[str]:
        """What Graph returns: the app's own tags and the service principal's."""
        return list(dict.fromkeys([*self.app.tags, *self.tags]))


@dataclass(slots=True)
class Grant:
    """A delegated permission grant. `scope` is kept letter for letter, blanks included."""

    id: str
    client_id: str
    consent_type: str
    principal_id: str | None
    resource_id: str
    scope: str | None
    seq: int = 0


@dataclass(slots=True)
class Assignment:
    """An app role assignment. `created` is an ISO date with seven fractional digits.

    `orphaned`: its principal was deleted long ago.
    """

    id: str
    app_role_id: str
    created: str
    principal_id: str
    principal_type: str
    resource_id: str
    orphaned: bool = False
    seq: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """The natural key."""
        return (self.principal_id, self.resource_id, self.app_role_id)


@dataclass(frozen=True, slots=True)
class FederatedCredential:
    """A provider's token that an identity may sign in with. An issuer that is a path is the simulator's own."""

    issuer: str
    subject: str
    audience: str


@dataclass
class Identity:
    """An automation that may sign in. `secret` is fixed by the seed or made at start (`fixed` False)."""

    name: str
    client_id: str
    permissions: tuple[str, ...]
    secret: str
    fixed: bool = False
    secret_expires: datetime | None = None
    certificates: tuple[Certificate, ...] = ()
    federated_credentials: tuple[FederatedCredential, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline's job that gets tokens of its provider. Only Azure Pipelines has service connections."""

    subject: str
    service_connection_id: str | None = None


@dataclass(frozen=True, slots=True)
class ManagedIdentities:
    """The identities of the machine, by their client ids."""

    system_assigned: str | None = None
    user_assigned: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.system_assigned is not None or bool(self.user_assigned)
