# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's clock: real time plus what a test has advanced it by, or only the latter."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Time for tokens, replication lag, the audit log and the 30 days of the bin."""

    def __init__(self) -> None:
        self.advanced_seconds = 0.0
        # When it was stopped, in real time.
        self._stopped_at: float | None = None

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass. Never backwards: real clocks of a tenant don't either."""
        if seconds < 0:
            raise ValueError("advance_seconds must not be negative")
        self.advanced_seconds += seconds

    @property
    def frozen(self) -> bool:
        """Whether only `advance` moves it."""
        return self._stopped_at is not None

    def freeze(self, frozen: bool = True) -> None:
        """Stop the clock, or let it go on as if it had never been stopped."""
        if frozen != self.frozen:
            self._stopped_at = time.time() if frozen else None

    def seconds(self) -> float:
        """Seconds since the epoch."""
        now = time.time() if self._stopped_at is None else self._stopped_at
        return now + self.advanced_seconds

    def now(self) -> datetime:
        """The same as a date with zone UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def stamp(self) -> str:
        """The date as Graph writes it in entities: seven fractional digits and a Z."""
        return written(self.now())

    def error_stamp(self) -> str:
        """The date as Graph writes it in errors: whole seconds, no zone."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%S")


def written(moment: datetime) -> str:
    """A date (UTC) as Graph writes it in entities."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
