# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many requests as JSON batches of 20, several in flight. PRIVATE to tenantops.entra.

Each item has an answer of its own: one that Graph throttles is sent again by itself, after its own ``Retry-After``,
while the others go on.
"""

from __future__ import annotations

import asyncio
import dataclasses
import heapq
import typing as t
from itertools import islice

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConnectionFailedError,
    GraphError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph import shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import refusal
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Answer, Request

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import Pacer


def envelope(requests: Sequence[Request]) -> Request:
    """The one request that carries up to 20; items are numbered by their place."""
    purposes = requests[0].purpose if len(requests) == 1 else f"{requests[0].purpose} and {len(requests) - 1} more"
    items = [_item(place, request) for place, request in enumerate(requests)]
    once = any(request.once for request in requests)
    return Request(purposes, "POST", "/$batch", (), shapes.batch(len(items)), body={"requests": items}, once=once)


def unpack(requests: Sequence[Request], body: JSON, reader: AnswerReader) -> list[Answer]:
    """The items' answers in the order of the requests; Graph answers in any order.

    An item without an answer may or may not have been done.

    :param body: of the envelope's answer, which has been found to be one.
    """
    answers: dict[int, Answer] = {}
    for response in body["responses"]:
        place = int(response["id"])
        given = response.get("headers")
        headers = {str(name).lower(): str(value) for name, value in (given.items() if isinstance(given, dict) else ())}
        answers[place] = reader.read(requests[place], response["status"], headers, response.get("body"))
    return [
        answers.get(place) or reader.foreign(request, "it left this part of a batch out")
        for place, request in enumerate(requests)
    ]


def _item(place: int, request: Request) -> JSON:
    item: JSON = {"id": str(place), "method": request.method, "url": request.url}
    headers = dict(request.headers)
    if request.body is not None:
        item["body"] = request.body
        headers["Content-Type"] = "application/json"
    if headers:
        item["headers"] = headers
    return item


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class _Item:
    """A request on its way: when it may be sent, its place, how often it has been sent."""

    due: float
    place: int
    tries: int = dataclasses.field(compare=False)
    request: Request = dataclasses.field(compare=False)


class Batcher:
    """Sends requests to the end.

    :param send: sends one envelope and answers for it, retries of the envelope included.
    :param clock: seconds, monotonic; the event loop's time.
    """

    def __init__(
        self,
        send: Callable[[Request], Awaitable[Answer]],
        pacer: Pacer,
        reader: AnswerReader,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._send = send
        self._pacer = pacer
        self._reader = reader
        self._clock = clock
        self._sleep = sleep
        # Why nothing more is sent.
        self._over: GraphError | None = None

    async def run(self, requests: Iterable[Request], heard: Callable[[int, Answer], None]) -> None:
        """Calls ``heard`` with the place and the final answer of each request, in the order of the answers.

        Requests are taken from the iterable when they are sent, and forgotten when they are answered.
        """
        fresh = enumerate(requests)
        # Items that are sent again, a heap.
        again: list[_Item] = []
        running: set[asyncio.Task[list[_Item]]] = set()
        all_taken = False
        try:
            while running or again or not all_taken:
                while len(running) < self._pacer.window and self._pause() <= 0:
                    batch = self._next_batch(again, fresh)
                    if not batch:
                        all_taken = True
                        break
                    self._pacer.sent()
                    running.add(asyncio.ensure_future(self._round(batch, heard)))
                for item in await self._ended(running, self._until_next(running, again)):
                    heapq.heappush(again, item)
        finally:
            for task in running:
                task.cancel()

    def _next_batch(self, again: list[_Item], fresh: Iterator[tuple[int, Request]]) -> list[_Item]:
        batch: list[_Item] = []
        size = self._pacer.batch_size
        while again and len(batch) < size and self._is_due(again[0]):
            batch.append(heapq.heappop(again))
        batch.extend(_Item(0.0, place, 0, request) for place, request in islice(fresh, size - len(batch)))
        return batch

    def _until_next(self, running: set[asyncio.Task[list[_Item]]], again: list[_Item]) -> float | None:
        """Seconds until something may be sent; None when that depends on an answer."""
        if len(running) >= self._pacer.window:
            return None
        if self._pause() > 0:
            return self._pause()
        return again[0].due - self._clock() if again else None

    def _pause(self) -> float:
        return 0.0 if self._over else self._pacer.pause()

    def _is_due(self, item: _Item) -> bool:
        return self._over is not None or item.due <= self._clock()

    async def _ended(self, running: set[asyncio.Task[list[_Item]]], pause: float | None) -> list[_Item]:
        """Waits for the first batch to end, or for the pause; gives back what is to be sent again."""
        if not running:
            await self._sleep(max(0.0, pause or 0.0))
            return []
        done, _pending = await asyncio.wait(
            running,
            timeout=None if pause is None else max(0.0, pause),
            return_when=asyncio.FIRST_COMPLETED,
        )
        running -= done
        return [item for task in done for item in task.result()]

    async def _round(self, batch: list[_Item], heard: Callable[[int, Answer], None]) -> list[_Item]:
        """One batch; gives back what is to be sent again."""
        requests = [item.request for item in batch]
        begun = self._clock()
        outer = await self._post(requests)
        if outer.error is not None:
            # The envelope's retries are used up, so its items' are too.
            for item in batch:
                heard(item.place, _failed_with(item.request, outer.error))
            return []
        answers = unpack(requests, outer.body, self._reader)
        self._pacer.heard(answers, took=self._clock() - begun)
        again: list[_Item] = []
        for item, answer in zip(batch, answers, strict=True):
            wait = self._pacer.wait(answer, tries=item.tries + 1)
            if wait is None or item.request.once:
                heard(item.place, answer)
            else:
                again.append(_Item(self._clock() + wait, item.place, item.tries + 1, item.request))
        if self._pacer.is_hopeless(answers):
            self._over = answers[0].error
        return again

    async def _post(self, requests: Sequence[Request]) -> Answer:
        """Sends a batch. Once the way to Graph is lost, or Graph refuses for too long, nothing more is sent.

        The answers that were had before are worth keeping, so the loss is an answer too, with status 0.
        """
        if self._over is not None:
            return Answer(self._over.status, error=self._over)
        try:
            answer = await self._send(envelope(requests))
        except (AuthenticationError, ConnectionFailedError) as error:
            answer = Answer(0, error=GraphError(error.message, status=0))
        if answer.error is not None and (answer.status == 0 or self._pacer.is_hopeless([answer])):
            self._over = answer.error
        return answer


def _failed_with(request: Request, error: GraphError) -> Answer:
    """The envelope's failure as one of its items'."""
    if error.status == 0:
        return Answer(0, error=error)
    own = refusal(
        request,
        status=error.status,
        code=error.code,
        graph_message=error.graph_message,
        request_id=error.request_id,
        retry_after=None,
    )
    return Answer(error.status, error=own)
