# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One more user, in a tenant where very many are approved already."""

from __future__ import annotations

import typing as t

from benchmarks.baselines import ways
from benchmarks.results import Limit, Outcome
from benchmarks.tenant import NEWCOMERS, seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

JOB = "approve one more"


def run(lab: Lab, sizes: Sizes) -> Outcome:
    before = sizes.one_user
    with lab.tenant(seed(before, approved=True)) as tenant:
        slow = ways.script_row(JOB, 1, lab.script(f"{JOB}, script", tenant, "--user", NEWCOMERS[0]))
        ours = ways.one_task(lab, tenant, JOB, 1, changes=True, approved_users=[NEWCOMERS[1]])
    limits = (
        Limit("requests beside the token's", ours.traffic.requests, 6),
        Limit("writes", ours.traffic.writes, 2),
    )
    return Outcome("one_user", f"One user added to {before:,}", (ours, slow), limits)
