# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delegated permission grants. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Kind, api, scopes

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON


def _subject(facts: JSON) -> list[Piece]:
    return [api(facts)]


KIND = Kind(_subject, everybody="all users", cells=scopes)
