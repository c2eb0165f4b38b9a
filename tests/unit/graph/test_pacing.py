# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import people
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import TRIES, Pacer
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer

READER = AnswerReader("https://graph.microsoft.com/v1.0")
REQUEST = people.users_named(["ada@contoso.example"])


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answer(status: int, code: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body: object = {"value": []} if status < 400 else {"error": {"code": code or "Whatever"}}
    return READER.read(REQUEST, status, named, body)


def pacer(clock: Clock | None = None) -> Pacer:
    return Pacer(clock=clock or Clock(), jitter=lambda: 0.0, stall_limit=60)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 405, 409])
def test_other_answers_are_final(status: int) -> None:
    assert pacer().wait(answer(status), tries=1) is None


@pytest.mark.parametrize("status", [408, 424, 429, 500, 502, 503, 504])
def test_passing_errors_are_repeated(status: int) -> None:
    assert pacer().wait(answer(status), tries=1) is not None


def test_concurrent_writes_in_the_directory_are_repeated() -> None:
    assert pacer().wait(answer(409, "Directory_ConcurrencyViolation"), tries=1) is not None


def test_retry_after_is_honoured_to_the_second() -> None:
    assert pacer().wait(answer(429, retry_after="17"), tries=1) == 17


def test_back_off_grows_and_is_given_up() -> None:
    waits = [pacer().wait(answer(503), tries=tries) for tries in range(1, TRIES + 1)]
    assert waits[:-1] == [0.25, 0.5, 1.0, 2.0, 4.0]
    assert waits[-1] is None


def test_throttling_is_waited_out_while_anything_succeeds() -> None:
    clock = Clock()
    subject = pacer(clock)
    for minute in range(10):
        clock.now = minute * 25.0
        assert subject.wait(answer(429, retry_after="30"), tries=minute + 1) is not None
        subject.wait(answer(200), tries=1)


def test_a_wait_beyond_the_stall_limit_is_not_begun() -> None:
    clock = Clock()
    subject = pacer(clock)
    clock.now = 31.0
    assert subject.wait(answer(429, retry_after="30"), tries=1) is None
    assert subject.wait(answer(429, retry_after="20"), tries=1) == 20


def under_way(subject: Pacer, answers: list[Answer], took: float = 0.1) -> None:
    subject.sent()
    subject.heard(answers, took=took)


REFUSED, MADE = answer(429, retry_after="7"), answer(200)


def test_more_batches_are_under_way_while_all_goes_well_up_to_the_concurrency() -> None:
    subject = Pacer(clock=Clock(), jitter=lambda: 0.0, concurrency=6)
    windows = []
    for _ in range(6):
        windows.append(subject.window)
        under_way(subject, [MADE] * 20)
    assert windows == [2, 3, 4, 5, 6, 6]


def test_a_concurrency_of_one_is_never_exceeded() -> None:
    subject = Pacer(clock=Clock(), jitter=lambda: 0.0, concurrency=1)
    for _ in range(5):
        under_way(subject, [MADE] * 20)
    assert subject.window == 1


def test_a_batch_that_is_mostly_refused_holds_the_others_back_as_long_as_graph_asks() -> None:
    clock = Clock()
    subject = pacer(clock)
    under_way(subject, [REFUSED] * 11 + [MADE] * 9)
    assert subject.pause() == 7
    # Then a single item finds out whether there is room again.
    assert (subject.window, subject.batch_size) == (1, 1)
    clock.now = 7.0
    assert subject.pause() <= 0


def test_batches_that_were_under_way_with_a_refused_one_do_not_make_it_worse() -> None:
    clock = Clock()
    subject = pacer(clock)
    under_way(subject, [REFUSED] * 20)
    clock.now = 1.0
    under_way(subject, [REFUSED] * 20)
    assert subject.pause() == 6


def test_a_single_refused_item_does_not_stop_the_others() -> None:
    subject = pacer()
    under_way(subject, [REFUSED] + [MADE] * 19)
    assert subject.pause() < 1


@pytest.mark.parametrize(("status", "code"), [(503, ""), (409, "Directory_ConcurrencyViolation")])
def test_crowding_is_no_matter_of_throttling_alone(status: int, code: str) -> None:
    subject = Pacer(clock=Clock(), jitter=lambda: 0.0, concurrency=8)
    for _ in range(6):
        under_way(subject, [MADE] * 20)
    under_way(subject, [answer(status, code)] + [MADE] * 19)
    assert subject.window == 4


def test_the_nearer_the_limit_the_slower() -> None:
    pauses = []
    for load in ("0.81", "0.88", "0.94", "0.97", "0.98", "1.20"):
        subject = pacer()
        under_way(subject, [answer(200, x_ms_throttle_limit_percentage=load)] * 20)
        pauses.append(subject.pause())
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.1
    assert pauses[3] > 3


def test_no_word_of_the_load_means_room_once_there_was_one() -> None:
    subject = pacer()
    under_way(subject, [answer(200, x_ms_throttle_limit_percentage="0.95")] * 20)
    under_way(subject, [MADE] * 20)
    assert subject.pause() <= 0


def test_it_is_hopeless_when_nothing_gets_through_and_the_stall_limit_is_reached() -> None:
    clock = Clock()
    subject = pacer(clock)
    clock.now = 54.0
    assert subject.is_hopeless([REFUSED] * 20)
    assert not subject.is_hopeless([REFUSED] * 19 + [MADE])
    assert not subject.is_hopeless([answer(429, retry_after="5")])
    assert not subject.is_hopeless([answer(403)] * 20)
