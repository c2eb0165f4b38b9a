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
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import ALL_PRINCIPALS, Change, Grant
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

# Seconds between tries while Graph replicates: 63 s together.
REPLICATION_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """How a change ended.

    :ivar instead: what was done in place of the planned change, if that differs.
    :ivar nothing: nothing had to be done any more.
    :ivar seen: the grant as it was read last, None where there is none.
    """

    change: Change
    object_id: str = ""
    instead: Change | None = None
    error: EntraError | None = None
    nothing: bool = False
    seen: Grant | None = None


async def read_grants(
    client: GraphClient, apps: Mapping[str, ServicePrincipal], changes: Sequence[Change]
) -> list[Grant | EntraError | None]:
    """The grant that each change is about, as it is now: None where there is none, or why it can't be read."""
    listings = await client.first_pages([_reading(apps[change.app_id], change) for change in changes])
    return [await _its_grant(client, apps, change, one) for change, one in zip(changes, listings, strict=True)]


async def _its_grant(
    client: GraphClient, apps: Mapping[str, ServicePrincipal], change: Change, listing: Listing
) -> Grant | EntraError | None:
    rows = await _all(client, listing)
    if isinstance(rows, EntraError):
        # A client that is too new for the part of Graph that answers.
        return None if isinstance(rows, GraphError) and rows.status == 404 else rows
    resource_id = apps[str(change.resource_app_id)].id
    for row in rows:
        if row["resourceId"] == resource_id:
            scope = row.get("scope") or ""
            return Grant(change.app_id, str(change.resource_app_id), change.principal, scope, row["id"])
    return None


async def _all(client: GraphClient, listing: Listing) -> list[JSON] | EntraError:
    """The objects of a list, or why they can't be read."""
    objects: list[JSON] = []
    try:
        await client.each_page(listing, objects.extend)
    except EntraError as error:
        return error
    return objects


def _reading(client: ServicePrincipal, change: Change) -> Request:
    if change.principal:
        return endpoints.grants_of_principal(client.label, client.id, change.principal.id)
    return endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS)


class Settler:
    """Settles conflicts of one run.

    :param apps: service principals by app id.
    :param removals: what the run may still take away.
    """

    def __init__(self, client: GraphClient, apps: Mapping[str, ServicePrincipal], removals: Removals) -> None:
        self._client = client
        self._apps = apps
        self._removals = removals

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
            elif change.wanted.holds(grant.scopes):
                on_settled(Settled(change, grant.id))
            else:
                stale.append(Settled(change, grant.id, instead=updated(change, grant)))
        allowed = self._within_the_limit(stale, on_settled)
        answers = await self._client.send_many([_update(settled) for settled in allowed])
        for settled, answer in zip(allowed, answers, strict=True):
            on_settled(settled if answer.error is None else Settled(settled.change, error=answer.error))

    def _within_the_limit(self, stale: list[Settled], on_settled: Callable[[Settled], None]) -> list[Settled]:
        """No plan has counted what these take away; what only adds may be done in any case."""
        removing = [settled for settled in stale if settled.instead and settled.instead.takes_away]
        error = self._removals.settle(settled.instead for settled in removing if settled.instead)
        if error is None:
            return stale
        for settled in removing:
            on_settled(Settled(settled.change, error=error))
        return [settled for settled in stale if settled not in removing]

    async def _existing_grants(self, changes: Sequence[Change]) -> dict[int, Grant | EntraError]:
        """The grants, or why they can't be read, by their change's identity; a new one may stay invisible for a while."""
        found: dict[int, Grant | EntraError] = {}
        for wait in (*REPLICATION_WAITS, None):
            missing = [change for change in changes if id(change) not in found]
            readings = await read_grants(self._client, self._apps, missing)
            found.update((id(change), one) for change, one in zip(missing, readings, strict=True) if one is not None)
            if len(found) == len(changes) or wait is None:
                break
            await asyncio.sleep(wait)
        return found

    async def _assignments(self, changes: Sequence[Change], on_settled: Callable[[Settled], None]) -> None:
        """Nothing in an assignment can differ: only its id is read, for each principal by itself."""
        listings = await self._client.first_pages([self._holding(change) for change in changes])
        for change, listing in zip(changes, listings, strict=True):
            rows = await _all(self._client, listing)
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


def updated(change: Change, grant: Grant) -> Change:
    """What bringing somebody else's grant to what is wanted does to it: that is what is reported."""
    after = change.wanted.after(grant.scopes)
    return dataclasses.replace(
        change,
        action="update" if after else "delete",
        scopes_before=grant.scopes,
        scopes_after=after,
        object_id=grant.id,
    )


def _update(settled: Settled) -> Request:
    """The update that is made instead of the planned change."""
    wanted = settled.instead or settled.change
    return endpoints.update_grant(wanted.subject, settled.object_id, scope_rules.text(wanted.scopes_after))
