# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What agent identities have from their blueprint's principal. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import read_to_the_end

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import TenantKind


async def with_inherited(
    client: GraphClient, state: TenantState, kinds: Iterable[TenantKind], app_ids: Iterable[str]
) -> tuple[TenantState, list[str]]:
    """The state with what those of the apps that are agent identities have from their blueprint's principal.

    Also what of that could not be read, one sentence each: Graph documents these lists for its beta version only, so a
    tenant may not have them.
    """
    known = [state.service_principals[app_id] for app_id in app_ids if app_id in state.service_principals]
    asked = [
        (kind, agent, request)
        for agent in known
        if agent.is_agent
        for kind in kinds
        if (request := kind.inherited_by(agent)) is not None
    ]
    inherited: dict[str, list[t.Any]] = {}
    problems: list[str] = []
    directory = Directory(client)
    listings = await client.first_pages([request for _kind, _agent, request in asked])
    for (kind, agent, _request), listing in zip(asked, listings, strict=True):
        rows = await read_to_the_end(client, listing)
        if isinstance(rows, EntraError):
            problems.append(f"What {agent.label} inherits is not in this. {rows.message}")
            continue
        named = await links.add_names(directory, state, {kind: list(map(kind.row, rows))}, everything=True)
        state = dataclasses.replace(state, service_principals=named.service_principals)
        # Whoever Graph names as the holder: the list is of what this agent has.
        found = [dataclasses.replace(item, app_id=agent.app_id) for item in named.objects[kind.name].values()]
        inherited.setdefault(kind.name, []).extend(found)
    return dataclasses.replace(state, inherited=inherited), problems
