# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmarks run, count right and tell. How long anything takes is never looked at here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from entra_simulator.waiting import PATIENCE, wait_until
from integration.runner import JSON, ROOT

SCENARIOS = ["approve", "repeat", "throttled", "pages", "one_user", "growth", "as_itself"]
ROW = {
    *("job", "tool", "users", "measured_users", "seconds", "seconds_per_user"),
    *("traffic", "task_seconds", "peak_mib", "whole_seconds"),
}
PAGE = "# Speed\n\nBefore.\n\n<!-- benchmark -->\nold\n<!-- /benchmark -->\n\nAfter.\n"


def python(*arguments: str, **more: t.Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE, **more
    )


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    (folder / "speed.md").write_text(PAGE, encoding="utf-8")
    done = python("-m", "benchmarks.run", "--quick", "--output", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return folder


@pytest.fixture(scope="module")
def measured(output: Path) -> JSON:
    found: JSON = json.loads((output / "benchmark.json").read_text(encoding="utf-8"))
    return found


def rows(measured: JSON, name: str) -> dict[str, JSON]:
    """A scenario's rows by tool."""
    (scenario,) = [scenario for scenario in measured["scenarios"] if scenario["name"] == name]
    return {row["tool"]: row for row in scenario["rows"]}


def traffic(row: JSON) -> tuple[int, int]:
    """Requests beside the token's, and writes."""
    return row["traffic"]["requests"], row["traffic"]["writes"]


def test_every_scenario_has_rows_and_meets_what_can_be_counted(measured: JSON) -> None:
    assert [scenario["name"] for scenario in measured["scenarios"]] == SCENARIOS
    for scenario in measured["scenarios"]:
        assert scenario["error"] is None
        assert scenario["met"] is True
        assert scenario["rows"]
        assert all(set(row) == ROW for row in scenario["rows"])
        assert all(limit["met"] and not limit["timed"] for limit in scenario["limits"])


def test_one_task_makes_every_write_once_in_few_requests(measured: JSON) -> None:
    requests, writes = traffic(rows(measured, "approve")["one task"])
    assert writes == 2 * 40 + 1
    assert requests <= writes / 20 + 12
    requests, writes = traffic(rows(measured, "repeat")["one task"])
    assert (requests <= 8, writes) == (True, 0)
    requests, writes = traffic(rows(measured, "one_user")["one task"])
    assert (requests <= 6, writes) == (True, 2)
    assert traffic(rows(measured, "throttled")["one task"])[1] == 2 * 50 + 1


def test_the_script_sends_what_the_vendors_does(measured: JSON) -> None:
    # The service principal is looked for and created, the members are listed, and each of two users takes four.
    assert traffic(rows(measured, "approve")["script"]) == (3 + 4 * 2, 1 + 2 * 2)
    # Found, listed, and one look at each user's grants.
    assert traffic(rows(measured, "repeat")["script"]) == (2 + 2, 0)
    assert traffic(rows(measured, "one_user")["script"]) == (2 + 4, 2)


def test_the_loops_do_the_same_for_their_users(measured: JSON) -> None:
    assert traffic(rows(measured, "approve")["loop of tasks"])[1] == 1 + 2
    assert traffic(rows(measured, "repeat")["loop of tasks"])[1] == 0
    # Two service principals are looked for, one is created, the members are listed, and each of two users takes two.
    assert traffic(rows(measured, "approve")["loop of uri"]) == (4 + 2 * 2, 1 + 2 * 2)
    # What is there already can't be told from what is not: the writes are sent again.
    assert traffic(rows(measured, "repeat")["loop of uri"]) == (3 + 2 * 2, 2 * 2)


def test_what_apps_may_do_as_themselves_is_one_task_too(measured: JSON) -> None:
    (scenario,) = [scenario for scenario in measured["scenarios"] if scenario["name"] == "as_itself"]
    found = {(row["job"], row["tool"]): traffic(row) for row in scenario["rows"]}
    # Two lists of apps in a batch, what each of 30 apps holds in two, 60 writes in three.
    assert found["grant as itself", "one task"] == (1 + 2 + 3, 2 * 30)
    assert found["nothing to do", "one task"] == (1 + 2, 0)
    # The app and the API, what the app holds, a batch of two writes.
    assert found["grant as itself", "loop of tasks"] == (3, 2)


def test_each_run_signs_in_for_itself_and_modules_are_weighed(measured: JSON) -> None:
    for scenario in measured["scenarios"]:
        for row in scenario["rows"]:
            assert row["traffic"]["sign_ins"] >= 1
            weighed = row["tool"] == "one task"
            assert (row["peak_mib"] is not None, row["task_seconds"] is not None) == (weighed, weighed)
            if weighed:
                assert 20 < row["peak_mib"] < 350


def test_the_tables_stand_between_the_markers(output: Path) -> None:
    page = (output / "speed.md").read_text(encoding="utf-8")
    assert page.startswith("# Speed\n\nBefore.\n\n<!-- benchmark -->\n### Approve for a group of 40\n")
    assert page.endswith("\n<!-- /benchmark -->\n\nAfter.\n")
    assert "\nold\n" not in page
    assert page.count("| met |") >= len(SCENARIOS)


def test_the_picture_shows_the_ways_and_the_growth(output: Path) -> None:
    texts = {text.text for text in ET.parse(output / "benchmark.svg").iter("{http://www.w3.org/2000/svg}text")}
    assert {"approve: script", "approve: one task", "requests to Graph", "users"} <= texts


def test_a_failed_scenario_and_a_missed_limit_fail_the_run_and_the_others_go_on(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from benchmarks import run\n"
        "from benchmarks.results import Limit, Outcome\n"
        "run.SCENARIOS['approve'] = lambda lab, sizes: 1 / 0\n"
        "run.SCENARIOS['repeat'] = lambda lab, sizes: Outcome('repeat', 'Again', limits=(Limit('requests', 9, 8),))\n"
        "run.SCENARIOS['pages'] = lambda lab, sizes: Outcome('pages', 'Pages', limits=(Limit('requests', 8, 8),))\n"
        "sys.exit(run.main(sys.argv[1:]))\n"
    )
    only = [argument for name in ("approve", "repeat", "pages") for argument in ("--only", name)]
    done = python("-c", code, *only, "--output", str(tmp_path))
    assert done.returncode == 1
    assert "approve failed: ZeroDivisionError" in done.stdout
    assert done.stdout.rstrip().endswith("not as it should be: approve, repeat")
    found = json.loads((tmp_path / "benchmark.json").read_text(encoding="utf-8"))["scenarios"]
    assert [scenario["met"] for scenario in found] == [False, False, True]
    assert "**not met**" in (tmp_path / "speed.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_it_is_stopped(how: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.run", "--quick", "--only", "growth", "--output", str(tmp_path)]
    # Only it and what it starts have this variable.
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            said = b""
            while b"one task" not in said:
                said += os.read(process.stdout.fileno() if process.stdout else -1, 1000)
            wait_until(lambda: len(started(tmp_path)) >= 3 or process.poll() is not None)
            assert process.poll() is None
            process.send_signal(how)
            _stdout, stderr = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, stderr) == (130, b"\nStopped.\n")
    # The kernel takes a moment to end what was killed.
    wait_until(lambda: not started(tmp_path))
    assert list(tmp_path.iterdir()) == []


def started(folder: Path) -> list[int]:
    """The processes that have this folder for their temporary files."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"TMPDIR={folder}".encode() in variables:
            found.append(int(path.parent.name))
    return found
