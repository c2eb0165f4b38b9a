# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many requests as JSON batches of 20, several in flight. PRIVATE to tenantops.entra.

Each item has an answer of its own: one that Graph throttles is sent again by itself, after its own ``Retry-After``,
while the others go on.
"""

from __future__ import annotations

import asyncio
import heapq
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConnectionFailedError,
    GraphError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import (
    JSON,
    Answer,
    Request,
    read_answer,
)

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import Pacer

# Graph refuses a batch of more.
LARGEST_BATCH = 20


def envelope(requests: Sequence[Request]) -> Request:
    """The one request that carries up to 20; items are numbered by their place."""
    purposes = requests[0].purpose if len(requests) == 1 else f"{requests[0].purpose} and {len(requests) - 1} more"
    return Request(purposes, "POST", "/$batch", (), body={"requests": [_item(i, r) for i, r in enumerate(requests)]})


def unpack(requests: Sequence[Request], body: JSON) -> list[Answer]:
    """The items' answers in the order of the requests; Graph answers in any order.

    An item without an answer counts as 504: it may or may not have been done.
    """
    answers = [read_answer(request, 504, {}, None) for request in requests]
    for response in body.get("responses", []):
        place = int(response["id"])
        headers = {name.lower(): value for name, value in (response.get("headers") or {}).items()}
        answers[place] = read_answer(requests[place], int(response["status"]), headers, response.get("body"))
    return answers


def _item(place: int, request: Request) -> JSON:
    item: JSON = {"id": str(place), "method": request.method, "url": request.url}
    headers = dict(request.headers)
    if request.body is not None:
        item["body"] = request.body
        headers["Content-Type"] = "application/json"
    if headers:
        item["headers"] = headers
    return item


class Batcher:
    """Sends a list of requests to the end.

    :param send: sends one envelope and answers for it, retries of the envelope included.
    :param clock: seconds, monotonic; the event loop's time.
    """

    def __init__(
        self,
        send: Callable[[Request], Awaitable[Answer]],
        pacer: Pacer,
        *,
        concurrency: int,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._send = send
        self._pacer = pacer
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._lost: GraphError | None = None

    async def run(self, requests: Sequence[Request]) -> list[Answer]:
        """One final answer for each request, in their order."""
        answers: dict[int, Answer] = {}
        # (when it may be sent, place, how often it has been sent)
        queue = [(0.0, place, 0) for place in range(len(requests))]
        running: set[asyncio.Task[list[tuple[float, int, int]]]] = set()
        try:
            while queue or running:
                while queue and queue[0][0] <= self._clock() and len(running) < self._concurrency:
                    running.add(asyncio.ensure_future(self._round(requests, self._due(queue), answers)))
                pause = queue[0][0] - self._clock() if queue and len(running) < self._concurrency else None
                for again in await self._next(running, pause):
                    heapq.heappush(queue, again)
        finally:
            for task in running:
                task.cancel()
        return [answers[place] for place in range(len(requests))]

    def _due(self, queue: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
        due: list[tuple[float, int, int]] = []
        while queue and len(due) < LARGEST_BATCH and queue[0][0] <= self._clock():
            due.append(heapq.heappop(queue))
        return due

    async def _next(
        self, running: set[asyncio.Task[list[tuple[float, int, int]]]], pause: float | None
    ) -> list[tuple[float, int, int]]:
        """Waits for the first batch to end, or until the next item is due; gives back what is to be sent again."""
        if not running:
            await self._sleep(max(0.0, pause or 0.0))
            return []
        done, _pending = await asyncio.wait(
            running,
            timeout=None if pause is None else max(0.0, pause),
            return_when=asyncio.FIRST_COMPLETED,
        )
        running -= done
        return [again for task in done for again in task.result()]

    async def _post(self, request: Request) -> Answer:
        """Sends an envelope. Once the way to Graph is lost for good nothing more is sent.

        The answers that were had before are worth keeping, so the loss is an answer too, with status 0.
        """
        if self._lost is not None:
            return Answer(0, error=self._lost)
        try:
            return await self._send(request)
        except (AuthenticationError, ConnectionFailedError) as error:
            self._lost = GraphError(error.message, status=0)
            return Answer(0, error=self._lost)

    async def _round(
        self, requests: Sequence[Request], due: list[tuple[float, int, int]], answers: dict[int, Answer]
    ) -> list[tuple[float, int, int]]:
        batch = [requests[place] for _when, place, _tries in due]
        outer = await self._post(envelope(batch))
        if outer.error is not None:
            # The envelope's retries are used up, so its items' are too.
            answers.update((place, _failed_with(requests[place], outer.error)) for _when, place, _tries in due)
            return []
        again: list[tuple[float, int, int]] = []
        for (_when, place, tries), answer in zip(due, unpack(batch, outer.body), strict=True):
            wait = self._pacer.wait(answer, tries=tries + 1)
            if wait is None:
                answers[place] = answer
            else:
                again.append((self._clock() + wait, place, tries + 1))
        return again


def _failed_with(request: Request, error: GraphError) -> Answer:
    """The envelope's failure as one of its items'."""
    if error.status == 0:
        return Answer(0, error=error)
    body = {"error": {"code": error.code, "message": error.graph_message}}
    return read_answer(request, error.status, {}, body)
