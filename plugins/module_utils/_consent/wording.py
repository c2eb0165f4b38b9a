# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""People and numbers in words. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import textwrap
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal

# So many names are spelled out in an entry of the diff, and in a sentence; all of them are in the result's ``changes``.
NAMES = 10
FEWER_NAMES = 5
WIDTH = 100


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """The first of them in a sentence, and how many more."""
    more = f" and {len(names) - FEWER_NAMES} more" if len(names) > FEWER_NAMES else ""
    return ", ".join(names[:FEWER_NAMES]) + more


def names(whom: Sequence[Principal | None]) -> str:
    """Somebody by name, more by their number and the first of their names; "all users" if None is among them."""
    if None in whom:
        return "all users"
    found = sorted(principal.label for principal in whom if principal)
    return found[0] if len(found) == 1 else f"{len(found)} ({listed(found)})"


def keep(number: int) -> str:
    return "1 other keeps" if number == 1 else f"{number} others keep"


def heading(whom: Sequence[Principal | None]) -> list[str]:
    """For the diff: how many, and below that the first of their names."""
    if whom[0] is None:
        return ["all users"]
    # Before they are wrapped: a line break in one is no place to do it.
    found = [visible(principal.label, exact=True) for principal in whom if principal]
    noun = whom[0].type.lower()
    if len(found) == 1:
        return [f"{noun} {found[0]}"]
    more = f" and {len(found) - NAMES} more" if len(found) > NAMES else ""
    text = ", ".join(found[:NAMES]) + more
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"{len(found)} {noun}s", *(f"  {line}" for line in lines)]
