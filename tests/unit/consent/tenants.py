# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small tenants for the tests of the planner, and strategies that make random ones."""

from __future__ import annotations

import typing as t

from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration, declare
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    Grant,
    GrantKey,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import (
    app_role_assignment,
    application_permission,
    delegated_permission_grant,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.app_role_assignment import (
    Assignment,
    AssignmentKey,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.application_permission import (
    ApplicationPermission,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    DEFAULT_ROLE_ID,
    GRAPH_APP_ID,
    AppRole,
    Principal,
    PublishedScope,
    ServicePrincipal,
)

CLIENT = "e7185a25-9df9-4d05-b779-76b04bf46424"
OTHER = "32d752a1-8945-4600-97c9-73ed32c3627a"
CRM = "c0ffee00-0000-4000-8000-000000000001"
SCOPES = ("openid", "profile", "User.Read", "Mail.Send.Shared", "OnlineMeetings.ReadWrite", "Place.Read.All")
APP_ROLES = ("Mail.Read", "User.Read.All", "Sites.Read.All", "Group.Read.All")
USERS = {
    name: Principal(f"id-{name}", "User", f"{name}@contoso.example") for name in ("ada", "ben", "cho", "dee", "eve")
}
GROUPS = {
    "Jira users": (Principal("id-jira", "Group", "Jira users"), ("ada", "ben", "cho")),
    "Empty": (Principal("id-empty", "Group", "Empty"), ()),
}
READER = AppRole("11111111-0000-4000-8000-000000000001", "Reader", enabled=True, for_users=True)
DISABLED = AppRole("11111111-0000-4000-8000-000000000002", "Old", enabled=False, for_users=True)
FOR_APPS = AppRole("11111111-0000-4000-8000-000000000003", "Daemon", enabled=True, for_users=False)

GRAPH = ServicePrincipal(
    GRAPH_APP_ID,
    "id-graph",
    "Microsoft Graph",
    owner_tenant_id="f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    scopes=(
        *(PublishedScope(value, enabled=True, admin_consent_required=value == "Place.Read.All") for value in SCOPES),
        PublishedScope("Old.Read", enabled=False, admin_consent_required=False),
    ),
    roles=tuple(
        AppRole(f"22222222-0000-4000-8000-{place:012}", value, enabled=True, for_users=False, for_apps=True)
        for place, value in enumerate(APP_ROLES)
    ),
)


def app(app_id: str, name: str, **more: t.Any) -> ServicePrincipal:
    return ServicePrincipal(app_id, f"id-{app_id[:4]}", name, **more)


def tenant(
    *,
    grants: t.Iterable[Grant] = (),
    assignments: t.Iterable[Assignment] = (),
    permissions: t.Iterable[ApplicationPermission] = (),
    apps: t.Iterable[ServicePrincipal] | None = None,
    **more: t.Any,
) -> TenantState:
    """Microsoft Graph, two apps, five users and two groups, with the given grants and assignments."""
    there = [app(CLIENT, "Microsoft 365 for Jira"), app(OTHER, "To Do for Jira")] if apps is None else list(apps)
    return TenantState(
        service_principals={one.app_id: one for one in (GRAPH, *there)},
        users={f"{name}@contoso.example": user for name, user in USERS.items()},
        groups={name: group for name, (group, _members) in GROUPS.items()},
        members={
            (group.id, nested): tuple(USERS[name] for name in members)
            for group, members in GROUPS.values()
            for nested in (True, False)
        },
        objects={
            delegated_permission_grant.KIND.name: {grant.key: grant for grant in grants},
            app_role_assignment.KIND.name: {assignment.key: assignment for assignment in assignments},
            application_permission.KIND.name: {permission.key: permission for permission in permissions},
        },
        **more,
    )


def grants_of(state: TenantState) -> t.Mapping[GrantKey, Grant]:
    return delegated_permission_grant.KIND.objects(state)


def assignments_of(state: TenantState) -> t.Mapping[AssignmentKey, Assignment]:
    return app_role_assignment.KIND.objects(state)


def grant(scope: str, user: str | None = None, *, client: str = CLIENT, resource: str = GRAPH_APP_ID) -> Grant:
    return Grant(client, resource, USERS[user] if user else None, scope, f"grant-{client[:4]}-{resource[-4:]}-{user}")


def assignment(user: str, role_id: str = DEFAULT_ROLE_ID, *, client: str = CLIENT) -> Assignment:
    return Assignment(client, USERS[user], role_id, f"assignment-{client[:4]}-{user}-{role_id[:4]}")


def permission(role: str, *, client: str = CLIENT) -> ApplicationPermission:
    """An application permission on Microsoft Graph."""
    role_id = next(known.id for known in GRAPH.roles if known.value == role)
    return ApplicationPermission(client, GRAPH_APP_ID, role_id, f"permission-{client[:4]}-{role}")


def grants_task(**options: t.Any) -> declaration.Declaration:
    """A task of module delegated_permission_grant with its defaults."""
    defaults = {
        "app_id": CLIENT,
        "state": "present",
        "prune": False,
        "max_removals": 100,
        "validate_scopes": True,
        "allow_empty_groups": False,
    }
    return delegated_permission_grant.declaration({**defaults, **options})


def assignments_task(**options: t.Any) -> declaration.Declaration:
    """A task of module app_role_assignment with its defaults."""
    defaults = {
        "app_id": CLIENT,
        "app_role": "default",
        "state": "present",
        "prune": False,
        "max_removals": 100,
        "allow_empty_groups": False,
    }
    return app_role_assignment.declaration({**defaults, **options})


def consent_task(*apps: dict[str, t.Any], **options: t.Any) -> declaration.Declaration:
    """A task of module tenant_consent with its defaults."""
    defaults = {
        "apps": list(apps),
        "prune": False,
        "max_removals": 100,
        "validate_scopes": True,
        "allow_empty_groups": False,
    }
    return declare.tenant_consent({**defaults, **options})


# Random tenants and declarations

scope_sets = st.sets(st.sampled_from(SCOPES), min_size=1)
spaces = st.sampled_from(["", " ", "  "])


@st.composite
def stored_scopes(draw: st.DrawFn) -> str:
    """A scope text as Graph may have it: any order and spacing, a token twice."""
    tokens = draw(st.lists(st.sampled_from(SCOPES), max_size=5))
    return draw(spaces) + (" " + draw(spaces)).join(tokens)


@st.composite
def tenants(draw: st.DrawFn) -> TenantState:
    whom = st.sampled_from([None, *USERS])
    keys = draw(st.sets(st.tuples(whom, st.sampled_from([CLIENT, OTHER])), max_size=8))
    assigned = draw(st.sets(st.tuples(st.sampled_from(list(USERS)), st.sampled_from([CLIENT, OTHER])), max_size=6))
    held = draw(st.sets(st.tuples(st.sampled_from(APP_ROLES), st.sampled_from([CLIENT, OTHER])), max_size=5))
    return tenant(
        permissions=[permission(role, client=client) for role, client in sorted(held)],
        grants=[grant(draw(stored_scopes()), user, client=client) for user, client in sorted(keys, key=str)],
        assignments=[assignment(user, client=client) for user, client in sorted(assigned)],
    )


users = st.lists(st.sampled_from([f"{name}@contoso.example" for name in USERS]), max_size=3)
groups = st.lists(st.sampled_from(list(GROUPS)), max_size=2)


@st.composite
def permission_rules(draw: st.DrawFn) -> dict[str, t.Any]:
    rule = {
        "scopes": sorted(draw(scope_sets)),
        "all_users": draw(st.booleans()),
        "users": draw(users),
        "groups": draw(groups),
    }
    return rule if rule["users"] or rule["groups"] else {**rule, "all_users": True}


@st.composite
def assignment_rules(draw: st.DrawFn) -> dict[str, t.Any]:
    rule = {"app_role": "default", "users": draw(users), "groups": draw(groups), "expand_groups": draw(st.booleans())}
    return rule if rule["users"] or rule["groups"] else {**rule, "users": ["ada@contoso.example"]}


@st.composite
def role_rules(draw: st.DrawFn) -> dict[str, t.Any]:
    return {"app_roles": sorted(draw(st.sets(st.sampled_from(APP_ROLES), min_size=1)))}


@st.composite
def consents(draw: st.DrawFn) -> dict[str, t.Any]:
    """Options of one app of tenant_consent."""
    return {
        "app_id": CLIENT,
        "state": "present",
        "delegated_permissions": draw(st.lists(permission_rules(), max_size=4)),
        "assignments": draw(st.lists(assignment_rules(), max_size=3)),
        "application_permissions": draw(st.one_of(st.none(), st.lists(role_rules(), max_size=2))),
        "assignment_required": draw(st.sampled_from([None, True, False])),
    }
