# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of what belongs to apps, read to their ends and named. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal, ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Names, TenantKind

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory

_Row = t.TypeVar("_Row")

# Seconds.
_REPLICATION_WAITS = (1.0, 2.0, 4.0)


async def begin(client: GraphClient, requests: Sequence[Request]) -> list[Listing]:
    """The beginnings of lists that belong to objects which have just been read; raises GraphError.

    When Graph does not find such an object all the same, it is too new for the part of Graph that answers: asked again
    for a few seconds.
    """
    listings = await client.first_pages(requests)
    for wait in _REPLICATION_WAITS:
        missing = [place for place, listing in enumerate(listings) if listing.error and listing.error.status == 404]
        if not missing:
            break
        await asyncio.sleep(wait)
        for place, listing in zip(
            missing, await client.first_pages([requests[place] for place in missing]), strict=True
        ):
            listings[place] = listing
    for listing in listings:
        if listing.error is not None:
            raise listing.error
    return listings


async def rows(client: GraphClient, listings: Iterable[Listing], read: Callable[[JSON], _Row]) -> list[_Row]:
    """All rows of lists, which are read to their ends side by side; raises GraphError."""
    found: list[_Row] = []
    await asyncio.gather(
        *(client.each_page(listing, lambda page: found.extend(map(read, page))) for listing in listings)
    )
    return found


async def add_names(
    directory: Directory, state: TenantState, found: Mapping[TenantKind, Sequence[t.Any]], *, everything: bool
) -> TenantState:
    """The state with what these rows say.

    :param found: rows by their kind.
    :param everything: also name the apps and users that the state does not know yet; otherwise what is on other
        resources is left out, because nothing speaks of it.
    """
    people = _people(state)
    apps = {app.id: app_id for app_id, app in state.service_principals.items()}
    others: dict[str, ServicePrincipal] = {}
    if everything:
        ends = [kind.ends(rows) for kind, rows in found.items()]
        app_ids: set[str] = set().union(*(ids for ids, _users in ends))
        user_ids: set[str] = set().union(*(ids for _apps, ids in ends))
        graph_apps, graph_users = await directory.named(app_ids - apps.keys(), user_ids - people.keys())
        others = {graph["appId"].lower(): ServicePrincipal.from_graph(graph) for graph in graph_apps.values()}
        apps.update((app.id, app_id) for app_id, app in others.items())
        people.update((key, Principal.user(graph)) for key, graph in graph_users.items())
    names = Names(apps, people, everything)
    return dataclasses.replace(
        state,
        objects={kind.name: kind.objects(rows, names) for kind, rows in found.items()},
        service_principals={**others, **state.service_principals},
    )


def _people(state: TenantState) -> dict[str, Principal]:
    """The users that the state knows, by object id."""
    people = {principal.id: principal for principal in state.users.values()}
    people.update((principal.id, principal) for users in state.members.values() for principal in users)
    return people
