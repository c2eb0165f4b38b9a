# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to approve an app that are compared: one task of the collection, and what is done without it."""

from __future__ import annotations

import json
import typing as t

from benchmarks.results import COLLECTION, LOOP, SCRIPT, URI, BenchmarkError, Row
from benchmarks.tenant import GRAPH, GROUP_ID, upns

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.measure.lab import Lab, Run
    from benchmarks.sizes import Sizes
    from entra_simulator.testing import SimulatedTenant


def one_task(lab: Lab, tenant: SimulatedTenant, job: str, users: int, *, changes: bool, **more: t.Any) -> Row:
    """The whole group, or what ``more`` names, in one task.

    :param changes: whether the task has something to do; anything else raises BenchmarkError.
    """
    names = more or {"approved_groups": [GROUP_ID]}
    run = lab.playbook(_what(job, COLLECTION, users, users), "consent.yml", tenant, **names)
    if bool(run.changed) is not changes:
        raise BenchmarkError(f"{job}: the task should have changed {'something' if changes else 'nothing'}")
    return collection_row(job, users, run)


def collection_row(job: str, users: int, run: Run) -> Row:
    """A run whose only task brought all users to the declared state."""
    return Row(
        job,
        COLLECTION,
        users,
        users,
        run.seconds,
        run.seconds / users,
        run.traffic,
        run.tasks[-1].seconds,
        run.peak_mib,
    )


def script(lab: Lab, tenant: SimulatedTenant, job: str, users: int, *, measured: int) -> Row:
    """The vendor's script, with the first users of the group."""
    some = min(users, measured)
    what = _what(job, SCRIPT, some, users)
    return script_row(job, users, lab.script(what, tenant, "--group", GROUP_ID, "--limit", str(some)))


def script_row(job: str, users: int, run: Run) -> Row:
    """A run of the script, by its own words."""
    said = json.loads(run.output)
    per_user = said["seconds_per_user"] or run.seconds
    return Row(job, SCRIPT, users, said["users"], run.seconds, per_user, run.traffic)


def loop(lab: Lab, tenant: SimulatedTenant, job: str, users: int, *, measured: int) -> Row:
    """The collection's modules, in a loop over the first users."""
    some = min(users, measured)
    run = lab.playbook(_what(job, LOOP, some, users), "loop.yml", tenant, approved_users=upns(some, users))
    return looped(job, LOOP, users, some, run)


def uri(lab: Lab, tenant: SimulatedTenant, job: str, users: int, *, measured: int) -> Row:
    """Plain requests, in a loop over the first users of the group."""
    some = min(users, measured)
    run = lab.playbook(
        _what(job, URI, some, users), "uri.yml", tenant, resource_app_id=GRAPH, group_id=GROUP_ID, count=some
    )
    return looped(job, URI, users, some, run)


def others(
    lab: Lab, sizes: Sizes, tenant: SimulatedTenant, document: Mapping[str, t.Any], job: str, users: int
) -> list[Row]:
    """All the ways but the collection's. The tenant is as ``document`` says for each, and afterwards."""
    rows = []
    for way, measured in ((script, sizes.script), (loop, sizes.loop), (uri, sizes.uri)):
        rows.append(way(lab, tenant, job, users, measured=measured))
        tenant.put_state(document)
    return rows


def _what(job: str, tool: str, measured: int, users: int) -> str:
    return f"{job}, {tool}, users: {users:,}" + (f" ({measured:,} measured)" if measured < users else "")


def looped(job: str, tool: str, users: int, measured: int, run: Run) -> Row:
    """A run whose tasks "Grant" and "Assign" loop over the users; what is before them is not the users' share."""
    per_user = sum(run.task_seconds("Grant", "Assign")) / measured
    return Row(job, tool, users, measured, run.seconds, per_user, run.traffic)
