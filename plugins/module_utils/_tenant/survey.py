# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has delegated permissions in a whole tenant. PRIVATE to tenantops.entra.

Three lists, begun in one batch: all service principals, the grants for all users, and those for single users.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.delegated_permission_grant import (
    ALL_PRINCIPALS,
    PRINCIPAL,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import GrantRow

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """What has been found.

    :ivar apps: the tenant's service principals by object id, without what they publish.
    :ivar resources: those that permissions are on, with their scopes.
    """

    apps: dict[str, ServicePrincipal]
    resources: dict[str, ServicePrincipal]
    grants: list[GrantRow]

    def by_client(self) -> dict[str, list[GrantRow]]:
        """The grants of each client, by the client's app id; of one that can't be found any more, by object id."""
        found: dict[str, list[GrantRow]] = {}
        for row in self.grants:
            known = self.apps.get(row.client_id)
            found.setdefault(known.app_id if known else row.client_id, []).append(row)
        return found


async def survey(client: GraphClient) -> Survey:
    """Raises GraphError."""
    apps, everybody, single = await links.begin(
        client,
        [
            endpoints.service_principals_of_tenant(),
            endpoints.grants_of_tenant(ALL_PRINCIPALS),
            endpoints.grants_of_tenant(PRINCIPAL),
        ],
    )
    found = {app.id: app for app in await links.rows(client, [apps], ServicePrincipal.from_graph)}
    grants = await links.rows(client, [everybody, single], GrantRow.read)
    resources = await Directory(client).resources({row.resource_id for row in grants})
    return Survey(found, {key: ServicePrincipal.from_graph(graph) for key, graph in resources.items()}, grants)
