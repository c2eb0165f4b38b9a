# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What vanishes with service principals that are to be deleted. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.service_principal import rule_of
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import GoesAlong
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import (
    app_role_assignments,
    oauth2_permission_grants,
)
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import AssignmentRow, GrantRow

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def going_along(
    client: GraphClient, declaration: Declaration, apps: Mapping[str, ServicePrincipal]
) -> dict[str, GoesAlong]:
    """By the app ids of those that exist and are declared absent; raises GraphError.

    :param apps: service principals by app id.
    """
    removed = [
        apps[app.app_id] for app in declaration.apps if (rule := rule_of(app)) and rule.remove and app.app_id in apps
    ]
    found = await asyncio.gather(*(_of(client, app) for app in removed))
    return {app.app_id: along for app, along in zip(removed, found, strict=True)}


async def _of(client: GraphClient, app: ServicePrincipal) -> GoesAlong:
    # What it is granted as a client, and others are granted on it; what others are assigned to it, and it to others.
    listings = await links.begin(
        client,
        [
            oauth2_permission_grants.grants_of_client(app.label, app.id),
            oauth2_permission_grants.grants_of_resource(app.label, app.id),
            app_role_assignments.assignments_of_app(app.label, app.id),
            app_role_assignments.roles_of_app(app.label, app.id),
        ],
    )
    grants = await links.rows(client, listings[:2], GrantRow.read)
    assignments = await links.rows(client, listings[2:], AssignmentRow.read)
    return GoesAlong(frozenset(row.id for row in grants), frozenset(row.id for row in assignments))
