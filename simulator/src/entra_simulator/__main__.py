# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m entra_simulator` is the same as the console script `entra-simulator`."""

from __future__ import annotations

import sys

from entra_simulator.cli import main

if __name__ == "__main__":
    sys.exit(main())
