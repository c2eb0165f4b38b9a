# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs modules' own main() without Ansible around it, each in a process of its own that has the libraries already.

    python module_runs.py < cases.json > outcomes.json

A case is {module, options, environment, raises, refuses}; an outcome {status, stdout, stderr}. Tracebacks are asked for.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import tempfile
import typing as t

import httpx
from ansible.module_utils import basic

MODULES = "ansible_collections.tenantops.entra.plugins.modules"
_FROM_ANSIBLE = {
    "_ansible_verbosity": 4,
    "_ansible_tracebacks_for": ["error", "warning"],
    "_ansible_diff": True,
    "_ansible_check_mode": False,
}


def run(case: dict[str, t.Any]) -> dict[str, t.Any]:
    """One case, in a child process."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if not child:
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            _be(case)
        _pid, status = os.waitpid(child, 0)
        texts = []
        for file in (stdout, stderr):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return {"status": os.waitstatus_to_exitcode(status), "stdout": texts[0], "stderr": texts[1]}


def _be(case: dict[str, t.Any]) -> None:
    os.environ.clear()
    os.environ.update(case["environment"])
    options = {name: value for name, value in case["options"].items() if value is not None}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": {**options, **_FROM_ANSIBLE}}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    if case["raises"]:
        _raise(KeyError, case["raises"])
    if case["refuses"]:
        _raise(httpx.LocalProtocolError, case["refuses"])
    status = 0
    try:
        importlib.import_module(f"{MODULES}.{case['module']}").main()
    except SystemExit as end:
        status = int(str(end.code or 0))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _raise(kind: type[Exception], text: str) -> None:
    """Makes whatever is sent to Graph end in an exception, as a library would raise it."""

    async def send(*_args: t.Any, **_options: t.Any) -> t.NoReturn:
        try:
            raise ValueError(text)
        except ValueError as error:
            raise kind(text) from error

    patched: t.Any = httpx.AsyncClient
    patched.send = send


def main() -> None:
    cases = json.load(sys.stdin)
    # What each child would have to load by itself
    for library in ("msgraph.graph_request_adapter", "azure.identity", "requests"):
        importlib.import_module(library)
    for module in {case["module"] for case in cases}:
        importlib.import_module(f"{MODULES}.{module}")
    gc.freeze()
    json.dump([run(case) for case in cases], sys.stdout)


if __name__ == "__main__":
    main()
