# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declaration → TenantState, with the fewest requests (docs/requests.md). PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    ALL_PRINCIPALS,
    Kind,
    Principal,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import LARGEST_BATCH
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import deletions, links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.members import Members

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Found

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
    lists = await _begin_lists(client, declaration, beginning, members)
    _members, grants, assignments, along = await asyncio.gather(
        members.read_rest(),
        links.rows(client, lists.grants, links.GrantRow.read),
        links.rows(client, lists.assignments, links.AssignmentRow.read),
        deletions.going_along(client, declaration, beginning.service_principals),
    )
    return await links.add_names(
        directory,
        dataclasses.replace(_state(apps, deleted, found, members), listed=lists.complete, going_along=along),
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


@dataclasses.dataclass(slots=True)
class _Lists:
    """Lists of which the first pages are there, and of which apps they hold all of a kind."""

    grants: list[Listing]
    assignments: list[Listing]
    complete: frozenset[tuple[str, Kind]]


class _Asked(t.NamedTuple):
    """What is read of an app's grants or assignments. ``whole``: the list that would tell those of others, too."""

    app_id: str
    kind: Kind
    requests: list[Request]
    whole: Request

    @property
    def is_whole(self) -> bool:
        return self.requests == [self.whole]


async def _begin_lists(client: GraphClient, declaration: Declaration, state: TenantState, members: Members) -> _Lists:
    """The beginnings of the lists of grants and of assignments, all in the same batch.

    Where a batch has room, the whole list of an app rides along with single reads of the users in a group: if it fits on
    a page it tells who has left the group, and keeps access.
    """
    asked = [
        one
        for ask in (_grant_requests, _assignment_requests)
        for app in declaration.apps
        if (one := ask(app, state, members)) is not None
    ]
    single = [one for one in asked if not one.is_whole]
    room = -sum(len(one.requests) for one in asked) % LARGEST_BATCH
    curious = [one for one in single if _names_groups(one, declaration)][:room]
    listings = await links.begin(
        client, [*(request for one in asked for request in one.requests), *(one.whole for one in curious)]
    )
    lists = _Lists([], [], frozenset((one.app_id, one.kind) for one in asked if one.is_whole))
    for one in asked:
        own, listings = listings[: len(one.requests)], listings[len(one.requests) :]
        _add(lists, one, own)
    for one, listing in zip(curious, listings, strict=True):
        if listing.next_page is None:
            _add(lists, one, [listing])
            lists.complete |= {(one.app_id, one.kind)}
    return lists


def _add(lists: _Lists, one: _Asked, listings: Iterable[Listing]) -> None:
    (lists.grants if one.kind == "delegated_permission_grant" else lists.assignments).extend(listings)


def _names_groups(one: _Asked, declaration: Declaration) -> bool:
    """Whether the users are those of groups, which somebody may have left."""
    return any(
        rule.whom.groups and rule.whom.expand_groups and not rule.remove
        for app in declaration.apps
        if app.app_id == one.app_id
        for rule in (app.permissions if one.kind == "delegated_permission_grant" else app.assignments)
    )


def _grant_requests(app: AppDeclaration, state: TenantState, members: Members) -> _Asked | None:
    """None for an app that does not exist: Graph answers 404 for the grants of an unknown client."""
    client = state.service_principals.get(app.app_id)
    if client is None or not (app.permissions or app.prune.grants or app.revoke):
        return None
    users = {key for rule in app.permissions for key in principals.of(rule.whom, state)}
    whole = endpoints.grants_of_client(client.label, client.id)
    if app.revoke or app.prune.grants or not _are_few(users - {None}, members):
        return _Asked(app.app_id, "delegated_permission_grant", [whole], whole)
    requests = [
        endpoints.grants_of_principal(client.label, client.id, key) for key in sorted(key for key in users if key)
    ]
    if None in users:
        requests.append(endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS))
    return _Asked(app.app_id, "delegated_permission_grant", requests, whole)


def _assignment_requests(app: AppDeclaration, state: TenantState, members: Members) -> _Asked | None:
    resource = state.service_principals.get(app.app_id)
    if resource is None or not (app.assignments or app.prune.assignments or app.revoke):
        return None
    who = {key: one for rule in app.assignments for key, one in principals.of(rule.whom, state).items() if one}
    whole = endpoints.assignments_of_app(resource.label, resource.id)
    if app.revoke or app.prune.assignments or not _are_few(who, members):
        return _Asked(app.app_id, "app_role_assignment", [whole], whole)
    requests = [
        endpoints.assignments_of_principal(one.label, one.type, one.id, resource_id=resource.id)
        for one in sorted(who.values(), key=lambda one: one.id)
    ]
    return _Asked(app.app_id, "app_role_assignment", requests, whole)


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
