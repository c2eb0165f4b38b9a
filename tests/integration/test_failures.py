# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Graph refuses: nothing refused is taken for absence, and what can go on goes on."""

from __future__ import annotations

import re
import time
import typing as t

import pytest

from entra_simulator.waiting import PATIENCE
from integration.runner import Result, Task, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    LEAD,
    NOBODY,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    app_ids,
    assignment,
    grant,
    grants,
    service_principal,
)

if t.TYPE_CHECKING:
    from entra_simulator.testing import SimulatedTenant

GRANT, ASSIGN, ITSELF, APP, MANY = (
    "delegated_permission_grant",
    "app_role_assignment",
    "application_permission_grant",
    "service_principal",
    "tenant_consent",
)
CREATE = "POST /oauth2PermissionGrants"
# Seconds that no test waits.
NEVER = int(2 * PATIENCE)


def fault(method: str, path: str, status: int | None, **more: t.Any) -> dict[str, t.Any]:
    """A rule of the simulator; ``status`` None drops the connection."""
    match = {"method": method, "path": path, "item": more.pop("item", None)}
    if status is None:
        return {"match": match, "drop": True, **more}
    answer: dict[str, t.Any] = {"status": status}
    answer.update((name, more.pop(name)) for name in ("code", "message", "retry_after") if name in more)
    return {"match": match, "answer": answer, **more}


# Every endpoint that is read: the pattern of the request that is refused, the task that makes it, and the least
# permission that the message must name. Each refusal strikes only its own task.
def refused_reads(tenant: Tenant) -> dict[str, tuple[str, Task, str]]:
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    (outer,), (inner,) = tenant.groups("Jira users"), tenant.groups("Jira mail users")
    scopes = {"scopes": ["openid"]}
    return {
        "service principals": (
            f"/servicePrincipals\\?.*{NOBODY}",
            task(APP, app_id=NOBODY),
            "Application.Read.All",
        ),
        "deleted service principals": (
            f"/deletedItems/.*{TO_DO}",
            task(APP, app_id=TO_DO),
            "Application.Read.All",
        ),
        "a user": (
            "/users\\?.*'left@contoso.example'",
            task(GRANT, app_id=OUTLOOK, users=["left@contoso.example", ADA], **scopes),
            "User.ReadBasic.All",
        ),
        "a group by name": (
            "/groups\\?.*'Duplicates'",
            task(GRANT, app_id=OUTLOOK, groups=["Duplicates"], **scopes),
            "Group.ReadBasic.All",
        ),
        "a group by id": (
            f"/groups\\?.*'{inner}'",
            task(GRANT, app_id=OUTLOOK, groups=[inner], **scopes),
            "Group.ReadBasic.All",
        ),
        "members": (
            f"/groups/{outer}/transitiveMembers",
            task(GRANT, app_id=OUTLOOK, groups=["Jira users"], **scopes),
            "GroupMember.ReadBasic.All",
        ),
        "direct members": (
            f"/groups/{outer}/members",
            task(GRANT, app_id=OUTLOOK, groups=["Jira users"], nested_groups=False, **scopes),
            "GroupMember.ReadBasic.All",
        ),
        "an app's grants": (
            f"/oauth2PermissionGrants.*clientId eq '{app[OUTLOOK]}'&",
            task(GRANT, app_id=OUTLOOK, users=tenant.users(21), **scopes),
            "Directory.Read.All",
        ),
        "a user's grants": (
            f"/oauth2PermissionGrants.*principalId eq '{tenant.user(LEAD)}'",
            task(GRANT, app_id=OUTLOOK, users=[LEAD], **scopes),
            "Directory.Read.All",
        ),
        "the grant for all users": (
            f"/oauth2PermissionGrants.*clientId eq '{app[TEAMS]}' and consentType",
            task(GRANT, app_id=TEAMS, all_users=True, **scopes),
            "Directory.Read.All",
        ),
        "an app's assignments": (
            f"/servicePrincipals/{app[TEAMS]}/appRoleAssignedTo",
            task(ASSIGN, app_id=TEAMS, users=tenant.users(21)),
            "Application.Read.All",
        ),
        "a user's assignments": (
            f"/users/{tenant.user(ADA)}/appRoleAssignments",
            task("app_role_assignment_info", users=[ADA]),
            "Directory.Read.All",
        ),
        "a group's assignments": (
            f"/groups/{outer}/appRoleAssignments",
            task("app_role_assignment_info", groups=["Jira users"]),
            "Directory.Read.All",
        ),
        "what an app may do as itself": (
            f"/servicePrincipals/{app[CRM]}/appRoleAssignments",
            task(ITSELF, app_id=CRM, app_roles=["User.Read.All"]),
            "Application.Read.All",
        ),
        "a managed identity": (
            "/servicePrincipals\\?.*alternativeNames/any",
            task(ITSELF, managed_identity="/subscriptions/x/userAssignedIdentities/runner", state="absent"),
            "Application.Read.All",
        ),
        "names of apps": (
            f"/servicePrincipals\\?.*id in .*{app[CRM]}",
            task("delegated_permission_grant_info", app_id=OUTLOOK, users=[tenant.users(1)[0]]),
            "Application.Read.All",
        ),
        "names of users": (
            f"/users\\?.*'{tenant.user(tenant.users(1, first=2)[0])}'",
            task("app_role_assignment_info", app_id=CRM),
            "User.ReadBasic.All",
        ),
    }


READS = (
    "service principals", "deleted service principals", "a user", "a group by name", "a group by id", "members",
    "direct members", "an app's grants", "a user's grants", "the grant for all users", "an app's assignments",
    "a user's assignments", "a group's assignments", "what an app may do as itself", "a managed identity",
    "names of apps", "names of users",
)  # fmt: skip


@pytest.fixture(scope="module")
def refused(
    simulated: SimulatedTenant, initial: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Result, str]]:
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("refused"))
    first, second = tenant.users(2)
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[grant(OUTLOOK, "Crm.Read", first, resource=CRM), grant(OUTLOOK, "openid", LEAD)],
        assignments=[assignment(CRM, second, "Reader")],
    )
    cases = refused_reads(tenant)
    assert tuple(cases) == READS
    tenant.simulated.faults([fault("GET", pattern, 403) for pattern, _task, _permission in cases.values()])
    run = tenant.play(*[tolerated({**one, "name": name}) for name, (_pattern, one, _permission) in cases.items()])
    return {result.name: (result, cases[result.name][2]) for result in run}


@pytest.mark.parametrize("name", READS)
def test_a_refused_read_is_never_taken_for_absence(name: str, refused: dict[str, tuple[Result, str]]) -> None:
    result, permission = refused[name]
    assert result.failed
    assert (result["error"]["status"], result["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert result["error"]["missing_permission"][0] == permission
    assert f"grant it {permission}" in result.message
    assert re.fullmatch(r"[0-9a-f-]{36}", result["error"]["request_id"])
    assert result.writes == []


@pytest.mark.parametrize("code", ["Directory_ObjectNotFound", "Request_ResourceNotFound"])
def test_a_list_that_is_not_found_is_no_absence_either(code: str, tenant: Tenant) -> None:
    """Who is absent is not in the list; a list that does not come says nothing."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults([fault("GET", "/users\\?", 404, code=code)])
    failed = tenant.play(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"]), fails=True).only
    assert failed["error"]["status"] == 404
    assert "There is no user" not in failed.message
    assert failed.writes == []


def test_other_changes_go_on_and_the_next_run_finishes_the_rest(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults([fault("POST", "/oauth2PermissionGrants$", 403, item=True, after=7, times=1)])
    wanted = task(GRANT, app_id=OUTLOOK, users=tenant.users(30), scopes=["openid"])
    failed, again = tenant.play(tolerated(wanted), wanted)
    assert failed.failed
    assert failed.message.startswith("1 of 30 changes failed; run again to make them once this is solved: Could not")
    assert (len(failed["changes"]), len(failed["grants"]), failed.changed) == (29, 29, True)
    (failure,) = failed["failures"]
    assert failure["change"]["action"] == "create"
    assert failure["change"]["principal"]["name"] in tenant.users(30)
    assert (failure["status"], failure["code"]) == (403, "Authorization_RequestDenied")
    assert failure["graph_message"] == "Insufficient privileges to complete the operation."
    assert failure["missing_permission"] == ["DelegatedPermissionGrant.ReadWrite.All"]
    assert "grant it DelegatedPermissionGrant.ReadWrite.All as an application permission" in failure["msg"]
    assert failure["request_id"]
    assert again.writes == [CREATE]
    assert again["changes"] == [failure["change"]]
    assert len(grants(again.state)) == 30


def test_what_needs_an_app_that_could_not_be_created_is_not_tried(tenant: Tenant) -> None:
    rules = {"delegated_permissions": [{"scopes": ["openid"], "users": [ADA]}], "assignments": [{"users": [ADA]}]}
    failed = tenant.play(task(MANY, apps=[{"app_id": NOBODY, **rules}, {"app_id": TO_DO, **rules}]), fails=True).only
    assert [(failure["change"]["kind"], failure["change"]["app_id"]) for failure in failed["failures"]] == [
        ("service_principal", NOBODY),
        ("delegated_permission_grant", NOBODY),
        ("app_role_assignment", NOBODY),
    ]
    assert "Not tried" in failed["failures"][1]["msg"]
    assert app_ids(failed.state) == {TO_DO}
    assert len(failed["changes"]) == 3


def test_a_throttled_item_is_sent_again_alone_after_its_own_wait(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults(
        [
            fault("POST", "/oauth2PermissionGrants$", 429, item=True, after=3, times=1, retry_after=2),
            fault("GET", "/servicePrincipals", 429, times=1, retry_after=2),
            fault("GET", "/oauth2PermissionGrants", 503, times=1),
        ]
    )
    begun = time.monotonic()
    done = tenant.play(task(GRANT, app_id=OUTLOOK, users=tenant.users(40), scopes=["openid"])).only
    # Never sooner than Graph asked.
    assert time.monotonic() - begun > 4
    assert len(done["changes"]) == 40
    assert done.writes == [CREATE] * 41
    # Two batches of 20, and one for the item that was throttled.
    assert done.round_trips[-3:] == ["POST /$batch"] * 3
    last = done.asked[-1]
    assert (str(last), last.status, last.in_batch) == (CREATE, 201, True)
    assert done.reads.count("GET /servicePrincipals") == 2
    assert len(grants(done.state)) == 40


def test_throttling_that_takes_too_long_ends_with_what_is_done_and_what_is_not(tenant: Tenant) -> None:
    """Graph asks for a wait beyond what a run waits without getting anywhere, and beyond what the test waits for."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults([fault("POST", "/oauth2PermissionGrants$", 429, item=True, after=20, retry_after=NEVER)])
    wanted = task(GRANT, app_id=OUTLOOK, users=tenant.users(100), scopes=["openid"], concurrency=1, return_limit=30)
    failed = tenant.play(tolerated(wanted)).only
    assert failed["counts"] == {"changes": 20, "failures": 80, "grants": 20, "others": 0}
    assert len(grants(failed.state)) == 20
    # What would be refused as well was not sent: one batch told enough.
    assert failed.writes == [CREATE] * 40
    assert {failure["status"] for failure in failed["failures"]} == {429}
    assert len(failed["failures"]) == 30
    assert len({failure["msg"] for failure in failed["failures"]}) == 30
    assert failed.message.startswith("80 of 100 changes failed; run again to make them once this is solved: Could not")
    assert "Graph kept throttling" in failed.message
    tenant.simulated.clear_faults()
    done = tenant.play(wanted).only
    assert done.writes == [CREATE] * 80


def test_what_was_done_is_reported_when_the_way_to_graph_is_lost(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    # The first batch reads the app and 40 users, the second writes 20 grants; then no connection holds any longer.
    tenant.simulated.faults([fault("POST", r"/\$batch$", None, after=2)])
    wanted = task(GRANT, app_id=OUTLOOK, users=tenant.users(40), scopes=["openid"], concurrency=1)
    failed = tenant.play(tolerated(wanted)).only
    assert len(failed["changes"]) == len(grants(failed.state)) == 20
    assert len(failed["failures"]) == 20
    assert failed.message.startswith("20 of 40 changes failed; run again to make them once this is solved: Could not")
    assert "could not be reached: it closed the connection without an answer" in failed.message
    tenant.simulated.clear_faults()
    done = tenant.play(wanted).only
    assert done.writes == [CREATE] * 20
    assert [change["principal"] for change in done["changes"]] == [
        failure["change"]["principal"] for failure in failed["failures"]
    ]


def test_what_was_done_is_reported_also_when_a_single_write_is_lost(tenant: Tenant) -> None:
    tenant.simulated.faults([fault("POST", "/oauth2PermissionGrants$", None)])
    app = {"app_id": OUTLOOK, "delegated_permissions": [{"scopes": ["openid"], "all_users": True}]}
    failed = tenant.play(task(MANY, apps=[app]), fails=True).only
    assert [change["kind"] for change in failed["changes"]] == ["service_principal"]
    assert [failure["change"]["kind"] for failure in failed["failures"]] == ["delegated_permission_grant"]
    assert "could not be reached" in failed["failures"][0]["msg"]
