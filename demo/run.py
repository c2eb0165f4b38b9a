# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Approves the apps of a vendor on a simulated tenant: check, apply, apply again, for each procedure.

Ends with 0 only if each run did what it should: check mode wrote nothing, the first run changed something, the
second nothing.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

from entra_simulator.testing import SimulatedTenant, running

HERE = Path(__file__).parent
# The longest time that one playbook may take, in seconds.
LIMIT = 120


@dataclasses.dataclass(frozen=True)
class Procedure:
    title: str
    playbook: str
    variables: str


PROCEDURES = (
    Procedure("1. Approve for all users", "approve_for_all_users", "all_users.yml"),
    Procedure("2a. Approve for a limited set of users, one by one", "approve_for_limited_users", "per_user.yml"),
    Procedure("2b. Approve for a limited set of users, by assignment", "approve_for_limited_users", "assigned.yml"),
    Procedure("3. Create only for review", "create_for_review", "review.yml"),
)
LINKS = Procedure("4. Links instead of writes", "approval_links", "links.yml")


class DemoError(Exception):
    """A run did not do what it should."""


def main() -> int:
    started = time.monotonic()
    with running(HERE / "tenant.yml") as tenant:
        say(
            f"A simulated tenant at {tenant.url}: contoso.example, 101 users, group 'Jira users' (40 users and a group of 20)"
        )
        try:
            for procedure in PROCEDURES:
                show(tenant, procedure)
            heading(LINKS.title)
            play(tenant, f"tenantops.entra.{LINKS.playbook}", "-e", f"@demo/vars/{LINKS.variables}")
            heading("Who has what now")
            play(tenant, "demo/who_has_what.yml")
        except DemoError as error:
            print(f"\nThe demonstration failed: {error}", file=sys.stderr)
            return 1
    say(f"Done in {time.monotonic() - started:.0f} s; the simulated tenant is stopped.")
    return 0


def show(tenant: SimulatedTenant, procedure: Procedure) -> None:
    heading(procedure.title)
    command = (f"tenantops.entra.{procedure.playbook}", "-e", f"@demo/vars/{procedure.variables}")
    say("In check mode: what would change?")
    expect(play(tenant, *command, "--check", "--diff") > 0, "check mode should predict changes")
    expect(writes(tenant) == 0, "check mode should write nothing")
    say("Nothing was written. Now apply it:")
    expect(play(tenant, *command) > 0, "the first run should change something")
    made = writes(tenant)
    say(f"{made} {'write' if made == 1 else 'writes'} in {calls(tenant)} requests. The same again:")
    expect(play(tenant, *command) == 0, "the second run should change nothing")
    expect(writes(tenant) == 0, "the second run should write nothing")


def play(tenant: SimulatedTenant, *arguments: str) -> int:
    """Runs a playbook with its output on the terminal; the number of changed tasks. Raises DemoError."""
    tenant.clear_requests()
    print(f"\n$ ansible-playbook {shlex.join(arguments)}", flush=True)
    quiet = {
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_FORCE_COLOR": "true" if sys.stdout.isatty() else "false",
    }
    output = ""
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("ansible-playbook")), *arguments],
        env={**os.environ, **quiet, **tenant.env},
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            output += line
            print(line, end="", flush=True)
        code = process.wait(LIMIT)
    changed = re.search(r"changed=(\d+)", output)
    if code or not changed:
        raise DemoError(f"ansible-playbook {arguments[0]} ended with {code}")
    return int(changed.group(1))


def expect(held: bool, what: str) -> None:
    if not held:
        raise DemoError(what)


def writes(tenant: SimulatedTenant) -> int:
    """Changes that reached Graph in the last run, each item of a batch counted."""
    return sum(
        entry["method"] != "GET" and "$batch" not in entry["path"] and "/oauth2/" not in entry["path"]
        for entry in tenant.requests()
    )


def calls(tenant: SimulatedTenant) -> int:
    """HTTP requests of the last run, batches counted as one."""
    return sum(not entry["batch"] for entry in tenant.requests())


def heading(text: str) -> None:
    print(f"\n{'=' * 100}\n{text}\n{'=' * 100}", flush=True)


def say(text: str) -> None:
    print(f"\n>>> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
