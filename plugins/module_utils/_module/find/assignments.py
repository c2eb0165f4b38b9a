# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of module ``app_role_assignment_info``. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration, order
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import app_role_assignment as pure
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import app_role_assignments
from ansible_collections.tenantops.entra.plugins.module_utils._module.find import resolve
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import FEW
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kinds.app_role_assignment import KIND

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def assignments(client: GraphClient, options: Options) -> JSON:
    query = declaration.query(options, expand_groups=False)
    state = await resolve.resolve(client, query)
    who = resolve.principals(query.whom, state)
    app = state.service_principals.get(query.app_id) if query.app_id else None
    if query.app_id and app is None:
        return {"assignments": []}
    if app is not None and (not query.whom or len(who) > FEW):
        requests = [app_role_assignments.assignments_of_app(app.label, app.id)]
    else:
        resource_id = app.id if app else None
        requests = [
            app_role_assignments.assignments_of_principal(one.label, one.type, one.id, resource_id=resource_id)
            for one in who
        ]
    wanted = {principal.id for principal in who}
    listed = await links.rows(client, await links.begin(client, requests), KIND.row)
    # The list of a user also holds what comes through the user's groups: those rows name the group.
    rows = [row for row in listed if not query.whom or row.principal_id in wanted]
    named = await links.add_names(Directory(client), state, {KIND: rows}, everything=True)
    return {"assignments": [pure.KIND.facts(row, named) for row in order.by_name(pure.KIND.objects(named).values())]}
