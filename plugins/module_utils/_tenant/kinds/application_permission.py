# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Application permissions in a live tenant. PRIVATE to tenantops.entra.

They are app role assignments whose principal is an app: read from that app's side, changed from the API's.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import roles as role_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.application_permission import (
    ApplicationPermission,
    ApplicationPermissionChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
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
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.role_rules import PermissionKey
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import AreFew


class ApplicationPermissions(TenantKind):
    name = ApplicationPermissionChange.kind
    activities = ("add app role assignment to service principal", "remove app role assignment from service principal")

    def asked(self, app: AppDeclaration, state: TenantState, are_few: AreFew) -> Asked | None:
        """All that an app holds: one list."""
        client = state.service_principals.get(app.app_id)
        if client is None or not app.takes(self.name):
            return None
        whole = app_role_assignments.roles_of_app(client.label, client.id)
        return Asked(app.app_id, self.name, [whole], whole)

    def of_tenant(self, apps: Sequence[ServicePrincipal]) -> list[Request]:
        return [app_role_assignments.assignments_of_app(app.label, app.id) for app in apps]

    def inherited_by(self, agent: ServicePrincipal) -> Request:
        return app_role_assignments.inherited_roles(agent.label, agent.id)

    def row(self, graph: JSON) -> AssignmentRow:
        return AssignmentRow.read(graph)

    def ends(self, rows: Iterable[AssignmentRow]) -> tuple[set[str], set[str]]:
        held = [row for row in rows if row.is_for_apps]
        return {end for row in held for end in (row.principal_id, row.resource_id)}, set()

    def publishers(self, rows: Iterable[AssignmentRow]) -> set[str]:
        return {row.resource_id for row in rows if row.is_for_apps}

    def objects(self, rows: Iterable[AssignmentRow], names: Names) -> dict[PermissionKey, ApplicationPermission]:
        found: dict[PermissionKey, ApplicationPermission] = {}
        for row in rows:
            if row.is_for_apps:
                app_id = names.apps.get(row.principal_id, row.principal_id)
                item = ApplicationPermission(
                    app_id, names.apps.get(row.resource_id, row.resource_id), row.role_id, row.id
                )
                found[item.key] = item
        return found

    def ready(
        self, change: ApplicationPermissionChange, apps: Mapping[str, ServicePrincipal]
    ) -> ApplicationPermissionChange:
        """With the role's id, which an API tells that has only now got its service principal."""
        if change.role_id:
            return change
        role_id, problem = role_rules.resolve_for_apps(change.app_role, apps[change.resource_app_id])
        if problem:
            raise DeclarationError([problem])
        return dataclasses.replace(change, role_id=role_id)

    def request(self, change: ApplicationPermissionChange, apps: Mapping[str, ServicePrincipal]) -> Request:
        api = apps[change.resource_app_id]
        if change.action == "delete":
            return app_role_assignments.delete_assignment(change.subject, api.id, str(change.object_id))
        return app_role_assignments.create_assignment(change.subject, api.id, apps[change.app_id].id, change.role_id)

    async def settle(
        self,
        client: GraphClient,
        apps: Mapping[str, ServicePrincipal],
        removals: Removals,
        changes: Sequence[ApplicationPermissionChange],
        on_settled: Callable[[Settled], None],
    ) -> None:
        def listed(change: ApplicationPermissionChange) -> Request:
            holder = apps[change.app_id]
            return app_role_assignments.roles_of_app(holder.label, holder.id)

        def is_its(change: ApplicationPermissionChange, row: JSON) -> bool:
            return (row["resourceId"], row["appRoleId"]) == (apps[change.resource_app_id].id, change.role_id)

        await settle_by_id(client, changes, listed, is_its, on_settled)

    def concerns(self, change: ApplicationPermissionChange, mentioned: str, told: JSON) -> bool:
        return change.role_id != "" and change.role_id.lower() in mentioned


KIND = ApplicationPermissions()
