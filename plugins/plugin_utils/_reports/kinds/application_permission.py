# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Application permissions: what apps may do as themselves. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Kind, api

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece, Side
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON


def _role(facts: JSON) -> str:
    return facts.get("app_role") or "default"


def _subject(facts: JSON) -> list[Piece]:
    return [
        ("", "Application permission "),
        ("code", _role(facts)),
        ("", " on "),
        api(facts),
        ("", ", as the app itself"),
    ]


def _cells(facts: JSON) -> list[Side]:
    return [(side, [_role(facts)]) for side in ("missing", "extra") if facts["status"] == side]


KIND = Kind(_subject, cells=_cells, as_itself=True)
