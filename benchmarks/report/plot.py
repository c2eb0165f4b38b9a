# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as a picture. The only file that imports matplotlib."""

from __future__ import annotations

import typing as t

import matplotlib
from matplotlib.figure import Figure

from benchmarks.report.table import number
from benchmarks.results import COLLECTION, LOOP, SCRIPT, URI, Outcome, Row

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

_COLOURS = {COLLECTION: "#1b6ca8", SCRIPT: "#c1440e", LOOP: "#d99a2b", URI: "#7a7a7a"}
# Of the lines: approve, and nothing to do.
_LINES = ("#1b6ca8", "#4f9d69")


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Draws what the outcomes have: the ways side by side, and the growth."""
    rows = {outcome.name: outcome.rows for outcome in outcomes}
    side_by_side, growth = [*rows.get("approve", ()), *rows.get("repeat", ())], rows.get("growth", ())
    panels: list[Callable[[Axes], None]] = []
    if side_by_side:
        panels.append(lambda axes: _bars(axes, side_by_side))
    if growth:
        panels += [
            lambda axes: _curves(axes, growth, "seconds", lambda row: row.seconds),
            lambda axes: _curves(axes, growth, "requests to Graph", lambda row: row.traffic.requests),
            lambda axes: _curves(
                axes, growth, "peak memory of the module, MiB", lambda row: row.peak_mib or 0.0, log=False
            ),
        ]
    lines = -(-len(panels) // 2)
    figure = Figure(figsize=(11, 4 * lines or 1), layout="constrained")
    for place, panel in enumerate(panels, start=1):
        panel(figure.add_subplot(lines, 2, place))
    # Text stays text, and the same figures give the same file.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "benchmark"}):
        figure.savefig(path, format="svg", metadata={"Date": None})


def _bars(axes: Axes, rows: Sequence[Row]) -> None:
    """One bar for each way, longest on top of its job."""
    shown = sorted(rows, key=lambda row: (row.job, -row.whole_seconds), reverse=True)
    bars = axes.barh(
        [f"{row.job}: {row.tool}" for row in shown],
        [row.whole_seconds for row in shown],
        color=[_COLOURS[row.tool] for row in shown],
    )
    axes.bar_label(bars, [f"{number(row.whole_seconds)} s" for row in shown], padding=3)
    axes.set_xscale("log")
    axes.margins(x=0.4)
    axes.set_xlabel("seconds")
    axes.set_title(f"{rows[0].users:,} users")


def _curves(axes: Axes, rows: Sequence[Row], title: str, figure: Callable[[Row], float], *, log: bool = True) -> None:
    """A line over the number of users for each job, with its figures."""
    for place, (colour, job) in enumerate(zip(_LINES, dict.fromkeys(row.job for row in rows), strict=False)):
        points = [row for row in rows if row.job == job]
        axes.plot([row.users for row in points], [figure(row) for row in points], marker="o", color=colour, label=job)
        for row in points:
            # The first job's figures stand above its line, the second's below.
            axes.annotate(
                number(figure(row)),
                (row.users, figure(row)),
                textcoords="offset points",
                xytext=(6, -13) if place else (-6, 6),
                ha="left" if place else "right",
                color=colour,
            )
    axes.set_xscale("log")
    if log:
        axes.set_yscale("log")
    axes.margins(x=0.18, y=0.2)
    axes.set_ylim(bottom=None if log else 0)
    axes.set_xlabel("users")
    axes.set_title(title)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="upper left")
