# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tenant has, as a declaration: given back to ``tenant_consent`` it changes nothing. PRIVATE to tenantops.entra.

Pure. A user's grant stays a user's grant: which group somebody once meant can't be seen from it.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent.assignments import role_name
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import GRAPH_APP_ID
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import form_problems
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole, visible

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        JSON,
        Principal,
        ServicePrincipal,
        TenantState,
    )


def apps(state: TenantState, app_ids: Iterable[str], group_names: Mapping[str, str]) -> tuple[list[JSON], list[str]]:
    """Declarations of those of the apps that exist, by name, and what could not be declared, one sentence each.

    :param group_names: by object id, of groups that their name alone tells from all others.
    """
    problems: list[str] = []
    known = [state.service_principals[app_id] for app_id in app_ids if app_id in state.service_principals]
    ordered = sorted(known, key=lambda app: (app.label.casefold(), app.app_id))
    entries = [_app(app, state, group_names, problems) for app in ordered]
    return entries, [visible(problem) for problem in problems]


def _app(app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]) -> JSON:
    given: JSON = {
        "app_id": app.app_id,
        "name": app.display_name,
        "account_enabled": app.account_enabled,
        "assignment_required": app.assignment_required,
        "tags": sorted(app.tags),
        "notes": app.notes,
        "notification_email_addresses": sorted(app.notification_email_addresses),
    }
    entry: JSON = {}
    for name, value in given.items():
        texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        if not all(map(is_whole, texts)):
            problems.append(
                f"The {name} of {app.label} can't be declared and is left out: no file can hold half a character."
            )
        elif value not in (None, "", []):
            entry[name] = value
    entry["delegated_permissions"] = _permissions(app, state, problems)
    entry["assignments"] = _assignments(app, state, group_names, problems)
    return entry


def _permissions(app: ServicePrincipal, state: TenantState, problems: list[str]) -> list[JSON]:
    """One rule for each set of scopes of an API, with all the users who have just these."""
    users: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    everybody: list[tuple[str, tuple[str, ...]]] = []
    lost = odd = 0
    for key, grant in state.grants.items():
        # A grant without scopes grants nothing, and can't be declared: that would delete it.
        if key[0] != app.app_id or not grant.scopes:
            continue
        # Graph stores any text as a scope.
        if not is_whole(grant.scope) or form_problems(grant.scopes):
            odd += 1
            continue
        what = (grant.resource_app_id, tuple(sorted(grant.scopes)))
        if grant.principal is None:
            everybody.append(what)
        elif grant.principal.name:
            users[what].append(_name(grant.principal))
        else:
            lost += 1
    if odd:
        problems.append(
            f"{odd} {'grant' if odd == 1 else 'grants'} of {app.label} {'is' if odd == 1 else 'are'} left out: a scope of "
            f"{'it' if odd == 1 else 'each'} has a comma or half a character in it, which can't be declared."
        )
    if lost:
        problems.append(
            f"{lost} {'grant' if lost == 1 else 'grants'} of {app.label} for users who can't be found any more "
            f"{'is' if lost == 1 else 'are'} left out."
        )
    rules = [_rule(what) | {"all_users": True} for what in everybody]
    rules += [_rule(what) | {"users": sorted(names, key=_by_case)} for what, names in users.items()]
    return sorted(rules, key=_place)


def _rule(what: tuple[str, tuple[str, ...]]) -> JSON:
    resource_app_id, scopes = what
    return ({} if resource_app_id == GRAPH_APP_ID else {"resource_app_id": resource_app_id}) | {"scopes": list(scopes)}


def _assignments(
    app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]
) -> list[JSON]:
    """One rule for each role, with all who have it."""
    roles: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"groups": [], "users": []})
    lost = 0
    for key, assignment in state.assignments.items():
        if key[0] != app.app_id:
            continue
        who, role = assignment.principal, role_name(assignment.role_id, app)
        name: str | None = group_names.get(who.id, who.id) if who.type == "Group" else _upn(who)
        if name is None:
            lost += 1
            continue
        kind = "groups" if who.type == "Group" else "users"
        roles[role if is_whole(role) else assignment.role_id][kind].append(name if is_whole(name) else who.id)
    if lost:
        problems.append(
            f"{lost} {'assignment' if lost == 1 else 'assignments'} to {app.label} of users who can't be found any more "
            f"{'is' if lost == 1 else 'are'} left out."
        )
    return [
        {"app_role": role} | {kind: sorted(names, key=_by_case) for kind, names in who.items() if names}
        for role, who in sorted(roles.items())
    ]


def _name(user: Principal) -> str:
    """The object id of one whose name no file can hold."""
    return user.name if is_whole(user.name) else user.id


def _upn(user: Principal) -> str | None:
    """Graph copies display names into assignments; only a name that was looked up is a UPN."""
    return user.name if "@" in user.name else None


def _by_case(name: str) -> tuple[str, str]:
    return (name.casefold(), name)


def _place(rule: JSON) -> tuple[str, bool, list[str], list[str]]:
    return (rule.get("resource_app_id", ""), "users" in rule, rule["scopes"], rule.get("users", []))
