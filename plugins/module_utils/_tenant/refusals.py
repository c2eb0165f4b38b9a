# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Graph means when it refuses a write. PRIVATE to tenantops.entra.

Its codes alone do not tell these cases apart, so its texts (lower case here) have to.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError

_EXISTS = (
    "permission entry already exists",
    "already exists on the object",
    "entitlementgrant entry already exists",
)
_GONE = ("entitlementgrant being updated or deleted is not found", "does not exist or one of its queried")
_NO_APPLICATION = "does not reference a valid application object"
_NOT_REPLICATED = (
    "does not exist or one of its queried",
    "specified resourceid was not found",
    "not a valid reference update",
    "unable to read the company information",
    _NO_APPLICATION,
    "permission being assigned was not found",
)


def exists(error: GraphError) -> bool:
    """What was to be created is there."""
    return _says(error, _EXISTS)


def is_gone(error: GraphError) -> bool:
    """What was to be changed or deleted is not there, or not yet."""
    return error.status in (400, 404) and _says(error, _GONE)


def is_not_replicated(error: GraphError) -> bool:
    """What the write refers to is not there, or not yet."""
    return _says(error, _NOT_REPLICATED)


def is_no_application(error: GraphError) -> bool:
    return _says(error, (_NO_APPLICATION,))


def _says(error: GraphError, texts: Sequence[str]) -> bool:
    return any(text in error.graph_message.lower() for text in texts)
