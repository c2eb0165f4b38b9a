# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declaration → TenantState, with the fewest requests (docs/requests.md). PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry as pure
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.service_principal import rule_of
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal, ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import LARGEST_BATCH
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import deletions, links, registry
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import FEW
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.members import Members

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Found
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Asked

# Seconds.
_REPLICATION_WAITS = (1.0, 2.0, 4.0)


async def read(client: GraphClient, declaration: Declaration, *, patient: bool = False) -> TenantState:
    """What the tenant has of everything that the declaration names. Raises GraphError.

    :param patient: wait a few seconds for service principals that must be there: an earlier task may have created them
        just now.
    """
    directory = Directory(client)
    whoms = list(declaration.whoms())
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
    rows, _members, along = await asyncio.gather(
        asyncio.gather(*(links.rows(client, lists.listings[kind.name], kind.row) for kind in registry.KINDS)),
        members.read_rest(),
        deletions.going_along(client, declaration, beginning.service_principals),
    )
    return await links.add_names(
        directory,
        dataclasses.replace(_state(apps, deleted, found, members), listed=frozenset(lists.complete), going_along=along),
        dict(zip(registry.KINDS, rows, strict=True)),
        everything=any(app.looks_everywhere() for app in declaration.apps),
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
    """Lists of which the first pages are there, by kind, and of which apps they hold all of a kind."""

    listings: dict[str, list[Listing]]
    complete: set[tuple[str, str]]

    def add(self, one: Asked, listings: Iterable[Listing]) -> None:
        self.listings[one.kind].extend(listings)


async def _begin_lists(client: GraphClient, declaration: Declaration, state: TenantState, members: Members) -> _Lists:
    """The beginnings of the lists of all kinds, all in the same batch.

    Where a batch has room, the whole list of an app rides along with single reads of the users in a group: if it fits on
    a page it tells who has left the group, and keeps access.
    """

    def are_few(keys: Collection[object]) -> bool:
        """A group that goes on behind its first page counts as many, whatever the rest of it is."""
        return len(keys) <= FEW and members.is_complete

    asked = [
        one
        for kind in registry.KINDS
        for app in declaration.apps
        if (one := kind.asked(app, state, are_few)) is not None
    ]
    single = [one for one in asked if not one.is_whole]
    room = -sum(len(one.requests) for one in asked) % LARGEST_BATCH
    curious = [one for one in single if _names_groups(one, declaration)][:room]
    listings = await links.begin(
        client, [*(request for one in asked for request in one.requests), *(one.whole for one in curious)]
    )
    lists = _Lists(
        {kind.name: [] for kind in registry.KINDS}, {(one.app_id, one.kind) for one in asked if one.is_whole}
    )
    for one in asked:
        own, listings = listings[: len(one.requests)], listings[len(one.requests) :]
        lists.add(one, own)
    for one, listing in zip(curious, listings, strict=True):
        if listing.next_page is None:
            lists.add(one, [listing])
            lists.complete.add((one.app_id, one.kind))
    return lists


def _names_groups(one: Asked, declaration: Declaration) -> bool:
    """Whether the users are those of groups, which somebody may have left."""
    return any(
        whom.groups and whom.expand_groups and not rule.remove
        for app in declaration.apps
        if app.app_id == one.app_id
        for kind, rule, whom in app.whoms()
        if kind == one.kind
    )


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
    created = {app.app_id for app in declaration.apps if (rule := rule_of(app)) and not rule.remove}
    presupposed = {app_id for app in declaration.apps for kind in pure.KINDS for app_id in kind.presupposed(app)}
    return presupposed - created


def _app_ids(declaration: Declaration) -> set[str]:
    others = {app_id for app in declaration.apps for kind in pure.KINDS for app_id in kind.app_ids(app.part(kind.name))}
    return others | {app.app_id for app in declaration.apps}


def _restorable(declaration: Declaration, existing: Mapping[str, JSON]) -> list[str]:
    """Apps whose service principal is declared, missing, and may be in the recycle bin."""
    return [
        app.app_id
        for app in declaration.apps
        if app.app_id not in existing and (rule := rule_of(app)) and rule.restore and not rule.remove
    ]


def _by_app(found: Mapping[str, JSON]) -> dict[str, ServicePrincipal]:
    return {app_id: ServicePrincipal.from_graph(graph) for app_id, graph in found.items()}
