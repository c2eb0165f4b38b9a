# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules service_principal_info, delegated_permission_grant_info and app_role_assignment_info."""

from __future__ import annotations

import typing as t

from integration.runner import checked, task
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    assignment,
    grant,
    service_principal,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

APPS, GRANTS, ASSIGNMENTS = "service_principal_info", "delegated_permission_grant_info", "app_role_assignment_info"


def test_service_principals_read_as_their_module_returns_them(tenant: Tenant) -> None:
    stated, read = tenant.play(
        task("service_principal", app_id=OUTLOOK, notes="x", tags=["a"]),
        task(APPS, app_ids=[CRM, OUTLOOK.upper(), TO_DO]),
    )
    assert [app["app_id"] for app in read["service_principals"]] == [CRM, OUTLOOK]
    assert read["service_principals"][1] == stated["service_principal"]
    assert [role["value"] for role in read["service_principals"][0]["app_roles"]] == [
        "Reader",
        "Writer",
        "Retired",
        "Sync",
    ]
    assert (read.changed, read.round_trips) == (False, ["GET /servicePrincipals"])


def test_grants_by_app_by_user_by_group_and_by_api(tenant: Tenant) -> None:
    member = tenant.users(1, first=41)[0]
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[
            grant(OUTLOOK, " openid  User.Read"),
            grant(OUTLOOK, "openid", ADA),
            grant(OUTLOOK, "Crm.Read", ADA, resource=CRM),
            grant(OUTLOOK, "openid", member),
            grant(TEAMS, "Chat.ReadWrite", ADA),
        ],
    )
    stated, by_app, of_one, of_group, on_api, of_user, of_none = tenant.play(
        task("delegated_permission_grant", app_id=OUTLOOK, users=[ADA], scopes=["openid"]),
        task(GRANTS, app_id=OUTLOOK),
        task(GRANTS, app_id=OUTLOOK, users=[ADA], resource_app_id=GRAPH),
        task(GRANTS, app_id=OUTLOOK, groups=["Jira users"]),
        task(GRANTS, app_id=OUTLOOK, resource_app_id=CRM),
        task(GRANTS, users=[ADA]),
        checked(task(GRANTS, app_id=TO_DO)),
    )
    assert of_one["grants"] == stated["grants"]
    assert by_app["grants"][0]["scopes"] == ["User.Read", "openid"]
    assert len(by_app["grants"]) == 4
    assert [found["principal"]["name"] for found in of_group["grants"]] == [member]
    assert [found["resource_display_name"] for found in on_api["grants"]] == ["Contoso CRM"]
    assert [(found["app_id"], found["resource_app_id"]) for found in of_user["grants"]] == [
        (TEAMS, GRAPH),
        (OUTLOOK, GRAPH),
        (OUTLOOK, CRM),
    ]
    assert {found["app_display_name"] for found in of_user["grants"]} == {
        "Microsoft Teams for Jira",
        "Microsoft 365 for Jira",
    }
    assert of_none["grants"] == []
    assert not any(result.changed or result.writes for result in (by_app, of_one, of_group, on_api, of_user, of_none))


def test_assignments_by_app_and_by_principal_without_those_of_apps(tenant: Tenant) -> None:
    member = tenant.users(1)[0]
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        assignments=[
            assignment(OUTLOOK, ADA),
            assignment(OUTLOOK, "Jira users"),
            assignment(CRM, ADA, "Reader"),
            assignment(CRM, OUTLOOK, "Sync"),
        ],
    )
    stated, by_app, own, of_user, of_group, of_member = tenant.play(
        task("app_role_assignment", app_id=OUTLOOK, users=[ADA], groups=["Jira users"]),
        task(ASSIGNMENTS, app_id=OUTLOOK),
        task(ASSIGNMENTS, app_id=CRM),
        task(ASSIGNMENTS, users=[ADA]),
        task(ASSIGNMENTS, app_id=OUTLOOK, groups=["Jira users"]),
        task(ASSIGNMENTS, users=[member]),
    )
    assert by_app["assignments"] == stated["assignments"]
    assert [(found["principal"]["name"], found["app_role"]) for found in own["assignments"]] == [(ADA, "Reader")]
    assert [(found["app_id"], found["app_role"]) for found in of_user["assignments"]] == [
        (CRM, "Reader"),
        (OUTLOOK, "default"),
    ]
    assert [found["principal"]["type"] for found in of_group["assignments"]] == ["Group"]
    # What comes through a group is the group's.
    assert of_member["assignments"] == []


def test_lists_are_read_to_the_end_page_after_page(start: Callable[..., Tenant]) -> None:
    """Also when a page is empty and still has a next one."""
    tenant = start(page_limit=7, sparse_pages=True)
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", upn) for upn in tenant.users(30)],
        assignments=[assignment(OUTLOOK, upn) for upn in tenant.users(30)],
    )
    read, roles, unchanged = tenant.play(
        task(GRANTS, app_id=OUTLOOK),
        task(ASSIGNMENTS, app_id=OUTLOOK),
        task("delegated_permission_grant", app_id=OUTLOOK, groups=["Jira users"], scopes=["openid"]),
    )
    assert len(read["grants"]) == 30
    assert len(roles["assignments"]) == 30
    assert [change["principal"]["name"] for change in unchanged["changes"]] == tenant.users(30, first=31)
