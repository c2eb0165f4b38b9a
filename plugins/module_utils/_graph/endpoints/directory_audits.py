# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit log. PRIVATE to tenantops.entra."""

from __future__ import annotations

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request

AUDIT_READ = ("AuditLog.Read.All",)

# Newest first: what happened last is what is asked for.
AUDIT_PAGE = "100"


def audit_entries(name: str, object_id: str) -> Request:
    """The newest entries about an object."""
    return Request(
        f"read the audit log about {name}",
        "GET",
        "/auditLogs/directoryAudits",
        AUDIT_READ,
        shapes.many(shapes.AUDIT_ENTRY),
        {"$filter": f"targetResources/any(t:t/id eq {odata.literal(object_id)})", "$top": AUDIT_PAGE},
    )
