# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of the audit log. Compact, for a large run writes a hundred thousand; `graph/audits.py` renders them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from entra_simulator.clock import Clock
from entra_simulator.tenant.rows import Ordered

KEPT = 100_000  # entries; the oldest go first
_AT_ONCE = 5_000  # so many go together
SERVICE = "Core Directory"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: the user of `user_name`, or without one the app itself. `object_id` is that of the actor."""

    object_id: str
    display_name: str | None
    app_id: str
    user_name: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done, in the words of the log."""

    name: str
    operation: str
    category: str = "ApplicationManagement"


class Change(NamedTuple):
    """A modified property. Its values are rendered as JSON within a text; None stays null."""

    name: str
    old: Any
    new: Any


class Target(NamedTuple):
    """What it was done to. `type` is `ServicePrincipal`, `User` or `Group`."""

    id: str
    type: str
    display_name: str | None = None
    user_name: str | None = None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Entry:
    """One entry. `seq` is its place in the log."""

    activity: Activity
    actor: Actor
    correlation_id: str
    at: datetime
    targets: tuple[Target, ...]
    seq: int = 0

    @property
    def id(self) -> str:
        """The id in the form that the directory gives it."""
        return f"Directory_{self.correlation_id}_SIM00_{self.seq}"


class AuditLog:
    """All entries, and those about each object. They are seen after `delay_seconds` and for `retention_days`."""

    def __init__(self, clock: Clock, delay_seconds: float = 0.0, retention_days: int = 30) -> None:
        self.clock = clock
        self._delay = timedelta(seconds=delay_seconds)
        self._retention = timedelta(days=retention_days)
        self._seq = 0
        self.entries: Ordered[Entry] = Ordered()
        self._about: dict[str, Ordered[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """Add what has just happened."""
        self._seq += 1
        entry.seq = self._seq
        self.entries.append(entry)
        for object_id in {target.id for target in entry.targets}:
            self._about.setdefault(object_id, Ordered()).append(entry)
        if len(self.entries) > KEPT + _AT_ONCE:
            for old in list(islice(self.entries, _AT_ONCE)):
                self._remove(old)

    def about(self, object_id: str) -> Ordered[Entry]:
        """The entries that have an object among their targets."""
        return self._about.get(object_id.lower(), Ordered())

    def visible(self, entry: Entry) -> bool:
        """Whether an entry is in the log now: arrived, and not too old."""
        age = self.clock.now() - entry.at
        return self._delay <= age < self._retention

    def find(self, entry_id: str) -> Entry | None:
        """The visible entry of an id."""
        number = entry_id.rpartition("_")[2]
        if not (number.isascii() and number.isdecimal()):
            return None
        _, entry = next(self.entries.after(int(number) - 1), (0, None))
        return entry if entry is not None and entry.id == entry_id and self.visible(entry) else None

    def _remove(self, entry: Entry) -> None:
        self.entries.remove(entry)
        for object_id in {target.id for target in entry.targets}:
            rows = self._about[object_id]
            rows.remove(entry)
            if not len(rows):
                del self._about[object_id]
