# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a token says of itself. PRIVATE to tenantops.entra. Nothing is verified: that is for whom the token is shown to."""

from __future__ import annotations

import base64
import json
import typing as t

# The end of the year 9999, beyond which there are no dates.
_END_OF_TIME = 253402300800


def claims(token: str) -> dict[str, t.Any]:
    """The claims of a JSON web token; none if it is not one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def expiry(token: str) -> int | None:
    """When a token ends, in seconds of the epoch, as far as it says."""
    end = claims(token).get("exp")
    if not isinstance(end, int | float) or isinstance(end, bool):
        return None
    return int(end) if 0 <= end < _END_OF_TIME else None


def texts(value: object) -> frozenset[str]:
    """The texts in a claim that is a list of them."""
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()


def text(value: object) -> str | None:
    """A claim that is a text."""
    return value if isinstance(value, str) else None
