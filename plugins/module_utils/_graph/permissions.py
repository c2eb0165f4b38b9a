# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module may need of Graph, from the permissions of its requests. PRIVATE to tenantops.entra.

The README's table of permissions is checked against it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import (
    app_role_assignments,
    directory_audits,
    oauth2_permission_grants,
    people,
    service_principals,
)

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class Need(t.NamedTuple):
    """One thing that a task does.

    :ivar purpose: what for, in a word or two.
    :ivar requests: for each kind of request the permissions of which one is enough, least privileged first.
    """

    purpose: str
    requests: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ModuleNeeds:
    """What a module may do, in the columns of the README's table.

    :ivar read: in check mode too; ``users`` and ``groups``: more of it, when tasks name users or groups.
    :ivar write: None for modules that only read.
    :ivar extra: what only some of its options take; the README says which, below the table.
    """

    read: tuple[Need, ...] = ()
    users: tuple[Need, ...] = ()
    groups: tuple[Need, ...] = ()
    write: tuple[Need, ...] | None = None
    extra: tuple[Need, ...] = ()

    def needs(self, *, writing: bool, users: bool, groups: bool) -> tuple[Need, ...]:
        """All that a task needs; what it writes stands first, because whoever writes may often read."""
        return (
            *((self.write or ()) if writing else ()),
            *self.read,
            *(self.users if users else ()),
            *(self.groups if groups else ()),
        )


_APPS = Need("apps", (service_principals.APPLICATIONS_READ,))
_GRANTS = Need("grants", (oauth2_permission_grants.GRANTS_READ,))
_ASSIGNMENTS = Need("assignments", (app_role_assignments.ASSIGNMENTS_READ,))
_USERS = Need("users", (people.USERS_READ,))
_GROUPS = Need("groups", (people.GROUPS_READ, people.MEMBERS_READ))
_WRITE_APPS = Need("apps", (service_principals.APPLICATIONS_WRITE,))
_WRITE_GRANTS = Need("grants", (oauth2_permission_grants.GRANTS_WRITE,))
_WRITE_ASSIGNMENTS = Need("assignments", (app_role_assignments.ASSIGNMENTS_WRITE,))

MODULES = {
    "app_role_assignment": ModuleNeeds(
        # The assignments of users and groups are read one by one if they are few.
        read=(_APPS,),
        users=(_USERS, _ASSIGNMENTS),
        groups=(_GROUPS, _ASSIGNMENTS),
        write=(_WRITE_ASSIGNMENTS,),
    ),
    "app_role_assignment_info": ModuleNeeds(read=(_APPS, _ASSIGNMENTS, _USERS), groups=(_GROUPS,)),
    # What apps hold is told with them.
    "application_permission_grant": ModuleNeeds(read=(_APPS,), write=(_WRITE_ASSIGNMENTS,)),
    "application_permission_grant_info": ModuleNeeds(read=(_APPS,)),
    "caller_info": ModuleNeeds(),
    "delegated_permission_grant": ModuleNeeds(
        read=(_APPS, _GRANTS), users=(_USERS,), groups=(_GROUPS,), write=(_WRITE_GRANTS,)
    ),
    "delegated_permission_grant_info": ModuleNeeds(read=(_APPS, _GRANTS, _USERS), groups=(_GROUPS,)),
    # To delete one takes reading what goes with it.
    "service_principal": ModuleNeeds(
        read=(_APPS,), write=(_WRITE_APPS,), extra=(Need("deletions", (oauth2_permission_grants.GRANTS_READ,)),)
    ),
    "service_principal_info": ModuleNeeds(read=(_APPS,)),
    "tenant_consent": ModuleNeeds(
        read=(_APPS, _GRANTS),
        users=(_USERS, _ASSIGNMENTS),
        groups=(_GROUPS, _ASSIGNMENTS),
        write=(_WRITE_APPS, _WRITE_GRANTS, _WRITE_ASSIGNMENTS),
    ),
    "tenant_consent_info": ModuleNeeds(
        read=(_APPS, _GRANTS, _USERS), groups=(_GROUPS,), extra=(Need("attribution", (directory_audits.AUDIT_READ,)),)
    ),
}

# Larger permissions that nothing here asks for, and what they hold of those that are asked for.
_INCLUDES = {
    "Directory.ReadWrite.All": (
        "Directory.Read.All",
        *service_principals.APPLICATIONS_WRITE,
        *oauth2_permission_grants.GRANTS_WRITE,
    ),
    "User.ReadWrite.All": ("User.Read.All",),
    "Group.ReadWrite.All": ("Group.Read.All",),
    "GroupMember.ReadWrite.All": ("GroupMember.Read.All",),
    "Group.Read.All": ("GroupMember.Read.All",),
}


def missing(needs: Sequence[Need], held: Iterable[str]) -> dict[str, list[str]]:
    """What would have to be granted besides, as little as possible: the purposes of each permission; none is missing twice."""
    has = _with_included(held)
    unmet = [(need.purpose, [options for options in need.requests if not has & set(options)]) for need in needs]
    chosen: list[str] = []
    for _purpose, requests in unmet:
        open_ = [options for options in requests if not set(chosen) & set(options)]
        # One permission for the whole purpose is less to grant than one for each of its requests.
        common = [name for name in open_[0] if all(name in options for options in open_)] if open_ else []
        chosen += common[:1] or [options[0] for options in open_]
    for name in list(chosen):
        rest = set(chosen) - {name}
        if all(rest & set(options) for _purpose, requests in unmet for options in requests):
            chosen.remove(name)
    return {name: _purposes(name, unmet) for name in chosen}


def _purposes(name: str, unmet: Iterable[tuple[str, Collection[tuple[str, ...]]]]) -> list[str]:
    found = [purpose for purpose, requests in unmet if any(name in options for options in requests)]
    return list(dict.fromkeys(found))


def _with_included(held: Iterable[str]) -> set[str]:
    has: set[str] = set()
    new = set(held)
    while new:
        has |= new
        new = {name for larger in new for name in _INCLUDES.get(larger, ())} - has
    return has
