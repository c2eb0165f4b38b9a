# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the info modules look up, in the same objects as the state modules return. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration, principals, report
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Principal,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links, read
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.members import Members

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Whom
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

    Options: t.TypeAlias = Mapping[str, t.Any]


async def service_principals(client: GraphClient, options: Options) -> JSON:
    """Of module ``service_principal_info``."""
    app_ids = declaration.app_ids(options["app_ids"])
    found = await Directory(client).service_principals(app_ids)
    apps = [ServicePrincipal.from_graph(found[app_id]) for app_id in app_ids if app_id in found]
    return {"service_principals": [report.service_principal(app) for app in apps]}


async def grants(client: GraphClient, options: Options) -> JSON:
    """Of module ``delegated_permission_grant_info``."""
    query = declaration.query(options, expand_groups=True)
    state = await _resolve(client, query)
    users = _principals(query.whom, state)
    app = state.service_principals.get(query.app_id) if query.app_id else None
    if query.app_id and app is None:
        return {"grants": []}
    requests: list[Request]
    if app is not None and (not query.whom or len(users) > read.FEW):
        requests = [endpoints.grants_of_client(app.label, app.id)]
    elif app is not None:
        requests = [endpoints.grants_of_principal(app.label, app.id, user.id) for user in users]
    else:
        requests = [endpoints.grants_of_user(user.label, user.id) for user in users]
    wanted = {user.id for user in users}
    listed = await links.rows(client, await links.begin(client, requests), links.GrantRow.read)
    chosen = [row for row in listed if not query.whom or row.user_id in wanted]
    state = await links.add_names(Directory(client), state, chosen, (), everything=True)
    found = report.by_name(state.grants.values())
    if query.resource_app_id:
        found = [grant for grant in found if grant.resource_app_id == query.resource_app_id]
    return {"grants": [report.grant(grant, state) for grant in found]}


async def assignments(client: GraphClient, options: Options) -> JSON:
    """Of module ``app_role_assignment_info``."""
    query = declaration.query(options, expand_groups=False)
    state = await _resolve(client, query)
    who = _principals(query.whom, state)
    app = state.service_principals.get(query.app_id) if query.app_id else None
    if query.app_id and app is None:
        return {"assignments": []}
    if app is not None and (not query.whom or len(who) > read.FEW):
        requests = [endpoints.assignments_of_app(app.label, app.id)]
    else:
        resource_id = app.id if app else None
        requests = [
            endpoints.assignments_of_principal(one.label, one.type, one.id, resource_id=resource_id) for one in who
        ]
    wanted = {principal.id for principal in who}
    listed = await links.rows(client, await links.begin(client, requests), links.AssignmentRow.read)
    # The list of a user also holds what comes through the user's groups: those rows name the group.
    rows = [row for row in listed if not query.whom or row.principal_id in wanted]
    named = await links.add_names(Directory(client), state, (), rows, everything=True)
    return {"assignments": [report.assignment(row, named) for row in report.by_name(named.assignments.values())]}


async def _resolve(client: GraphClient, query: declaration.Query) -> TenantState:
    """The app and the principals that a query names; raises DeclarationError for those that do not exist."""
    whom = query.whom or declaration.Whom()
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


def _principals(whom: Whom | None, state: TenantState) -> list[Principal]:
    if whom is None:
        return []
    return [principal for principal in principals.of(whom, state).values() if principal is not None]
