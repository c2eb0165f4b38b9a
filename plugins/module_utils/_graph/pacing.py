# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to send again and when to give up. PRIVATE to tenantops.entra. Decisions only: the clock is passed in."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer

# Graph asks to repeat these; 500 is "transient" on every endpoint we use, 424 is an item of a batch that waited for
# another one.
_REPEATABLE = frozenset({408, 424, 429, 500, 502, 503, 504})
_CONCURRENT_WRITE = "Directory_ConcurrencyViolation"

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# Errors without a Retry-After are given up after this many tries: 0.5 + 1 + 2 + 4 + 8 = 15.5 s of waiting.
TRIES = 6


class Pacer:
    """Decides on retries for one run.

    Throttling is waited out as long as the run as a whole gets anywhere: what counts is the time since the last
    success, so ten thousand writes may take as long as Graph wants, and a tenant that refuses everything fails soon.

    :param clock: seconds, monotonic.
    :param jitter: a number in [0, 1) for each call.
    :param stall_limit: seconds without any success after which no answer is waited for any longer.
    """

    def __init__(self, *, clock: Callable[[], float], jitter: Callable[[], float], stall_limit: float = 300.0) -> None:
        self._clock = clock
        self._jitter = jitter
        self._stall_limit = stall_limit
        self._last_success = clock()

    def wait(self, answer: Answer, *, tries: int) -> float | None:
        """Seconds to wait before the request is sent again, or None when the answer is final.

        :param tries: how often the request has been sent, this answer's included.
        """
        error = answer.error
        if error is None:
            self._last_success = self._clock()
            return None
        if error.status not in _REPEATABLE and error.code != _CONCURRENT_WRITE:
            return None
        if error.retry_after is None and tries >= TRIES:
            return None
        wait = self.back_off(tries) if error.retry_after is None else error.retry_after + self._jitter()
        return None if self.stalled(wait) else wait

    def stalled(self, wait: float) -> bool:
        """Whether waiting that long would exceed the stall limit."""
        return self._clock() + wait - self._last_success > self._stall_limit

    def back_off(self, tries: int) -> float:
        """Exponential, with up to half of it random so that retries do not come in step."""
        full = min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT)
        return full * (0.5 + self._jitter() / 2)
