# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What running modules report, as lines to show. PRIVATE to tenantops.entra."""

from __future__ import annotations

import collections
import contextlib
import math
import os
import threading
import time
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import Report

if t.TYPE_CHECKING:
    from collections.abc import Callable

# Seconds over which a rate is taken, and before which there is none.
WINDOW = 20.0
SETTLED = 2.0


def duration(seconds: float) -> str:
    """Such as "2 min 10 s": the two largest units, without those that are zero."""
    rest = max(round(seconds), 1)
    parts = []
    for unit, size in (("h", 3600), ("min", 60)) if rest >= 3600 else (("min", 60), ("s", 1)):
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number:,} {unit}")
    return " ".join(parts)


def estimate(seconds: float) -> str:
    """A duration in steps that don't pretend to be exact, upwards."""
    step = 5 if seconds < 60 else 10 if seconds < 600 else 60
    return duration(math.ceil(seconds / step) * step)


def speed(rate: float) -> str:
    """Such as "4,100 a second", or "12 a minute" for what is slower than one a second. `rate` is in 1/s."""
    if rate < 1:
        return f"{max(rate * 60, 0.1):.{0 if rate * 60 >= 1 else 1}f} a minute"
    if rate < 10:
        return f"{rate:.1f} a second"
    return f"{round(rate, -2 if rate >= 1000 else 0):,.0f} a second"


def counted(number: int, unit: str) -> str:
    """Such as "40,000 changes". `unit` is in the plural."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


class Activity:
    """What the reports of one activity say, in lines."""

    def __init__(self, report: Report, now: float) -> None:
        self.report = report
        self.shown = False
        self.began = now - report.seconds
        self._moved = self.began
        # When how much was done.
        self._samples = collections.deque([(self.began, 0)])

    def add(self, report: Report, now: float) -> None:
        self.began = min(self.began, now - report.seconds)
        if report.done != self._samples[-1][1]:
            self._moved = self.began + report.seconds
            self._samples.append((self._moved, report.done))
        self.report = report

    def rate(self, now: float) -> float | None:
        """Per second over the last WINDOW seconds: a throttled run begins with a burst. None if too early to tell."""
        while len(self._samples) > 1 and self._samples[1][0] <= now - WINDOW:
            self._samples.popleft()
        begin, before = self._samples[0]
        # Reports are a little older than now; only after a while does that mean that nothing happens.
        end = self._moved if now - self._moved < SETTLED else now
        return (self.report.done - before) / (end - begin) if end - begin >= SETTLED else None

    def line(self, now: float) -> str:
        report, rate = self.report, self.rate(now)
        self.shown = True
        parts = [f"{report.activity.lower()}, {counted(report.done, report.unit)} so far"]
        left = 0
        if report.total and report.done <= report.total:
            left = report.total - report.done
            percent = report.done * 100 // report.total
            whole = counted(report.total, report.unit)
            parts = [f"{report.activity.lower()} {report.done:,} of {whole} ({percent} %)"]
        if rate:
            parts.append(speed(rate))
            parts += [f"about {estimate(left / rate)} left"] if left else []
        elif now - self._moved >= WINDOW:
            parts.append(f"nothing new for {duration(now - self._moved)}")
        return self._labelled(", ".join(parts))

    def closing(self, now: float) -> str:
        """The last line. What ended before all was done, or never said that it ended, was stopped."""
        report = self.report
        took = duration(report.seconds if report.ended else now - self.began)
        amount, stopped = counted(report.done, report.unit), not report.ended
        if report.total is not None and report.done < report.total:
            amount, stopped = f"{report.done:,} of {counted(report.total, report.unit)}", True
        text = f"stopped at {amount} after {took}" if stopped else f"finished, {amount} in {took}"
        return self._labelled(f"{report.activity.lower()} {text}")

    def _labelled(self, text: str) -> str:
        return f"{self.report.label}: {text}" if self.report.label else text


class Watch:
    """The modules that report into a directory."""

    def __init__(self, directory: str, interval: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._directory = directory
        self._interval = interval
        self._clock = clock
        self._lock = threading.Lock()
        self._activities: dict[str, Activity] = {}
        # When each module is to be shown next.
        self._due: dict[str, float] = {}

    def look(self) -> list[str]:
        """The lines to show now. Raises OSError once the directory is gone."""
        with self._lock:
            now = self._clock()
            with os.scandir(self._directory) as entries:
                files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
            names = sorted(name for name in files if name.endswith(".json"))
            return [line for name in names for line in self._lines(name, now)]

    def _lines(self, name: str, now: float) -> list[str]:
        path = os.path.join(self._directory, name)
        module = name.rpartition("-")[0]
        try:
            alive = is_alive(int(name.partition("-")[0]))
            with open(path, encoding="utf-8") as file:
                report = Report.from_json(file.read())
        except (OSError, ValueError):
            return []
        activity = self._activities.setdefault(name, Activity(report, now))
        activity.add(report, now)
        due = self._due.setdefault(module, activity.began + self._interval)
        if report.ended or not alive:
            del self._activities[name]
            with contextlib.suppress(OSError):
                os.unlink(path)
            if not activity.shown:
                return []
            self._due[module] = now + self._interval
            return [activity.closing(now)]
        if now < due:
            return []
        self._due[module] = now + self._interval
        return [activity.line(now)]


def is_alive(pid: int) -> bool:
    """Whether there is such a process. A module that was killed does not end its activity."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
