# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Managed identities by their ARM resource id, since their app id is another one in every tenant. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import service_principals

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient


async def resolved(client: GraphClient, declaration: Declaration) -> Declaration:
    """With app ids for all apps. Raises DeclarationError, for those that do not exist and for two entries of one app."""
    wanted = list(dict.fromkeys(app.managed_identity for app in declaration.apps if app.managed_identity))
    if not wanted:
        return declaration
    found = await find(client, wanted)
    apps = tuple(
        dataclasses.replace(app, app_id=found[app.managed_identity]) if app.managed_identity else app
        for app in declaration.apps
    )
    app_ids = [app.app_id for app in apps]
    twice = sorted({app_id for app_id in app_ids if app_ids.count(app_id) > 1})
    if twice:
        raise DeclarationError([f"Two entries of apps are for {app_id}: put their rules into one." for app_id in twice])
    return dataclasses.replace(declaration, apps=apps)


async def find(client: GraphClient, resource_ids: Sequence[str]) -> dict[str, str]:
    """App ids by ARM resource id. Raises DeclarationError for those of which there is none, or more than one."""
    listings = await client.first_pages(
        [service_principals.managed_identity(resource_id) for resource_id in resource_ids]
    )
    found: dict[str, str] = {}
    problems = []
    for resource_id, listing in zip(resource_ids, listings, strict=True):
        rows: list[dict[str, t.Any]] = []
        await client.each_page(listing, rows.extend)
        if len(rows) == 1:
            found[resource_id] = rows[0]["appId"].lower()
        elif rows:
            problems.append(
                f"{len(rows)} service principals have the resource id {resource_id!r}: give app_id instead."
            )
        else:
            problems.append(
                f"No managed identity with the resource id {resource_id!r} is in this tenant: check it, or give app_id."
            )
    if problems:
        raise DeclarationError(problems)
    return found
