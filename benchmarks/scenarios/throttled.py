# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Approve under Graph's documented limits: as fast as they let anybody, with hardly a request refused."""

from __future__ import annotations

import typing as t

from benchmarks.baselines import ways
from benchmarks.results import Limit, Outcome
from benchmarks.tenant import seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

JOB = "approve, throttled"

# Microsoft's limit for one app in one tenant.
WRITES, PERIOD_SECONDS = 3_000, 150.0


def run(lab: Lab, sizes: Sizes) -> Outcome:
    users, factor = sizes.throttled, sizes.throttle_factor
    fresh = seed(users)
    with lab.tenant(fresh, throttle="documented", throttle_factor=factor) as tenant:
        slow = ways.script(lab, tenant, JOB, users, measured=sizes.uri)
        tenant.put_state(fresh)
        tenant.clear_throttle()
        ours = ways.one_task(lab, tenant, JOB, users, changes=True)
    made = ours.traffic.writes - ours.traffic.throttled
    least = max(0.0, made - WRITES) * PERIOD_SECONDS / WRITES / factor
    limits = (
        Limit(f"in all; the write limit alone takes {least:.1f} s", ours.seconds, 1.15 * least, unit="s", timed=True),
        Limit("refused with 429, in percent of the writes", 100 * ours.traffic.throttled / made, 1, unit="%"),
    )
    facts = {
        "throttle_factor": factor,
        "write_limit_seconds": least,
        "write_limit_seconds_live": least * factor,
        "writes_made": made,
    }
    title = f"Approve for a group of {users:,} under the documented limits, periods {factor:,} times shorter"
    notes = (
        f"On a live tenant, with the periods as they are documented, the write limit alone takes {least * factor:,.0f} s. "
        "The script is too slow to come near the limit, so it takes as long there as here.",
    )
    return Outcome("throttled", title, (ours, slow), limits, facts, notes)
