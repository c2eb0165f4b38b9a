# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wanted of a set of scopes, whatever it has now. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What rules together say of a grant. Shared by all the users of whom they say the same.

    :ivar append: what is there besides is kept.
    :ivar without: scopes to take away; None for all.
    :ivar declared: whether a rule says that there is a grant at all.
    """

    scopes: frozenset[str] = frozenset()
    append: bool = False
    without: frozenset[str] | None = frozenset()
    declared: bool = False

    def and_given(self, scopes: frozenset[str], *, append: bool) -> Wanted:
        return dataclasses.replace(self, declared=True, scopes=self.scopes | scopes, append=self.append or append)

    def and_taken(self, scopes: frozenset[str] | None) -> Wanted:
        return dataclasses.replace(self, without=scopes)

    @property
    def keeps_others(self) -> bool:
        """Whether what it comes to depends on what is there: then it holds only for what was read last."""
        return self.append if self.declared else self.without is not None

    def after(self, before: frozenset[str]) -> frozenset[str]:
        """The scopes of a grant that had these before."""
        if self.declared:
            return self.scopes | before if self.append else self.scopes
        return frozenset() if self.without is None else before - self.without

    def holds(self, now: frozenset[str]) -> bool:
        return self.after(now) == now


# Takes nothing away and gives nothing.
UNTOUCHED = Wanted()
