# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is shown of the modules' progress, and when."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import Progress, Report
from ansible_collections.tenantops.entra.plugins.plugin_utils._watch import (
    Activity,
    Watch,
    duration,
    estimate,
    is_alive,
    speed,
)

if t.TYPE_CHECKING:
    from pathlib import Path

INTERVAL = 5.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Modules:
    """Modules that report, and the watch over them, by one clock."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = Clock()
        self.watch = Watch(str(directory), INTERVAL, self.clock)

    def module(self, label: str | None = "contoso.example") -> Progress:
        return Progress(str(self.directory), label=label, clock=self.clock)

    def pass_(self, seconds: float, progress: Progress | None = None, rate: int = 0) -> list[str]:
        """Half a second after the other, with so much done in each second. What was shown."""
        lines = []
        for step in range(round(seconds * 2)):
            self.clock.now += 0.5
            if progress and rate:
                progress.advance((step + 1) * rate // 2 - step * rate // 2)
            lines += self.watch.look()
        return lines


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    return Modules(tmp_path)


def dead() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (35.4, "35 s"), (120, "2 min"), (161, "2 min 41 s"), (3599.8, "1 h"), (3900, "1 h 5 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(1, "5 s"), (41, "45 s"), (121, "2 min 10 s"), (3601, "1 h 1 min")])
def test_estimates_are_rounded_upwards(seconds: float, text: str) -> None:
    assert estimate(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (4137.0, "4,100 a second"),
        (243.4, "243 a second"),
        (2.44, "2.4 a second"),
        (0.2, "12 a minute"),
        (0.01, "0.6 a minute"),
    ],
)
def test_speeds(rate: float, text: str) -> None:
    assert speed(rate) == text


def test_a_line_says_how_far_how_fast_and_how_long(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Writing", "changes", 4000)
    assert modules.pass_(10, progress, rate=100) == [
        "contoso.example: writing 500 of 4,000 changes (12 %), 100 a second, about 35 s left",
        "contoso.example: writing 1,000 of 4,000 changes (25 %), 100 a second, about 30 s left",
    ]


def test_without_a_total_there_is_no_time_left(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Reading", "objects")
    assert modules.pass_(5, progress, rate=4000) == ["contoso.example: reading, 20,000 objects so far, 4,000 a second"]


def test_a_total_that_was_too_low_is_not_shown(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Writing", "changes", 400)
    assert modules.pass_(5, progress, rate=100) == ["contoso.example: writing, 500 changes so far, 100 a second"]


def test_without_a_label_a_line_begins_with_the_activity(modules: Modules) -> None:
    progress = modules.module(label=None)
    progress.begin("Reading", "objects")
    assert modules.pass_(5, progress, rate=10) == ["reading, 50 objects so far, 10 a second"]


def test_it_is_too_early_for_a_rate(tmp_path: Path) -> None:
    clock = Clock()
    watch = Watch(str(tmp_path), 1.0, clock)
    progress = Progress(str(tmp_path), clock=clock)
    progress.begin("Writing", "changes", 400)
    watch.look()
    clock.now += 1
    progress.advance(100)
    assert watch.look() == ["writing 100 of 400 changes (25 %)"]


def test_the_rate_is_that_of_the_last_seconds(modules: Modules) -> None:
    """A throttled run: a burst, then slowly on. The average since the beginning would promise too much."""
    progress = modules.module()
    progress.begin("Writing", "changes", 40000)
    modules.pass_(10, progress, rate=1000)
    lines = modules.pass_(30, progress, rate=10)
    assert lines[0].endswith("writing 10,050 of 40,000 changes (25 %), 670 a second, about 45 s left")
    assert lines[-1].endswith("writing 10,300 of 40,000 changes (25 %), 10 a second, about 50 min left")


def test_standstill_is_said(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Writing", "changes", 400)
    modules.pass_(10, progress, rate=10)
    lines = modules.pass_(45)
    assert lines[-1] == "contoso.example: writing 100 of 400 changes (25 %), nothing new for 45 s"
    assert "about" not in lines[-1]


def test_a_short_task_shows_nothing_and_leaves_no_file(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Reading", "objects")
    lines = modules.pass_(4, progress, rate=10)
    progress.end()
    assert lines + modules.pass_(20) == []
    assert list(modules.directory.iterdir()) == []


def test_what_was_shown_has_a_last_line(modules: Modules) -> None:
    progress = modules.module()
    progress.begin("Writing", "changes", 700)
    modules.pass_(7, progress, rate=100)
    progress.end()
    assert modules.pass_(10) == ["contoso.example: writing finished, 700 changes in 7 s"]
    assert list(modules.directory.iterdir()) == []


def test_short_activities_of_a_long_module_are_shown(modules: Modules) -> None:
    """The seconds count for the module. After a last line it is quiet for a while again."""
    progress = modules.module()
    progress.begin("Reading", "objects")
    lines = modules.pass_(3, progress, rate=10)
    progress.begin("Writing", "changes", 100)
    lines += modules.pass_(3, progress, rate=10)
    progress.begin("Reading", "objects")
    lines += modules.pass_(6, progress, rate=10)
    assert lines == [
        "contoso.example: writing 20 of 100 changes (20 %), 10 a second, about 10 s left",
        "contoso.example: writing stopped at 30 of 100 changes after 3 s",
        "contoso.example: reading, 55 objects so far, 10 a second",
    ]


def test_modules_at_the_same_time_are_told_apart(modules: Modules) -> None:
    for label in ("contoso.example", "fabrikam.example"):
        modules.module(label).begin("Reading", "objects")
    assert sorted(modules.pass_(6)) == [
        "contoso.example: reading, 0 objects so far",
        "fabrikam.example: reading, 0 objects so far",
    ]


def test_a_module_that_was_killed_is_not_shown_for_ever(modules: Modules) -> None:
    report = Report("contoso.example", "Reading", "objects", done=50, total=None, seconds=2.0, ended=False)
    alive, killed = (modules.directory / f"{pid}-abc-1.json" for pid in (os.getpid(), dead()))
    alive.write_text(report.to_json(), encoding="utf-8")
    assert len(modules.pass_(5)) == 1
    assert alive.exists()
    killed.write_text(report.to_json(), encoding="utf-8")
    alive.unlink()
    assert modules.pass_(20) == []
    assert not killed.exists()


def test_what_was_shown_of_a_killed_module_has_a_last_line() -> None:
    report = Report(None, "Reading", "objects", done=50, total=None, seconds=2.0, ended=False)
    activity = Activity(report, now=10.0)
    assert activity.closing(now=18.0) == "reading stopped at 50 objects after 10 s"


def test_one_is_counted_in_the_singular() -> None:
    report = Report(None, "Writing", "changes", done=0, total=1, seconds=6.0, ended=False)
    assert Activity(report, now=10.0).line(now=10.0) == "writing 0 of 1 change (0 %)"


def test_what_is_no_report_is_skipped(modules: Modules, tmp_path_factory: pytest.TempPathFactory) -> None:
    pid = os.getpid()
    names = (f"{pid}-half-1.json", "notes.json", f"{pid}-new-1.json.new", f"{pid}-note-1.txt")
    for name in names:
        (modules.directory / name).write_text('{"version": 1, "label"', encoding="utf-8")
    (modules.directory / f"{pid}-binary-1.json").write_bytes(b"\xff\xfe")
    (modules.directory / f"{pid}-folder-1.json").mkdir()
    report = Report(None, "Reading", "objects", done=50, total=None, seconds=2.0, ended=False)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "report.json"
    elsewhere.write_text(report.to_json(), encoding="utf-8")
    (modules.directory / f"{pid}-link-1.json").symlink_to(elsewhere)
    progress = modules.module()
    progress.begin("Reading", "objects")
    assert len(modules.pass_(5, progress, rate=10)) == 1
    assert {*names} < {path.name for path in modules.directory.iterdir()}


def test_a_directory_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Watch(str(tmp_path / "gone"), INTERVAL).look()


def test_processes_are_alive_or_not() -> None:
    assert is_alive(os.getpid())
    assert is_alive(1)
    assert not is_alive(dead())
