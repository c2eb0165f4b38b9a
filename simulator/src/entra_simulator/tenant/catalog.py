# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Graph's own application: the resource that nearly every grant points at.

Its delegated scopes and app roles are package data (`data/*.json`; the sources and their licence are named in
the files and in the README).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from entra_simulator.tenant.model import GRAPH_APP_ID, Application, AppRole, Scope

MICROSOFT_TENANT_ID = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


@cache
def microsoft_graph() -> Application:
    """The application object behind every tenant's Microsoft Graph service principal."""
    return Application(
        app_id=GRAPH_APP_ID,
        display_name="Microsoft Graph",
        owner_tenant_id=MICROSOFT_TENANT_ID,
        app_roles=tuple(
            AppRole(
                id=row["id"],
                value=row["value"],
                display_name=row["value"],
                allowed_member_types=tuple(row["allowed_member_types"]),
                is_enabled=row["is_enabled"],
            )
            for row in _rows("graph-application-roles.json", "app_roles")
        ),
        scopes=tuple(
            Scope(id=row["id"], value=row["value"], type=row["type"], is_enabled=row["is_enabled"])
            for row in _rows("graph-delegated-scopes.json", "scopes")
        ),
    )


@cache
def application_permissions() -> frozenset[str]:
    """The values of all app roles that Microsoft Graph publishes."""
    return frozenset(role.value for role in microsoft_graph().app_roles if role.value is not None)


def _rows(file_name: str, key: str) -> list[dict[str, Any]]:
    text = resources.files("entra_simulator").joinpath("data", file_name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)[key]
    return rows
