# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A consent report as JSON. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import marked

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON


def render(report: JSON) -> str:
    """Indented, keys in the documented order; what would not be seen is escaped, so that it reads back the same."""
    return marked(json.dumps(report, indent=2, ensure_ascii=False), _escaped) + "\n"


def _escaped(character: str) -> str:
    if character == "\n":
        return character
    return f"\\u{ord(character):04x}" if character.isascii() else json.dumps(character).strip('"')
