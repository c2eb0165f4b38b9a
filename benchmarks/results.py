# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was measured, and the limits that it is held against."""

from __future__ import annotations

import dataclasses
import typing as t

# The tools that are compared; the collection is what the others are held against.
COLLECTION = "one task"
SCRIPT = "script"
LOOP = "loop of tasks"
URI = "loop of uri"


class BenchmarkError(Exception):
    """A run did not do what it should; the message says which and how it ended."""


@dataclasses.dataclass(frozen=True)
class Traffic:
    """What reached the simulated tenant. ``requests``: HTTP requests to Graph, a batch is one and tokens are none;
    ``writes`` and ``throttled`` count each item of a batch."""

    requests: int
    sign_ins: int
    writes: int
    throttled: int


@dataclasses.dataclass(frozen=True)
class Row:
    """One way to bring so many users to the declared state.

    ``measured_users``: how many of the users the measured run had. ``seconds``: from the start of the process to its
    end. ``seconds_per_user``: for the collection all of them shared among the users; for the others without what
    comes before the first user.
    """

    job: str
    tool: str
    users: int
    measured_users: int
    seconds: float
    seconds_per_user: float
    traffic: Traffic
    task_seconds: float | None = None
    peak_mib: float | None = None

    @property
    def whole_seconds(self) -> float:
        """The time for all users: measured, and for those that were left out their share added."""
        return self.seconds + (self.users - self.measured_users) * self.seconds_per_user


@dataclasses.dataclass(frozen=True)
class Limit:
    """A figure that must not go beyond a limit. ``timed``: it says how fast something was, so it is never the same."""

    what: str
    figure: float
    limit: float
    unit: str = ""
    at_least: bool = False
    timed: bool = False

    @property
    def met(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a scenario brought. ``facts``: further figures by name; ``notes``: what they say. ``error``: why there is none."""

    name: str
    title: str
    rows: tuple[Row, ...] = ()
    limits: tuple[Limit, ...] = ()
    facts: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str | None = None

    @property
    def met(self) -> bool:
        return self.error is None and all(limit.met for limit in self.limits)
