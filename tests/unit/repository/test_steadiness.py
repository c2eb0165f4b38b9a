# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No test depends on how busy the machine is: waits end by what they wait for, or after PATIENCE."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from unit.repository.written import ROOT, written

TESTS = [path for path in written(".py") if "tests" in path.relative_to(ROOT).parts]
CLOCKS = {"monotonic", "perf_counter", "sleep"}
# They compare with what can't be faster on any machine, or with how long the same run took.
MEASURING = {
    "simulator/tests/test_control.py",
    "tests/integration/test_failures.py",
    "tests/integration/test_sign_in.py",
}


def limits(text: str) -> list[int]:
    """The lines that give a time-out as a number."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg == "timeout" and isinstance(node.value, ast.Constant)
    ]


def clocks(text: str) -> list[int]:
    """The lines that look at a clock, or let time pass."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id == "time"
    ]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_test_has_a_limit_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert limits(text) == []
    assert bool(clocks(text)) == (str(path.relative_to(ROOT)) in MEASURING)


def test_limits_and_clocks_are_found() -> None:
    text = "import time\nrun(x, timeout=30)\nrun(x, timeout=PATIENCE)\nbegun = time.monotonic()\ntime.sleep(1)\ntime.time()\n"
    assert (limits(text), clocks(text)) == ([2], [4, 5])


def test_hypothesis_does_not_measure() -> None:
    used = settings()
    assert used.deadline is None
    assert HealthCheck.too_slow in used.suppress_health_check
    assert used.print_blob
