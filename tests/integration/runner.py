# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-playbook and reads what it did."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

from entra_simulator.waiting import PATIENCE

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROOT = Path(__file__).parents[2]
COLLECTIONS = ROOT / ".build" / "collections"
JSON: t.TypeAlias = dict[str, t.Any]
Task: t.TypeAlias = JSON

# Only these variables of the tests' own environment reach ansible-playbook.
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def task(module: str, /, **options: t.Any) -> Task:
    """A task that calls a module of the collection, and is named after it."""
    return {"name": module, f"tenantops.entra.{module}": options}


def checked(one: Task) -> Task:
    """The task in check mode, with its diff."""
    return {**one, "check_mode": True, "diff": True}


def tolerated(one: Task) -> Task:
    """The task, whose failure does not end the play."""
    return {**one, "ignore_errors": True}


@dataclasses.dataclass(frozen=True)
class Asked:
    """One request to Graph. ``in_batch``: it was an item of a batch."""

    method: str
    path: str
    body: t.Any
    status: int | None
    in_batch: bool

    @classmethod
    def read(cls, entries: Iterable[JSON]) -> list[Asked]:
        """The requests to Graph among a simulator's entries; those to sign in are left out."""
        return [
            cls(entry["method"], entry["path"].removeprefix("/v1.0"), entry["body"], entry["status"], entry["batch"])
            for entry in entries
            if entry["path"].startswith("/v1.0/")
        ]

    def __str__(self) -> str:
        """Method and path without the query; object ids of paths are not shown."""
        path = re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}(?=/|$)", "/{id}", self.path.partition("?")[0])
        path = re.sub(r"/[\w-]{43}(?:[\w-]{21})?$", "/{id}", path)
        return f"{self.method} {path}"


@dataclasses.dataclass(frozen=True)
class Result:
    """What one task did."""

    name: str
    host: str
    status: str
    data: JSON
    warnings: list[str]
    requests: list[JSON]
    state: JSON

    def __getitem__(self, key: str) -> t.Any:
        return self.data[key]

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    @property
    def changed(self) -> bool:
        return bool(self.data.get("changed"))

    @property
    def message(self) -> str:
        return str(self.data.get("msg", ""))

    @property
    def asked(self) -> list[Asked]:
        return Asked.read(self.requests)

    @property
    def round_trips(self) -> list[str]:
        """The HTTP requests to Graph; a batch is one."""
        return [str(asked) for asked in self.asked if not asked.in_batch]

    @property
    def writes(self) -> list[str]:
        """What was written, items of batches included."""
        return [str(asked) for asked in self.asked if asked.method != "GET" and asked.path != "/$batch"]

    @property
    def reads(self) -> list[str]:
        """What was read, items of batches included."""
        return [str(asked) for asked in self.asked if asked.method == "GET"]

    @property
    def diff(self) -> dict[str, str]:
        found = self.data["diff"]
        return t.cast("dict[str, str]", found[0] if isinstance(found, list) else found)


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of ansible-playbook."""

    status: int
    stdout: str
    stderr: str
    results: list[Result]

    def __iter__(self) -> t.Iterator[Result]:
        return iter(self.results)

    def __getitem__(self, place: int) -> Result:
        return self.results[place]

    @property
    def only(self) -> Result:
        (result,) = self.results
        return result

    @property
    def text(self) -> str:
        return f"{self.stdout}\n{self.stderr}"

    @property
    def warnings(self) -> list[str]:
        """Warnings of any kind as printed, in one line each."""
        blocks = re.findall(r"^\[(?:DEPRECATION )?WARNING\]: (.+?)(?=^\[|\Z)", self.stderr, re.MULTILINE | re.DOTALL)
        return [" ".join(block.split()) for block in blocks]


class Ansible:
    """ansible-playbook beside this Python, in a room of its own."""

    def __init__(self, room: Path, env: Mapping[str, str], *, collections: Path = COLLECTIONS) -> None:
        self.room = room
        self._env = dict(env)
        self._collections = collections
        self._runs = 0

    def play(
        self,
        tasks: Sequence[Task],
        *,
        inventory: JSON | None = None,
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        **keywords: t.Any,
    ) -> Run:
        """Runs tasks as one play. ``keywords`` are the play's."""
        play = {"name": "Play", "hosts": "all", "gather_facts": False, **keywords, "tasks": list(tasks)}
        path = self.room / f"play{self._runs}.yml"
        path.write_text(yaml.safe_dump([play], sort_keys=False, allow_unicode=True), encoding="utf-8")
        return self.run(str(path), *arguments, inventory=inventory, env=env)

    def run(
        self,
        playbook: str,
        *arguments: str,
        variables: JSON | None = None,
        inventory: JSON | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Run:
        """Runs a playbook, by its path or by its name in the collection."""
        self._runs += 1
        record = self.room / f"record{self._runs}.jsonl"
        hosts = self.room / f"hosts{self._runs}.yml"
        hosts.write_text(yaml.safe_dump({"all": inventory or _localhost()}), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(hosts), playbook, *arguments]
        if variables is not None:
            command += ["-e", json.dumps(variables)]
        done = subprocess.run(
            command,
            cwd=self.room,
            env={**self.environment(record), **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return Run(done.returncode, done.stdout, done.stderr, [_result(json.loads(line)) for line in lines])

    def environment(self, record: Path) -> dict[str, str]:
        """What ansible-playbook gets to see."""
        (self.room / "ansible.cfg").touch()
        return {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            **self._env,
            "HOME": str(self.room),
            "ANSIBLE_CONFIG": str(self.room / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.room / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(self._collections),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "plugins" / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "ENTRA_TESTS_RECORD": str(record),
        }


def _localhost() -> JSON:
    return {"hosts": {"localhost": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}}}


def _result(line: JSON) -> Result:
    return Result(
        line["name"],
        line["host"],
        line["status"],
        line["result"],
        line["warnings"],
        line["requests"],
        line["state"],
    )
