# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of module ``service_principal_info``. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.service_principal import facts
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def service_principals(client: GraphClient, options: Options) -> JSON:
    app_ids = declaration.app_ids(options["app_ids"])
    found = await Directory(client).service_principals(app_ids)
    apps = [ServicePrincipal.from_graph(found[app_id]) for app_id in app_ids if app_id in found]
    return {"service_principals": [facts(app) for app in apps]}
