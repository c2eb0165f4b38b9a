# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module writes about its progress."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import PAUSE, VARIABLE, Progress, Report

if t.TYPE_CHECKING:
    from pathlib import Path

REPORT = Report("contoso.example", "Writing", "changes", done=8400, total=40000, seconds=34.5, ended=False)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def reports(directory: Path) -> list[Report]:
    """In the order of the activities."""
    paths = sorted(directory.iterdir(), key=lambda path: int(path.stem.rpartition("-")[2]))
    return [Report.from_json(path.read_text(encoding="utf-8")) for path in paths]


def test_an_activity_is_written_when_it_begins_advances_and_ends(tmp_path: Path) -> None:
    clock = Clock()
    progress = Progress(str(tmp_path), label="contoso.example", clock=clock)
    progress.begin("Writing", "changes", 40)
    assert reports(tmp_path) == [Report("contoso.example", "Writing", "changes", 0, 40, 0.0, ended=False)]
    clock.now += 2
    progress.advance(20)
    assert reports(tmp_path) == [Report("contoso.example", "Writing", "changes", 20, 40, 2.0, ended=False)]
    clock.now += 0.125
    progress.advance()
    progress.end()
    assert reports(tmp_path) == [Report("contoso.example", "Writing", "changes", 21, 40, 2.125, ended=True)]


def test_between_two_writes_lies_a_pause(tmp_path: Path) -> None:
    clock = Clock()
    progress = Progress(str(tmp_path), clock=clock)
    progress.begin("Reading", "objects")
    seen = []
    for _step in range(8):
        clock.now += PAUSE / 2
        progress.advance()
        seen.append(reports(tmp_path)[0].done)
    assert seen == [0, 2, 2, 4, 4, 6, 6, 8]


def test_the_next_activity_ends_the_one_before(tmp_path: Path) -> None:
    progress = Progress(str(tmp_path), clock=Clock())
    progress.begin("Reading", "objects")
    progress.advance(7)
    progress.begin("Writing", "changes", 2)
    reading, writing = reports(tmp_path)
    assert (reading.activity, reading.done, reading.total, reading.ended) == ("Reading", 7, None, True)
    assert (writing.activity, writing.done, writing.total, writing.ended) == ("Writing", 0, 2, False)


def test_files_are_named_after_the_process_and_do_not_collide(tmp_path: Path) -> None:
    for _module in range(2):
        Progress(str(tmp_path)).begin("Reading", "objects")
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 2
    assert all(name.startswith(f"{os.getpid()}-") and name.endswith(".json") for name in names)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still being written has a name that nobody reads."""
    progress = Progress(str(tmp_path), clock=Clock())
    monkeypatch.setattr(os, "replace", lambda *_paths: None)
    progress.begin("Reading", "objects")
    assert [path.suffix for path in tmp_path.iterdir()] == [".new"]


def test_nothing_else_is_in_a_file(tmp_path: Path) -> None:
    Progress(str(tmp_path), label="contoso.example", clock=Clock()).begin("Writing", "changes", 40)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "version": 1,
        "label": "contoso.example",
        "activity": "Writing",
        "unit": "changes",
        "done": 0,
        "total": 40,
        "seconds": 0.0,
        "ended": False,
    }


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_directory_nothing_is_written(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    progress = Progress.from_environment("contoso.example")
    progress.begin("Reading", "objects")
    progress.advance()
    progress.end()
    assert list(tmp_path.iterdir()) == []


def test_the_environment_names_the_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    Progress.from_environment("contoso.example").begin("Reading", "objects")
    assert [report.label for report in reports(tmp_path)] == ["contoso.example"]


def test_outside_of_an_activity_nothing_is_written(tmp_path: Path) -> None:
    progress = Progress(str(tmp_path))
    progress.advance()
    progress.end()
    assert list(tmp_path.iterdir()) == []


def test_an_error_ends_all_reporting(tmp_path: Path) -> None:
    """The directory comes back, and nobody writes into it any more."""
    clock = Clock()
    directory = tmp_path / "progress"
    directory.mkdir()
    progress = Progress(str(directory), clock=clock)
    progress.begin("Reading", "objects")
    shutil.rmtree(directory)
    clock.now += PAUSE
    progress.advance()
    directory.mkdir()
    clock.now += PAUSE
    progress.advance()
    progress.end()
    progress.begin("Writing", "changes", 2)
    assert list(directory.iterdir()) == []


def test_a_report_is_read_as_it_was_written() -> None:
    assert Report.from_json(REPORT.to_json()) == REPORT


FOREIGN: dict[str, t.Any] = {
    "not JSON": "{",
    "not an object": "[]",
    "no version": {"version": None},
    "another version": {"version": 2},
    "a value more": {"more": 1},
    "words that move the cursor": {"label": "\x1b[2J"},
    "a label without end": {"label": "x" * 1000},
    "no activity": {"activity": ""},
    "a unit that is a number": {"unit": 5},
    "half a change": {"done": 0.5},
    "fewer than none": {"done": -1},
    "a truth for a total": {"total": True},
    "more than can be": {"total": 10**400},
    "no time": {"seconds": float("nan")},
    "an end that is a text": {"ended": "yes"},
}


@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_report_is_refused(change: t.Any) -> None:
    document = {"version": 1, **dataclasses.asdict(REPORT)}
    text = change if isinstance(change, str) else json.dumps({**document, **change})
    with pytest.raises(ValueError, match=r"."):
        Report.from_json(text)


def test_a_report_with_a_value_missing_is_refused() -> None:
    document = {"version": 1, **dataclasses.asdict(REPORT)}
    del document["done"]
    with pytest.raises(ValueError, match="values of a report"):
        Report.from_json(json.dumps(document))


def test_a_label_that_would_steer_the_terminal_is_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown all the same; one that something else wrote is not."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    progress = Progress.from_environment("\x1b[2J\u202econtoso\n" + "x" * 300)
    progress.begin("Reading", "objects")
    (report,) = reports(tmp_path)
    assert report.label is not None
    assert report.label.startswith("[U+001B][2J[U+202E]contoso xxx")
    for raw in ("\x1b[2J", "\u202e", "a\nb", "\x9b"):
        with pytest.raises(ValueError, match="can't have"):
            Report.from_json(dataclasses.replace(REPORT, label=raw).to_json())
