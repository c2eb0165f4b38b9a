# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The callback plugin: its directory, its thread, and that nothing of it is ever in the way."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import threading
import types
import typing as t
from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.tenantops.entra.plugins.callback.progress import PATIENCE, CallbackModule
from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import VARIABLE, Progress
from entra_simulator import waiting
from entra_simulator.waiting import wait_until

if t.TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
NAME = "tenantops.entra.progress"


class Display:
    """Ansible's, as far as it is used here."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.lines: list[str] = []
        self.error: Exception | None = None

    def display(self, line: str, color: str | None = None) -> None:
        if self.error:
            raise self.error
        self.lines.append(line)


class Hanging:
    """A lock of a display that nobody gets.

    :ivar wanted: whether somebody waits for it.
    """

    def __init__(self) -> None:
        self.wanted = threading.Event()
        self.free = threading.Event()

    def __enter__(self) -> None:
        self.wanted.set()
        self.free.wait(waiting.PATIENCE)

    def __exit__(self, *_args: object) -> None:
        pass


class Run:
    """A run of ansible-playbook in which the plugin is enabled."""

    def __init__(self, plugin: t.Any, display: Display) -> None:
        self.plugin = plugin
        self.display = display

    def start(self) -> Path | None:
        """The directory that modules find."""
        self.plugin.v2_playbook_on_start(None)
        return Path(os.environ[VARIABLE]) if VARIABLE in os.environ else None

    def task(self, action: str, resolved: str | None = None) -> None:
        self.plugin.v2_runner_on_start(None, types.SimpleNamespace(action=action, resolved_action=resolved))

    def ok(self) -> None:
        self.plugin.v2_runner_on_ok(None)

    def end(self) -> None:
        self.plugin.v2_playbook_on_stats(None)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    plugin, display = CallbackModule(), Display()
    monkeypatch.setattr(plugin, "_display", display)
    monkeypatch.setattr(plugin, "get_option", {"interval": 0.1}.__getitem__)
    yield Run(plugin, display)
    plugin.v2_playbook_on_stats(None)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "progress"]


def test_a_private_directory_is_there_while_the_playbook_runs(run: Run, tmp_path: Path) -> None:
    directory = run.start()
    assert directory is not None
    assert directory.parent == tmp_path
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    (directory / "1-left-1.json").touch()
    run.end()
    assert VARIABLE not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_each_playbook_of_a_run_has_one(run: Run, tmp_path: Path) -> None:
    first = run.start()
    run.task(f"{NAME}")
    run.end()
    second = run.start()
    assert second is not None
    assert second != first
    assert list(tmp_path.iterdir()) == [second]
    run.task(f"{NAME}")
    assert len(threads()) == 1


def test_within_another_run_nothing_is_done(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "outer")
    run.start()
    run.task("tenantops.entra.tenant_consent")
    run.end()
    assert os.environ[VARIABLE] == "outer"
    assert threads() == []
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_directory_nothing_is_done(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "gone"))
    assert run.start() is None
    run.task("tenantops.entra.tenant_consent")
    run.ok()
    run.end()
    assert threads() == []
    assert run.display.lines == []


@pytest.mark.parametrize(
    ("action", "resolved", "started"),
    [
        ("tenantops.entra.tenant_consent", "tenantops.entra.tenant_consent", 1),
        ("tenant_consent", "tenantops.entra.tenant_consent", 1),
        ("tenantops.entra.tenant_consent", None, 1),
        ("{{ module }}", None, 1),
        ("ansible.builtin.command", "ansible.builtin.command", 0),
        ("tenant_consent", "other.entra.tenant_consent", 0),
    ],
)
def test_the_first_task_of_the_collection_starts_the_thread(
    action: str, resolved: str | None, started: int, run: Run
) -> None:
    run.start()
    run.task(action, resolved)
    run.task(action, resolved)
    assert len(threads()) == started
    run.end()
    assert threads() == []


def test_lines_are_shown_and_flushed_while_a_module_runs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(sys, "stdout", types.SimpleNamespace(flush=lambda: flushed.append(len(run.display.lines))))
    directory = run.start()
    run.task("tenantops.entra.tenant_consent")
    progress = Progress(str(directory), label="contoso.example")
    progress.begin("Writing", "changes", 10)
    progress.advance()
    wait_until(lambda: run.display.lines)
    assert run.display.lines[0].startswith("contoso.example: writing ")
    wait_until(lambda: flushed)


def test_the_last_line_comes_with_the_tasks_result(run: Run) -> None:
    directory = run.start()
    run.task("tenantops.entra.tenant_consent")
    progress = Progress(str(directory), clock=lambda: 0.0)
    progress.begin("Writing", "changes", 1)
    wait_until(lambda: run.display.lines)
    progress.advance()
    progress.end()
    run.ok()
    assert run.display.lines[-1] == "writing finished, 1 change in 1 s"


@pytest.mark.parametrize("error", [BrokenPipeError(), ValueError("I/O operation on closed file."), KeyError("colour")])
def test_an_error_ends_the_thread_and_nothing_else(error: Exception, run: Run) -> None:
    run.display.error = error
    directory = run.start()
    run.task("tenantops.entra.tenant_consent")
    Progress(str(directory)).begin("Reading", "objects")
    wait_until(lambda: not threads())
    run.ok()
    run.end()


def test_a_directory_that_vanishes_ends_the_thread_and_nothing_else(run: Run) -> None:
    directory = run.start()
    assert directory is not None
    run.task("tenantops.entra.tenant_consent")
    directory.rmdir()
    wait_until(lambda: not threads())
    run.ok()
    run.end()
    assert VARIABLE not in os.environ


def test_the_end_does_not_wait_for_a_display_that_hangs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = Hanging()
    monkeypatch.setattr(run.display, "_lock", hanging)
    directory = run.start()
    run.task("tenantops.entra.tenant_consent")
    Progress(str(directory)).begin("Reading", "objects")
    assert hanging.wanted.wait(waiting.PATIENCE)
    run.end()
    assert len(threads()) == 1
    assert list(tmp_path.iterdir()) == []
    hanging.free.set()
    wait_until(lambda: not threads())
    assert PATIENCE < 0.5


def test_a_forked_process_leaves_the_directory_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = run.start()
    assert directory is not None
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: -1)
        run.end()
    assert directory.exists()
    assert VARIABLE in os.environ


def test_the_directory_goes_when_the_process_ends_early(tmp_path: Path) -> None:
    """As after Ctrl-C: no plugin hears of the end."""
    code = f"""
from ansible import constants
constants.DEFAULT_LOCAL_TMP = {str(tmp_path)!r}
from ansible_collections.tenantops.entra.plugins.callback.progress import CallbackModule
CallbackModule().v2_playbook_on_start(None)
import os
print(os.listdir({str(tmp_path)!r}))
raise KeyboardInterrupt
"""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "ANSIBLE_HOME": str(tmp_path / "home")}
    env.pop(VARIABLE, None)
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "progress-" in done.stdout
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("progress-")]


def test_the_plugin_is_documented() -> None:
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections")}
    command = [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", "callback", NAME]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"WARNING|ERROR", done.stderr), done.stderr
    page = json.loads(done.stdout)[NAME]
    assert page["doc"]["type"] == CallbackModule.CALLBACK_TYPE
    assert page["doc"]["options"]["interval"]["default"] == 5
    assert CallbackModule.CALLBACK_NAME in page["examples"]
    assert CallbackModule.CALLBACK_NEEDS_ENABLED
