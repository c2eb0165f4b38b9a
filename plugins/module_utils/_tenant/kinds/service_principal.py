# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service principals in a live tenant: made, restored, changed and deleted. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.service_principal import (
    ServicePrincipalChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import service_principals
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import refusals
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Run, TenantKind
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import REPLICATION_WAITS

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Answer, Request

_GRAPH_NAMES = {
    "account_enabled": "accountEnabled",
    "assignment_required": "appRoleAssignmentRequired",
    "tags": "tags",
    "notes": "notes",
    "notification_email_addresses": "notificationEmailAddresses",
}


class ServicePrincipals(TenantKind):
    name = ServicePrincipalChange.kind
    activities = (
        "add service principal",
        "update service principal",
        "remove service principal",
        "restore",
        "hard delete",
    )

    def is_plain(self, change: ServicePrincipalChange) -> bool:
        return False

    def request(self, change: ServicePrincipalChange, apps: Mapping[str, ServicePrincipal]) -> Request:
        """The first, and mostly the only, request."""
        object_id = str(change.object_id)
        match change.action:
            case "create":
                return service_principals.create_service_principal(change.app_id, _properties(change))
            case "restore":
                return service_principals.restore_service_principal(change.app_id, object_id)
            case "update":
                return service_principals.update_service_principal(change.app_id, object_id, _properties(change))
            case "delete":
                return service_principals.delete_service_principal(change.app_id, object_id)

    async def make(self, run: Run, changes: Sequence[ServicePrincipalChange]) -> None:
        answers = await run.client.send_many([self.request(change, run.apps) for change in changes])
        await asyncio.gather(*(_finish(run, change, answer) for change, answer in zip(changes, answers, strict=True)))


KIND = ServicePrincipals()


async def _finish(run: Run, change: ServicePrincipalChange, answer: Answer) -> None:
    finish = {"create": _created, "restore": _restored, "update": _updated, "delete": _deleted}[change.action]
    try:
        run.succeeded(change, await finish(run, change, answer))
    except EntraError as error:
        run.failed(change, error)


async def _created(run: Run, change: ServicePrincipalChange, answer: Answer) -> str:
    if answer.error is not None and answer.error.status != 409:
        raise _explained(change, answer.error)
    run.created.add(change.app_id)
    if answer.error is None:
        run.apps[change.app_id] = created = ServicePrincipal.from_graph(answer.body)
        return created.id
    # Somebody created it in between, or the answer to our own request was lost.
    found = await _lookup(run, change)
    await _update(run, _with_its_tags(change, found), found.id)
    return found.id


async def _restored(run: Run, change: ServicePrincipalChange, answer: Answer) -> str:
    """The object id: another one than planned if somebody created the app anew in between."""
    run.created.add(change.app_id)
    object_id = str(change.object_id)
    if answer.error is not None:
        # Restored by an earlier try whose answer was lost, or a newer one took its place.
        if answer.error.status not in (404, 409):
            raise answer.error
        found = await Directory(run.client).service_principals([change.app_id])
        if change.app_id not in found:
            raise answer.error
        object_id = str(found[change.app_id]["id"])
    await _update(run, change, object_id)
    await _lookup(run, change)
    return object_id


async def _updated(run: Run, change: ServicePrincipalChange, answer: Answer) -> str:
    answer.get()
    return str(change.object_id)


async def _deleted(run: Run, change: ServicePrincipalChange, answer: Answer) -> str:
    if answer.error is not None and not refusals.is_gone(answer.error):
        raise answer.error
    run.apps.pop(change.app_id, None)
    return str(change.object_id)


async def _update(run: Run, change: ServicePrincipalChange, object_id: str) -> None:
    """Gives an object that is new, or new to Graph's readers, its declared properties."""
    properties = _properties(change)
    if not properties:
        return
    request = service_principals.update_service_principal(change.app_id, object_id, properties)
    answer = await run.client.send(request)
    for wait in REPLICATION_WAITS:
        if answer.error is None or not refusals.is_not_replicated(answer.error):
            break
        await asyncio.sleep(wait)
        answer = await run.client.send(request)
    answer.get()


async def _lookup(run: Run, change: ServicePrincipalChange) -> ServicePrincipal:
    for wait in (*REPLICATION_WAITS, None):
        found = await Directory(run.client).service_principals([change.app_id])
        if change.app_id in found:
            run.apps[change.app_id] = ServicePrincipal.from_graph(found[change.app_id])
            return run.apps[change.app_id]
        if wait is not None:
            await asyncio.sleep(wait)
    raise EntraError(
        f"Graph says that the service principal of {change.app_id} exists, yet does not show it: run again later."
    )


def _properties(change: ServicePrincipalChange) -> JSON:
    """As Graph names them. An empty text clears a property, which Graph wants as null."""
    return {_GRAPH_NAMES[name]: None if value == "" else value for name, value in change.after.items()}


def _with_its_tags(change: ServicePrincipalChange, found: ServicePrincipal) -> ServicePrincipalChange:
    """Tags are only added to: those of an object that somebody else has made stay."""
    if "tags" not in change.after:
        return change
    return dataclasses.replace(change, after={**change.after, "tags": sorted({*found.tags, *change.after["tags"]})})


def _explained(change: ServicePrincipalChange, error: GraphError) -> GraphError:
    """Graph's "does not reference a valid application object" in the user's terms."""
    if not refusals.is_no_application(error):
        return error
    message = (
        f"Could not create the service principal of {change.app_id}: no application has this id, or it can't be used "
        "in other tenants (or was registered seconds ago). Check app_id."
    )
    return GraphError(
        message,
        status=error.status,
        code=error.code,
        graph_message=error.graph_message,
        request_id=error.request_id,
    )
