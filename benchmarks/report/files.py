# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what was measured: JSON, picture, and the tables between the markers of a page."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import os
import platform
import typing as t

from benchmarks.report import table

if t.TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.results import Outcome
    from benchmarks.sizes import Sizes

BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
PACKAGES = ("ansible-core", "azure-identity", "msgraph-sdk")


def write(outcomes: Sequence[Outcome], sizes: Sizes, folder: Path) -> list[Path]:
    """Writes benchmark.json and benchmark.svg, and the tables into speed.md, which is made if it is not there."""
    from benchmarks.report import plot

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("benchmark.json", "benchmark.svg", "speed.md")]
    paths[0].write_text(json.dumps(document(outcomes, sizes), indent=2) + "\n", encoding="utf-8")
    plot.draw(outcomes, paths[1])
    page = paths[2].read_text(encoding="utf-8") if paths[2].exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    paths[2].write_text(f"{before}{BEGIN}\n{table.text(outcomes)}\n{END}{after}", encoding="utf-8")
    return paths


def document(outcomes: Sequence[Outcome], sizes: Sizes) -> dict[str, t.Any]:
    """Everything as JSON: the machine, the sizes, and for each scenario its rows and limits."""
    return {
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "sizes": dataclasses.asdict(sizes),
        "scenarios": [_scenario(outcome) for outcome in outcomes],
    }


def _scenario(outcome: Outcome) -> dict[str, t.Any]:
    return {
        **dataclasses.asdict(outcome),
        "met": outcome.met,
        "rows": [{**dataclasses.asdict(row), "whole_seconds": row.whole_seconds} for row in outcome.rows],
        "limits": [{**dataclasses.asdict(limit), "met": limit.met} for limit in outcome.limits],
    }
