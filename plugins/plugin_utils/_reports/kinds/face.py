# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every kind of difference says of itself. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

# ("", our own words) | ("name", somebody's words) | ("code", an identifier)
Piece: t.TypeAlias = tuple[str, str]

# ("missing" or "extra", values)
Side: t.TypeAlias = tuple[str, list[str]]


def _none(facts: JSON) -> list[Side]:
    return []


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """What is special to the differences of one kind. Facts are a difference as the report has it.

    :ivar subject: facts → what is missing, extra or changed, without for whom.
    :ivar everybody: for whom it is if it names no principal; empty for what is not about users.
    :ivar cells: facts → permissions of its API whose cells in the page's matrix it marks.
    :ivar as_itself: whether these are what the app may do as itself, not on behalf of users.
    :ivar told_as: what the app's row of the matrix tells of it besides, if anything.
    """

    subject: Callable[[JSON], list[Piece]]
    everybody: str = ""
    cells: Callable[[JSON], list[Side]] = _none
    as_itself: bool = False
    told_as: t.Literal["", "assigned", "settings"] = ""


def scopes(facts: JSON) -> list[Side]:
    """Those of a difference that it has."""
    return [(side, facts[f"scopes_{side}"]) for side in ("missing", "extra") if facts.get(f"scopes_{side}")]


def api(facts: JSON) -> Piece:
    """The API by its name, or what stands for it."""
    name = facts.get("resource_display_name")
    return ("name", name) if name else ("code", facts.get("resource_app_id", ""))
