# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of app role assignments. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    DEFAULT_ROLE,
    DEFAULT_ROLE_ID,
    AppRole,
    Assignment,
    AssignmentKey,
    Change,
    Principal,
    ServicePrincipal,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Planned

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import AppDeclaration, Prune


def plan(app: AppDeclaration, state: TenantState) -> Planned:
    """Changes of who is assigned to the app."""
    planned = Planned()
    known = state.service_principals.get(app.app_id)
    present: dict[AssignmentKey, tuple[Principal, str]] = {}
    absent: set[AssignmentKey] = set()
    for rule in app.assignments:
        role_id, problem = resolve_role(rule.app_role, known, removing=rule.remove)
        whom = principals.of(rule.whom, state)
        # What can't be given any more may stay with those who have it.
        held = [(app.app_id, principal_id, role_id) in state.assignments for principal_id in whom]
        if problem and not (held and all(held)):
            planned.problems.append(problem)
            continue
        for principal_id, principal in whom.items():
            if principal_id is None or principal is None:
                continue
            key = (app.app_id, principal_id, role_id)
            if rule.remove:
                absent.add(key)
            else:
                present[key] = (principal, role_id)
    for key, (principal, role_id) in present.items():
        if key not in state.assignments:
            planned.changes.append(_change("create", app, known, principal, role_id))
    for key, assignment in state.assignments.items():
        if key[0] == app.app_id and key not in present and (key in absent or _prunes(app, assignment, known)):
            planned.changes.append(
                _change("delete", app, known, assignment.principal, assignment.role_id, assignment.id)
            )
    return planned


def keys(app: AppDeclaration, state: TenantState) -> set[AssignmentKey]:
    """The assignments that the app's rules speak of."""
    known = state.service_principals.get(app.app_id)
    return {
        (app.app_id, principal_id, resolve_role(rule.app_role, known, removing=rule.remove)[0])
        for rule in app.assignments
        for principal_id in principals.of(rule.whom, state)
        if principal_id is not None
    }


def unnamed(app: AppDeclaration, state: TenantState) -> list[AssignmentKey]:
    """The assignments that no rule names, of what the app declares a part of."""
    known, named = state.service_principals.get(app.app_id), keys(app, state)
    return [
        key
        for key, assignment in state.assignments.items()
        if key[0] == app.app_id and key not in named and _is_in(app.declares, assignment, known)
    ]


def resolve_role(role: str, app: ServicePrincipal | None, *, removing: bool) -> tuple[str, str | None]:
    """The id of a declared role, and what is wrong with it.

    An app that is not there yet can't be asked for its roles: the declared text stands for the id then.
    """
    if app is None:
        return (DEFAULT_ROLE_ID if role == DEFAULT_ROLE else role), None
    selectable = [known for known in app.roles if known.enabled and known.for_users]
    if role == DEFAULT_ROLE:
        if selectable and not removing:
            return DEFAULT_ROLE_ID, (
                f"{app.label} declares roles for users, so the default one can't be assigned: "
                f"set app_role to one of {_names(selectable)}."
            )
        return DEFAULT_ROLE_ID, None
    found = next((known for known in app.roles if role in (known.value, known.id)), None)
    if found is None or (found not in selectable and not removing):
        state = "has no role" if found is None else "can't give to users the role"
        choice = f"set app_role to one of {_names(selectable)}" if selectable else f"set app_role to {DEFAULT_ROLE}"
        return found.id if found else role, f"{app.label} {state} {role!r}: {choice}."
    return found.id, None


def role_name(role_id: str, app: ServicePrincipal | None) -> str:
    """The role's value, ``default``, or its id where it has no value or is not known."""
    if role_id == DEFAULT_ROLE_ID:
        return DEFAULT_ROLE
    values = {known.id: known.value for known in app.roles} if app else {}
    return values.get(role_id) or role_id


def _names(roles: Iterable[AppRole]) -> str:
    return ", ".join(sorted(role.value or role.id for role in roles))


def _prunes(app: AppDeclaration, assignment: Assignment, known: ServicePrincipal | None) -> bool:
    if app.revoke:
        return True
    return _is_in(app.prune, assignment, known)


def _is_in(part: Prune, assignment: Assignment, known: ServicePrincipal | None) -> bool:
    if not part.assignments:
        return False
    role = part.app_role
    return role is None or assignment.role_id == resolve_role(role, known, removing=True)[0]


def _change(
    action: t.Literal["create", "delete"],
    app: AppDeclaration,
    known: ServicePrincipal | None,
    principal: Principal,
    role_id: str,
    object_id: str | None = None,
) -> Change:
    return Change(
        action,
        "app_role_assignment",
        app.app_id,
        app_display_name=(known.display_name if known else None) or app.name,
        principal=principal,
        app_role=role_name(role_id, known),
        role_id=role_id,
        object_id=object_id,
    )
