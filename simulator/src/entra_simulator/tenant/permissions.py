# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which application permissions of Microsoft Graph let a caller do what.

Each operation lists alternatives; all permissions of one alternative together suffice. Most are what Microsoft
publishes as least privileged plus the well-known larger ones (README, "Permissions").
"""

from __future__ import annotations

from dataclasses import dataclass

from entra_simulator.errors import denied
from entra_simulator.tenant.audit.log import Actor
from entra_simulator.tenant.catalog import application_permissions

OWNED = "Application.ReadWrite.OwnedBy"
HIDDEN = "Member.Read.Hidden"

_APP_READ = ("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
_USER_READ = (
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
_MEMBER_READ = (
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
)
_ROLES = "AppRoleAssignment.ReadWrite.All"
_GRANTS = "DelegatedPermissionGrant.ReadWrite.All"


@dataclass(frozen=True)
class Caller:
    """Who calls: the claims of a verified token. `client_id` is the app, `actor` whoever acts with it."""

    client_id: str
    permissions: frozenset[str]
    actor: Actor


def _any_of(*permissions: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset({permission}) for permission in permissions)


OPERATIONS: dict[str, tuple[frozenset[str], ...]] = {
    "servicePrincipals.read": _any_of(*_APP_READ, OWNED),
    "servicePrincipals.write": _any_of("Application.ReadWrite.All", "Directory.ReadWrite.All", OWNED),
    "grants.read": _any_of("Directory.Read.All", "Directory.ReadWrite.All", _GRANTS),
    "grants.write": _any_of(_GRANTS, "Directory.ReadWrite.All"),
    "appRoles.read": _any_of(*_APP_READ),
    # Writing needs to read the app too: the assignment permission alone is not enough.
    "appRoles.write": tuple(frozenset({_ROLES, reader}) for reader in _APP_READ),
    "principalRoles.read": _any_of("Directory.Read.All", "Directory.ReadWrite.All", _ROLES),
    "principalRoles.write": _any_of(_ROLES),
    "users.read": _any_of(*_USER_READ),
    "groups.read": _any_of("Group.ReadBasic.All", *_MEMBER_READ[1:]),
    "members.read": _any_of(*_MEMBER_READ),
    "objects.read": _any_of("Directory.Read.All", "Directory.ReadWrite.All"),
    "organization.read": _any_of(
        "Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"
    ),
    "audits.read": _any_of("AuditLog.Read.All"),
    # Requests that Graph refuses whatever the caller may do.
    "none": (frozenset(),),
}


def check(operation: str, held: frozenset[str]) -> None:
    """Raise the 403 of Graph unless `held` suffices for `operation`."""
    if not any(needed <= held for needed in OPERATIONS[operation]):
        raise denied()


def only_own_apps(operation: str, held: frozenset[str]) -> bool:
    """Whether `Application.ReadWrite.OwnedBy` is all that lets the caller in: then foreign apps are off limits."""
    return OWNED in held and not any(needed <= held for needed in OPERATIONS[operation] if needed != frozenset({OWNED}))


def may_see_users(held: frozenset[str]) -> bool:
    """Whether members that are users show more than their id."""
    return any(permission in held for permission in _USER_READ)


def may_see_hidden(held: frozenset[str]) -> bool:
    """Whether the members of groups that hide them are shown."""
    return HIDDEN in held


def known() -> frozenset[str]:
    """Every permission an identity may hold: those Graph publishes and those of the table above."""
    return application_permissions() | {name for sets in OPERATIONS.values() for names in sets for name in names}
