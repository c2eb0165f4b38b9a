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

    Of an app that is revoked only what the plan does not take away by changes of its own.

    :param apps: service principals by app id.
    """
    removed = [
        (apps[app.app_id], app.revoke)
        for app in declaration.apps
        if (rule := rule_of(app)) and rule.remove and app.app_id in apps
    ]
    found = await asyncio.gather(*(_of(client, app, revoked=revoked) for app, revoked in removed))
    return {app.app_id: along for (app, _revoked), along in zip(removed, found, strict=True)}


async def _of(client: GraphClient, app: ServicePrincipal, *, revoked: bool) -> GoesAlong:
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
    own, others, assigned, held = listings
    granted = {row.id for row in await links.rows(client, [own], GrantRow.read)}
    granted_by_others = {row.id for row in await links.rows(client, [others], GrantRow.read)}
    given = await links.rows(client, [assigned], AssignmentRow.read)
    roles = set() if revoked else {row.id for row in await links.rows(client, [held], AssignmentRow.read)}
    roles |= {row.id for row in given if not (revoked and row.is_for_people)}
    return GoesAlong(len(granted_by_others - granted if revoked else granted | granted_by_others), len(roles))
