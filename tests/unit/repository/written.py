# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the repository that a person writes."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Made by tools, or made into something else by them.
SKIPPED = {
    *(".git", ".venv", ".build", ".ansible", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
    *("fragments", "changelog.yaml"),
}


def written(*suffixes: str) -> list[Path]:
    """Those whose names end so."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name not in SKIPPED and not name.endswith((".egg-info", "__pycache__"))
        ]
        found += [Path(folder) / name for name in names if name not in SKIPPED and name.endswith(suffixes)]
    return sorted(found)
