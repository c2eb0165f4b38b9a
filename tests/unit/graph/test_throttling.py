# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the pacer's decisions fare against a write limit, in simulated time: thousands of writes through a leaky bucket."""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import math

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import LARGEST_BATCH, Pacer
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer

REQUEST = oauth2_permission_grants.delete_grant("x", "id")
READER = AnswerReader("https://graph.microsoft.com/v1.0")


@dataclasses.dataclass
class Limited:
    """A limit of Graph's: ``size`` writes, of which ``rate`` a second are forgotten. Refused ones count too."""

    size: float
    rate: float
    tells_load: bool = True
    used: float = 0.0
    at: float = 0.0

    def answer(self, now: float) -> Answer:
        self.used = max(0.0, self.used - (now - self.at) * self.rate)
        self.at = now
        over = self.used + 1 - self.size
        self.used = min(self.used + 1, 1.8 * self.size)
        load = self.used / self.size
        headers = {"x-ms-throttle-limit-percentage": f"{load:.2f}"} if self.tells_load and load > 0.8 else {}
        if over <= 0:
            return READER.read(REQUEST, 204, headers, None)
        refused = {**headers, "retry-after": str(math.ceil(over / self.rate))}
        return READER.read(REQUEST, 429, refused, {"error": {"code": "TooManyRequests"}})


@dataclasses.dataclass
class Outcome:
    seconds: float
    refused: int
    most_under_way: int


def write(limited: Limited, writes: int, *, latency: float = 0.05, concurrency: int = 8) -> Outcome:
    """Sends so many writes in batches as the pacer says, each batch answered after ``latency`` seconds."""
    now = 0.0
    pacer = Pacer(clock=lambda: now, jitter=lambda: 0.5, concurrency=concurrency)
    numbers = itertools.count()
    # (when it is answered, number, when it was sent, how often each of its items has been sent)
    under_way: list[tuple[float, int, float, list[int]]] = []
    again: list[tuple[float, int]] = []
    outcome, fresh = Outcome(0.0, 0, 0), writes
    while fresh or again or under_way:
        due = sum(when <= now for when, _tries in again)
        if (fresh or due) and len(under_way) < pacer.window and pacer.pause() <= 0:
            tries = [heapq.heappop(again)[1] for _ in range(min(due, pacer.batch_size))]
            tries += [0] * min(fresh, pacer.batch_size - len(tries))
            fresh -= tries.count(0)
            pacer.sent()
            heapq.heappush(under_way, (now + latency, next(numbers), now, tries))
            outcome.most_under_way = max(outcome.most_under_way, len(under_way))
            continue
        waits = [under_way[0][0]] if under_way else []
        if len(under_way) < pacer.window and (fresh or again):
            ready = now if fresh or due else again[0][0]
            waits.append(max(ready, now + pacer.pause()))
        now = max(min(waits), now + 1e-6)
        while under_way and under_way[0][0] <= now:
            _when, _number, sent, tries = heapq.heappop(under_way)
            answers = [limited.answer(now) for _ in tries]
            pacer.heard(answers, took=now - sent)
            for answer, tried in zip(answers, tries, strict=True):
                wait = pacer.wait(answer, tries=tried + 1)
                if wait is not None:
                    outcome.refused += 1
                    heapq.heappush(again, (now + wait, tried + 1))
                else:
                    assert answer.error is None
    outcome.seconds = now
    return outcome


def least(limited: Limited, writes: int) -> float:
    """The seconds that the limit alone takes."""
    return (writes - (limited.size - limited.used)) / limited.rate


# What Microsoft documents for one app in one tenant; the same with a slow service, ten times faster, and with hardly
# anything left of it: (limit, writes, seconds that an answer takes).
LIMITS = {
    "documented": (Limited(3000, 20), 20_001, 0.05),
    "slow service": (Limited(3000, 20), 20_001, 1.0),
    "ten times faster": (Limited(3000, 200), 20_001, 0.05),
    "used up from the start": (Limited(3000, 20, used=2990), 5_000, 0.05),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_that_is_told_is_used_and_not_crossed(name: str) -> None:
    limited, writes, latency = LIMITS[name]
    outcome = write(dataclasses.replace(limited), writes, latency=latency)
    assert outcome.refused < writes / 100
    assert outcome.seconds <= least(limited, writes) * 1.05


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_that_is_not_told_is_found_by_few_refusals(name: str) -> None:
    limited, writes, latency = LIMITS[name]
    outcome = write(dataclasses.replace(limited, tells_load=False), writes, latency=latency)
    assert outcome.refused < writes / 10
    assert outcome.seconds <= least(limited, writes) * 1.15


@pytest.mark.parametrize("tells_load", [True, False])
def test_refusals_do_not_feed_on_each_other(tells_load: bool) -> None:
    """A limit so small that ten batches fill it: what is refused fills it too, and must not keep it full."""
    limited = Limited(200, 5, tells_load=tells_load)
    outcome = write(dataclasses.replace(limited), 2_000)
    assert outcome.refused < 2_000 / 5
    assert outcome.seconds <= least(limited, 2_000) * 1.2


def test_without_a_limit_it_is_full_speed() -> None:
    outcome = write(Limited(1e9, 1e9), 20_000)
    assert outcome.most_under_way == 8
    assert outcome.seconds < 20_000 / LARGEST_BATCH / 8 * 0.05 * 1.05
