# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan → Outcome. PRIVATE to tenantops.entra.

Independent changes go on when one fails. What Graph says exists already, or a write whose answer got lost and that
was sent again, is settled by reading. References to service principals created in this run are retried while Graph
replicates them.
"""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    ALL_PRINCIPALS,
    Change,
    Failure,
    Outcome,
    Plan,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Answer, Request

# Graph's texts, lower case: its codes alone do not tell these cases apart.
_EXISTS = (
    "permission entry already exists",
    "already exists on the object",
    "entitlementgrant entry already exists",
)
_GONE = ("entitlementgrant being updated or deleted is not found", "does not exist or one of its queried")
_NOT_REPLICATED = (
    "does not exist or one of its queried",
    "specified resourceid was not found",
    "not a valid reference update",
    "unable to read the company information",
    "does not reference a valid application object",
    "permission being assigned was not found",
)
# Seconds between tries while Graph replicates: 63 s together.
_REPLICATION_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0)

_GRAPH_NAMES = {
    "account_enabled": "accountEnabled",
    "assignment_required": "appRoleAssignmentRequired",
    "tags": "tags",
    "notes": "notes",
    "notification_email_addresses": "notificationEmailAddresses",
}


async def apply(client: GraphClient, plan: Plan, state: TenantState) -> Outcome:
    """Makes the changes in the plan's order. Never raises for a change that fails: see ``Outcome.failures``."""
    run = _Run(client, state)
    own = [change for change in plan.changes if change.kind == "service_principal"]
    await asyncio.gather(*(run.service_principal(change) for change in own if change.action != "delete"))
    others = [change for change in plan.changes if change.kind != "service_principal"]
    await run.changes([change for change in others if not _only_removes(change)])
    await run.changes([change for change in others if _only_removes(change)])
    await asyncio.gather(*(run.service_principal(change) for change in own if change.action == "delete"))
    order = {id(change): place for place, change in enumerate(plan.changes)}
    done = sorted(run.done, key=lambda done: order[id(done[0])])
    return Outcome(
        done=tuple((run.instead.get(id(change), change), object_id) for change, object_id in done),
        failures=tuple(sorted(run.failures, key=lambda failure: order[id(failure.change)])),
        service_principals=run.apps,
    )


def _only_removes(change: Change) -> bool:
    return change.takes_away and not change.scopes_added


class _Run:
    """The changes of one run as they are made."""

    def __init__(self, client: GraphClient, state: TenantState) -> None:
        self._client = client
        self.apps: dict[str, ServicePrincipal] = dict(state.service_principals)
        self._created: set[str] = set()
        self.done: list[tuple[Change, str]] = []
        # What was done in the end where Graph had something else than the plan knew, by the planned change's identity.
        self.instead: dict[int, Change] = {}
        self.failures: list[Failure] = []

    def _succeeded(self, change: Change, object_id: str) -> None:
        self.done.append((change, object_id))

    def _failed(self, change: Change, error: EntraError) -> None:
        facts = error.facts() if isinstance(error, GraphError) else {"msg": error.message}
        self.failures.append(Failure(change, facts))

    # Service principals

    async def service_principal(self, change: Change) -> None:
        try:
            if change.action == "delete":
                await self._delete_service_principal(change)
            else:
                await self._ensure_service_principal(change)
        except EntraError as error:
            self._failed(change, error)

    async def _delete_service_principal(self, change: Change) -> None:
        answer = await self._client.send(endpoints.delete_service_principal(change.app_id, str(change.object_id)))
        if answer.error is not None and not _is_gone(answer.error):
            raise answer.error
        self.apps.pop(change.app_id, None)
        self._succeeded(change, str(change.object_id))

    async def _ensure_service_principal(self, change: Change) -> None:
        properties = {_GRAPH_NAMES[name]: _graph_value(value) for name, value in change.after.items()}
        object_id = change.object_id
        if change.action == "create":
            answer = await self._client.send(endpoints.create_service_principal(change.app_id, properties))
            if answer.error is None:
                created = ServicePrincipal.from_graph(answer.body)
                self._created.add(change.app_id)
                self.apps[change.app_id] = created
                self._succeeded(change, created.id)
                return
            if answer.error.status != 409:
                raise _explained(change, answer.error)
            # Somebody created it in between, or the answer to our own request was lost.
            object_id = (await self._lookup(change)).id
            self._created.add(change.app_id)
        elif change.action == "restore":
            object_id = await self._restore(change)
            self._created.add(change.app_id)
        if properties:
            request = endpoints.update_service_principal(change.app_id, str(object_id), properties)
            (await self._while_replicating(request, change.app_id)).get()
        if change.action != "update":
            await self._lookup(change)
        self._succeeded(change, str(object_id))

    async def _restore(self, change: Change) -> str:
        """The object id: another one than planned if somebody created the app anew in between."""
        answer = await self._client.send(endpoints.restore_service_principal(change.app_id, str(change.object_id)))
        if answer.error is None:
            return str(change.object_id)
        # Restored by an earlier try whose answer was lost, or a newer one took its place.
        if answer.error.status not in (404, 409):
            raise answer.error
        found = await Directory(self._client).service_principals([change.app_id])
        if change.app_id not in found:
            raise answer.error
        return str(found[change.app_id]["id"])

    async def _lookup(self, change: Change) -> ServicePrincipal:
        for wait in (*_REPLICATION_WAITS, None):
            found = await Directory(self._client).service_principals([change.app_id])
            if change.app_id in found:
                self.apps[change.app_id] = ServicePrincipal.from_graph(found[change.app_id])
                return self.apps[change.app_id]
            if wait is not None:
                await asyncio.sleep(wait)
        raise EntraError(
            f"Graph says that the service principal of {change.app_id} exists, yet does not show it: run again later."
        )

    async def _while_replicating(self, request: Request, app_id: str) -> Answer:
        answer = await self._client.send(request)
        for wait in _REPLICATION_WAITS:
            if answer.error is None or app_id not in self._created or not _says(answer.error, _NOT_REPLICATED):
                break
            await asyncio.sleep(wait)
            answer = await self._client.send(request)
        return answer

    # Grants and assignments

    async def changes(self, changes: Sequence[Change]) -> None:
        """Makes changes that do not depend on each other."""
        pending = [change for change in changes if self._has_its_apps(change)]
        for turn, wait in enumerate((*_REPLICATION_WAITS, 0.0)):
            pending = await self._send(pending, turn)
            if not pending:
                return
            await asyncio.sleep(wait)

    async def _send(self, changes: Sequence[Change], turn: int) -> list[Change]:
        """One attempt at each; gives back those that wait for replication."""
        answers = await self._client.send_many([self._request(change) for change in changes]) if changes else []
        lagging: list[Change] = []
        conflicts: list[Change] = []
        for change, answer in zip(changes, answers, strict=True):
            if answer.error is None:
                self._succeeded(change, answer.body.get("id") or change.object_id or "")
            elif change.action == "create" and _says(answer.error, _EXISTS):
                conflicts.append(change)
            elif change.action == "delete" and _is_gone(answer.error):
                self._succeeded(change, change.object_id or "")
            elif turn < self._patience(change, answer.error):
                lagging.append(change)
            else:
                self._failed(change, answer.error)
        await self._settle_grants([change for change in conflicts if change.kind == "delegated_permission_grant"])
        await self._settle_assignments([change for change in conflicts if change.kind == "app_role_assignment"])
        return lagging

    def _has_its_apps(self, change: Change) -> bool:
        """Fails a change whose service principal could not be created; nothing can refer to it."""
        for app_id in (change.app_id, change.resource_app_id):
            if app_id and app_id not in self.apps:
                message = f"Not tried, because the service principal of {app_id} could not be created."
                self._failed(change, EntraError(message))
                return False
        return True

    def _patience(self, change: Change, error: GraphError) -> int:
        """How often to wait for Graph to replicate what a change refers to.

        All of it was there when the run began, or was created by it. In the first case a few seconds are enough: an
        earlier task may have created it just now.
        """
        if change.action != "create" or not _says(error, _NOT_REPLICATED):
            return 0
        refers_to_new = change.app_id in self._created or change.resource_app_id in self._created
        return len(_REPLICATION_WAITS) if refers_to_new else 3

    def _request(self, change: Change) -> Request:
        app = self.apps[change.app_id]
        if change.kind == "app_role_assignment":
            if change.action == "delete":
                return endpoints.delete_assignment(change.subject, app.id, str(change.object_id))
            principal_id = change.principal.id if change.principal else ""
            return endpoints.create_assignment(change.subject, app.id, principal_id, str(change.role_id))
        if change.action == "delete":
            return endpoints.delete_grant(change.subject, str(change.object_id))
        scope = scope_rules.text(change.scopes_after)
        if change.action == "update":
            return endpoints.update_grant(change.subject, str(change.object_id), scope)
        body: JSON = {
            "clientId": app.id,
            "consentType": change.consent_type,
            "resourceId": self.apps[str(change.resource_app_id)].id,
            "scope": scope,
        }
        if change.principal:
            body["principalId"] = change.principal.id
        return endpoints.create_grant(change.subject, body)

    async def _settle_grants(self, changes: Sequence[Change]) -> None:
        """Graph has these grants already: reads them and brings their scopes to what is declared."""
        existing = await self._existing_grants(changes)
        stale: list[tuple[Change, str, Request]] = []
        for change in changes:
            grant = existing.get(id(change))
            if grant is None:
                message = f"Graph says that {change.subject} exists, yet does not show it: run again later."
                grant = EntraError(message)
            if isinstance(grant, EntraError):
                self._failed(change, grant)
                continue
            before = frozenset((grant.get("scope") or "").split())
            after = change.scopes_after | before if change.keep_other_scopes else change.scopes_after
            if after == before:
                self._succeeded(change, grant["id"])
            else:
                # Somebody else's: what is done to it is what is reported.
                self.instead[id(change)] = dataclasses.replace(
                    change, action="update", scopes_before=before, scopes_after=after, object_id=grant["id"]
                )
                update = endpoints.update_grant(change.subject, grant["id"], scope_rules.text(after))
                stale.append((change, grant["id"], update))
        answers = await self._client.send_many([request for _change, _id, request in stale]) if stale else []
        for (change, grant_id, _request), answer in zip(stale, answers, strict=True):
            if answer.error is None:
                self._succeeded(change, grant_id)
            else:
                self._failed(change, answer.error)

    async def _existing_grants(self, changes: Sequence[Change]) -> dict[int, JSON | EntraError]:
        """The grants, or why they can't be read, by their change's identity; a new one may stay invisible for a while."""
        found: dict[int, JSON | EntraError] = {}
        for wait in (*_REPLICATION_WAITS, None):
            missing = [change for change in changes if id(change) not in found]
            lists = await self._client.pages_many([self._reading(change) for change in missing]) if missing else []
            for change, grants in zip(missing, lists, strict=True):
                resource_id = self.apps[str(change.resource_app_id)].id
                if isinstance(grants, list):
                    found.update((id(change), grant) for grant in grants if grant["resourceId"] == resource_id)
                elif grants.error is not None and grants.error.status != 404:
                    found[id(change)] = grants.error
            if len(found) == len(changes) or wait is None:
                break
            await asyncio.sleep(wait)
        return found

    def _reading(self, change: Change) -> Request:
        client = self.apps[change.app_id]
        if change.principal:
            return endpoints.grants_of_principal(client.label, client.id, change.principal.id)
        return endpoints.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS)

    async def _settle_assignments(self, changes: Sequence[Change]) -> None:
        """Graph has these assignments already; nothing in them can differ. Reads their ids, once for an app."""
        for app_id in dict.fromkeys(change.app_id for change in changes):
            app = self.apps[app_id]
            try:
                listed = await self._client.pages(endpoints.assignments_of_app(app.label, app.id))
            except EntraError:
                listed = []
            ids = {(graph["principalId"], graph["appRoleId"]): graph["id"] for graph in listed}
            for change in changes:
                if change.app_id == app_id and change.principal:
                    self._succeeded(change, ids.get((change.principal.id, str(change.role_id)), ""))


def _graph_value(value: t.Any) -> t.Any:
    """An empty text clears a property, which Graph wants as null."""
    return None if value == "" else value


def _says(error: GraphError, texts: Sequence[str]) -> bool:
    return any(text in error.graph_message.lower() for text in texts)


def _is_gone(error: GraphError) -> bool:
    return error.status in (400, 404) and _says(error, _GONE)


def _explained(change: Change, error: GraphError) -> GraphError:
    """Graph's "does not reference a valid application object" in the user's terms."""
    if not _says(error, ("does not reference a valid application object",)):
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
