# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The app and the principals that a query names. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Whom
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal, ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.members import Members

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Query
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def resolve(client: GraphClient, query: Query) -> TenantState:
    """Raises DeclarationError for users and groups that do not exist."""
    whom = query.whom or Whom()
    found = await Directory(client).find([query.app_id] if query.app_id else [], whom.users, whom.groups)
    if found.problems:
        raise DeclarationError([problem for _key, problem in found.problems])
    members = Members.of(client, [whom], found.groups)
    await members.begin()
    await members.read_rest()
    return TenantState(
        service_principals={key: ServicePrincipal.from_graph(graph) for key, graph in found.service_principals.items()},
        users={key: Principal.user(graph) for key, graph in found.users.items()},
        groups={key: Principal.group(graph) for key, graph in found.groups.items()},
        members=members.users(),
    )


def principals(whom: Whom | None, state: TenantState) -> list[Principal]:
    if whom is None:
        return []
    return [principal for principal in whoms.of(whom, state).values() if principal is not None]
