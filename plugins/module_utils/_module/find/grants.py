# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of module ``delegated_permission_grant_info``. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration, order
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import delegated_permission_grant as pure
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._module.find import resolve
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import FEW
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kinds.delegated_permission_grant import KIND

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request


async def grants(client: GraphClient, options: Options) -> JSON:
    query = declaration.query(options, expand_groups=True)
    state = await resolve.resolve(client, query)
    users = resolve.principals(query.whom, state)
    app = state.service_principals.get(query.app_id) if query.app_id else None
    if query.app_id and app is None:
        return {"grants": []}
    requests: list[Request]
    if app is not None and (not query.whom or len(users) > FEW):
        requests = [oauth2_permission_grants.grants_of_client(app.label, app.id)]
    elif app is not None:
        requests = [oauth2_permission_grants.grants_of_principal(app.label, app.id, user.id) for user in users]
    else:
        requests = [oauth2_permission_grants.grants_of_user(user.label, user.id) for user in users]
    wanted = {user.id for user in users}
    listed = await links.rows(client, await links.begin(client, requests), KIND.row)
    chosen = [row for row in listed if not query.whom or row.user_id in wanted]
    state = await links.add_names(Directory(client), state, {KIND: chosen}, everything=True)
    found = order.by_name(pure.KIND.objects(state).values())
    if query.resource_app_id:
        found = [grant for grant in found if grant.resource_app_id == query.resource_app_id]
    return {"grants": [pure.KIND.facts(grant, state) for grant in found]}
