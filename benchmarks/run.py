# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the collection against other ways to do the same, on simulated tenants: python -m benchmarks.run.

Ends with 0 only if every scenario ran and every limit is met.
"""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
import time
import typing as t
from pathlib import Path

from benchmarks.measure.lab import ROOT, open_lab
from benchmarks.report import files, table
from benchmarks.results import Outcome
from benchmarks.scenarios import approve, as_itself, growth, one_user, pages, repeat, throttled
from benchmarks.sizes import FULL, QUICK

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.measure.lab import Lab
    from benchmarks.sizes import Sizes

# In this order.
SCENARIOS: dict[str, Callable[[Lab, Sizes], Outcome]] = {
    "approve": approve.run,
    "repeat": repeat.run,
    "throttled": throttled.run,
    "pages": pages.run,
    "one_user": one_user.run,
    "growth": growth.run,
    "as_itself": as_itself.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    # Whichever way the run is stopped, everything that it started is stopped too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)  # in the background SIGINT is ignored at first
    try:
        return _measure(options)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _measure(options: argparse.Namespace) -> int:
    sizes = _sizes(options)
    names = options.only or list(SCENARIOS)
    started = time.perf_counter()
    outcomes = []
    with open_lab(latency_ms=sizes.latency_ms) as lab:
        for place, name in enumerate(names, start=1):
            print(f"[{place}/{len(names)}] {name}", flush=True)
            outcomes.append(_outcome(name, lab, sizes))
    print(f"\n{table.text(outcomes)}\n")
    for path in files.write(outcomes, sizes, options.output or _folder(options)):
        print(f"Wrote {path}")
    failed = [outcome.name for outcome in outcomes if not outcome.met]
    print(
        f"{time.perf_counter() - started:.0f} s; "
        + (f"not as it should be: {', '.join(failed)}" if failed else "all limits are met")
    )
    return 1 if failed else 0


def _outcome(name: str, lab: Lab, sizes: Sizes) -> Outcome:
    """What a scenario brought; whatever goes wrong in it is told, and the others go on."""
    started = time.perf_counter()
    try:
        outcome = SCENARIOS[name](lab, sizes)
    except Exception as error:
        print(f"  {name} failed: {type(error).__name__}: {error}", flush=True)
        outcome = Outcome(name, name, error=f"{type(error).__name__}: {error}")
    limits = tuple(limit for limit in outcome.limits if sizes.timed or not limit.timed)
    return dataclasses.replace(outcome, limits=limits, seconds=time.perf_counter() - started)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure the collection's speed.")
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that everything works")
    parser.add_argument(
        "--only",
        action="append",
        choices=SCENARIOS,
        metavar="NAME",
        help=f"one of {', '.join(SCENARIOS)}; may be given again",
    )
    parser.add_argument("--largest", type=int, metavar="N", help="no tenant of the growth scenario has more users")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where JSON, picture and tables go: docs for a whole run, else .build/benchmark",
    )
    return parser.parse_args(arguments)


def _sizes(options: argparse.Namespace) -> Sizes:
    sizes = QUICK if options.quick else FULL
    if options.largest is None:
        return sizes
    return dataclasses.replace(sizes, growth=tuple(users for users in sizes.growth if users <= options.largest))


def _folder(options: argparse.Namespace) -> Path:
    """Only a whole run may replace the figures of the documentation."""
    part = options.quick or options.only or options.largest is not None
    return ROOT / ".build" / "benchmark" if part else ROOT / "docs"


if __name__ == "__main__":
    sys.exit(main())
