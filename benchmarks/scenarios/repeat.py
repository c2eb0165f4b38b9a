# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same state again: nothing to do."""

from __future__ import annotations

import statistics
import typing as t

from benchmarks.baselines import ways
from benchmarks.results import Limit, Outcome
from benchmarks.tenant import GROUP_ID, seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

JOB = "nothing to do"


def run(lab: Lab, sizes: Sizes) -> Outcome:
    users = sizes.approve
    approved = seed(users, approved=True)
    with lab.tenant(approved) as tenant:
        rows = ways.others(lab, sizes, tenant, approved, JOB, users)
        ours = ways.one_task(lab, tenant, JOB, users, changes=False)
        repeated = lab.playbook(
            f"{JOB}, beside one read, {sizes.repetitions} times",
            "repeated.yml",
            tenant,
            repetitions=sizes.repetitions,
            approved_groups=[GROUP_ID],
        )
    reads, approvals = repeated.task_seconds("Read"), repeated.task_seconds("Approve")
    read, approval = statistics.median(reads), statistics.median(approvals)
    limits = (
        Limit("requests beside the token's", ours.traffic.requests, 8),
        Limit("writes", ours.traffic.writes, 0),
        Limit("over a task that does one read, median", approval - read, 1.5, unit="s", timed=True),
    )
    facts = {"read_task_seconds": reads, "approve_task_seconds": approvals}
    notes = (
        f"Medians of {len(reads)}: {approval:.2f} s for the approval's task, {read:.2f} s for one that does a single read.",
    )
    return Outcome("repeat", f"The same again for a group of {users:,}", (ours, *rows), limits, facts, notes)
