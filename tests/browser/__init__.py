# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report in a real browser."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from playwright.sync_api import Page

# Lines to print at the end of the run.
FIGURES: list[str] = []


class Open(t.Protocol):
    """Opens the page of a named report, with filters in the address's fragment if given."""

    def __call__(self, name: str, fragment: str = "", *, width: int = 1440, dark: bool = False) -> Page: ...
