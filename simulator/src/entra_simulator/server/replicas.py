# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas that have fallen behind: some reads are answered from the tenant as it was at a moment before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.graph.call import VERSION, Call
from entra_simulator.graph.listing import has_token_of
from entra_simulator.section import Section
from entra_simulator.tenant.store import Store


@dataclass
class Replica:
    """One replica, which follows no more. `store` is the tenant as it was when that began.

    It answers `times` reads (None: all) that match, after letting `after` matches pass, until `until` (seconds of the
    clock; None: for good). Further pages of a list that it began are its own, whatever is left of `times`.
    """

    store: Store
    path: re.Pattern[str]
    times: int | None
    after: int
    until: float | None

    def takes(self, call: Call, now: float) -> bool:
        """Whether it answers this read; counts it."""
        if "$skiptoken" in call.query:
            return has_token_of(self.store, call)
        if self.times == 0 or (self.until is not None and now >= self.until) or not self.path.search(_target(call)):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def shown(self, now: float) -> dict[str, Any]:
        """The replica as JSON, with what remains."""
        left = None if self.until is None else max(0.0, self.until - now)
        return {"match": {"path": self.path.pattern}, "times": self.times, "after": self.after, "seconds": left}


class Replicas:
    """The replicas that are behind. `snapshot` copies the tenant as it is."""

    def __init__(self, clock: Clock, snapshot: Callable[[], Store]) -> None:
        self._clock = clock
        self._snapshot = snapshot
        self._replicas: list[Replica] = []

    def add(self, body: object) -> None:
        """Let a replica stop following now. Raises `SeedError`."""
        section = Section(body, "replicas", {"match", "times", "after", "seconds"})
        match = Section(section.raw("match", {}), "replicas.match", {"path"})
        try:
            pattern = re.compile(match.text("path", ""))
        except re.error as error:
            raise SeedError("replicas.match.path", f"is no regular expression ({error})") from error
        times, after, seconds = (
            section.optional_number("times"),
            section.number("after", 0),
            section.optional_number("seconds"),
        )
        until = None if seconds is None else self._clock.seconds() + seconds
        self._replicas.append(Replica(self._snapshot(), pattern, times, after, until))

    def clear(self) -> None:
        """All follow again."""
        self._replicas.clear()

    def shown(self) -> list[dict[str, Any]]:
        """The replicas as JSON."""
        return [replica.shown(self._clock.seconds()) for replica in self._replicas]

    def answering(self, call: Call) -> Store | None:
        """The tenant that a request sees if it meets such a replica. Writes never do."""
        if call.method != "GET":
            return None
        now = self._clock.seconds()
        return next((replica.store for replica in self._replicas if replica.takes(call, now)), None)


def _target(call: Call) -> str:
    query = "&".join(f"{name}={value}" for name, value in call.query.items())
    return f"{VERSION}{call.path}{'?' if query else ''}{query}"
