# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan → Outcome. PRIVATE to tenantops.entra.

Independent changes go on when one fails. What Graph says exists already, or a write whose answer got lost and that
was sent again, is settled by reading. References to service principals created in this run are retried while Graph
replicates them.
"""

from __future__ import annotations

import asyncio
import itertools
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Failure,
    Outcome,
    Plan,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import refusals, registry
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import answered
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import REPLICATION_WAITS, Settled

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
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
    run = _Run(client, plan, state, removals, on_change)
    for _step, changes in itertools.groupby(plan.changes, lambda change: change.step):
        await run.changes(list(changes))
    done = sorted(run.done, key=lambda done: run.order[id(done[0])])
    return Outcome(
        done=tuple((run.instead.get(id(change), change), object_id) for change, object_id in done),
        failures=tuple(sorted(run.failures, key=lambda failure: run.order[id(failure.change)])),
        service_principals=run.apps,
        seen=run.seen,
    )


class _Run:
    """The changes of one run as they are made; see ``kind.Run``."""

    def __init__(
        self, client: GraphClient, plan: Plan, state: TenantState, removals: Removals, on_change: Callable[[], None]
    ) -> None:
        self.client = client
        # By the changes' identity: all are kept until the end, so none is another's.
        self.order = {id(change): place for place, change in enumerate(plan.changes)}
        self._removals = removals
        self._on_change = on_change
        self.apps: dict[str, ServicePrincipal] = dict(state.service_principals)
        self.created: set[str] = set()
        self.done: list[tuple[Change, str]] = []
        # What was done in the end where Graph had something else than the plan knew, by the planned change's identity.
        self.instead: dict[int, Change] = {}
        self.failures: list[Failure] = []
        # What was read again in the end.
        self.seen: dict[tuple[str, t.Any], t.Any] = {}

    def succeeded(self, change: Change, object_id: str) -> None:
        self.done.append((change, object_id))
        self._on_change()

    def failed(self, change: Change, error: EntraError) -> None:
        facts = error.facts() if isinstance(error, GraphError) else {"msg": error.message}
        self.failures.append(Failure(change, facts))
        self._on_change()

    def settled(self, settled: Settled) -> None:
        change = settled.change
        if settled.error is not None:
            self.failed(change, settled.error)
            return
        if settled.key is not None:
            self.seen[change.kind, settled.key] = settled.seen
        if settled.nothing:
            # Somebody else has done it in between: that is not ours.
            self._on_change()
            return
        if settled.instead is not None:
            self.instead[id(change)] = settled.instead
        self.succeeded(change, settled.object_id)

    async def changes(self, changes: Sequence[Change]) -> None:
        """Makes changes that do not depend on each other."""
        possible = [ready for change in changes if (ready := self._ready(change)) is not None]
        own: dict[str, list[Change]] = {}
        plain: list[Change] = []
        for change in possible:
            kind = registry.of(change.kind)
            (plain if kind.is_plain(change) else own.setdefault(change.kind, [])).append(change)
        await self.plain(plain)
        for name, others in own.items():
            await registry.of(name).make(self, others)

    async def plain(self, pending: Sequence[Change]) -> None:
        """Those that do not depend on what is there."""
        for turn, wait in enumerate((*REPLICATION_WAITS, 0.0)):
            pending = await self._send(pending, turn)
            if not pending:
                return
            await asyncio.sleep(wait)

    async def _send(self, changes: Sequence[Change], turn: int) -> list[Change]:
        """One attempt at each; gives back those that wait for replication."""
        lagging: list[Change] = []
        conflicts: dict[str, list[Change]] = {}

        def heard(change: Change, answer: Answer) -> None:
            if answer.error is None:
                self.succeeded(change, answered(change, answer))
            elif change.action == "create" and refusals.exists(answer.error):
                conflicts.setdefault(change.kind, []).append(change)
            elif change.action == "delete" and refusals.is_gone(answer.error):
                self.succeeded(change, change.object_id or "")
            elif turn < self._patience(change, answer.error):
                lagging.append(change)
            else:
                self.failed(change, answer.error)

        await self.client.send_each(changes, lambda change: registry.of(change.kind).request(change, self.apps), heard)
        for kind in registry.KINDS:
            if kind.name in conflicts:
                await kind.settle(self.client, self.apps, self._removals, conflicts[kind.name], self.settled)
        return lagging

    def _ready(self, change: Change) -> Change | None:
        """Fails a change whose service principals could not be created, or do not have what it takes."""
        for app_id in change.refers_to:
            if app_id not in self.apps:
                message = f"Not tried, because the service principal of {app_id} could not be created."
                self.failed(change, EntraError(message))
                return None
        try:
            ready: Change = registry.of(change.kind).ready(change, self.apps)
        except DeclarationError as error:
            self.failed(change, error)
            return None
        self.order[id(ready)] = self.order[id(change)]
        return ready

    def _patience(self, change: Change, error: GraphError) -> int:
        """How often to wait for Graph to replicate what a change refers to.

        All of it was there when the run began, or was created by it. In the first case a few seconds are enough: an
        earlier task may have created it just now.
        """
        if change.action != "create" or not refusals.is_not_replicated(error):
            return 0
        return len(REPLICATION_WAITS) if self.created.intersection(change.refers_to) else 3
