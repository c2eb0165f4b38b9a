# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grants and assignments as Graph lists them, by object ids. PRIVATE to tenantops.entra.

There may be hundreds of thousands: a page's JSON is turned into small rows at once, and texts that are the same are kept
once.
"""

from __future__ import annotations

import sys
import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON


class GrantRow(t.NamedTuple):
    """A grant by object ids; ``user_id`` None is everybody."""

    id: str
    client_id: str
    resource_id: str
    user_id: str | None
    scope: str

    @classmethod
    def read(cls, graph: JSON) -> GrantRow:
        return cls(
            graph["id"],
            sys.intern(graph["clientId"]),
            sys.intern(graph["resourceId"]),
            graph.get("principalId"),
            sys.intern(graph.get("scope") or ""),
        )


class AssignmentRow(t.NamedTuple):
    """An assignment by object ids. Graph copies the principal's display name into it."""

    id: str
    resource_id: str
    role_id: str
    principal_id: str
    principal_type: str
    principal_name: str

    @classmethod
    def read(cls, graph: JSON) -> AssignmentRow:
        return cls(
            graph["id"],
            sys.intern(graph["resourceId"]),
            sys.intern(graph["appRoleId"]),
            graph["principalId"],
            sys.intern(graph["principalType"]),
            graph.get("principalDisplayName") or "",
        )

    @property
    def is_for_people(self) -> bool:
        return self.principal_type in ("User", "Group")

    @property
    def is_for_apps(self) -> bool:
        """Whether it is an application permission."""
        return self.principal_type == "ServicePrincipal"
