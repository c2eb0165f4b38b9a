# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import TRIES, Pacer
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer, read_answer

REQUEST = endpoints.users_named(["ada@contoso.example"])


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answer(status: int, code: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_answer(REQUEST, status, named, {"error": {"code": code}} if status >= 400 else {})


def pacer(clock: Clock | None = None) -> Pacer:
    return Pacer(clock=clock or Clock(), jitter=lambda: 0.0, stall_limit=60)


@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 403, 404, 405, 409])
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
