# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kind that only tests know, in a live tenant."""

from __future__ import annotations

import typing as t

from unit.toy.callers import SCOPE, Caller, CallerChange, CallerKey

from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import AppDeclaration
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    JSON,
    Principal,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Asked, Names, TenantKind
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import GrantRow
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import Settled, read_to_the_end

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import AreFew


class ApiCallers(TenantKind):
    name = CallerChange.kind
    activities = ("add delegated permission grant", "remove delegated permission grant")

    def asked(self, app: AppDeclaration, state: TenantState, are_few: AreFew) -> Asked | None:
        api = state.service_principals.get(app.app_id)
        if api is None or not app.takes(self.name):
            return None
        whole = oauth2_permission_grants.grants_of_resource(api.label, api.id)
        who = {
            (state.service_principals[rule.client_app_id].id, key)
            for rule in app.part(self.name).rules
            for key in whoms.of(rule.whom, state)
            if key and rule.client_app_id in state.service_principals
        }
        if app.reads_all(self.name) or not are_few(who):
            return Asked(app.app_id, self.name, [whole], whole)
        return Asked(
            app.app_id,
            self.name,
            [oauth2_permission_grants.grants_of_principal("", *ends) for ends in sorted(who)],
            whole,
        )

    def of_tenant(self, apps: Sequence[ServicePrincipal]) -> list[Request]:
        return [oauth2_permission_grants.grants_of_tenant("Principal")]

    def publishers(self, rows: Iterable[GrantRow]) -> set[str]:
        return {row.resource_id for row in rows if _is_caller(row)}

    def row(self, graph: JSON) -> GrantRow:
        return GrantRow.read(graph)

    def ends(self, rows: Iterable[GrantRow]) -> tuple[set[str], set[str]]:
        calling = [row for row in rows if _is_caller(row)]
        return {end for row in calling for end in (row.client_id, row.resource_id)}, {
            row.user_id for row in calling if row.user_id
        }

    def objects(self, rows: Iterable[GrantRow], names: Names) -> dict[CallerKey, Caller]:
        found = [
            Caller(
                names.apps.get(row.resource_id, row.resource_id),
                names.apps.get(row.client_id, row.client_id),
                names.people.get(row.user_id) or Principal(row.user_id, "User"),
                row.id,
            )
            for row in rows
            if _is_caller(row) and row.user_id
        ]
        return {item.key: item for item in found}

    def request(self, change: CallerChange, apps: Mapping[str, ServicePrincipal]) -> Request:
        if change.action == "delete":
            return oauth2_permission_grants.delete_grant(change.subject, str(change.object_id))
        body = {
            "clientId": apps[change.client_app_id].id,
            "consentType": "Principal",
            "principalId": change.principal.id,
            "resourceId": apps[change.app_id].id,
            "scope": SCOPE,
        }
        return oauth2_permission_grants.create_grant(change.subject, body)

    async def settle(
        self,
        client: GraphClient,
        apps: Mapping[str, ServicePrincipal],
        removals: Removals,
        changes: Sequence[CallerChange],
        on_settled: Callable[[Settled], None],
    ) -> None:
        requests = [
            oauth2_permission_grants.grants_of_principal(
                change.client, apps[change.client_app_id].id, change.principal.id
            )
            for change in changes
        ]
        for change, listing in zip(changes, await client.first_pages(requests), strict=True):
            rows = await read_to_the_end(client, listing)
            held = rows if isinstance(rows, list) else []
            ids = {row["resourceId"]: row["id"] for row in held}
            on_settled(Settled(change, ids.get(apps[change.app_id].id, "")))


KIND = ApiCallers()


def _is_caller(row: GrantRow) -> bool:
    return row.user_id is not None and row.scope.split() == [SCOPE]
