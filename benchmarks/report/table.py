# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as Markdown tables: the same on the terminal and in the documentation."""

from __future__ import annotations

import typing as t

from benchmarks.results import COLLECTION, Limit, Outcome, Row

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WAYS = (
    "what",
    "way",
    "users",
    "measured with",
    "requests",
    "writes",
    "s",
    "ms per user",
    "task s",
    "peak MiB",
    "vs one task",
)


def text(outcomes: Iterable[Outcome]) -> str:
    """All tables, scenario by scenario."""
    return "\n\n".join(_scenario(outcome) for outcome in outcomes)


def _scenario(outcome: Outcome) -> str:
    parts = [f"### {outcome.title}"]
    if outcome.error:
        parts.append(f"Failed: {outcome.error.strip().splitlines()[0]}")
    if outcome.rows:
        parts.append(_table(_WAYS, [_row(row, outcome.rows) for row in outcome.rows], left=2))
    if outcome.limits:
        parts.append(_table(("limit", "figure", "", "met"), [_limit(limit) for limit in outcome.limits], left=1))
    parts += outcome.notes
    return "\n\n".join(parts)


def _row(row: Row, rows: Sequence[Row]) -> Sequence[str]:
    estimated = row.measured_users < row.users
    return (
        row.job,
        row.tool,
        f"{row.users:,}",
        f"{row.measured_users:,}",
        f"{row.traffic.requests:,}",
        f"{row.traffic.writes:,}",
        f"{'≈ ' if estimated else ''}{number(row.whole_seconds)}",
        number(1000 * row.seconds_per_user),
        number(row.task_seconds),
        number(row.peak_mib),
        _ratio(row, rows),
    )


def _ratio(row: Row, rows: Sequence[Row]) -> str:
    """How many times the collection's time another way takes for the same."""
    ours = next((one for one in rows if (one.job, one.users, one.tool) == (row.job, row.users, COLLECTION)), row)
    return "" if ours is row else f"{number(row.whole_seconds / ours.whole_seconds)}x"


def _limit(limit: Limit) -> Sequence[str]:
    unit = limit.unit if limit.unit in ("", "x", "%") else f" {limit.unit}"
    sign = "≥" if limit.at_least else "≤"
    return (
        limit.what,
        f"{number(limit.figure)}{unit}",
        f"{sign} {number(limit.limit)}{unit}",
        "met" if limit.met else "**not met**",
    )


def number(value: float | None) -> str:
    """Three digits that count; whole above."""
    if value is None:
        return ""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int) -> str:
    """:param left: the number of columns that are texts; the others are numbers."""
    lines = [[*head], *([*row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    rule = [f"{'-' * max(width, 3)}" if i < left else f"{'-' * max(width - 1, 2)}:" for i, width in enumerate(widths)]
    padded = [
        [
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [padded[0], rule, *padded[1:]])
