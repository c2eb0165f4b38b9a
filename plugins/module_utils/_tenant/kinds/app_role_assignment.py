# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""App role assignments in a live tenant. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.app_role_assignment import (
    Assignment,
    AssignmentChange,
    AssignmentKey,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import DEFAULT_ROLE_ID, Principal
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import app_role_assignments
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import Asked, Names, TenantKind
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import AssignmentRow
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import Settled, settle_by_id

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import AppDeclaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import AreFew


class AppRoleAssignments(TenantKind):
    name = AssignmentChange.kind
    activities = ("add app role assignment", "remove app role assignment")

    def asked(self, app: AppDeclaration, state: TenantState, are_few: AreFew) -> Asked | None:
        resource = state.service_principals.get(app.app_id)
        if resource is None or not app.takes(self.name):
            return None
        rules = app.part(self.name).rules
        who = {key: one for rule in rules for key, one in whoms.of(rule.whom, state).items() if one}
        whole = app_role_assignments.assignments_of_app(resource.label, resource.id)
        if app.reads_all(self.name) or not are_few(who):
            return Asked(app.app_id, self.name, [whole], whole)
        requests = [
            app_role_assignments.assignments_of_principal(one.label, one.type, one.id, resource_id=resource.id)
            for one in sorted(who.values(), key=lambda one: one.id)
        ]
        return Asked(app.app_id, self.name, requests, whole)

    def of_tenant(self, apps: Sequence[ServicePrincipal]) -> list[Request]:
        return [app_role_assignments.assignments_of_app(app.label, app.id) for app in apps]

    def row(self, graph: JSON) -> AssignmentRow:
        return AssignmentRow.read(graph)

    def ends(self, rows: Iterable[AssignmentRow]) -> tuple[set[str], set[str]]:
        assigned = [row for row in rows if row.is_for_people]
        users = {row.principal_id for row in assigned if row.principal_type == "User"}
        return {row.resource_id for row in assigned}, users

    def publishers(self, rows: Iterable[AssignmentRow]) -> set[str]:
        return {row.resource_id for row in rows if row.is_for_people and row.role_id != DEFAULT_ROLE_ID}

    def objects(self, rows: Iterable[AssignmentRow], names: Names) -> dict[AssignmentKey, Assignment]:
        found: dict[AssignmentKey, Assignment] = {}
        for row in rows:
            if not row.is_for_people:
                continue
            # Users are known by UPN here where it could be read.
            principal = names.people.get(row.principal_id) or Principal(
                row.principal_id, row.principal_type, row.principal_name
            )
            assignment = Assignment(names.apps.get(row.resource_id, row.resource_id), principal, row.role_id, row.id)
            found[assignment.key] = assignment
        return found

    def request(self, change: AssignmentChange, apps: Mapping[str, ServicePrincipal]) -> Request:
        app = apps[change.app_id]
        if change.action == "delete":
            return app_role_assignments.delete_assignment(change.subject, app.id, str(change.object_id))
        return app_role_assignments.create_assignment(change.subject, app.id, change.principal.id, change.role_id)

    async def settle(
        self,
        client: GraphClient,
        apps: Mapping[str, ServicePrincipal],
        removals: Removals,
        changes: Sequence[AssignmentChange],
        on_settled: Callable[[Settled], None],
    ) -> None:
        def listed(change: AssignmentChange) -> Request:
            who, resource_id = change.principal, apps[change.app_id].id
            return app_role_assignments.assignments_of_principal(who.label, who.type, who.id, resource_id=resource_id)

        def is_its(change: AssignmentChange, row: JSON) -> bool:
            return (row["principalId"], row["appRoleId"]) == (change.principal.id, change.role_id)

        await settle_by_id(client, changes, listed, is_its, on_settled)


KIND = AppRoleAssignments()
