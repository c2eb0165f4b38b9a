# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan → Outcome. PRIVATE to tenantops.entra.

Independent changes go on when one fails. What Graph says exists already, or a write whose answer got lost and that
was sent again, is settled by reading (``settle``). References to service principals created in this run are retried
while Graph replicates them.
"""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Failure,
    Grant,
    GrantKey,
    Outcome,
    Plan,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import refusals, writes
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kept import Keeper
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import REPLICATION_WAITS, Settled, Settler

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer


async def apply(
    client: GraphClient, plan: Plan, state: TenantState, *, on_change: Callable[[], None] = lambda: None
) -> Outcome:
    """Makes the changes in the plan's order. Never raises for a change that fails: see ``Outcome.failures``.

    :param on_change: called for each change that was made or has failed.
    """
    removals = Removals(plan.max_removals)
    removals.plan(plan.changes)
    run = _Run(client, state, removals, on_change)
    own = [change for change in plan.changes if change.kind == "service_principal"]
    others = [change for change in plan.changes if change.kind != "service_principal"]
    await run.service_principals([change for change in own if change.action != "delete"])
    await run.changes([change for change in others if not _only_removes(change)])
    await run.changes([change for change in others if _only_removes(change)])
    await run.service_principals([change for change in own if change.action == "delete"])
    order = {id(change): place for place, change in enumerate(plan.changes)}
    done = sorted(run.done, key=lambda done: order[id(done[0])])
    return Outcome(
        done=tuple((run.instead.get(id(change), change), object_id) for change, object_id in done),
        failures=tuple(sorted(run.failures, key=lambda failure: order[id(failure.change)])),
        service_principals=run.apps,
        grants=run.grants,
    )


def _only_removes(change: Change) -> bool:
    return change.takes_away and not change.scopes_added


class _Run:
    """The changes of one run as they are made."""

    def __init__(
        self, client: GraphClient, state: TenantState, removals: Removals, on_change: Callable[[], None]
    ) -> None:
        self._client = client
        self._removals = removals
        self._on_change = on_change
        self.apps: dict[str, ServicePrincipal] = dict(state.service_principals)
        self._created: set[str] = set()
        self.done: list[tuple[Change, str]] = []
        # What was done in the end where Graph had something else than the plan knew, by the planned change's identity.
        self.instead: dict[int, Change] = {}
        self.failures: list[Failure] = []
        # What was read again in the end.
        self.grants: dict[GrantKey, Grant | None] = {}

    def _succeeded(self, change: Change, object_id: str) -> None:
        self.done.append((change, object_id))
        self._on_change()

    def _failed(self, change: Change, error: EntraError) -> None:
        facts = error.facts() if isinstance(error, GraphError) else {"msg": error.message}
        self.failures.append(Failure(change, facts))
        self._on_change()

    # Service principals

    async def service_principals(self, changes: Sequence[Change]) -> None:
        """Changes of apps' own objects, which do not depend on each other."""
        answers = await self._client.send_many([writes.of_service_principal(change) for change in changes])
        await asyncio.gather(
            *(self._service_principal(change, answer) for change, answer in zip(changes, answers, strict=True))
        )

    async def _service_principal(self, change: Change, answer: Answer) -> None:
        finish = {
            "create": self._created_one,
            "restore": self._restored_one,
            "update": self._updated_one,
            "delete": self._deleted_one,
        }[change.action]
        try:
            self._succeeded(change, await finish(change, answer))
        except EntraError as error:
            self._failed(change, error)

    async def _created_one(self, change: Change, answer: Answer) -> str:
        if answer.error is not None and answer.error.status != 409:
            raise _explained(change, answer.error)
        self._created.add(change.app_id)
        if answer.error is None:
            self.apps[change.app_id] = created = ServicePrincipal.from_graph(answer.body)
            return created.id
        # Somebody created it in between, or the answer to our own request was lost.
        found = await self._lookup(change)
        await self._update(_with_its_tags(change, found), found.id)
        return found.id

    async def _restored_one(self, change: Change, answer: Answer) -> str:
        """The object id: another one than planned if somebody created the app anew in between."""
        self._created.add(change.app_id)
        object_id = str(change.object_id)
        if answer.error is not None:
            # Restored by an earlier try whose answer was lost, or a newer one took its place.
            if answer.error.status not in (404, 409):
                raise answer.error
            found = await Directory(self._client).service_principals([change.app_id])
            if change.app_id not in found:
                raise answer.error
            object_id = str(found[change.app_id]["id"])
        await self._update(change, object_id)
        await self._lookup(change)
        return object_id

    async def _updated_one(self, change: Change, answer: Answer) -> str:
        answer.get()
        return str(change.object_id)

    async def _deleted_one(self, change: Change, answer: Answer) -> str:
        if answer.error is not None and not refusals.is_gone(answer.error):
            raise answer.error
        self.apps.pop(change.app_id, None)
        return str(change.object_id)

    async def _update(self, change: Change, object_id: str) -> None:
        """Gives an object that is new, or new to Graph's readers, its declared properties."""
        properties = writes.properties(change)
        if not properties:
            return
        request = endpoints.update_service_principal(change.app_id, object_id, properties)
        answer = await self._client.send(request)
        for wait in REPLICATION_WAITS:
            if answer.error is None or not refusals.is_not_replicated(answer.error):
                break
            await asyncio.sleep(wait)
            answer = await self._client.send(request)
        answer.get()

    async def _lookup(self, change: Change) -> ServicePrincipal:
        for wait in (*REPLICATION_WAITS, None):
            found = await Directory(self._client).service_principals([change.app_id])
            if change.app_id in found:
                self.apps[change.app_id] = ServicePrincipal.from_graph(found[change.app_id])
                return self.apps[change.app_id]
            if wait is not None:
                await asyncio.sleep(wait)
        raise EntraError(
            f"Graph says that the service principal of {change.app_id} exists, yet does not show it: run again later."
        )

    # Grants and assignments

    async def changes(self, changes: Sequence[Change]) -> None:
        """Makes changes that do not depend on each other."""
        possible = [change for change in changes if self._has_its_apps(change)]
        await self._plain([change for change in possible if not change.keeps_others])
        await Keeper(self._client, self.apps).keep(
            [change for change in possible if change.keeps_others], self._settled
        )

    async def _plain(self, pending: Sequence[Change]) -> None:
        """Those that do not depend on what is there."""
        for turn, wait in enumerate((*REPLICATION_WAITS, 0.0)):
            pending = await self._send(pending, turn)
            if not pending:
                return
            await asyncio.sleep(wait)

    async def _send(self, changes: Sequence[Change], turn: int) -> list[Change]:
        """One attempt at each; gives back those that wait for replication."""
        lagging: list[Change] = []
        conflicts: list[Change] = []

        def heard(change: Change, answer: Answer) -> None:
            if answer.error is None:
                self._succeeded(change, answer.body.get("id") or change.object_id or "")
            elif change.action == "create" and refusals.exists(answer.error):
                conflicts.append(change)
            elif change.action == "delete" and refusals.is_gone(answer.error):
                self._succeeded(change, change.object_id or "")
            elif turn < self._patience(change, answer.error):
                lagging.append(change)
            else:
                self._failed(change, answer.error)

        await self._client.send_each(changes, lambda change: writes.of_link(change, self.apps), heard)
        await Settler(self._client, self.apps, self._removals).settle(conflicts, self._settled)
        return lagging

    def _settled(self, settled: Settled) -> None:
        change = settled.change
        if change.keeps_others and settled.error is None:
            key = (change.app_id, str(change.resource_app_id), change.principal.id if change.principal else None)
            self.grants[key] = settled.seen
        if settled.error is not None:
            self._failed(change, settled.error)
            return
        if settled.nothing:
            # Somebody else has done it in between: that is not ours.
            self._on_change()
            return
        if settled.instead is not None:
            self.instead[id(change)] = settled.instead
        self._succeeded(change, settled.object_id)

    def _has_its_apps(self, change: Change) -> bool:
        """Fails a change whose service principal could not be created; nothing can refer to it."""
        for app_id in (change.app_id, change.resource_app_id):
            if app_id and app_id not in self.apps:
                message = f"Not tried, because the service principal of {app_id} could not be created."
                self._failed(change, EntraError(message))
                return False
        return True

    def _patience(self, change: Change, error: GraphError) -> int:
        """How often to wait for Graph to replicate what a change refers to.

        All of it was there when the run began, or was created by it. In the first case a few seconds are enough: an
        earlier task may have created it just now.
        """
        if change.action != "create" or not refusals.is_not_replicated(error):
            return 0
        refers_to_new = change.app_id in self._created or change.resource_app_id in self._created
        return len(REPLICATION_WAITS) if refers_to_new else 3


def _with_its_tags(change: Change, found: ServicePrincipal) -> Change:
    """Tags are only added to: those of an object that somebody else has made stay."""
    if "tags" not in change.after:
        return change
    return dataclasses.replace(change, after={**change.after, "tags": sorted({*found.tags, *change.after["tags"]})})


def _explained(change: Change, error: GraphError) -> GraphError:
    """Graph's "does not reference a valid application object" in the user's terms."""
    if not refusals.is_no_application(error):
        return error
    message = (
        f"Could not create the service principal of {change.app_id}: no application has this id, or it can't be used "
        "in other tenants (or was registered seconds ago). Check app_id."
    )
    return GraphError(
        message,
        status=error.status,
        code=error.code,
        graph_message=error.graph_message,
        request_id=error.request_id,
    )
