# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All the consent in a whole tenant, whoever holds it. PRIVATE to tenantops.entra.

Each kind names the lists that together hold all of its objects. They are begun in batches, and those that kinds share are
read once.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import service_principals
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links, registry
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Names

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import TenantKind

    Rows: t.TypeAlias = Mapping[TenantKind, list[t.Any]]


@dataclasses.dataclass(frozen=True)
class Survey:
    """What has been found.

    :ivar apps: the tenant's service principals by object id, without what they publish.
    """

    apps: Mapping[str, ServicePrincipal]
    rows: Rows

    @functools.cached_property
    def _objects(self) -> dict[str, dict[t.Any, t.Any]]:
        names = Names({app.id: app.app_id for app in self.apps.values()}, {}, everything=True)
        return {kind.name: kind.objects(rows, names) for kind, rows in self.rows.items()}

    def app_ids(self) -> set[str]:
        """Who holds anything; an app that can't be found any more by its object id."""
        return {key[0] for held in self._objects.values() for key in held}

    async def summed(self, client: GraphClient) -> TenantState:
        """What adding up takes: apps with what they publish where that matters, people by their object ids."""
        publishers: set[str] = set().union(*(kind.publishers(rows) for kind, rows in self.rows.items()))
        found = await Directory(client).resources(publishers & self.apps.keys())
        apps = {**self.apps, **{key: ServicePrincipal.from_graph(graph) for key, graph in found.items()}}
        return TenantState(service_principals={app.app_id: app for app in apps.values()}, objects=self._objects)

    async def named(self, client: GraphClient) -> TenantState:
        """All that an export takes: whole apps, users and groups by their names."""
        directory = Directory(client)
        involved = set(self.apps) & set().union(*(kind.ends(rows)[0] for kind, rows in self.rows.items()))
        found = await directory.resources(involved)
        apps = [ServicePrincipal.from_graph(graph) for graph in found.values()]
        state = TenantState(service_principals={app.app_id: app for app in apps})
        return await links.add_names(directory, state, self.rows, everything=True)


async def survey(client: GraphClient) -> Survey:
    """Raises GraphError."""
    apps = await _apps(client)
    requests = {kind: kind.of_tenant(apps) for kind in registry.KINDS}
    unique = {request.url: request for asked in requests.values() for request in asked}
    askers: dict[str, list[TenantKind]] = {url: [] for url in unique}
    for kind, asked in requests.items():
        for request in asked:
            askers[request.url].append(kind)
    rows: dict[TenantKind, list[t.Any]] = {kind: [] for kind in registry.KINDS}

    async def read(url: str, listing: Listing) -> None:
        def add(page: Iterable[JSON]) -> None:
            for graph in page:
                for kind in askers[url]:
                    rows[kind].append(kind.row(graph))

        await client.each_page(listing, add)

    begun = zip(unique, await links.begin(client, list(unique.values())), strict=True)
    await asyncio.gather(*(read(url, listing) for url, listing in begun))
    return Survey({app.id: app for app in apps}, rows)


async def apps_of(client: GraphClient, publishers: set[str]) -> list[ServicePrincipal]:
    """The tenant's service principals whose apps are registered in these tenants. Raises GraphError."""
    apps = await _apps(client)
    return [app for app in apps if (app.owner_tenant_id or "").lower() in publishers]


async def _apps(client: GraphClient) -> list[ServicePrincipal]:
    """The tenant's service principals, without what they publish."""
    listings = await links.begin(client, [service_principals.service_principals_of_tenant()])
    return await links.rows(client, listings, ServicePrincipal.from_graph)
