# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long tests wait for what has to come: the one limit for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

# Seconds. However busy the machine is, only what never comes takes as long.
PATIENCE = 1800.0
_PAUSE = 0.02


def wait_until(condition: Callable[[], Found], what: str = "it") -> Found:
    """Ask again and again until the answer is true, and give it. Raises `TimeoutError` after `PATIENCE` seconds."""
    limit = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > limit:
            raise TimeoutError(f"{what} has not come in {PATIENCE:g} seconds")
        time.sleep(_PAUSE)
    return found
