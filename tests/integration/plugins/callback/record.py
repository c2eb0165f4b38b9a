# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what each task did as one JSON line: its result, its warnings, the requests that it caused, the state it left.

For the tests only. Tasks run one after the other, so whatever the simulated tenant was asked since the last task is
this one's doing.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: record
type: notification
short_description: Record tasks for the integration tests
description:
  - Appends one JSON line for each task to a file.
options:
  path:
    description: The file.
    type: path
    env: [{name: ENTRA_TESTS_RECORD}]
    required: true
  control:
    description: The simulated tenant's control endpoints; without it requests and state are not recorded.
    type: str
    env: [{name: ENTRA_TESTS_CONTROL}]
  ca_path:
    description: The authority that the simulated tenant's certificate comes from.
    type: path
    env: [{name: ENTRA_TESTS_CA_PATH}]
"""

import json
import ssl
import typing as t
import urllib.request

from ansible.plugins.callback import CallbackBase

from entra_simulator.waiting import PATIENCE

if t.TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult

SECTIONS = ("service_principals", "grants", "assignments")


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: object) -> None:
        self._seen = 0
        self._requests()

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:
        self._record("failed", result)

    def v2_runner_on_skipped(self, result: CallbackTaskResult) -> None:
        self._record("skipped", result)

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        self._record("unreachable", result)

    def _record(self, status: str, result: CallbackTaskResult) -> None:
        line = {
            "name": result.task_name,
            "host": result.host.name,
            "status": status,
            "result": {key: value for key, value in result.result.items() if not key.startswith("_ansible")},
            "warnings": [str(warning.event.msg) for warning in result.warnings],
            "requests": self._requests(),
            "state": self._state(),
        }
        with open(self.get_option("path"), "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def _requests(self) -> list[dict[str, t.Any]]:
        fresh = [entry for entry in self._ask("requests") or [] if entry["number"] > self._seen]
        self._seen = max((entry["number"] for entry in fresh), default=self._seen)
        return fresh

    def _state(self) -> dict[str, t.Any]:
        return {name: section for name, section in (self._ask("state") or {}).items() if name in SECTIONS}

    def _ask(self, what: str) -> t.Any:
        url = self.get_option("control")
        if not url:
            return None
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.get_option("ca_path")))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), trust)
        with opener.open(f"{url}/{what}", timeout=PATIENCE) as answer:
            return json.load(answer)
