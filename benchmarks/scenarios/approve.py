# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Approve an app for a group, on a tenant that has nothing of it."""

from __future__ import annotations

import typing as t

from benchmarks.baselines import ways
from benchmarks.results import LOOP, SCRIPT, Limit, Outcome
from benchmarks.tenant import seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

JOB = "approve"


def run(lab: Lab, sizes: Sizes) -> Outcome:
    users = sizes.approve
    fresh = seed(users)
    with lab.tenant(fresh) as tenant:
        rows = ways.others(lab, sizes, tenant, fresh, JOB, users)
        ours = ways.one_task(lab, tenant, JOB, users, changes=True)
    other = {row.tool: row for row in rows}
    limits = (
        Limit("requests beside the token's", ours.traffic.requests, ours.traffic.writes / 20 + 12),
        Limit(
            "times as fast as the script",
            other[SCRIPT].whole_seconds / ours.whole_seconds,
            25,
            unit="x",
            at_least=True,
            timed=True,
        ),
        Limit(
            "times as fast per user as a loop of tasks",
            other[LOOP].seconds_per_user / ours.seconds_per_user,
            100,
            unit="x",
            at_least=True,
            timed=True,
        ),
    )
    # Each user takes the script four requests, one after the other, whatever language it is written in.
    waiting = 4 * users * sizes.latency_ms / 1000
    facts = {"script_waiting_seconds": waiting}
    notes = (
        f"Of the script's time {waiting:,.0f} s are waiting for answers. Most of the rest is its reading the service "
        "principal of Microsoft Graph anew for each user, with hundreds of permissions in it.",
    )
    return Outcome("approve", f"Approve for a group of {users:,}", (ours, *rows), limits, facts, notes)
