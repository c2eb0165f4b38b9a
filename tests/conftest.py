# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How hypothesis looks for examples, in all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine, not of the code. Pipelines see the same examples each time, so that
# no change is held up by what it has nothing to do with; everywhere else they are new ones.
settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
settings.load_profile("steady")
