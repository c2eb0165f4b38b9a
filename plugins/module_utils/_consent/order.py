# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects in the order of apps and principals. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import heapq
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable


def by_case(name: str) -> tuple[str, str]:
    """The place of a name among others."""
    return (name.casefold(), name)


def by_name(items: Iterable[t.Any], limit: int | None = None) -> list[t.Any]:
    """The first of them, stable from run to run. Each has ``app_id``, ``principal`` (which may be None) and ``key``."""

    def place(item: t.Any) -> tuple[str, ...]:
        return (item.app_id, item.principal.label.casefold() if item.principal else "", *map(str, item.key[1:]))

    return sorted(items, key=place) if limit is None else heapq.nsmallest(limit, items, key=place)
