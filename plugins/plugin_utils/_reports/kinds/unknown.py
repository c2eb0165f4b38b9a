# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that this release does not know, such as those of a newer writer. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Kind, api

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON


def _subject(facts: JSON) -> list[Piece]:
    """Its name in words, and what else the facts tell of it; all of it is somebody's words."""
    name = facts["kind"].replace("_", " ").strip()
    said: list[Piece] = [("name", name[:1].upper() + name[1:] or "Difference")]
    if facts.get("app_role"):
        said += [("", " "), ("code", facts["app_role"])]
    if facts.get("resource_app_id"):
        said += [("", " on "), api(facts)]
    return said


KIND = Kind(_subject)
