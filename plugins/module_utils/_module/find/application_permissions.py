# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of module ``application_permission_grant_info``. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import order
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Reader
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import application_permission as pure
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import app_role_assignments
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import identities, inherited, links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kinds.application_permission import KIND

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def application_permissions(client: GraphClient, options: Options) -> JSON:
    """Of one app, with what an agent identity inherits; on one API; or both."""
    reader = Reader()
    given = {name: options[name] for name in ("app_id", "resource_app_id") if options[name] is not None}
    ids = reader.done({name: reader.guid(value, name) for name, value in given.items()})
    if options["managed_identity"] is not None:
        ids["app_id"] = (await identities.find(client, [options["managed_identity"]]))[options["managed_identity"]]
    directory = Directory(client)
    found = await directory.service_principals(ids.values())
    state = TenantState(service_principals={key: ServicePrincipal.from_graph(graph) for key, graph in found.items()})
    apps = {name: state.service_principals.get(app_id) for name, app_id in ids.items()}
    if None in apps.values():
        return {"application_permissions": [], "problems": []}
    holder, api = apps.get("app_id"), apps.get("resource_app_id")
    if holder is not None:
        request = app_role_assignments.roles_of_app(holder.label, holder.id)
    elif api is not None:
        request = app_role_assignments.assignments_of_app(api.label, api.id)
    rows = await links.rows(client, await links.begin(client, [request]), KIND.row)
    state = await links.add_names(directory, state, {KIND: rows}, everything=True)
    own = order.by_name(pure.KIND.objects(state).values())
    state, problems = await inherited.with_inherited(client, state, [KIND], [holder.app_id] if holder else [])
    items = [(item, False) for item in own] + [
        (item, True) for item in order.by_name(state.inherited.get(KIND.name, ()))
    ]
    return {
        "application_permissions": [
            pure.KIND.facts(item, state, inherited=is_inherited)
            for item, is_inherited in items
            if api is None or item.resource_app_id == api.app_id
        ],
        "problems": problems,
    }
