# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quoting, filters and ids as Graph has them. PRIVATE to tenantops.entra."""

from __future__ import annotations

import base64
import typing as t
import uuid
from urllib.parse import quote

if t.TYPE_CHECKING:
    from collections.abc import Iterable


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

    GUIDs are quoted: right for oauth2PermissionGrants, whose ids are strings there; the ids of app role assignments
    are of type Guid and must not be quoted, so never use this for them.
    """
    return " and ".join(f"{name} eq {literal(value)}" for name, value in properties.items())


def one_of(name: str, values: Iterable[str]) -> str:
    """``name in ('x','y')``; Graph takes up to 15 values."""
    return f"{name} in ({','.join(literal(value) for value in values)})"


def segment(value: str) -> str:
    """A path segment that holds a key: guests' ``#EXT#`` and apostrophes are percent-encoded.

    A key that starts with ``$`` would be read as a system segment and goes into parentheses.
    """
    if value.startswith("$"):
        return "('" + quote(value.replace("'", "''"), safe="@") + "')"
    return quote(value, safe="@")


def grant_id(client_id: str, resource_id: str, principal_id: str | None) -> str:
    """The id that Graph gives to a delegated permission grant.

    It follows from the object ids alone: base64url, unpadded, of the GUIDs' bytes in little-endian order, client,
    resource and, for the grant of one user, principal. Deleting and creating again gives the same id.
    """
    parts = [client_id, resource_id] + ([principal_id] if principal_id else [])
    raw = b"".join(uuid.UUID(part).bytes_le for part in parts)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
