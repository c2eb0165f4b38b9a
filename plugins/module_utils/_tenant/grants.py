# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grants as they are now, and the requests that change them. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    ALL_PRINCIPALS,
    Grant,
    GrantChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import read_to_the_end

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request


async def read_grants(
    client: GraphClient, apps: Mapping[str, ServicePrincipal], changes: Sequence[GrantChange]
) -> list[Grant | EntraError | None]:
    """The grant that each change is about, as it is now: None where there is none, or why it can't be read."""
    listings = await client.first_pages([_reading(apps[change.app_id], change) for change in changes])
    return [await _its_grant(client, apps, change, one) for change, one in zip(changes, listings, strict=True)]


async def _its_grant(
    client: GraphClient, apps: Mapping[str, ServicePrincipal], change: GrantChange, listing: Listing
) -> Grant | EntraError | None:
    rows = await read_to_the_end(client, listing)
    if isinstance(rows, EntraError):
        # A client that is too new for the part of Graph that answers.
        return None if isinstance(rows, GraphError) and rows.status == 404 else rows
    resource_id = apps[change.resource_app_id].id
    for row in rows:
        if row["resourceId"] == resource_id:
            scope = row.get("scope") or ""
            return Grant(change.app_id, change.resource_app_id, change.principal, scope, row["id"])
    return None


def _reading(client: ServicePrincipal, change: GrantChange) -> Request:
    if change.principal:
        return oauth2_permission_grants.grants_of_principal(client.label, client.id, change.principal.id)
    return oauth2_permission_grants.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS)


def updated(change: GrantChange, grant: Grant) -> GrantChange:
    """What bringing somebody else's grant to what is wanted does to it: that is what is reported."""
    after = change.wanted.after(grant.scopes)
    return dataclasses.replace(
        change,
        action="update" if after else "delete",
        scopes_before=grant.scopes,
        scopes_after=after,
        object_id=grant.id,
    )


def request(change: GrantChange, apps: Mapping[str, ServicePrincipal]) -> Request:
    """The request that makes a change. :param apps: service principals by app id."""
    if change.action == "delete":
        return oauth2_permission_grants.delete_grant(change.subject, str(change.object_id))
    scope = scope_rules.text(change.scopes_after)
    if change.action == "update":
        return oauth2_permission_grants.update_grant(change.subject, str(change.object_id), scope)
    body: JSON = {
        "clientId": apps[change.app_id].id,
        "consentType": change.consent_type,
        "resourceId": apps[change.resource_app_id].id,
        "scope": scope,
    }
    if change.principal:
        body["principalId"] = change.principal.id
    return oauth2_permission_grants.create_grant(change.subject, body)
