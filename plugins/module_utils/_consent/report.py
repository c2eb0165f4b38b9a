# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan and Outcome → what the user gets to see: results, diff, texts. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import heapq
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import principals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.assignments import role_name
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    ALL_PRINCIPALS,
    PRINCIPAL,
    Assignment,
    Change,
    Failure,
    Grant,
    Outcome,
    Plan,
    Principal,
    ServicePrincipal,
    TenantState,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable


def predicted(plan: Plan, state: TenantState) -> Outcome:
    """The outcome that check mode reports: all changes made, without the ids that only Graph can give."""
    apps = dict(state.service_principals)
    for change in plan.changes:
        if change.kind != "service_principal":
            continue
        if change.action == "delete":
            apps.pop(change.app_id, None)
        elif change.action == "create":
            apps[change.app_id] = ServicePrincipal(change.app_id, display_name=change.app_display_name)
        elif change.action == "restore":
            apps[change.app_id] = state.deleted[change.app_id]
    return Outcome(done=tuple((change, change.object_id or "") for change in plan.changes), service_principals=apps)


def after(state: TenantState, outcome: Outcome) -> TenantState:
    """The state with the changes that were made."""
    apps = dict(outcome.service_principals)
    grants, assignments = dict(state.grants), dict(state.assignments)
    for change, object_id in outcome.done:
        principal = change.principal
        if change.kind == "service_principal" and change.app_id in apps:
            apps[change.app_id] = _with_properties(apps[change.app_id], change)
        elif change.kind == "delegated_permission_grant":
            scope = " ".join(sorted(change.scopes_after))
            grant = Grant(change.app_id, str(change.resource_app_id), principal, scope, object_id)
            grants[grant.key] = grant
            if change.action == "delete":
                del grants[grant.key]
        elif change.kind == "app_role_assignment" and principal:
            assignment = Assignment(change.app_id, principal, str(change.role_id), object_id)
            assignments[assignment.key] = assignment
            if change.action == "delete":
                del assignments[assignment.key]
    for key, found in outcome.grants.items():
        if found is None:
            grants.pop(key, None)
        else:
            grants[key] = found
    return dataclasses.replace(state, service_principals=apps, grants=grants, assignments=assignments)


def _with_properties(app: ServicePrincipal, change: Change) -> ServicePrincipal:
    given = dict(change.after)
    if "tags" in given:
        given["tags"] = frozenset(given["tags"])
    if "notification_email_addresses" in given:
        given["notification_email_addresses"] = tuple(given["notification_email_addresses"])
    return dataclasses.replace(app, **given)


# Results


def changes(made: Iterable[Change], risks: RiskTable) -> list[JSON]:
    """Changes as data, keys that do not apply left out."""
    return [_change(change, risks) for change in made]


def failures(failed: Iterable[Failure], risks: RiskTable) -> list[JSON]:
    return [{"change": _change(failure.change, risks), **failure.error} for failure in failed]


def _change(change: Change, risks: RiskTable) -> JSON:
    facts: JSON = {"action": change.action, **subject(change), "admin_consent_required": change.admin_consent_required}
    if change.kind == "delegated_permission_grant":
        facts["scopes_added"] = added = change.scopes_added
        facts["scopes_removed"] = change.scopes_removed
        facts["admin_scopes"] = list(change.admin_scopes) if added and change.admin_scopes is not None else None
        facts["risk"] = risks.highest((str(change.resource_app_id), scope) for scope in added)
    if change.kind == "service_principal" and change.action == "delete":
        along = change.going_along
        facts["goes_along"] = {"grants": along.grants, "assignments": along.assignments}
    if change.kind == "service_principal" and change.action != "delete":
        facts["properties"] = {
            name: {"before": change.before.get(name), "after": value} for name, value in change.after.items()
        }
    return {name: value for name, value in facts.items() if value is not None}


def subject(change: Change) -> JSON:
    """What a change is about; None where a key does not apply."""
    return {
        "kind": change.kind,
        "app_id": change.app_id,
        "app_display_name": change.app_display_name,
        "resource_app_id": change.resource_app_id,
        "consent_type": change.consent_type,
        "principal": principal(change.principal),
        "app_role": change.app_role,
    }


def service_principal(app: ServicePrincipal) -> JSON:
    return {
        "id": app.id or None,
        "app_id": app.app_id,
        "display_name": app.display_name,
        **principals.current(app),
        "owner_tenant_id": app.owner_tenant_id,
        "service_principal_type": app.service_principal_type,
        "disabled_by_microsoft": app.disabled_by_microsoft,
        "app_roles": [
            {"id": role.id, "value": role.value, "enabled": role.enabled, "for_users": role.for_users}
            for role in app.roles
        ],
    }


def grant(item: Grant, state: TenantState) -> JSON:
    return {
        "id": item.id or None,
        "app_id": item.app_id,
        "app_display_name": _name(item.app_id, state),
        "resource_app_id": item.resource_app_id,
        "resource_display_name": _name(item.resource_app_id, state),
        "consent_type": PRINCIPAL if item.principal else ALL_PRINCIPALS,
        "principal": principal(item.principal),
        "scopes": sorted(item.scopes),
    }


def assignment(item: Assignment, state: TenantState) -> JSON:
    return {
        "id": item.id or None,
        "app_id": item.app_id,
        "app_display_name": _name(item.app_id, state),
        "principal": principal(item.principal),
        "app_role": role_name(item.role_id, state.service_principals.get(item.app_id)),
        "app_role_id": item.role_id,
    }


def by_name(items: Iterable[t.Any], limit: int | None = None) -> list[t.Any]:
    """Grants or assignments in the order of apps and principals, stable from run to run; the first of them."""

    def place(item: t.Any) -> tuple[str, str, str]:
        return (item.app_id, item.principal.label.casefold() if item.principal else "", item.key[1])

    return sorted(items, key=place) if limit is None else heapq.nsmallest(limit, items, key=place)


def principal(item: Principal | None) -> JSON | None:
    return {"id": item.id, "type": item.type, "name": item.name or None} if item else None


def _name(app_id: str, state: TenantState) -> str | None:
    known = state.service_principals.get(app_id)
    return known.display_name if known else None


# Texts


def failure_message(outcome: Outcome) -> str:
    """The first error, and how much else failed and was made; all errors are in ``failures``."""
    failed, made = len(outcome.failures), len(outcome.done)
    first = str(outcome.failures[0].error["msg"])
    if failed + made == 1:
        return first
    others = f" The others are in failures ({failed - 1})." if failed > 1 else ""
    return f"{failed} of {failed + made} changes failed; run again to make them once this is solved: {first}{others}"


def assumed_message(assumed: Sequence[str], *, check_mode: bool) -> str:
    apps = ", ".join(assumed)
    if check_mode:
        return f"No service principal exists for {apps}: check mode assumes that an earlier task creates it."
    return (
        f"No service principal exists for {apps} in this tenant: create it first with "
        "tenantops.entra.service_principal."
    )
