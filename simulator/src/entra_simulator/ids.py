# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Object ids and keys: what Graph derives, what this simulator derives, and how each is recognised.

Graph's ids of grants and assignments are base64url (no padding) over GUIDs in Microsoft's little-endian byte
order (README, "Ids"):

* grant of all users: client + resource, 32 bytes, 43 characters
* grant of one user: client + resource + user, 48 bytes, 64 characters
* app role assignment: principal + 16 random bytes, 43 characters
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_guid(text: object) -> bool:
    """Whether `text` is a GUID in the one form that Graph writes."""
    return isinstance(text, str) and _GUID.fullmatch(text) is not None


def new_guid() -> str:
    """An id that never came before: a service principal created again must not get its old id."""
    return str(uuid.uuid4())


def derived_guid(tenant_id: str, *natural_key: str) -> str:
    """The id of something that a seed names without an id: the same in every run."""
    return str(uuid.uuid5(uuid.UUID(tenant_id), ":".join(natural_key)))


def grant_id(client_id: str, resource_id: str, principal_id: str | None) -> str:
    """The id of a delegated permission grant. Deterministic: delete and create again gives the same one."""
    guids = [client_id, resource_id, *([principal_id] if principal_id else [])]
    return base64url(b"".join(_little_endian(guid) for guid in guids))


def assignment_id(principal_id: str, tail: uuid.UUID | None = None) -> str:
    """The id of an app role assignment. Random unless `tail` is given: recreated means a new id."""
    return base64url(_little_endian(principal_id) + (tail or uuid.uuid4()).bytes)


def is_grant_id(text: str) -> bool:
    """Whether `text` could be the id of a grant."""
    return _decoded_length(text) in (32, 48)


def is_assignment_id(text: str) -> bool:
    """Whether `text` could be the id of an app role assignment."""
    return _decoded_length(text) == 32


def _little_endian(guid: str) -> bytes:
    """A GUID's bytes in Microsoft's order. By hand: a large seed has a million, and `uuid` takes its time."""
    raw = bytes.fromhex(guid.replace("-", ""))
    return raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]


def base64url(raw: bytes) -> str:
    """base64url without padding, which ids and JSON web tokens are written in."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded_length(text: str) -> int | None:
    if re.fullmatch(r"[A-Za-z0-9_-]+", text) is None:
        return None
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except binascii.Error:
        return None
