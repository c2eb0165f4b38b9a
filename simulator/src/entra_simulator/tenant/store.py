# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant's content and its indexes: users, groups, apps, service principals, identities."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from entra_simulator import ids
from entra_simulator.clock import Clock
from entra_simulator.tenant.audit.log import AuditLog
from entra_simulator.tenant.catalog import microsoft_graph
from entra_simulator.tenant.links import Links
from entra_simulator.tenant.model import (
    Application,
    Group,
    Identity,
    ManagedIdentities,
    Pipeline,
    ServicePrincipal,
    Tenant,
    User,
)
from entra_simulator.tenant.rows import Ordered

BIN_DAYS = 30
DirectoryObject = User | Group | ServicePrincipal


@dataclass(frozen=True)
class Members:
    """The ids of a group's members, all and by kind. `others` are service principals, deleted ones included."""

    every: list[str]
    users: list[str]
    groups: list[str]
    others: list[str]


class Store:
    """One tenant in memory. Nothing in here knows HTTP, JSON or permissions.

    `generation` differs for each loaded state, so that page tokens of another one are recognised as stale.
    """

    def __init__(self, tenant: Tenant, clock: Clock, lag_seconds: float = 0.0) -> None:
        self.tenant = tenant
        self.clock = clock
        self.lag_seconds = lag_seconds
        self.generation = secrets.token_hex(8)
        self._seq = 0
        self.users: dict[str, User] = {}
        self.all_users: Ordered[User] = Ordered()
        self.users_by_upn: dict[str, User] = {}
        self.users_by_mail: dict[str, Ordered[User]] = {}
        self.groups: dict[str, Group] = {}
        self.all_groups: Ordered[Group] = Ordered()
        self.groups_by_name: dict[str, Ordered[Group]] = {}
        self.groups_of: dict[str, list[str]] = {}
        self.applications: dict[str, Application] = {}
        self.service_principals: dict[str, ServicePrincipal] = {}
        self.all_service_principals: Ordered[ServicePrincipal] = Ordered()
        self.by_app_id: dict[str, ServicePrincipal] = {}
        self.bin: dict[str, ServicePrincipal] = {}
        self.all_binned: Ordered[ServicePrincipal] = Ordered()
        self.identities: dict[str, Identity] = {}
        self.pipelines: dict[str, Pipeline] = {}
        self.managed_identities = ManagedIdentities()
        self.links = Links(self.next_seq)
        self.audit = AuditLog(clock)
        self._members: dict[tuple[str, bool, bool], Members] = {}
        graph = microsoft_graph()
        self.applications[graph.app_id] = graph

    def next_seq(self) -> int:
        """The number of the next record."""
        self._seq += 1
        return self._seq

    # Users and groups come with the seed and stay as they are: no request writes them.

    def add_user(self, user: User) -> None:
        """Add a user whose id and user principal name are new."""
        user.seq = self.next_seq()
        self.users[user.id] = user
        self.all_users.append(user)
        self.users_by_upn[user.user_principal_name.lower()] = user
        if user.mail is not None:
            self.users_by_mail.setdefault(user.mail.lower(), Ordered()).append(user)

    def add_group(self, group: Group) -> None:
        """Add a group; its members may follow later with `set_members`."""
        group.seq = self.next_seq()
        self.groups[group.id] = group
        self.all_groups.append(group)
        self.groups_by_name.setdefault(group.display_name.lower(), Ordered()).append(group)

    def set_members(self, group: Group, members: Iterable[str]) -> None:
        """Give a group its members, once."""
        group.members = list(dict.fromkeys(members))
        for member in group.members:
            self.groups_of.setdefault(member, []).append(group.id)

    def find_user(self, key: str) -> User | None:
        """A user by object id or user principal name, whatever the case."""
        return self.users.get(key.lower()) or self.users_by_upn.get(key.lower())

    def members(self, group: Group, *, transitive: bool, hidden: bool = True) -> Members:
        """What is in a group; with `transitive` in the groups in it too, nearest first.

        Without `hidden`, groups that hide their members have none. Kept after the first call, for memberships don't
        change while the simulator runs.
        """
        known = self._members.get((group.id, transitive, hidden))
        if known is None:
            every = self._transitive_members(group, hidden=hidden) if transitive else self._direct(group, hidden=hidden)
            known = self._members[group.id, transitive, hidden] = Members(
                every,
                users=[member for member in every if member in self.users],
                groups=[member for member in every if member in self.groups],
                others=[member for member in every if member not in self.users and member not in self.groups],
            )
        return known

    def _direct(self, group: Group, *, hidden: bool) -> list[str]:
        return group.members if hidden or not group.hides_members else []

    def _transitive_members(self, group: Group, *, hidden: bool) -> list[str]:
        """Cycles are fine."""
        seen: dict[str, None] = {}
        waiting = [group.id]
        for group_id in waiting:
            for member in self._direct(self.groups[group_id], hidden=hidden):
                if member not in seen:
                    seen[member] = None
                    if member in self.groups:
                        waiting.append(member)
        seen.pop(group.id, None)  # a cycle leads back here
        return list(seen)

    # Service principals

    def add_service_principal(self, service_principal: ServicePrincipal) -> None:
        """Add a service principal of an app that has none."""
        service_principal.seq = self.next_seq()
        self.service_principals[service_principal.id] = service_principal
        self.all_service_principals.append(service_principal)
        self.by_app_id[service_principal.app_id] = service_principal

    def new_service_principal(self, app: Application) -> ServicePrincipal:
        """Create one now: reads and references find it once the replication lag is over."""
        service_principal = ServicePrincipal(
            id=ids.new_guid(), app=app, visible_from=self.clock.seconds() + self.lag_seconds
        )
        self.add_service_principal(service_principal)
        return service_principal

    def add_to_bin(self, service_principal: ServicePrincipal) -> None:
        """Put a deleted service principal, `deleted_at` set, into the bin."""
        service_principal.seq = self.next_seq()
        self.bin[service_principal.id] = service_principal
        self.all_binned.append(service_principal)
        self.links.hide(service_principal.id)

    def delete(self, service_principal: ServicePrincipal) -> None:
        """Soft delete: into the bin, with its grants and assignments."""
        del self.service_principals[service_principal.id]
        del self.by_app_id[service_principal.app_id]
        self.all_service_principals.remove(service_principal)
        service_principal.deleted_at = self.clock.stamp()
        self.add_to_bin(service_principal)

    def restore(self, service_principal: ServicePrincipal) -> None:
        """Take one out of the bin again; the app must have no other service principal."""
        self._out_of_bin(service_principal)
        service_principal.deleted_at = None
        service_principal.visible_from = self.clock.seconds() + self.lag_seconds
        self.add_service_principal(service_principal)
        self.links.show(service_principal.id, self.exists)

    def purge(self, service_principal: ServicePrincipal) -> None:
        """Remove one from the bin for good."""
        self._out_of_bin(service_principal)
        self.links.hidden.pop(service_principal.id, None)

    def empty_old_from_bin(self) -> None:
        """What was deleted more than 30 days ago is gone. The bin is in order of deletion."""
        limit = (self.clock.now() - timedelta(days=BIN_DAYS)).strftime("%Y-%m-%dT%H:%M:%S")
        for service_principal in list(self.all_binned):
            if (service_principal.deleted_at or "") >= limit:
                break
            self.purge(service_principal)

    def visible(self, service_principal: ServicePrincipal | None) -> ServicePrincipal | None:
        """The service principal, or None while it has not replicated yet."""
        if service_principal is None or service_principal.visible_from > self.clock.seconds():
            return None
        return service_principal

    def find_service_principal(self, object_id: str) -> ServicePrincipal | None:
        """By object id, if reads find it already."""
        return self.visible(self.service_principals.get(object_id.lower()))

    def find_app(self, app_id: str) -> ServicePrincipal | None:
        """By app id, if reads find it already."""
        return self.visible(self.by_app_id.get(app_id.lower()))

    def find_object(self, object_id: str) -> DirectoryObject | None:
        """Any user, group or service principal by object id."""
        key = object_id.lower()
        return self.users.get(key) or self.groups.get(key) or self.find_service_principal(key)

    def exists(self, object_id: str) -> bool:
        """Whether an object of that id is there, replicated or not."""
        return object_id in self.users or object_id in self.groups or object_id in self.service_principals

    def _out_of_bin(self, service_principal: ServicePrincipal) -> None:
        del self.bin[service_principal.id]
        self.all_binned.remove(service_principal)
