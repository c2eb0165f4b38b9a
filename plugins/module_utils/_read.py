# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declaration → TenantState, with the fewest requests. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    ALL_PRINCIPALS,
    Assignment,
    Grant,
    GrantKey,
    Principal,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request

# Up to so many users of an app are read one by one, in one batch; for more, the app's grants are listed.
FEW = 20
# Seconds.
_REPLICATION_WAITS = (1.0, 2.0, 4.0)


async def read(client: GraphClient, declaration: Declaration, *, patient: bool = False) -> TenantState:
    """What the tenant has of everything that the declaration names. Raises GraphError.

    :param patient: wait a few seconds for service principals that must be there: an earlier task may have created them
        just now.
    """
    directory = Directory(client)
    whoms = list(principals.whoms(declaration))
    graph_apps, found = await asyncio.gather(
        _service_principals(directory, declaration, patient=patient),
        directory.principals(
            [key for whom in whoms for key in whom.users], [key for whom in whoms for key in whom.groups]
        ),
    )
    deleted, members = await asyncio.gather(
        directory.deleted_service_principals(_restorable(declaration, graph_apps)),
        directory.members(
            (found.groups[key]["id"], key, whom.nested_groups)
            for whom in whoms
            if whom.expand_groups
            for key in whom.groups
            if key in found.groups
        ),
    )
    state = TenantState(
        service_principals=_by_app(graph_apps),
        deleted=_by_app(deleted),
        users={key: Principal.user(graph) for key, graph in found.users.items()},
        groups={key: Principal.group(graph) for key, graph in found.groups.items()},
        members={key: tuple(map(Principal.user, users)) for key, users in members.items()},
        unresolved=found.problems,
    )
    granted, assigned = await asyncio.gather(
        _with_grants(client, directory, declaration, state),
        _with_assignments(client, directory, declaration, state),
    )
    return dataclasses.replace(granted, assignments=assigned.assignments)


async def name_grants(
    directory: Directory, state: TenantState, graph_grants: Iterable[JSON], *, everything: bool
) -> TenantState:
    """Adds grants, as Graph lists them, to the state.

    :param everything: also name the apps and users that the state does not know yet; otherwise grants on other
        resources are left out, because nothing speaks of them.
    """
    listed = list(graph_grants)
    known = _people(state)
    apps: dict[str, str] = {app.id: app_id for app_id, app in state.service_principals.items()}
    others: dict[str, ServicePrincipal] = {}
    if everything:
        unknown_apps = {grant[end] for grant in listed for end in ("clientId", "resourceId")} - apps.keys()
        unknown_users = {grant["principalId"] for grant in listed if grant.get("principalId")} - known.keys()
        graph_apps, graph_users = await asyncio.gather(
            directory.service_principals_by_id(unknown_apps), directory.users_by_id(unknown_users)
        )
        others = _by_app({graph["appId"].lower(): graph for graph in graph_apps.values()})
        apps.update((app.id, app_id) for app_id, app in others.items())
        known.update((key, Principal.user(graph)) for key, graph in graph_users.items())
    grants: dict[GrantKey, Grant] = {}
    for graph in listed:
        if not everything and graph["resourceId"] not in apps:
            continue
        user_id = graph.get("principalId")
        client_id, resource_id = graph["clientId"], graph["resourceId"]
        grant = Grant(
            app_id=apps.get(client_id) or client_id,
            resource_app_id=apps.get(resource_id) or resource_id,
            principal=(known.get(user_id) or Principal(user_id, "User")) if user_id else None,
            scope=graph.get("scope") or "",
            id=graph["id"],
        )
        grants[grant.key] = grant
    return dataclasses.replace(state, grants=grants, service_principals={**others, **state.service_principals})


async def name_assignments(
    directory: Directory, state: TenantState, graph_assignments: Iterable[JSON], *, everything: bool
) -> TenantState:
    """Adds assignments of users and groups, as Graph lists them, to the state.

    Other apps' application permissions are not ours to look at, let alone to remove.

    :param everything: also name the apps, and the users by UPN, that the state does not know yet.
    """
    rows = [row for row in graph_assignments if row["principalType"] in ("User", "Group")]
    people = _people(state)
    apps: dict[str, str] = {app.id: app_id for app_id, app in state.service_principals.items()}
    others: dict[str, ServicePrincipal] = {}
    if everything:
        unknown_users = {row["principalId"] for row in rows if row["principalType"] == "User"} - people.keys()
        graph_apps, graph_users = await asyncio.gather(
            directory.service_principals_by_id({row["resourceId"] for row in rows} - apps.keys()),
            directory.users_by_id(unknown_users),
        )
        others = _by_app({graph["appId"].lower(): graph for graph in graph_apps.values()})
        apps.update((app.id, app_id) for app_id, app in others.items())
        people.update((key, Principal.user(graph)) for key, graph in graph_users.items())
    found = [_assignment(apps.get(row["resourceId"]) or row["resourceId"], row, people) for row in rows]
    return dataclasses.replace(
        state,
        assignments={assignment.key: assignment for assignment in found},
        service_principals={**others, **state.service_principals},
    )


def _assignment(app_id: str, graph: JSON, people: Mapping[str, Principal]) -> Assignment:
    """Graph copies display names into assignments; users are known by UPN here where it could be read."""
    copied = Principal(graph["principalId"], graph["principalType"], graph.get("principalDisplayName") or "")
    return Assignment(app_id, people.get(copied.id, copied), graph["appRoleId"], graph["id"])


def _people(state: TenantState) -> dict[str, Principal]:
    """The users that the state knows, by object id."""
    people = {principal.id: principal for principal in state.users.values()}
    people.update((principal.id, principal) for users in state.members.values() for principal in users)
    return people


async def _with_grants(
    client: GraphClient, directory: Directory, declaration: Declaration, state: TenantState
) -> TenantState:
    requests = [request for app in declaration.apps for request in _grant_requests(app, state)]
    listed = [grant for objects in await all_pages(client, requests) for grant in objects]
    everything = any(app.revoke or app.prune.grants for app in declaration.apps)
    return await name_grants(directory, state, listed, everything=everything)


def _grant_requests(app: AppDeclaration, state: TenantState) -> list[Request]:
    """None for an app that does not exist: Graph answers 404 for the grants of an unknown client."""
    client = state.service_principals.get(app.app_id)
    if client is None:
        return []
    if app.revoke or app.prune.grants:
        return [endpoints.grants_of_client(client.label, client.id)]
    users = {key for rule in app.permissions for key in principals.of(rule.whom, state)}
    if len(users - {None}) > FEW:
        return [endpoints.grants_of_client(client.label, client.id)]
    requests = [
        endpoints.grants_of_principal(client.label, client.id, key) for key in sorted(key for key in users if key)
    ]
    if None in users:
        requests.append(endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS))
    return requests


async def _with_assignments(
    client: GraphClient, directory: Directory, declaration: Declaration, state: TenantState
) -> TenantState:
    apps = [
        state.service_principals[app.app_id]
        for app in declaration.apps
        if app.app_id in state.service_principals and (app.assignments or app.prune.assignments or app.revoke)
    ]
    lists = await all_pages(client, [endpoints.assignments_of_app(app.label, app.id) for app in apps])
    rows = [row for objects in lists for row in objects]
    everything = any(app.revoke or app.prune.assignments for app in declaration.apps)
    return await name_assignments(directory, state, rows, everything=everything)


async def all_pages(client: GraphClient, requests: list[Request]) -> list[list[JSON]]:
    """The objects of each list; raises GraphError if one can't be read.

    The lists belong to objects that have just been read. When Graph does not find one all the same, it is too new for
    the part of Graph that answers: asked again for a few seconds.
    """
    for wait in (*_REPLICATION_WAITS, None):
        found = await client.pages_many(requests) if requests else []
        missing = [one for one in found if not isinstance(one, list) and one.status == 404]
        if wait is None or not missing:
            break
        await asyncio.sleep(wait)
    return [one if isinstance(one, list) else [one.get()] for one in found]


async def _service_principals(directory: Directory, declaration: Declaration, *, patient: bool) -> dict[str, JSON]:
    found = await directory.service_principals(_app_ids(declaration))
    for wait in _REPLICATION_WAITS if patient else ():
        missing = _presupposed(declaration) - found.keys()
        if not missing:
            break
        await asyncio.sleep(wait)
        found.update(await directory.service_principals(missing))
    return found


def _presupposed(declaration: Declaration) -> set[str]:
    """Apps that something is given of or to and that the declaration itself does not create."""
    created = {app.app_id for app in declaration.apps if app.service_principal and not app.service_principal.remove}
    granted = {
        app_id
        for app in declaration.apps
        for rule in app.permissions
        if not rule.remove
        for app_id in (app.app_id, rule.resource_app_id)
    }
    assigned = {app.app_id for app in declaration.apps for rule in app.assignments if not rule.remove}
    return (granted | assigned) - created


def _app_ids(declaration: Declaration) -> set[str]:
    clients = {app.app_id for app in declaration.apps}
    return clients | {rule.resource_app_id for app in declaration.apps for rule in app.permissions}


def _restorable(declaration: Declaration, existing: Mapping[str, JSON]) -> list[str]:
    """Apps whose service principal is declared, missing, and may be in the recycle bin."""
    return [
        app.app_id
        for app in declaration.apps
        if app.app_id not in existing
        and app.service_principal
        and app.service_principal.restore
        and not app.service_principal.remove
    ]


def _by_app(found: Mapping[str, JSON]) -> dict[str, ServicePrincipal]:
    return {app_id: ServicePrincipal.from_graph(graph) for app_id, graph in found.items()}
