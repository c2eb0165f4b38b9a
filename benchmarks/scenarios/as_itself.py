# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many apps may do as themselves: granted, granted already, and found in the whole tenant. The users are apps here."""

from __future__ import annotations

import typing as t

from benchmarks.baselines import ways
from benchmarks.results import LOOP, Limit, Outcome
from benchmarks.tenant import acting, acting_seed

if t.TYPE_CHECKING:
    from benchmarks.measure.lab import Lab
    from benchmarks.results import Row
    from benchmarks.sizes import Sizes
    from entra_simulator.testing import SimulatedTenant

GRANT, AGAIN, EXPORT = "grant as itself", "nothing to do", "look through the tenant"


def run(lab: Lab, sizes: Sizes) -> Outcome:
    apps = sizes.acting
    declared, fresh = acting(apps), acting_seed(apps)
    with lab.tenant(fresh) as tenant:
        slow = _loop(lab, sizes, tenant, apps)
        tenant.put_state(fresh)
        granted, again, exported = [
            ways.collection_row(job, apps, lab.playbook(f"{job}, apps: {apps:,}", name, tenant, declared=declared))
            for job, name in ((GRANT, "as_itself.yml"), (AGAIN, "as_itself.yml"), (EXPORT, "export.yml"))
        ]
    # A list of what each app holds, 20 to a batch, and of who is assigned to it in a whole tenant.
    lists = apps / 20
    limits = (
        Limit(
            "requests beside the token's, to grant", granted.traffic.requests, granted.traffic.writes / 20 + lists + 6
        ),
        Limit("requests beside the token's, when nothing is to be done", again.traffic.requests, lists + 6),
        Limit("writes when nothing is to be done", again.traffic.writes, 0),
        Limit("requests beside the token's, for the whole tenant", exported.traffic.requests, lists + 25),
        Limit(
            "times as fast per app as a loop of tasks",
            slow.seconds_per_user / granted.seconds_per_user,
            25,
            unit="x",
            at_least=True,
            timed=True,
        ),
    )
    notes = ("The users of this table are apps.",)
    return Outcome(
        "as_itself",
        f"Two application permissions for each of {apps:,} apps",
        (granted, slow, again, exported),
        limits,
        notes=notes,
    )


def _loop(lab: Lab, sizes: Sizes, tenant: SimulatedTenant, apps: int) -> Row:
    """A task for each of the first apps."""
    some = min(apps, sizes.loop)
    run = lab.playbook(
        f"{GRANT}, {LOOP}, apps: {apps:,} ({some:,} measured)", "as_itself_loop.yml", tenant, declared=acting(some)
    )
    return ways.looped(GRANT, LOOP, apps, some, run)
