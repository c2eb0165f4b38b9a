# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes how long each task took as one JSON line."""

from __future__ import annotations

DOCUMENTATION = r"""
name: durations
type: notification
short_description: Record how long tasks take
description:
  - Appends one JSON line for each task to a file. A loop is one task.
options:
  path:
    description: The file.
    type: path
    env: [{name: BENCHMARKS_DURATIONS}]
    required: true
"""

import json
import time
import typing as t

if t.TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult

    class CallbackBase:
        """What is used of Ansible's class, which has no types."""

        def get_option(self, name: str) -> t.Any: ...

else:
    from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "durations"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: object, is_conditional: bool) -> None:
        self._started = time.perf_counter()

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        line = {
            "name": result.task_name,
            "seconds": time.perf_counter() - self._started,
            "changed": bool(result.result.get("changed")),
        }
        with open(self.get_option("path"), "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
