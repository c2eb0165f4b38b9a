# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many users each scenario has."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Sizes:
    """``script``, ``loop``, ``uri``: users that the slower ways are measured with. ``repetitions``: of what is short.

    ``acting``: apps that act as themselves. ``page``: rows of the largest page that the simulated tenant gives, None for Graph's own.
    ``timed``: whether limits of time count.
    """

    latency_ms: int
    approve: int
    throttled: int
    throttle_factor: int
    one_user: int
    acting: int
    pages: tuple[int, ...]
    growth: tuple[int, ...]
    script: int
    loop: int
    uri: int
    repetitions: int
    page: int | None
    timed: bool = True


FULL = Sizes(
    latency_ms=50,
    approve=1_000,
    throttled=10_000,
    throttle_factor=10,
    one_user=50_000,
    acting=300,
    pages=(1_000, 10_000, 100_000),
    growth=(100, 1_000, 10_000, 100_000),
    script=100,
    loop=15,
    uri=30,
    repetitions=5,
    page=None,
)
# Shows in seconds that everything works; its times mean nothing. A thousand times the documented write limit lets
# 3,000 writes through at once, so nothing is refused.
QUICK = Sizes(
    latency_ms=1,
    approve=40,
    throttled=50,
    throttle_factor=1_000,
    one_user=60,
    acting=30,
    pages=(20, 40),
    growth=(10,),
    script=2,
    loop=1,
    uri=2,
    repetitions=1,
    page=10,
    timed=False,
)
