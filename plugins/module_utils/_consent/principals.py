# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Principals that rules name, and service principals. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    GoesAlong,
    Principal,
    ServicePrincipal,
    TenantState,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
        AppDeclaration,
        Declaration,
        Whom,
    )


@dataclasses.dataclass(slots=True)
class Planned:
    """One part of a plan, and what stands against it."""

    changes: list[Change] = dataclasses.field(default_factory=list)
    problems: list[str] = dataclasses.field(default_factory=list)


def whoms(declaration: Declaration) -> Iterator[Whom]:
    """Everything that says for whom, in all rules of all apps."""
    for app in declaration.apps:
        for rule in app.rules:
            yield rule.whom


def problems(declaration: Declaration, state: TenantState) -> list[str]:
    """Users and groups that are declared and could not be found for sure; see ``TenantState.unresolved``."""
    named = {key for whom in whoms(declaration) for key in (*whom.users, *whom.groups)}
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


def plan(app: AppDeclaration, state: TenantState) -> Planned:
    """Changes of the app's service principal."""
    planned = Planned()
    rule = app.service_principal
    if rule is None:
        return planned
    existing = state.service_principals.get(app.app_id)
    if rule.remove:
        if existing and existing.owned_by_microsoft and not rule.force:
            planned.problems.append(
                f"{existing.label} ({app.app_id}) is owned by Microsoft, and deleting its service principal can break "
                "Microsoft 365 for everybody: set force: true if that is really meant."
            )
        elif existing:
            change = _change("delete", app, existing)
            along = state.going_along.get(app.app_id, GoesAlong())
            planned.changes.append(dataclasses.replace(change, going_along=along))
        return planned
    deleted = state.deleted.get(app.app_id) if rule.restore else None
    base = existing or deleted
    after = _differences(rule.properties, base)
    if existing and after:
        planned.changes.append(_change("update", app, existing, after))
    elif deleted and not existing:
        planned.changes.append(_change("restore", app, deleted, after))
    elif not base:
        planned.changes.append(_change("create", app, None, after))
    return planned


def current(principal: ServicePrincipal) -> dict[str, t.Any]:
    """The options' values that the service principal has now."""
    return {
        "account_enabled": principal.account_enabled,
        "assignment_required": principal.assignment_required,
        "tags": sorted(principal.tags),
        "notes": principal.notes or "",
        "notification_email_addresses": sorted(principal.notification_email_addresses),
    }


def _differences(properties: Mapping[str, t.Any], base: ServicePrincipal | None) -> dict[str, t.Any]:
    now = current(base) if base else {}
    wanted = dict(properties)
    if "tags" in wanted:
        wanted["tags"] = sorted({*now.get("tags", ()), *wanted["tags"]})
    if "notification_email_addresses" in wanted:
        wanted["notification_email_addresses"] = sorted(wanted["notification_email_addresses"])
    return {name: value for name, value in wanted.items() if name not in now or now[name] != value}


def _change(
    action: t.Literal["create", "restore", "update", "delete"],
    app: AppDeclaration,
    principal: ServicePrincipal | None,
    after: Mapping[str, t.Any] | None = None,
) -> Change:
    now = current(principal) if principal else {}
    return Change(
        action,
        "service_principal",
        app.app_id,
        app_display_name=(principal.display_name if principal else None) or app.name,
        before={name: now[name] for name in after or {} if name in now},
        after=after or {},
        object_id=principal.id if principal else None,
    )
