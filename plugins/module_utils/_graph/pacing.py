# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to send, when to send again, when to give up. PRIVATE to tenantops.entra. Decisions only: the clock is passed in.

Graph tells how near a limit is (docs/graph.md, "Throttling"): from 0.8 of it on each answer says so, and beyond 1.0 it
refuses. What is refused counts against the limit too, so the way to be fast is to come close to it and not to cross it.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ForeignAnswerError

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer

# These say that fewer requests side by side would have fared better.
_CROWDED = frozenset({429, 503})
_CONCURRENT_WRITE = "Directory_ConcurrencyViolation"

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# Errors without a Retry-After are given up after this many tries: 0.5 + 1 + 2 + 4 + 8 = 15.5 s of waiting.
TRIES = 6
# What is not Graph's answer: a cut body comes once, a log-in page every time. 0.5 + 1 + 2 = 3.5 s of waiting.
FOREIGN_TRIES = 4
# Graph refuses a batch of more.
LARGEST_BATCH = 20
# Batches under way at first; each that goes well makes room for one more.
FIRST_WINDOW = 2
# The loads between which sending slows down from full speed to nearly nothing. What is left up to 1.0 is for the
# batches that are under way already.
CALM, FULL = 0.8, 0.98
# Seconds between two batches, where slowing down begins and ends.
FIRST_INTERVAL, LONGEST_INTERVAL = 0.25, 5.0


class Pacer:
    """Decides for one run.

    Throttling is waited out as long as the run as a whole gets anywhere: what counts is the time since the last
    success, so ten thousand writes may take as long as Graph wants, and a tenant that refuses everything fails soon.

    :param clock: seconds, monotonic.
    :param jitter: a number in [0, 1) for each call.
    :param concurrency: batches under way at most.
    :param stall_limit: seconds without any success after which no answer is waited for any longer.
    :ivar batch_size: how many items the next batch may have.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        jitter: Callable[[], float],
        concurrency: int = FIRST_WINDOW,
        stall_limit: float = 300.0,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._stall_limit = stall_limit
        self._last_success = clock()
        self._concurrency = concurrency
        self._window = float(min(FIRST_WINDOW, concurrency))
        self._was_refused = False
        # Seconds from one batch to the next; 0 while nothing speaks against full speed.
        self._interval = 0.0
        self.batch_size = LARGEST_BATCH
        self._last_sent = self._hold = clock()
        self._tells_load = False

    # Sending again

    def wait(self, answer: Answer, *, tries: int) -> float | None:
        """Seconds to wait before the request is sent again, or None when the answer is final.

        :param tries: how often the request has been sent, this answer's included.
        """
        error = answer.error
        if error is None:
            self._last_success = self._clock()
            return None
        if not error.is_passing:
            return None
        if error.retry_after is None and tries >= _most_tries(error):
            return None
        wait = self.back_off(tries) if error.retry_after is None else error.retry_after + self._jitter()
        return None if self.stalled(wait) else wait

    def stalled(self, wait: float) -> bool:
        """Whether waiting that long would exceed the stall limit."""
        return self._clock() + wait - self._last_success > self._stall_limit

    def is_hopeless(self, answers: Sequence[Answer]) -> bool:
        """Whether none of these got through and the stall limit is reached: what has not been sent need not be."""
        errors = [answer.error for answer in answers]
        return all(
            error is not None and error.is_passing and self.stalled(error.retry_after or FIRST_WAIT) for error in errors
        )

    def back_off(self, tries: int) -> float:
        """Exponential, with up to half of it random so that retries do not come in step."""
        full = min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT)
        return full * (0.5 + self._jitter() / 2)

    # Sending batches

    @property
    def window(self) -> int:
        """How many batches may be under way now."""
        return int(self._window)

    def pause(self) -> float:
        """Seconds until the next batch may be sent; 0 or less: now."""
        return max(self._last_sent + self._interval, self._hold) - self._clock()

    def sent(self) -> None:
        """A batch goes out now."""
        self._last_sent = self._clock()

    def heard(self, answers: Sequence[Answer], *, took: float) -> None:
        """What a batch's items were answered.

        :param took: seconds from sending the batch to its answer.
        """
        refused = [answer.error for answer in answers if answer.error is not None and _is_crowded(answer.error)]
        if len(refused) * 2 > len(answers):
            self._hold_on(max(error.retry_after or FIRST_WAIT for error in refused))
        elif refused:
            self._slow_down(1.1)
            self.batch_size = max(1, self.batch_size // 2)
        else:
            self._window = min(float(self._concurrency), self._window + (1 / self._window if self._was_refused else 1))
            self.batch_size = min(LARGEST_BATCH, self.batch_size + max(1, self.batch_size // 4))
        load = max((answer.load for answer in answers if answer.load is not None), default=None)
        if load is not None:
            self._tells_load = True
            self._interval = self._interval_at(load, took)
        elif not refused:
            # Where Graph tells the load, silence means that there is room. Elsewhere: faster by and by.
            self._interval = 0.0 if self._tells_load or self._interval < 0.01 else self._interval * 0.98

    def _hold_on(self, seconds: float) -> None:
        """Most of a batch was refused: so would be what follows. Batches that were under way with it change nothing."""
        now = self._clock()
        if now < self._hold:
            return
        self._hold = now + seconds
        self._slow_down(1.5)
        # What follows finds out how much fits again.
        self._window = 1.0
        self.batch_size = 1

    def _slow_down(self, factor: float) -> None:
        self._was_refused = True
        self._window = max(1.0, self._window / 2)
        self._interval = min(max(self._interval * factor, FIRST_INTERVAL), LONGEST_INTERVAL)

    def _interval_at(self, load: float, took: float) -> float:
        """Full speed at CALM, ever slower towards FULL: the rate settles where Graph lets as much through as is sent."""
        share = (FULL - load) / (FULL - CALM)
        return min(took / self._window / share**2, LONGEST_INTERVAL) if share > 0 else LONGEST_INTERVAL


def _most_tries(error: GraphError) -> int:
    """A gateway that is busy says so in its own way too; a page that is none of that stays a page."""
    is_page = isinstance(error, ForeignAnswerError) and error.http_status < 500 and error.http_status not in _CROWDED
    return FOREIGN_TRIES if is_page else TRIES


def _is_crowded(error: GraphError) -> bool:
    return error.http_status in _CROWDED or error.code == _CONCURRENT_WRITE
