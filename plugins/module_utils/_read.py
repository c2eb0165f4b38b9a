# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declaration → TenantState, with the fewest requests (docs/requests.md). PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils import _links
from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    ALL_PRINCIPALS,
    Principal,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._members import Members

if t.TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._directory import Found
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

# What up to so many users and groups have of an app is read one by one, in one batch; for more, all that the app has
# is listed.
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
    found = await directory.find(
        _app_ids(declaration),
        (key for whom in whoms for key in whom.users),
        (key for whom in whoms for key in whom.groups),
    )
    apps = await _appearing(directory, declaration, found) if patient else found.service_principals
    members = Members.of(client, whoms, found.groups)
    deleted, _begun = await asyncio.gather(
        directory.deleted_service_principals(_restorable(declaration, apps)), members.begin()
    )
    beginning = _state(apps, deleted, found, members)
    # Enough is known now to choose between single reads and lists, so these are read beside the rest of the members.
    grant_lists, assignment_lists = await _begin_lists(client, declaration, beginning, members)
    _members, grants, assignments = await asyncio.gather(
        members.read_rest(),
        _links.rows(client, grant_lists, _links.GrantRow.read),
        _links.rows(client, assignment_lists, _links.AssignmentRow.read),
    )
    return await _links.add_names(
        directory,
        _state(apps, deleted, found, members),
        grants,
        assignments,
        everything=any(app.revoke or app.prune.grants or app.prune.assignments for app in declaration.apps),
    )


def _state(apps: Mapping[str, JSON], deleted: Mapping[str, JSON], found: Found, members: Members) -> TenantState:
    return TenantState(
        service_principals=_by_app(apps),
        deleted=_by_app(deleted),
        users={key: Principal.user(graph) for key, graph in found.users.items()},
        groups={key: Principal.group(graph) for key, graph in found.groups.items()},
        members=members.users(),
        unresolved=found.problems,
    )


async def _begin_lists(
    client: GraphClient, declaration: Declaration, state: TenantState, members: Members
) -> tuple[list[Listing], list[Listing]]:
    """The beginnings of the lists of grants and of assignments, all in the same batch."""
    grants = [request for app in declaration.apps for request in _grant_requests(app, state, members)]
    assignments = [request for app in declaration.apps for request in _assignment_requests(app, state, members)]
    listings = await _links.begin(client, [*grants, *assignments])
    return listings[: len(grants)], listings[len(grants) :]


def _grant_requests(app: AppDeclaration, state: TenantState, members: Members) -> list[Request]:
    """None for an app that does not exist: Graph answers 404 for the grants of an unknown client."""
    client = state.service_principals.get(app.app_id)
    if client is None or not (app.permissions or app.prune.grants or app.revoke):
        return []
    users = {key for rule in app.permissions for key in principals.of(rule.whom, state)}
    if app.revoke or app.prune.grants or not _are_few(users - {None}, members):
        return [endpoints.grants_of_client(client.label, client.id)]
    requests = [
        endpoints.grants_of_principal(client.label, client.id, key) for key in sorted(key for key in users if key)
    ]
    if None in users:
        requests.append(endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS))
    return requests


def _assignment_requests(app: AppDeclaration, state: TenantState, members: Members) -> list[Request]:
    resource = state.service_principals.get(app.app_id)
    if resource is None or not (app.assignments or app.prune.assignments or app.revoke):
        return []
    who = {key: one for rule in app.assignments for key, one in principals.of(rule.whom, state).items() if one}
    if app.revoke or app.prune.assignments or not _are_few(who, members):
        return [endpoints.assignments_of_app(resource.label, resource.id)]
    return [
        endpoints.assignments_of_principal(one.label, one.type, one.id, resource_id=resource.id)
        for one in sorted(who.values(), key=lambda one: one.id)
    ]


def _are_few(keys: Collection[object], members: Members) -> bool:
    """A group that goes on behind its first page counts as many, whatever the rest of it is."""
    return len(keys) <= FEW and members.is_complete


async def _appearing(directory: Directory, declaration: Declaration, found: Found) -> dict[str, JSON]:
    """The service principals, and those that appear while one waits for them."""
    apps = dict(found.service_principals)
    for wait in _REPLICATION_WAITS:
        missing = _presupposed(declaration) - apps.keys()
        if not missing:
            break
        await asyncio.sleep(wait)
        apps.update(await directory.service_principals(missing))
    return apps


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
