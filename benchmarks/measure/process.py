# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command to its end: how long it took, and how much memory an Ansible module in it had at its peak."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import time
import typing as t
from pathlib import Path

from benchmarks.results import BenchmarkError

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Seconds.
LIMIT = 3600.0
_INTERVAL = 0.02

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Finished:
    """``peak_mib``: the most that one module process had resident, None if no module ran."""

    seconds: float
    peak_mib: float | None
    output: str


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> Finished:
    """Runs a command with its output in a file. Raises BenchmarkError if it fails or takes an hour."""
    peak = 0.0
    started = time.perf_counter()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            while process.poll() is None:
                peak = max([peak, *(_peak_mib(pid) for pid in _descendants(process.pid) if _is_module(pid))])
                if time.perf_counter() - started > LIMIT:
                    raise BenchmarkError(f"{Path(command[0]).name} was stopped after {LIMIT:.0f} s")
                time.sleep(_INTERVAL)
            seconds = time.perf_counter() - started
        finally:
            _kill(process)
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise BenchmarkError(f"{Path(command[0]).name} ended with {process.returncode}:\n{text[-3000:]}")
    return Finished(seconds, peak or None, text)


def _descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that these started."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _is_module(pid: int) -> bool:
    """Whether a process is Python with the file that Ansible packs a module into."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return len(arguments) > 1 and os.path.basename(arguments[1]).startswith(b"AnsiballZ_")


def _peak_mib(pid: int) -> float:
    """The kernel's own high-water mark, so that sampling misses nothing but the last moment; 0 when it is over."""
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that still runs, with all that it started: Ansible's workers leave its process group.

    All are halted first, until none is new: one that is started meanwhile would have no parent to be found by.
    """
    if process.poll() is not None:
        return
    halted: list[int] = []
    while fresh := [pid for pid in (process.pid, *_descendants(process.pid)) if pid not in halted]:
        _send(signal.SIGSTOP, fresh)
        halted += fresh
    _send(signal.SIGKILL, halted)
    process.wait()


def _send(what: signal.Signals, pids: Sequence[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)
