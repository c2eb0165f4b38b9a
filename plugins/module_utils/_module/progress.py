# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a running module is, in files for the callback plugin to read. PRIVATE to tenantops.entra.

A module can say nothing before it ends, so it writes small files into the directory that the callback plugin named in
the environment. There is one file for each activity, `<pid>-<random>-<number>.json`, with the values of a Report.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import time
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

if t.TYPE_CHECKING:
    from collections.abc import Callable

VARIABLE = "TENANTOPS_PROGRESS_DIR"
VERSION = 1
# Seconds between two writes of a file.
PAUSE = 0.25
# What a report may hold: characters of a word, such as the label, and numbers below.
LONGEST = 200
LARGEST = 10**12


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """How far an activity is. In a file it is a JSON object of these values and `version`.

    :param label: the tenant as given, made visible, or None. Nothing else in it comes from the user.
    :param activity: such as "Writing".
    :param unit: what is counted, in the plural.
    :param total: None if unknown.
    :param seconds: since the activity began.
    :param ended: there will be no other report of it.
    """

    label: str | None
    activity: str
    unit: str
    done: int
    total: int | None
    seconds: float
    ended: bool

    def to_json(self) -> str:
        return json.dumps({"version": VERSION, **dataclasses.asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Raises ValueError for anything that `to_json` did not write."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.pop("version", None) != VERSION:
            raise ValueError("Not a report of this version.")
        try:
            report = cls(**values)
        except TypeError as error:
            raise ValueError("Not the values of a report.") from error
        words = (report.label or "-", report.activity, report.unit)
        counts = (report.done, 0 if report.total is None else report.total)
        if not (
            all(isinstance(word, str) and 0 < len(word) <= LONGEST and visible(word) == word for word in words)
            and all(type(count) is int and 0 <= count < LARGEST for count in counts)
            and type(report.seconds) in (int, float)
            and 0 <= report.seconds < LARGEST
            and type(report.ended) is bool
        ):
            raise ValueError("Values that a report can't have.")
        return report


class Progress:
    """Reports one activity after the other. For one thread, or one event loop, only.

    It never raises: once a file can't be written, nothing is reported any more.

    :param directory: where to; without it nothing is ever done.
    :param label: what tells this module from others that run at the same time.
    """

    def __init__(
        self, directory: str | None = None, *, label: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._directory = directory
        self._label = label
        self._clock = clock
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}" if directory else ""
        self._number = 0
        self._current: Report | None = None
        self._done = 0
        self._began = self._next = 0.0

    @classmethod
    def from_environment(cls, label: str | None) -> Progress:
        """Reports if, and where, the callback plugin wants it."""
        return cls(os.environ.get(VARIABLE) or None, label=visible(label)[:LONGEST] if label else None)

    def begin(self, activity: str, unit: str, total: int | None = None) -> None:
        """Starts an activity, and ends the one before. `total` is None if unknown."""
        self.end()
        if self._directory is None:
            return
        self._number += 1
        self._done = 0
        self._began = self._clock()
        self._current = Report(self._label, activity, unit, done=0, total=total, seconds=0.0, ended=False)
        self._write(self._current, self._began)

    def advance(self, count: int = 1) -> None:
        """So many more are done."""
        if self._current is None:
            return
        self._done += count
        now = self._clock()
        if now >= self._next:
            self._write(self._current, now)

    def end(self) -> None:
        """Ends the activity, whether or not all is done."""
        if self._current is None:
            return
        self._write(dataclasses.replace(self._current, ended=True), self._clock())
        self._current = None

    def _write(self, report: Report, now: float) -> None:
        """Replaces the file as a whole, so that nobody reads half of it."""
        report = dataclasses.replace(report, done=self._done, seconds=round(now - self._began, 3))
        self._next = now + PAUSE
        path = os.path.join(self._directory or "", f"{self._name}-{self._number}.json")
        try:
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                file.write(report.to_json())
            os.replace(f"{path}.new", path)
        except OSError:
            self._directory = self._current = None
