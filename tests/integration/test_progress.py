# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback plugin that shows the progress of a task: only when enabled, and never in the way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from entra_simulator.waiting import PATIENCE, wait_until
from integration.runner import Task, task
from integration.tenant import OUTLOOK, Tenant, grants, predictable, service_principal

if t.TYPE_CHECKING:
    from collections.abc import Callable

ENABLED = {
    "ANSIBLE_CALLBACKS_ENABLED": "record,tenantops.entra.progress",
    "TENANTOPS_PROGRESS_INTERVAL": "0.3",
}
COUNT = 100
# The third of five batches.
HALFWAY = {"match": {"method": "POST", "path": "/oauth2PermissionGrants$", "item": True}, "after": 40}
LINE = re.compile(
    r"^(?P<label>\S+): writing (?P<done>\d+) of (?P<total>\d+) changes \((?P<percent>\d+) %\)"
    r"(?:, [\d.,]+ a (?:second|minute)(?:, about .+ left)?)?$",
    re.MULTILINE,
)
ANY = re.compile(r"(?:reading|writing)[ ,]")
# What a task sees of the plugin.
DIRECTORY: Task = {
    "name": "directory",
    "ansible.builtin.debug": {"msg": "directory <{{ lookup('ansible.builtin.env', 'TENANTOPS_PROGRESS_DIR') }}>"},
}


@pytest.fixture
def slow(start: Callable[..., Tenant]) -> Tenant:
    """A tenant that takes some seconds to grant something to all users."""
    tenant = start(latency_ms=500)
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    return tenant


def grant_all(tenant: Tenant) -> Task:
    return task(
        "delegated_permission_grant",
        app_id=OUTLOOK,
        users=tenant.users(COUNT),
        scopes=["openid"],
        return_limit=COUNT,
        concurrency=1,
    )


def directories(tenant: Tenant) -> list[Path]:
    """The plugin's directories that are there now."""
    return list((tenant.room / "ansible" / "tmp").glob("*/progress-*"))


def left(tenant: Tenant) -> list[Path]:
    """What Ansible and the plugin left behind."""
    return list((tenant.room / "ansible" / "tmp").iterdir())


def test_progress_is_shown_and_nothing_else_differs(slow: Tenant) -> None:
    granted, seen = run = slow.play(grant_all(slow), DIRECTORY, env=ENABLED)
    lines = list(LINE.finditer(run.stdout))
    counts = [int(line["done"]) for line in lines]
    assert len(counts) >= 3
    assert counts == sorted(counts)
    assert counts[0] < COUNT
    assert [int(line["percent"]) for line in lines] == counts
    assert {line["label"] for line in lines} == {slow.simulated.env["AZURE_TENANT_ID"]}
    assert lines[0].start() < run.stdout.index("changed: [localhost]")
    assert re.search(r": writing finished, 100 changes in \d+ s$", run.stdout, re.MULTILINE)
    assert run.stderr == ""
    assert re.fullmatch(r"directory <.+/progress-\w+>", seen["msg"])
    assert left(slow) == []

    slow.seed(service_principals=[service_principal(OUTLOOK)])
    without, seen = run = slow.play(grant_all(slow), DIRECTORY)
    assert not ANY.search(run.text)
    assert seen["msg"] == "directory <>"
    assert len(without["changes"]) == COUNT
    assert predictable(granted) == predictable(without)
    assert grants(granted.state) == grants(without.state)
    assert granted.round_trips == without.round_trips


def test_a_check_shows_how_much_was_read(slow: Tenant) -> None:
    """Nothing is written, and so nothing is said about writing."""
    run = slow.play(grant_all(slow), env=ENABLED, arguments=["--check"])
    assert re.search(r": reading, \d+ objects? so far", run.stdout)
    assert "writing" not in run.stdout
    assert run.only.writes == []


def test_short_tasks_show_nothing(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    run = tenant.play(grant_all(tenant), env={**ENABLED, "TENANTOPS_PROGRESS_INTERVAL": "60"})
    assert run.only.changed
    assert not ANY.search(run.text)
    assert left(tenant) == []


def test_a_failure_is_reported_as_without_it(slow: Tenant) -> None:
    slow.simulated.faults(
        [{"match": {"method": "POST", "path": "/oauth2PermissionGrants$"}, "answer": {"status": 403}}]
    )
    run = slow.play(grant_all(slow), env=ENABLED, fails=True)
    assert len(run.only["failures"]) == COUNT
    assert re.search(r": writing (?:stopped|finished)", run.stdout)
    assert left(slow) == []


def test_several_tenants_at_the_same_time_are_told_apart(slow: Tenant) -> None:
    """Under strategy free, too."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {
        "one": {**local, "tenant": slow.simulated.env["AZURE_TENANT_ID"], "users": slow.users(50)},
        "other": {**local, "tenant": "contoso.example", "users": slow.users(50, first=51)},
    }
    both = grant_all(slow)
    both["tenantops.entra.delegated_permission_grant"].update(tenant_id="{{ tenant }}", users="{{ users }}")
    run = slow.play(both, env=ENABLED, inventory={"hosts": hosts}, strategy="free")
    lines = list(LINE.finditer(run.stdout))
    assert {line["label"] for line in lines} == {host["tenant"] for host in hosts.values()}
    assert {line["total"] for line in lines} == {"50"}


@pytest.mark.parametrize("instead", ["nothing", "a file"])
def test_a_directory_that_is_removed_changes_nothing(slow: Tenant, instead: str) -> None:
    """The module can't write any more, and the plugin can't read."""
    with ThreadPoolExecutor(1) as pool:
        with slow.simulated.holding(HALFWAY) as there:
            playing = pool.submit(slow.play, grant_all(slow), DIRECTORY, env=ENABLED)
            wait_until(lambda: there() or playing.done())
            (directory,) = directories(slow)
            assert any(directory.glob("*-2.json"))
            shutil.rmtree(directory)
            if instead == "a file":
                directory.touch()
        run = playing.result()
    assert len(run[0]["changes"]) == COUNT
    assert run.stderr == ""
    assert "finished, 100" not in run.stdout


def test_lines_come_in_time_and_an_interrupted_run_leaves_nothing(slow: Tenant) -> None:
    """Into a pipe, which holds back what is not flushed; then Ctrl-C."""
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable},
        "tasks": [grant_all(slow)],
    }
    playbook = slow.room / "interrupted.yml"
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(playbook)]
    with (
        slow.simulated.holding(HALFWAY),
        subprocess.Popen(
            command,
            cwd=slow.room,
            env={**slow.ansible.environment(slow.room / "record.jsonl"), **slow.simulated.env, **ENABLED},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        limit = threading.Timer(PATIENCE, process.kill)
        limit.start()
        try:
            shown = next(line for line in process.stdout or [] if LINE.match(line))
            running = directories(slow)
            os.killpg(process.pid, signal.SIGINT)
            rest = process.communicate()[0]
        finally:
            limit.cancel()
            process.kill()
    assert "(100 %)" not in shown
    assert len(running) == 1
    assert "User interrupted execution" in rest
    assert "Traceback" not in rest
    assert left(slow) == []
