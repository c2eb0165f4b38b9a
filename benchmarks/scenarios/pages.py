# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing to do for very many grants: memory, and time by the number of pages that are read."""

from __future__ import annotations

import dataclasses
import statistics
import typing as t

from benchmarks.baselines import ways
from benchmarks.results import Limit, Outcome, Row
from benchmarks.tenant import GROUP_ID, seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

JOB = "nothing to do, grants only"


def run(lab: Lab, sizes: Sizes) -> Outcome:
    # What a task takes whatever the tenant's size: a group of one user has one page of each kind.
    least = _measure(lab, sizes, 1)
    each = [_measure(lab, sizes, users) for users in sizes.pages]
    slow = _script(lab, sizes)
    pages = [row.traffic.requests - least.traffic.requests for row in each]
    times = [_task_seconds(row) - _task_seconds(least) for row in each]
    per_page = [seconds / count for seconds, count in zip(times, pages, strict=True)]
    slope, _intercept = statistics.linear_regression([0, *pages], [0.0, *times])
    correlation = statistics.correlation([0, *pages], [0.0, *times])
    limits = (
        Limit("peak memory of the module process", each[-1].peak_mib or 0.0, 350, unit="MiB"),
        Limit(
            "time per page, largest tenant by the one before", per_page[-1] / per_page[-2], 1.25, unit="x", timed=True
        ),
    )
    facts = {
        "fixed_seconds": _task_seconds(least),
        "users": list(sizes.pages),
        "further_pages": pages,
        "seconds_per_page": per_page,
        "fit": {"seconds_per_page": slope, "correlation": correlation},
    }
    shown = ", ".join(
        f"{1000 * seconds:.0f} ms at {users:,} users ({count} pages more)"
        for users, count, seconds in zip(sizes.pages, pages, per_page, strict=True)
    )
    notes = (
        f"A task takes {_task_seconds(least):.2f} s for a group of one user, and then for each page more: {shown}. "
        f"A straight line through all of them has {1000 * slope:.0f} ms per page, r = {correlation:.5f}.",
    )
    title = f"Nothing to do for {sizes.pages[-1]:,} grants"
    return Outcome("pages", title, (*each, slow), limits, facts, notes)


def _measure(lab: Lab, sizes: Sizes, users: int) -> Row:
    """The run whose task took the middle one of several times."""
    with lab.tenant(seed(users, approved=True), page_limit=sizes.page) as tenant:
        rows = [
            ways.collection_row(
                JOB, users, lab.playbook(f"{JOB}, users: {users:,}", "grants.yml", tenant, approved_groups=[GROUP_ID])
            )
            for _time in range(sizes.repetitions)
        ]
    return sorted(rows, key=_task_seconds)[len(rows) // 2]


def _script(lab: Lab, sizes: Sizes) -> Row:
    """The script for the largest group, by what a user of the smallest one takes it: listing more members is left out."""
    users = sizes.pages[0]
    with lab.tenant(seed(users, approved=True)) as tenant:
        row = ways.script(lab, tenant, JOB, users, measured=sizes.script)
    return dataclasses.replace(row, users=sizes.pages[-1])


def _task_seconds(row: Row) -> float:
    return row.task_seconds or 0.0
