# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The place where things are measured: simulated tenants, playbooks, scripts, and what is told about it on the way."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from benchmarks.measure import process
from benchmarks.results import Traffic
from benchmarks.tenant import variables
from entra_simulator.testing import SimulatedTenant, running

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parents[1]
ROOT = HERE.parent

# Only these variables of the own environment reach what is measured.
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR")


@dataclasses.dataclass(frozen=True)
class Task:
    """One task of a playbook, loops as one."""

    name: str
    seconds: float
    changed: bool


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of a process. ``tasks``: those of a playbook; ``output``: the last line of what it printed."""

    seconds: float
    traffic: Traffic
    peak_mib: float | None
    tasks: tuple[Task, ...]
    output: str

    def task_seconds(self, *names: str) -> list[float]:
        """How long the tasks of these names took, in their order."""
        return [task.seconds for task in self.tasks if task.name in names]

    @property
    def changed(self) -> int:
        """The number of changed tasks."""
        return sum(task.changed for task in self.tasks)


class Lab:
    """:param latency_ms: of every answer of the simulated tenants."""

    def __init__(self, room: Path, *, latency_ms: int) -> None:
        self.latency_ms = latency_ms
        self._room = room
        self._runs = 0

    @contextlib.contextmanager
    def tenant(self, document: Mapping[str, t.Any], **options: t.Any) -> Iterator[SimulatedTenant]:
        """A simulated tenant; ``options`` are the simulator's."""
        with contextlib.ExitStack() as stack:
            with step(f"start a tenant with {document['users'][0]['generate']:,} users"):
                options = {"latency_ms": self.latency_ms, **options}
                tenant = stack.enter_context(running(document, **options))
            yield tenant

    def playbook(self, what: str, name: str, tenant: SimulatedTenant, **more: t.Any) -> Run:
        """Runs a playbook of the benchmarks; ``more`` are its variables."""
        command = [str(Path(sys.executable).with_name("ansible-playbook")), str(HERE / "playbooks" / name)]
        return self._run(what, [*command, "-e", json.dumps(variables(**more))], tenant)

    def script(self, what: str, tenant: SimulatedTenant, *arguments: str) -> Run:
        """Runs the script that the collection is compared with."""
        return self._run(what, [sys.executable, "-m", "benchmarks.baselines.script", *arguments], tenant)

    def _run(self, what: str, command: list[str], tenant: SimulatedTenant) -> Run:
        self._runs += 1
        room = self._room / str(self._runs)
        room.mkdir()
        tenant.clear_requests()
        with step(what):
            done = process.run(command, cwd=room, env=_environment(tenant, room), log=room / "output")
        summary = tenant.summary()
        traffic = Traffic(summary["requests"], summary["sign_in"], summary["writes"], summary["throttled"])
        return Run(done.seconds, traffic, done.peak_mib, _tasks(room), done.output.strip().rpartition("\n")[2])


@contextlib.contextmanager
def open_lab(*, latency_ms: int) -> Iterator[Lab]:
    """A lab with a folder of its own, which is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        yield Lab(Path(folder), latency_ms=latency_ms)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Says on the terminal what is being done, and how long it took."""
    print(f"  {what} … ", end="", flush=True)
    started = time.perf_counter()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.perf_counter() - started:.1f} s", flush=True)


def _environment(tenant: SimulatedTenant, room: Path) -> dict[str, str]:
    """What a measured process gets to see: the tenant, and Ansible without anything of the user's own."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        **tenant.env,
        "HOME": str(room),
        "PYTHONPATH": str(ROOT),
        "ANSIBLE_HOME": str(room / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "plugins" / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "durations",
        "BENCHMARKS_DURATIONS": str(room / "durations"),
    }


def _tasks(room: Path) -> tuple[Task, ...]:
    path = room / "durations"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return tuple(Task(**json.loads(line)) for line in lines)
