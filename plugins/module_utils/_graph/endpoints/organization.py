# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenant's name. PRIVATE to tenantops.entra."""

from __future__ import annotations

from ansible_collections.tenantops.entra.plugins.module_utils._graph import shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request

TENANT_READ = ("Organization.Read.All", "Directory.Read.All")


def tenant() -> Request:
    """What the tenant is called; a list of one."""
    return Request(
        "read the name of the tenant",
        "GET",
        "/organization",
        TENANT_READ,
        shapes.many(shapes.ORGANIZATION),
        {"$select": "id,displayName,verifiedDomains"},
    )
