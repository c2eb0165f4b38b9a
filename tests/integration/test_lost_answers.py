# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lost answers, conflicts and replication lag: settled by reading, within bounds."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from entra_simulator.waiting import wait_until
from integration.runner import Run, Task, task, tolerated
from integration.tenant import (
    ADA,
    GRAPH,
    LEAD,
    OUTLOOK,
    Tenant,
    app_ids,
    assigned,
    assignment,
    grant,
    grants,
    scopes,
    service_principal,
)
from integration.test_failures import APP, ASSIGN, GRANT, MANY, fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

POST_GRANT, ANY_GRANT = "/oauth2PermissionGrants$", "/oauth2PermissionGrants/"
SECOND = {"scopes": ["openid", "User.Read"]}
# Seconds.
LAG = 60


@pytest.mark.parametrize("status", [504, None], ids=["504", "connection dropped"])
def test_writes_whose_answers_are_lost_are_settled(tenant: Tenant, status: int | None) -> None:
    """Each write is carried out, and its answer does not arrive."""
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", LEAD)],
        assignments=[assignment(OUTLOOK, LEAD)],
    )

    def lost(method: str, path: str) -> dict[str, t.Any]:
        return fault(method, path, status, times=1, applied=True)

    tenant.simulated.faults(
        [
            lost("POST", POST_GRANT),
            lost("PATCH", ANY_GRANT),
            lost("DELETE", ANY_GRANT),
            lost("POST", "/appRoleAssignedTo$"),
            lost("DELETE", "/appRoleAssignedTo/"),
            lost("PATCH", "/servicePrincipals/"),
        ]
    )
    users = tenant.users(3)
    created, updated, deleted, given, taken, changed = tenant.play(
        task(GRANT, app_id=OUTLOOK, users=users, scopes=["openid"]),
        task(GRANT, app_id=OUTLOOK, users=users, **SECOND),
        task(GRANT, app_id=OUTLOOK, users=users, state="absent"),
        task(ASSIGN, app_id=OUTLOOK, users=users),
        task(ASSIGN, app_id=OUTLOOK, users=users, state="absent"),
        task(APP, app_id=OUTLOOK, notes="x"),
    )
    lead = (OUTLOOK, tenant.user(LEAD), GRAPH)
    ids = {tenant.user(upn) for upn in users}
    assert all(rule["times"] == 0 for rule in tenant.simulated.remaining_faults())
    assert all(len(result["changes"]) == 3 for result in (created, updated, deleted, given, taken))
    assert {key[1] for key in scopes(created.state)} == {*ids, tenant.user(LEAD)}
    assert all(item["id"] for item in created["grants"])
    assert {frozenset(found) for key, found in scopes(updated.state).items() if key != lead} == {
        frozenset(SECOND["scopes"])
    }
    assert scopes(deleted.state) == {lead: {"openid"}}
    assert {principal for principal, _role in assigned(given.state, OUTLOOK)} == {*ids, tenant.user(LEAD)}
    assert all(item["id"] for item in given["assignments"])
    assert assigned(taken.state, OUTLOOK) == [(tenant.user(LEAD), "default")]
    assert changed["service_principal"]["notes"] == "x"


@pytest.mark.parametrize("status", [504, None], ids=["504", "connection dropped"])
def test_service_principals_whose_answers_are_lost_are_settled(tenant: Tenant, status: int | None) -> None:
    tenant.simulated.faults(
        [
            fault("POST", "/servicePrincipals$", status, times=1, applied=True),
            fault("DELETE", "/servicePrincipals/", status, times=1, applied=True),
            fault("POST", "/restore$", status, times=1, applied=True),
        ]
    )
    created, deleted, restored = tenant.play(
        task(APP, app_id=OUTLOOK, notes="x"),
        task(APP, app_id=OUTLOOK, state="absent"),
        task(APP, app_id=OUTLOOK, notes="y"),
    )
    assert all(rule["times"] == 0 for rule in tenant.simulated.remaining_faults())
    assert [result["changes"][0]["action"] for result in (created, deleted, restored)] == [
        "create",
        "delete",
        "restore",
    ]
    assert created["service_principal"]["id"] == restored["service_principal"]["id"]
    assert (created["service_principal"]["notes"], restored["service_principal"]["notes"]) == ("x", "y")
    assert (app_ids(deleted.state), app_ids(restored.state)) == (set(), {OUTLOOK})


def play_while(tenant: Tenant, rule: dict[str, t.Any], meanwhile: Callable[[], object], *tasks: Task) -> Run:
    """Runs tasks, and something else while the request that the rule strikes is under way."""
    with ThreadPoolExecutor(1) as pool:
        with tenant.simulated.holding(rule) as there:
            run = pool.submit(tenant.play, *tasks)
            wait_until(lambda: there() or run.done())
            meanwhile()
        return run.result()


@pytest.mark.parametrize("duplicates", ["common", "other"])
def test_a_grant_that_somebody_makes_in_between_is_brought_to_the_declared_scopes(
    start: Callable[..., Tenant], duplicates: str
) -> None:
    """Graph has two answers to a duplicate. The same for an assignment, in which nothing can differ."""
    tenant = start(duplicates=duplicates)
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    theirs = {
        "clientId": app[OUTLOOK],
        "resourceId": app[GRAPH],
        "consentType": "Principal",
        "principalId": tenant.user(ADA),
        "scope": " People.Read",
    }
    role = {
        "principalId": tenant.user(ADA),
        "resourceId": app[OUTLOOK],
        "appRoleId": "00000000-0000-0000-0000-000000000000",
    }
    granted = play_while(
        tenant,
        {"match": {"method": "POST", "path": POST_GRANT}},
        lambda: tenant.simulated.graph("POST", "/oauth2PermissionGrants", theirs),
        task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"]),
    ).only
    assert grants(granted.state) == {(OUTLOOK, tenant.user(ADA), GRAPH): "openid"}
    assert granted.writes[-1] == "PATCH /oauth2PermissionGrants/{id}"
    path = f"/servicePrincipals/{app[OUTLOOK]}/appRoleAssignedTo"
    given = play_while(
        tenant,
        {"match": {"method": "POST", "path": "/appRoleAssignedTo$"}},
        lambda: tenant.simulated.graph("POST", path, role),
        task(ASSIGN, app_id=OUTLOOK, users=[ADA]),
    ).only
    assert assigned(given.state, OUTLOOK) == [(tenant.user(ADA), "default")]
    assert given["assignments"][0]["id"] == given.state["assignments"][0]["id"]


def test_other_scopes_of_such_a_grant_are_kept_when_appending(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    theirs = {
        "clientId": app[OUTLOOK],
        "resourceId": app[GRAPH],
        "consentType": "AllPrincipals",
        "scope": " People.Read",
    }
    done = play_while(
        tenant,
        {"match": {"method": "POST", "path": POST_GRANT}},
        lambda: tenant.simulated.graph("POST", "/oauth2PermissionGrants", theirs),
        task(GRANT, app_id=OUTLOOK, all_users=True, scopes=["openid"], append=True),
    ).only
    assert scopes(done.state) == {(OUTLOOK, None, GRAPH): {"openid", "People.Read"}}
    assert done["grants"][0]["scopes"] == ["People.Read", "openid"]
    assert (done["changes"][0]["action"], done["changes"][0]["scopes_added"]) == ("update", ["openid"])


def test_a_conflict_that_cannot_be_read_fails_with_the_reads_error(tenant: Tenant) -> None:
    """Not with "exists, yet does not show it" after a minute: a refused read is no absence."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults(
        [
            fault("POST", POST_GRANT, 504, times=1, applied=True),
            fault("GET", "/oauth2PermissionGrants", 403, after=1),
        ]
    )
    failed = tenant.play(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"]), fails=True).only
    assert failed["failures"][0]["status"] == 403
    assert failed["failures"][0]["missing_permission"][0] == "Directory.Read.All"


def lagging(start: Callable[..., Tenant]) -> Tenant:
    """A tenant that replicates once its clock is advanced by LAG."""
    tenant = start(replication_lag_ms=LAG * 1000)
    tenant.simulated.freeze()
    return tenant


def test_references_to_what_this_run_created_wait_for_replication(start: Callable[..., Tenant]) -> None:
    tenant = lagging(start)
    rules = {
        "delegated_permissions": [{"scopes": ["openid"], "users": [ADA, LEAD], "all_users": True}],
        "assignments": [{"users": [ADA, LEAD]}],
    }
    declared = task(MANY, apps=[{"app_id": OUTLOOK, **rules}])
    # Each of the three grants is tried in vain, and then tried again.
    again = {"match": {"method": "POST", "path": POST_GRANT}, "after": 3}
    done = play_while(tenant, again, lambda: tenant.simulated.advance(LAG), declared).only
    assert len(done["changes"]) == 6
    assert len(grants(done.state)) == 3
    assert len(assigned(done.state, OUTLOOK)) == 2
    assert 404 in {asked.status for asked in done.asked}
    assert tenant.play(declared).only.changed is False


def test_references_to_what_an_earlier_task_created_wait_a_little(start: Callable[..., Tenant]) -> None:
    tenant = lagging(start)
    users = {"app_id": OUTLOOK, "users": [ADA]}
    made = tenant.play(task(APP, app_id=OUTLOOK)).only
    # It is looked for in vain, and then looked for again.
    granted, given = play_while(
        tenant,
        {"match": {"method": "GET", "path": f"/servicePrincipals.*{OUTLOOK}"}, "after": 1},
        lambda: tenant.simulated.advance(LAG),
        task(GRANT, **users, scopes=["openid"]),
        task(ASSIGN, **users),
    )
    assert [len(result["changes"]) for result in (made, granted, given)] == [1, 1, 1]
    assert (len(grants(given.state)), len(assigned(given.state, OUTLOOK))) == (1, 1)


def test_waiting_for_what_was_there_before_is_short_and_other_errors_fail_at_once(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    text = "Resource 'x' does not exist or one of its queried reference-property objects are not present."
    tenant.simulated.faults(
        [
            fault("POST", POST_GRANT, 404, code="Request_ResourceNotFound", message=text),
            fault("POST", "/appRoleAssignedTo$", 400, code="Request_BadRequest", message="Invalid value."),
        ]
    )
    granted, given = tenant.play(
        tolerated(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"])),
        tolerated(task(ASSIGN, app_id=OUTLOOK, users=[ADA])),
    )
    assert [result["failures"][0]["status"] for result in (granted, given)] == [404, 400]
    assert granted.writes == ["POST /oauth2PermissionGrants"] * 4
    assert given.writes == ["POST /servicePrincipals/{id}/appRoleAssignedTo"]
