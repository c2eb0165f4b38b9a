# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Graph lists gets its names; what has none any more stays, by its id."""

from __future__ import annotations

import asyncio
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import links
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kinds import (
    app_role_assignment,
    delegated_permission_grant,
)
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.rows import AssignmentRow, GrantRow

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import TenantKind

CLIENT, RESOURCE, GONE, ADA = "client-id", "resource-id", "gone-id", "ada-id"
ROLE = "00000000-0000-0000-0000-000000000000"


class Emptied:
    """A directory that knows one app and nobody who has left."""

    def __init__(self) -> None:
        self.asked: list[tuple[set[str], set[str]]] = []

    async def named(
        self, object_ids: Iterable[str], user_ids: Iterable[str]
    ) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
        self.asked.append((set(object_ids), set(user_ids)))
        return {CLIENT: {"id": CLIENT, "appId": "CLIENT-APP", "displayName": "Client"}}, {}


def named(directory: Emptied, state: TenantState, *, everything: bool = True) -> TenantState:
    grants = [
        GrantRow("1", CLIENT, RESOURCE, GONE, " openid"),
        GrantRow("2", CLIENT, RESOURCE, ADA, "openid"),
    ]
    assignments = [
        AssignmentRow("3", CLIENT, ROLE, GONE, "User", "Gone"),
        AssignmentRow("4", CLIENT, ROLE, "app-id", "ServicePrincipal", "An app"),
    ]
    rows: dict[TenantKind, list[t.Any]] = {
        delegated_permission_grant.KIND: grants,
        app_role_assignment.KIND: assignments,
    }
    found = links.add_names(t.cast("Directory", directory), state, rows, everything=everything)
    return asyncio.run(found)


def test_who_left_the_tenant_is_named_by_id_and_nothing_is_lost_from_the_list() -> None:
    directory = Emptied()
    state = named(directory, TenantState(users={"ada": Principal(ADA, "User", "ada@contoso.example")}))
    assert [
        (grant.app_id, grant.resource_app_id, grant.principal)
        for grant in state.objects[delegated_permission_grant.KIND.name].values()
    ] == [
        ("client-app", RESOURCE, Principal(GONE, "User")),
        ("client-app", RESOURCE, Principal(ADA, "User", "ada@contoso.example")),
    ]
    # Who is known already is not asked for.
    assert directory.asked == [({CLIENT, RESOURCE}, {GONE})]


def test_assignments_of_other_apps_are_left_out() -> None:
    state = named(Emptied(), TenantState())
    assert [assignment.principal for assignment in state.objects[app_role_assignment.KIND.name].values()] == [
        Principal(GONE, "User", "Gone")
    ]


def test_grants_on_apps_that_nothing_speaks_of_are_left_out_unless_everything_counts() -> None:
    directory = Emptied()
    assert named(directory, TenantState(), everything=False).objects[delegated_permission_grant.KIND.name] == {}
    assert directory.asked == []
