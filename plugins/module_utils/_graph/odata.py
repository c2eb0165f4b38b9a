# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quoting, filters and ids as Graph has them. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t
import uuid
from urllib.parse import quote

if t.TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_PAGE = "999"
# $filter takes up to 15 values in an "in" list.
LARGEST_IN_LIST = 15


def is_guid(value: str) -> bool:
    """Whether the text is a GUID in the form that Graph writes (8-4-4-4-12 hexadecimal digits, any case)."""
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def literal(value: str) -> str:
    """A string literal for ``$filter``: single quotes, an apostrophe doubled."""
    return "'" + value.replace("'", "''") + "'"


def equals(**properties: str) -> str:
    """``a eq 'x' and b eq 'y'``.

    GUIDs are quoted: right for oauth2PermissionGrants, whose ids are strings there, and wrong for app role assignments
    (``equals_guid``).
    """
    return " and ".join(f"{name} eq {literal(value)}" for name, value in properties.items())


def equals_guid(name: str, value: str) -> str:
    """``name eq x`` for a property of type Guid, as the ids in app role assignments are: never quoted."""
    return f"{name} eq {value}"


def one_of(name: str, values: Iterable[str]) -> str:
    """``name in ('x','y')``; Graph takes up to 15 values."""
    return f"{name} in ({','.join(literal(value) for value in values)})"


def segment(object_id: str) -> str:
    """An object's id as a path segment."""
    return quote(object_id, safe="")
