# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the cost grows with the number of users: approve, then the same again."""

from __future__ import annotations

import typing as t

from benchmarks.baselines import ways
from benchmarks.results import Outcome
from benchmarks.scenarios import approve, repeat
from benchmarks.tenant import seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes


def run(lab: Lab, sizes: Sizes) -> Outcome:
    rows = []
    for users in sizes.growth:
        with lab.tenant(seed(users)) as tenant:
            rows.append(ways.one_task(lab, tenant, approve.JOB, users, changes=True))
            rows.append(ways.one_task(lab, tenant, repeat.JOB, users, changes=False))
    return Outcome("growth", f"From {sizes.growth[0]:,} to {sizes.growth[-1]:,} users", tuple(rows))
