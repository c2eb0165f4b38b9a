# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: aggregate
short_description: Show how far the collection's long tasks are
version_added: 0.1.0
author:
  - tenantops contributors (@tenantops)
description:
  - Prints a line every few seconds while a module of this collection reads or writes, with how much is done, how fast it goes
    and about how long it still takes. Tasks that take less than O(interval) print nothing.
  - The modules must run on the controller, with a C(local) connection and without C(become), as is usual for them.
  - The lines go where the other output goes, so leave it disabled where a program reads that output, as JSON for example.
requirements:
  - enable in configuration
options:
  interval:
    description:
      - Seconds between two lines of a task, at least 0.1.
    type: float
    default: 5
    env:
      - name: TENANTOPS_PROGRESS_INTERVAL
    ini:
      - section: callback_tenantops_progress
        key: interval
"""

EXAMPLES = r"""
examples: |-
  In ansible.cfg, for all runs:

    [defaults]
    callbacks_enabled = tenantops.entra.progress

    [callback_tenantops_progress]
    interval = 10

  In the environment, for one run:

    ANSIBLE_CALLBACKS_ENABLED=tenantops.entra.progress ansible-playbook approve.yml
"""

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import threading
import typing as t

from ansible import constants

from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import VARIABLE
from ansible_collections.tenantops.entra.plugins.plugin_utils._watch import Watch

if t.TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult
    from ansible.inventory.host import Host
    from ansible.playbook import Playbook
    from ansible.playbook.task import Task

    class CallbackBase:
        """What is used of Ansible's class, which has no types."""

        _display: t.Any

        def get_option(self, name: str) -> t.Any: ...
else:
    from ansible.plugins.callback import CallbackBase

# Seconds: between two looks at the files, and to wait at most for the thread to end.
PAUSE = 0.5
PATIENCE = 0.3


class CallbackModule(CallbackBase):
    """Names a directory to the modules, and shows what they write there from a thread.

    Printing from a thread is safe: Ansible holds the lock of its display while it forks. Nothing here may ever fail a run.
    """

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "tenantops.entra.progress"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._owner = os.getpid()
        self._directory: str | None = None
        self._watch: Watch | None = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    def v2_playbook_on_start(self, playbook: Playbook) -> None:
        """Modules run as children of this process, and so find the directory in their environment."""
        if self._directory or VARIABLE in os.environ:
            return  # an ansible-playbook further up has it
        # In Ansible's own directory for this run: nothing more is left behind should the run be killed.
        with contextlib.suppress(OSError):
            self._directory = tempfile.mkdtemp(prefix="progress-", dir=constants.DEFAULT_LOCAL_TMP)
            os.environ[VARIABLE] = self._directory
            atexit.register(self._end)

    def v2_runner_on_start(self, host: Host, task: Task) -> None:
        """The first task of the collection starts the thread."""
        if self._directory is None or self._watch or not _is_ours(task):
            return
        interval = max(self.get_option("interval"), 0.1)
        self._watch, self._ending = Watch(self._directory, interval), threading.Event()
        thread = threading.Thread(
            target=self._run, args=(self._watch, self._ending, min(PAUSE, interval)), name="progress", daemon=True
        )
        with contextlib.suppress(RuntimeError):
            thread.start()
            self._thread = thread

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        self._look()

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:
        self._look()

    def v2_playbook_on_stats(self, stats: object) -> None:
        self._end()

    def _look(self) -> None:
        """A module has ended: its last line is not to stand below the next task."""
        if self._watch:
            with contextlib.suppress(Exception):
                self._show(self._watch)

    def _run(self, watch: Watch, ending: threading.Event, pause: float) -> None:
        """Ends at the first error, whatever it is."""
        with contextlib.suppress(Exception):
            while not ending.wait(pause):
                self._show(watch)

    def _show(self, watch: Watch) -> None:
        lines = watch.look()
        if not lines:
            return
        # One lock for both: what another thread prints in between would overtake what is flushed.
        with self._display._lock:
            for line in lines:
                self._display.display(line, color=constants.COLOR_VERBOSE)
            sys.stdout.flush()

    def _end(self) -> None:
        """Leaves everything as it was before. Processes forked from this one must not."""
        if self._directory is None or os.getpid() != self._owner:
            return
        atexit.unregister(self._end)
        self._ending.set()
        if self._thread:
            self._thread.join(PATIENCE)
        if os.environ.get(VARIABLE) == self._directory:
            del os.environ[VARIABLE]
        # Modules that are still being stopped can't write there once it has another name.
        gone = f"{self._directory}.gone"
        with contextlib.suppress(OSError):
            os.rename(self._directory, gone)
        shutil.rmtree(gone, ignore_errors=True)
        self._directory = self._watch = self._thread = None


def _is_ours(task: Task) -> bool:
    """A templated action may be anything; only the worker will know."""
    action = str(task.action)
    return "{{" in action or str(task.resolved_action or action).startswith("tenantops.entra.")
