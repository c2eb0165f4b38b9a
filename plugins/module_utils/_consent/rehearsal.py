# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant's consent state as a seed of the simulated tenant, to try declarations on. PRIVATE to tenantops.entra. Pure.

The format is that of the simulator's README. Members of groups within a group are put into it directly.
"""

from __future__ import annotations

import typing as t
import uuid
from collections import Counter

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON, Principal

DOMAIN = "contoso.example"
# The automation that signs in to the copy: it may do all that the modules do.
AUTOMATION: JSON = {
    "name": "automation",
    "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11",
    "permissions": [
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "AuditLog.Read.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
    ],
}


def seed(
    state: TenantState, members: Mapping[str, Sequence[Principal]], *, new: Mapping[str, str], tenant: str | None
) -> JSON:
    """The copy.

    :param members: the users in groups, by the group's object id.
    :param new: apps that the tenant does not have and the copy is to know, by app id with their names.
    :param tenant: the tenant's id or domain, as far as it is known.
    """
    having = [one for kind in registry.KINDS for one in kind.people(state)]
    groups = {one.id: one for one in (*having, *state.groups.values()) if one.type == "Group"}
    found = [one for one in (*having, *state.users.values()) if one.type == "User"]
    found += [user for users in (*members.values(), *state.members.values()) for user in users]
    # Graph copies display names into assignments; only a name that was looked up is a UPN.
    users = {user.id: user for user in found if "@" in user.name}
    sections: dict[str, list[JSON]] = {}
    for kind in registry.KINDS:
        for name, entries in kind.seeded(state, users.keys() | groups.keys()).items():
            sections.setdefault(name, []).extend(entries)
    named = [{"app_id": app_id, "display_name": name} for app_id, name in sorted(new.items())]
    sections.setdefault("applications", []).extend(named)
    return {
        "tenant": _tenant(tenant, users.values()),
        "users": [
            {"id": user.id, "user_principal_name": user.name, "display_name": user.name.partition("@")[0]}
            for user in sorted(users.values(), key=_by_name)
        ],
        "groups": [
            {
                "id": group.id,
                "display_name": group.label,
                "members": [user.id for user in sorted(members.get(group.id, ()), key=_by_name) if user.id in users],
            }
            for group in sorted(groups.values(), key=_by_name)
        ],
        **sections,
        "identities": [AUTOMATION],
    }


def _tenant(tenant: str | None, users: Iterable[Principal]) -> JSON:
    """An id and a domain, both from what is known; what is not known is derived, the same each time."""
    domains = Counter(user.name.rpartition("@")[2].lower() for user in users)
    try:
        tenant_id: str | None = str(uuid.UUID(tenant or ""))
    except ValueError:
        tenant_id = None
    domain = tenant if tenant and tenant_id is None else domains.most_common(1)[0][0] if domains else DOMAIN
    return {"id": tenant_id or str(uuid.uuid5(uuid.NAMESPACE_DNS, domain)), "domain": domain}


def _by_name(one: Principal) -> tuple[str, str]:
    return (one.label.casefold(), one.id)
