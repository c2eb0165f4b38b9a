# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much may be taken away: the one limit, before the first write and while settling. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, RemovalLimitError

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change


class Removals:
    """Counts the places in which something is taken away against a limit; None is no limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._taken = 0

    def plan(self, changes: Iterable[Change]) -> None:
        """Counts a plan's; raises RemovalLimitError if they are too many."""
        self._taken += sum(change.removals for change in changes)
        if self._limit is not None and self._taken > self._limit:
            raise RemovalLimitError(
                f"This would take something away in {self._taken} places, more than max_removals ({self._limit}) allows: "
                f"look at the plan with --check --diff and a higher limit, then set max_removals to at least {self._taken}."
            )

    def settle(self, changes: Iterable[Change]) -> EntraError | None:
        """Counts what no plan knew of: all of it, or none and why none of it may be done."""
        more = sum(change.removals for change in changes)
        if self._limit is None or self._taken + more <= self._limit:
            self._taken += more
            return None
        return EntraError(
            f"Graph has grants that it did not show before, and bringing them to the declared scopes would take something "
            f"away in {more} more places: with the {self._taken} planned ones more than max_removals ({self._limit}) "
            "allows, so none of them was touched; run again to see the plan."
        )
