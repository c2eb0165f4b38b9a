# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates that Graph answers with "exists already": read what is there, and bring it to what is declared.

PRIVATE to tenantops.entra. Somebody else made it in between, or the answer to our own request was lost.
"""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import ALL_PRINCIPALS, Change
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

# Seconds between tries while Graph replicates: 63 s together.
REPLICATION_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """How a conflict ended. ``instead``: what was done in place of the planned change, if that differs."""

    change: Change
    object_id: str = ""
    instead: Change | None = None
    error: EntraError | None = None


class Settler:
    """Settles conflicts of one run.

    :param apps: service principals by app id.
    """

    def __init__(self, client: GraphClient, apps: Mapping[str, ServicePrincipal]) -> None:
        self._client = client
        self._apps = apps

    async def settle(self, changes: Sequence[Change], on_settled: Callable[[Settled], None]) -> None:
        """Calls ``on_settled`` once for each change."""
        await self._grants([change for change in changes if change.kind == "delegated_permission_grant"], on_settled)
        await self._assignments([change for change in changes if change.kind == "app_role_assignment"], on_settled)

    async def _grants(self, changes: Sequence[Change], on_settled: Callable[[Settled], None]) -> None:
        existing = await self._existing_grants(changes)
        stale: list[Settled] = []
        for change in changes:
            grant = existing.get(id(change))
            if grant is None:
                message = f"Graph says that {change.subject} exists, yet does not show it: run again later."
                grant = EntraError(message)
            if isinstance(grant, EntraError):
                on_settled(Settled(change, error=grant))
                continue
            before = frozenset((grant.get("scope") or "").split())
            after = change.scopes_after | before if change.keep_other_scopes else change.scopes_after
            if after == before:
                on_settled(Settled(change, grant["id"]))
            else:
                # Somebody else's: what is done to it is what is reported.
                update = dataclasses.replace(
                    change, action="update", scopes_before=before, scopes_after=after, object_id=grant["id"]
                )
                stale.append(Settled(change, grant["id"], instead=update))
        answers = await self._client.send_many([_update(settled) for settled in stale])
        for settled, answer in zip(stale, answers, strict=True):
            on_settled(settled if answer.error is None else Settled(settled.change, error=answer.error))

    async def _existing_grants(self, changes: Sequence[Change]) -> dict[int, JSON | EntraError]:
        """The grants, or why they can't be read, by their change's identity; a new one may stay invisible for a while."""
        found: dict[int, JSON | EntraError] = {}
        for wait in (*REPLICATION_WAITS, None):
            missing = [change for change in changes if id(change) not in found]
            listings = await self._client.first_pages([self._reading(change) for change in missing])
            for change, listing in zip(missing, listings, strict=True):
                resource_id = self._apps[str(change.resource_app_id)].id
                grants = await self._all(listing)
                if isinstance(grants, list):
                    found.update((id(change), grant) for grant in grants if grant["resourceId"] == resource_id)
                elif not (isinstance(grants, GraphError) and grants.status == 404):
                    found[id(change)] = grants
            if len(found) == len(changes) or wait is None:
                break
            await asyncio.sleep(wait)
        return found

    async def _all(self, listing: Listing) -> list[JSON] | EntraError:
        """The objects of a list, or why they can't be read."""
        objects: list[JSON] = []
        try:
            await self._client.each_page(listing, objects.extend)
        except EntraError as error:
            return error
        return objects

    def _reading(self, change: Change) -> Request:
        client = self._apps[change.app_id]
        if change.principal:
            return endpoints.grants_of_principal(client.label, client.id, change.principal.id)
        return endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS)

    async def _assignments(self, changes: Sequence[Change], on_settled: Callable[[Settled], None]) -> None:
        """Nothing in an assignment can differ: only its id is read, for each principal by itself."""
        listings = await self._client.first_pages([self._holding(change) for change in changes])
        for change, listing in zip(changes, listings, strict=True):
            rows = await self._all(listing)
            held = rows if isinstance(rows, list) else []
            ids = {(row["principalId"], row["appRoleId"]): row["id"] for row in held}
            principal_id = change.principal.id if change.principal else ""
            on_settled(Settled(change, ids.get((principal_id, str(change.role_id)), "")))

    def _holding(self, change: Change) -> Request:
        principal = change.principal
        if principal is None:
            raise ValueError("an assignment has a principal")
        resource_id = self._apps[change.app_id].id
        return endpoints.assignments_of_principal(
            principal.label, principal.type, principal.id, resource_id=resource_id
        )


def _update(settled: Settled) -> Request:
    """The update that is made instead of the planned change."""
    wanted = settled.instead or settled.change
    return endpoints.update_grant(wanted.subject, settled.object_id, scope_rules.text(wanted.scopes_after))
