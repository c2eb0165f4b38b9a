# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delegated permission grants in a live tenant. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    ALL_PRINCIPALS,
    PRINCIPAL,
    Grant,
    GrantChange,
    GrantKey,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import grants
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kept import Keeper
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Asked, Names, Run, TenantKind
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import GrantRow
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import REPLICATION_WAITS, Settled

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import AppDeclaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import AreFew


class DelegatedPermissionGrants(TenantKind):
    name = GrantChange.kind
    activities = (
        "add delegated permission grant",
        "remove delegated permission grant",
        "consent to application",
    )

    def asked(self, app: AppDeclaration, state: TenantState, are_few: AreFew) -> Asked | None:
        """None for an app that does not exist: Graph answers 404 for the grants of an unknown client."""
        client = state.service_principals.get(app.app_id)
        if client is None or not app.takes(self.name):
            return None
        users = {key for rule in app.part(self.name).rules for key in whoms.of(rule.whom, state)}
        whole = oauth2_permission_grants.grants_of_client(client.label, client.id)
        if app.reads_all(self.name) or not are_few(users - {None}):
            return Asked(app.app_id, self.name, [whole], whole)
        requests = [
            oauth2_permission_grants.grants_of_principal(client.label, client.id, key)
            for key in sorted(key for key in users if key)
        ]
        if None in users:
            requests.append(
                oauth2_permission_grants.grants_of_client(client.label, client.id, consent_type=ALL_PRINCIPALS)
            )
        return Asked(app.app_id, self.name, requests, whole)

    def of_tenant(self, apps: Sequence[ServicePrincipal]) -> list[Request]:
        return [oauth2_permission_grants.grants_of_tenant(consent_type) for consent_type in (ALL_PRINCIPALS, PRINCIPAL)]

    def inherited_by(self, agent: ServicePrincipal) -> Request:
        return oauth2_permission_grants.inherited_grants(agent.label, agent.id)

    def row(self, graph: JSON) -> GrantRow:
        return GrantRow.read(graph)

    def ends(self, rows: Iterable[GrantRow]) -> tuple[set[str], set[str]]:
        listed = list(rows)
        apps = {end for row in listed for end in (row.client_id, row.resource_id)}
        return apps, {row.user_id for row in listed if row.user_id}

    def publishers(self, rows: Iterable[GrantRow]) -> set[str]:
        return {row.resource_id for row in rows}

    def objects(self, rows: Iterable[GrantRow], names: Names) -> dict[GrantKey, Grant]:
        found: dict[GrantKey, Grant] = {}
        for row in rows:
            if names.everything or row.resource_id in names.apps:
                grant = Grant(
                    app_id=names.apps.get(row.client_id, row.client_id),
                    resource_app_id=names.apps.get(row.resource_id, row.resource_id),
                    principal=(names.people.get(row.user_id) or Principal(row.user_id, "User"))
                    if row.user_id
                    else None,
                    scope=row.scope,
                    id=row.id,
                )
                found[grant.key] = grant
        return found

    def is_plain(self, change: GrantChange) -> bool:
        return not change.keeps_others

    def ready(self, change: GrantChange, apps: Mapping[str, ServicePrincipal]) -> GrantChange:
        """Graph stores any text as a scope, so one that is not published would go unseen."""
        if change.unchecked:
            api = apps[change.resource_app_id]
            problems = scope_rules.published_problems(change.scopes_after - change.scopes_before, api)
            if problems:
                raise DeclarationError(problems)
        return change

    def request(self, change: GrantChange, apps: Mapping[str, ServicePrincipal]) -> Request:
        return grants.request(change, apps)

    async def make(self, run: Run, changes: Sequence[GrantChange]) -> None:
        await Keeper(run.client, run.apps).keep(changes, run.settled)

    async def settle(
        self,
        client: GraphClient,
        apps: Mapping[str, ServicePrincipal],
        removals: Removals,
        changes: Sequence[GrantChange],
        on_settled: Callable[[Settled], None],
    ) -> None:
        existing = await _existing(client, apps, changes)
        stale: list[tuple[GrantChange, GrantChange]] = []
        for change in changes:
            grant = existing.get(id(change))
            if grant is None:
                message = f"Graph says that {change.subject} exists, yet does not show it: run again later."
                grant = EntraError(message)
            if isinstance(grant, EntraError):
                on_settled(Settled(change, error=grant))
            elif change.wanted.holds(grant.scopes):
                on_settled(Settled(change, grant.id))
            else:
                stale.append((change, grants.updated(change, grant)))
        # No plan has counted what these take away; what only adds may be done in any case.
        error = removals.settle(instead for _change, instead in stale if instead.takes_away)
        refused = [change for change, instead in stale if instead.takes_away] if error else []
        for change in refused:
            on_settled(Settled(change, error=error))
        allowed = [(change, instead) for change, instead in stale if change not in refused]
        answers = await client.send_many([_update(instead) for _change, instead in allowed])
        for (change, instead), answer in zip(allowed, answers, strict=True):
            on_settled(
                Settled(change, str(instead.object_id), instead=instead)
                if answer.error is None
                else Settled(change, error=answer.error)
            )

    def concerns(self, change: GrantChange, mentioned: str, told: JSON) -> bool:
        return super().concerns(change, mentioned, told) or _grants_just_that(told, change)


KIND = DelegatedPermissionGrants()


async def _existing(
    client: GraphClient, apps: Mapping[str, ServicePrincipal], changes: Sequence[GrantChange]
) -> dict[int, Grant | EntraError]:
    """The grants, or why they can't be read, by their change's identity; a new one may stay invisible for a while."""
    found: dict[int, Grant | EntraError] = {}
    for wait in (*REPLICATION_WAITS, None):
        missing = [change for change in changes if id(change) not in found]
        readings = await grants.read_grants(client, apps, missing)
        found.update((id(change), one) for change, one in zip(missing, readings, strict=True) if one is not None)
        if len(found) == len(changes) or wait is None:
            break
        await asyncio.sleep(wait)
    return found


def _update(instead: GrantChange) -> Request:
    """The update that is made instead of the planned change."""
    return oauth2_permission_grants.update_grant(
        instead.subject, str(instead.object_id), scope_rules.text(instead.scopes_after)
    )


def _grants_just_that(told: JSON, change: GrantChange) -> bool:
    """Whether an entry that does not say for which user is of a grant with the scopes found now.

    Entries of new and changed grants leave the user out.
    """
    new = {
        str(changed.get("displayName")): str(changed.get("newValue") or "").strip('"')
        for target in told.get("targetResources") or ()
        for changed in target.get("modifiedProperties") or ()
    }
    return (
        "DelegatedPermissionGrant.PrincipalId" not in new
        and new.get("DelegatedPermissionGrant.ConsentType") == change.consent_type
        and scope_rules.tokens(new.get("DelegatedPermissionGrant.Scope", "")) == change.scopes_before
    )
