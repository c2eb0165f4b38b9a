# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Levels of risk, and what judges by them. PRIVATE to tenantops.entra.

Apart from the tables, which not everything that may speak of a risk is sent.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

Level: t.TypeAlias = t.Literal["low", "medium", "high", "critical", "unknown"]
# Rising; what nobody has judged stands above what is known to be harmless.
LEVELS: tuple[Level, ...] = ("low", "unknown", "medium", "high", "critical")


class Risks(t.Protocol):
    """See ``risk.RiskTable``."""

    def level(self, resource_app_id: str, scope: str) -> Level: ...

    def highest(self, scopes: Iterable[tuple[str, str]]) -> Level | None: ...

    def application_level(self, resource_app_id: str, role: str) -> Level: ...
