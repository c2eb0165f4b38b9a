# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is meant by a rule, in a tenant. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration, Whom
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal


def problems(declaration: Declaration, state: TenantState) -> list[str]:
    """Users and groups that are declared and could not be found for sure; see ``TenantState.unresolved``."""
    named = {key for whom in declaration.whoms() for key in (*whom.users, *whom.groups)}
    return [problem for key, problem in state.unresolved if key in named]


def of(whom: Whom, state: TenantState) -> dict[str | None, Principal | None]:
    """The principals by object id, each once; None stands for all users. Unresolved ones are left out."""
    found: dict[str | None, Principal | None] = {None: None} if whom.all_users else {}
    for key in whom.users:
        if key in state.users:
            found[state.users[key].id] = state.users[key]
    for key in whom.groups:
        group = state.groups.get(key)
        if group is None:
            continue
        expanded = state.members.get((group.id, whom.nested_groups), ()) if whom.expand_groups else (group,)
        found.update((principal.id, principal) for principal in expanded)
    return found
