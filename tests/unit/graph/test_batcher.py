# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConnectionFailedError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
from ansible_collections.tenantops.entra.plugins.module_utils._graph.batch import Batcher
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import Pacer
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer, Request

Item = dict[str, t.Any]
READER = AnswerReader("https://graph.microsoft.com/v1.0")
REFUSED = {"error": {"code": "TooManyRequests"}}


class Graph:
    """Answers batches. ``script`` gives each URL's answers in turn; without one it is 200."""

    def __init__(self, script: dict[str, list[tuple[int, dict[str, str]]]] | None = None) -> None:
        self.script = script or {}
        self.batches: list[list[Item]] = []
        self.now = 0.0
        self.in_flight = self.most_in_flight = 0
        self.lost_after: int | None = None
        self.refuses_all: dict[str, str] | None = None

    async def send(self, request: Request) -> Answer:
        assert request.body is not None
        items: list[Item] = request.body["requests"]
        self.batches.append(items)
        if self.lost_after is not None and len(self.batches) > self.lost_after:
            raise ConnectionFailedError("Gone.")
        self.in_flight += 1
        self.most_in_flight = max(self.in_flight, self.most_in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        return Answer(200, {"responses": [self._answer(item) for item in reversed(items)]})

    def _answer(self, item: Item) -> Item:
        if self.refuses_all is not None:
            return {"id": item["id"], "status": 429, "headers": self.refuses_all, "body": REFUSED}
        turns = self.script.get(item["url"].split("?")[0], [])
        status, headers = turns.pop(0) if turns else (204, {})
        body = {} if status < 400 else {"body": {"error": {"code": "Whatever", "message": item["url"]}}}
        return {"id": item["id"], "status": status, "headers": headers, **body}

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self, count: int, *, concurrency: int = 4) -> list[Answer]:
        requests = [oauth2_permission_grants.delete_grant(f"user{place}", f"user{place}") for place in range(count)]
        pacer = Pacer(clock=lambda: self.now, jitter=lambda: 0.0, concurrency=concurrency, stall_limit=60)
        batcher = Batcher(self.send, pacer, READER, clock=lambda: self.now, sleep=self.sleep)
        answers: dict[int, Answer] = {}
        asyncio.run(batcher.run(requests, answers.__setitem__))
        return [answers[place] for place in range(count)]


def test_a_hundred_requests_are_five_batches_and_answers_keep_their_order() -> None:
    graph = Graph()
    graph.script = {f"/oauth2PermissionGrants/user{place}": [(400, {})] for place in range(100)}
    answers = graph.run(100)
    assert [len(batch) for batch in graph.batches] == [20] * 5
    assert [answer.error.graph_message for answer in answers if answer.error] == [
        f"/oauth2PermissionGrants/user{place}" for place in range(100)
    ]


def test_no_more_batches_are_under_way_than_allowed() -> None:
    graph = Graph()
    graph.run(200, concurrency=3)
    assert graph.most_in_flight == 3


def test_a_throttled_item_is_sent_again_alone_after_its_own_wait() -> None:
    graph = Graph({"/oauth2PermissionGrants/user5": [(429, {"Retry-After": "9"})]})
    answers = graph.run(20)
    assert [len(batch) for batch in graph.batches] == [20, 1]
    assert graph.now >= 9
    assert all(answer.error is None for answer in answers)


def test_a_refused_item_fails_alone() -> None:
    answers = Graph({"/oauth2PermissionGrants/user5": [(403, {})]}).run(20)
    assert [place for place, answer in enumerate(answers) if answer.error] == [5]


def test_an_item_that_keeps_failing_is_given_up() -> None:
    graph = Graph({"/oauth2PermissionGrants/user5": [(503, {})] * 99})
    answers = graph.run(6)
    assert answers[5].status == 503
    assert len(graph.batches) == 6


def test_answers_survive_when_the_way_to_graph_is_lost() -> None:
    graph = Graph()
    graph.lost_after = 2
    answers = graph.run(100, concurrency=1)
    assert [answer.error is None for answer in answers] == [True] * 40 + [False] * 60
    assert len(graph.batches) == 3


def test_what_has_not_been_sent_is_not_sent_once_nothing_gets_through_any_more() -> None:
    graph = Graph()
    graph.refuses_all = {"Retry-After": "40"}
    answers = graph.run(100, concurrency=1)
    assert [answer.status for answer in answers] == [429] * 100
    assert all(answer.error is not None and "Graph kept throttling" in answer.error.message for answer in answers)
    # Each names its own subject, though one batch was refused twice and the others never sent.
    assert len({answer.error.message for answer in answers if answer.error}) == 100
    assert sum(map(len, graph.batches)) < 50


def test_requests_are_made_when_they_are_sent() -> None:
    made: list[int] = []
    graph = Graph()

    def requests() -> t.Iterator[Request]:
        for place in range(100):
            made.append(place)
            yield oauth2_permission_grants.delete_grant("x", f"user{place}")

    seen: list[int] = []
    pacer = Pacer(clock=lambda: graph.now, jitter=lambda: 0.0, concurrency=1)
    batcher = Batcher(graph.send, pacer, READER, clock=lambda: graph.now, sleep=graph.sleep)
    asyncio.run(batcher.run(requests(), lambda _place, _answer: seen.append(len(made))))
    assert seen == [20] * 20 + [40] * 20 + [60] * 20 + [80] * 20 + [100] * 20


def test_a_hold_does_not_end_a_run_that_has_not_begun() -> None:
    graph = Graph()
    pacer = Pacer(clock=lambda: graph.now, jitter=lambda: 0.0, concurrency=1)
    pacer.heard(
        [READER.read(oauth2_permission_grants.delete_grant("x", "y"), 429, {"retry-after": "9"}, REFUSED)], took=0.1
    )
    batcher = Batcher(graph.send, pacer, READER, clock=lambda: graph.now, sleep=graph.sleep)
    answers: dict[int, Answer] = {}
    asyncio.run(batcher.run([oauth2_permission_grants.delete_grant("x", "y")] * 3, answers.__setitem__))
    assert len(answers) == 3
    assert graph.now >= 9
