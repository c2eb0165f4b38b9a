# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing is taken away by accident: stale reads, grants of others, groups in which nobody is seen, what goes along."""

from __future__ import annotations

import typing as t

import pytest

from integration.runner import Task, checked, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    LEAD,
    OUTLOOK,
    Tenant,
    assigned,
    assignment,
    grant,
    grants,
    predictable,
    scopes,
    service_principal,
)

if t.TYPE_CHECKING:
    pass

GRANT, ASSIGN, MANY, APP = "delegated_permission_grant", "app_role_assignment", "tenant_consent", "service_principal"
EVERYBODY = (OUTLOOK, None, GRAPH)
BIG = "Mail.Send User.Read openid"


@pytest.fixture(autouse=True)
def following(tenant: Tenant) -> None:
    tenant.simulated.replicas_follow()


def lists_of_grants(tenant: Tenant, **more: t.Any) -> None:
    tenant.simulated.replica_behind(r"/oauth2PermissionGrants\?", **more)


# What is added to, or taken from


@pytest.mark.parametrize("stale", [1, 2])
def test_the_second_of_two_tasks_keeps_what_the_first_added_although_it_reads_a_stale_replica(
    tenant: Tenant, stale: int
) -> None:
    """One of its reads, or two that are not next to each other in what they show."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "User.Read openid")])
    # The first task reads three times: for its plan, before its write and after it.
    lists_of_grants(tenant, after=3, times=1)
    if stale == 2:
        lists_of_grants(tenant, after=5, times=1)
    first, second, third = tenant.play(
        task(GRANT, app_id=OUTLOOK, all_users=True, scopes=["Mail.Read"], append=True),
        task(GRANT, app_id=OUTLOOK, all_users=True, scopes=["Calendars.Read"], append=True),
        task(GRANT, app_id=OUTLOOK, all_users=True, scopes=["openid"], state="absent"),
    )
    assert scopes(second.state)[EVERYBODY] == {"User.Read", "openid", "Mail.Read", "Calendars.Read"}
    assert scopes(third.state)[EVERYBODY] == {"User.Read", "Mail.Read", "Calendars.Read"}
    assert [result["changes"][0]["scopes_added"] for result in (first, second)] == [["Mail.Read"], ["Calendars.Read"]]
    assert third["changes"][0]["scopes_removed"] == ["openid"]
    assert second["grants"][0]["scopes"] == sorted(scopes(second.state)[EVERYBODY])


def test_a_grant_that_another_run_appends_to_is_not_deleted_with_its_last_declared_scope(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", ADA)])
    lists_of_grants(tenant, times=1)
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    listed = tenant.simulated.graph("GET", f"/servicePrincipals/{app[OUTLOOK]}/oauth2PermissionGrants")[1]["value"]
    tenant.simulated.graph("PATCH", f"/oauth2PermissionGrants/{listed[0]['id']}", {"scope": "openid Mail.Read"})
    tenant.simulated.clear_requests()
    taken = tenant.play(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"], state="absent")).only
    assert taken.writes == ["PATCH /oauth2PermissionGrants/{id}"]
    assert grants(taken.state) == {(OUTLOOK, tenant.user(ADA), GRAPH): "Mail.Read"}
    assert (taken["changes"][0]["action"], taken["changes"][0]["scopes_removed"]) == ("update", ["openid"])


def test_what_somebody_else_has_done_in_between_is_not_ours(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid")])
    lists_of_grants(tenant, times=1)
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    listed = tenant.simulated.graph("GET", f"/servicePrincipals/{app[OUTLOOK]}/oauth2PermissionGrants")[1]["value"]
    tenant.simulated.graph("PATCH", f"/oauth2PermissionGrants/{listed[0]['id']}", {"scope": "openid profile"})
    tenant.simulated.clear_requests()
    done = tenant.play(task(GRANT, app_id=OUTLOOK, all_users=True, scopes=["profile"], append=True)).only
    assert (done.changed, done["changes"], done.writes) == (False, [], [])
    assert done["grants"][0]["scopes"] == ["openid", "profile"]


@pytest.mark.parametrize("status", [504, 429, 503])
def test_a_write_is_never_sent_again_without_reading_again(tenant: Tenant, status: int) -> None:
    """Of those with 504 the tenant has had the write."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", ADA)])
    fault = {"match": {"method": "PATCH", "path": "/oauth2PermissionGrants/"}, "times": 1}
    tenant.simulated.faults([{**fault, "answer": {"status": status}, "applied": status == 504}])
    done = tenant.play(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["profile"], append=True)).only
    assert scopes(done.state)[OUTLOOK, tenant.user(ADA), GRAPH] == {"openid", "profile"}
    assert (done["changes"][0]["action"], done["changes"][0]["scopes_added"]) == ("update", ["profile"])
    asked = [one.split("/")[0].strip() for one in map(str, done.asked) if "oauth2PermissionGrants" in one]
    assert "PATCH PATCH" not in " ".join(asked)


def test_what_cannot_be_kept_is_reported(tenant: Tenant) -> None:
    """Another replica never shows what was written."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", ADA)])
    fault = {"match": {"method": "PATCH", "path": "/oauth2PermissionGrants/"}}
    tenant.simulated.faults(
        [{**fault, "answer": {"status": 404, "message": "Resource 'x' does not exist or one of its queried"}}]
    )
    failed = tenant.play(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["profile"], append=True), fails=True).only
    assert failed["changes"] == []
    assert failed.message.startswith("Could not keep the scopes of Microsoft 365 for Jira")
    assert "it still lacks profile; run again" in failed.message
    assert grants(failed.state) == {(OUTLOOK, tenant.user(ADA), GRAPH): "openid"}


def test_hundreds_at_once_are_read_written_and_checked_in_batches(tenant: Tenant) -> None:
    users = tenant.users(60)
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", upn) for upn in users[:40]]
    )
    one = task(GRANT, app_id=OUTLOOK, users=users, scopes=["profile"], append=True)
    check, done, again = tenant.play(checked(one), one, one)
    assert done["counts"]["changes"] == 60
    assert set(map(frozenset, scopes(done.state).values())) == {
        frozenset({"openid", "profile"}),
        frozenset({"profile"}),
    }
    # Who and what, what is there; 20 new ones, twice 20 read and written; all 60 checked.
    assert len(done.round_trips) == 2 + 1 + 2 * 2 + 3
    assert (again.changed, len(again.round_trips)) == (False, 2)
    assert predictable(check)["changes"] == predictable(done)["changes"]


# The limit


def bigger_than_shown(tenant: Tenant, users: list[str]) -> None:
    """Grants that the first list does not show."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    lists_of_grants(tenant, times=1)
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    for upn in users:
        body = {
            "clientId": app[OUTLOOK],
            "resourceId": app[GRAPH],
            "consentType": "Principal",
            "principalId": tenant.user(upn),
            "scope": BIG,
        }
        tenant.simulated.graph("POST", "/oauth2PermissionGrants", body)
    tenant.simulated.clear_requests()


@pytest.mark.parametrize("module", [GRANT, MANY])
@pytest.mark.parametrize("limit", [0, 29])
def test_what_settling_would_take_away_counts_before_it_is_taken(tenant: Tenant, module: str, limit: int) -> None:
    users = tenant.users(30)
    bigger_than_shown(tenant, users)
    rule = {"users": users, "scopes": ["User.Read"]}
    one = {
        GRANT: task(GRANT, app_id=OUTLOOK, **rule, max_removals=limit),
        MANY: task(MANY, apps=[{"app_id": OUTLOOK, "delegated_permissions": [rule]}], max_removals=limit),
    }[module]
    failed = tenant.play(one, fails=True).only
    assert set(map(frozenset, scopes(failed.state).values())) == {frozenset(BIG.split())}
    assert not [write for write in failed.writes if write.startswith("PATCH")]
    assert (failed["changes"], len(failed["failures"])) == ([], 30)
    assert f"max_removals ({limit})" in failed["failures"][0]["msg"]


def test_within_the_limit_settling_takes_away_and_says_so(tenant: Tenant) -> None:
    users = tenant.users(30)
    bigger_than_shown(tenant, users)
    done = tenant.play(task(GRANT, app_id=OUTLOOK, users=users, scopes=["User.Read"], max_removals=30)).only
    assert set(map(frozenset, scopes(done.state).values())) == {frozenset({"User.Read"})}
    assert done["changes"][0]["scopes_removed"] == ["Mail.Send", "openid"]
    assert "loses 2 scopes on Microsoft Graph for 30 (" in done["summary"][0]


def test_planned_and_settled_removals_are_counted_together(tenant: Tenant) -> None:
    first, second, *_rest = users = tenant.users(2)
    bigger_than_shown(tenant, [first])
    state = tenant.state()
    tenant.simulated.replicas_follow()
    state["assignments"].append(assignment(OUTLOOK, tenant.user(second)))
    tenant.simulated.put_state(state)
    lists_of_grants(tenant, times=1)
    hidden = {**state, "grants": []}
    tenant.simulated.put_state(hidden)
    lists_of_grants(tenant, times=1)
    app = {row["app_id"]: row["id"] for row in state["service_principals"]}
    body = {"clientId": app[OUTLOOK], "resourceId": app[GRAPH], "consentType": "Principal", "scope": BIG}
    tenant.simulated.graph("POST", "/oauth2PermissionGrants", {**body, "principalId": tenant.user(first)})
    rules = {
        "delegated_permissions": [{"users": [first], "scopes": ["User.Read"]}],
        "assignments": [{"users": [first]}],
    }
    failed = tenant.play(task(MANY, apps=[{"app_id": OUTLOOK, **rules}], prune=True, max_removals=1), fails=True).only
    assert "in 1 more places: with the 1 planned ones more than max_removals (1)" in failed["failures"][0]["msg"]
    assert scopes(failed.state)[OUTLOOK, tenant.user(first), GRAPH] == set(BIG.split())
    assert assigned(failed.state, OUTLOOK) == [(tenant.user(first), "default")]
    assert users


# Groups in which nobody is seen


def hide(tenant: Tenant, name: str) -> None:
    state = tenant.state()
    for group in state["groups"]:
        if group["display_name"] == name:
            group["visibility"] = "HiddenMembership"
    tenant.simulated.put_state(state)
    tenant.simulated.clear_requests()


def pruning() -> dict[str, Task]:
    whom = {"groups": ["Jira users"]}
    rules = {
        "delegated_permissions": [{"scopes": ["openid"], **whom}],
        "assignments": [{**whom, "expand_groups": True}],
    }
    return {
        GRANT: task(GRANT, app_id=OUTLOOK, scopes=["openid"], **whom, prune=True),
        ASSIGN: task(ASSIGN, app_id=OUTLOOK, **whom, expand_groups=True, prune=True),
        MANY: task(MANY, apps=[{"app_id": OUTLOOK, **rules}], prune=True),
    }


@pytest.mark.parametrize("module", [GRANT, ASSIGN, MANY])
def test_a_group_that_hides_its_members_takes_nothing_from_them(tenant: Tenant, module: str) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", upn) for upn in tenant.users(3)],
        assignments=[assignment(OUTLOOK, upn) for upn in tenant.users(3)],
    )
    hide(tenant, "Jira users")
    before = tenant.state()
    one = pruning()[module]
    check, failed = tenant.play(tolerated(checked(one)), tolerated(one))
    for result in (check, failed):
        assert (result.failed, result.writes) == (True, [])
        assert "Nobody is seen in the group Jira users" in result.message
        assert "Member.Read.Hidden" in result.message
    assert tenant.state() == before
    options = one[f"tenantops.entra.{module}"]
    meant = tenant.play(
        {**one, f"tenantops.entra.{module}": {**options, "allow_empty_groups": True}},
        warns=["The group Jira users shows no users: its members are hidden"],
    ).only
    assert len(meant["changes"]) == (6 if module == MANY else 3)


def test_drift_is_incomplete_where_a_group_hides_its_members(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", upn) for upn in tenant.users(3)],
    )
    hide(tenant, "Jira users")
    declared = [
        {
            "app_id": OUTLOOK,
            "account_enabled": True,
            "delegated_permissions": [{"scopes": ["openid"], "groups": ["Jira users"]}],
        }
    ]
    asked = {"declared": declared, "undeclared": False}
    found, meant = tenant.play(
        task("tenant_consent_info", **asked), task("tenant_consent_info", **asked, allow_empty_groups=True)
    )
    report = found["report"]
    assert (report["status"], report["complete"], report["counts"]["extra"]) == ("incomplete", False, 0)
    assert report["apps"][0]["status"] == "incomplete"
    assert "Member.Read.Hidden" in report["problems"][0]
    assert (meant["report"]["status"], meant["report"]["counts"]["extra"]) == ("drift", 3)


# What goes along with a service principal


def deleting() -> dict[str, Task]:
    revoked = {"app_id": CRM, "state": "absent", "remove_service_principal": True}
    return {
        APP: task(APP, app_id=CRM, state="absent"),
        "force": task(APP, app_id=CRM, state="absent", force=True),
        MANY: task(MANY, apps=[revoked]),
    }


@pytest.mark.parametrize("way", [APP, "force", MANY])
def test_what_goes_with_a_service_principal_counts(tenant: Tenant, way: str) -> None:
    users = tenant.users(5)
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[
            *(grant(CRM, "openid", upn) for upn in users),
            grant(OUTLOOK, "Crm.Read", resource=CRM),
        ],
    )
    held = [row for row in tenant.state()["assignments"] if row["app_id"] == CRM]
    one = deleting()[way]
    total = 1 + 6 + len(held)
    (name, options), *_rest = [(key, value) for key, value in one.items() if key.startswith("tenantops")]
    low = {**one, name: {**options, "max_removals": total - 1}}
    right = {**one, name: {**options, "max_removals": total}}
    check, refused, done = tenant.play(tolerated(checked(low)), tolerated(low), right)
    for result in (check, refused):
        assert (result.failed, result.writes) == (True, [])
        assert f"in {total} places, more than max_removals ({total - 1})" in result.message
    (gone,) = [change for change in done["changes"] if change["kind"] == APP]
    along = gone["goes_along"]
    assert along["grants"] + along["assignments"] + len(done["changes"]) == total
    assert any("loses its service principal" in sentence for sentence in done["summary"])


def test_the_command_line_tools_of_microsoft_are_kept(tenant: Tenant) -> None:
    tools = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
    tenant.seed(
        applications=[
            {
                "app_id": tools,
                "display_name": "Microsoft Graph Command Line Tools",
                "owner_tenant_id": "cdc5aeea-15c5-4db6-b079-fcadd2505dc2",
            }
        ],
        service_principals=[service_principal(tools)],
    )
    revoked = {"app_id": tools, "state": "absent", "remove_service_principal": True}
    for one in (task(APP, app_id=tools, state="absent"), task(MANY, apps=[revoked])):
        assert "is owned by Microsoft" in tenant.play(one, fails=True).only.message


def test_tags_of_a_service_principal_that_somebody_makes_in_between_stay(tenant: Tenant) -> None:
    tenant.simulated.replica_behind("/servicePrincipals", times=1)
    tenant.simulated.graph("POST", "/servicePrincipals", {"appId": OUTLOOK, "tags": ["theirs"]})
    tenant.simulated.clear_requests()
    done = tenant.play(task(APP, app_id=OUTLOOK, tags=["ours"])).only
    (stored,) = [row for row in done.state["service_principals"] if row["app_id"] == OUTLOOK]
    assert set(stored["tags"]) == {"ours", "theirs"}


# Who keeps access


@pytest.mark.parametrize("group", ["Jira mail users", "small"])
def test_who_left_a_group_keeps_access_and_is_counted(tenant: Tenant, group: str) -> None:
    """The second group's users are read one by one, and those who left beside them."""
    members = tenant.users(4)
    state = {**tenant.state(), "groups": [*tenant.state()["groups"], {"display_name": "small", "members": members}]}
    left = [ADA, LEAD]
    state["service_principals"].append(service_principal(OUTLOOK))
    state["grants"] += [grant(OUTLOOK, "openid", upn) for upn in left]
    state["assignments"] += [assignment(OUTLOOK, upn) for upn in left]
    tenant.simulated.put_state(state)
    granting = task(GRANT, app_id=OUTLOOK, scopes=["openid"], groups=[group])
    giving = task(ASSIGN, app_id=OUTLOOK, groups=[group], expand_groups=True)
    run = tenant.play(granting, giving, checked(granting), granting, giving)
    for result in list(run)[2:]:
        assert result.changed is False
        if group == "small":
            assert result["counts"]["others"] == 2
            assert "2 others keep" in result["summary"][0]
            assert "prune: true takes" in result["summary"][0]


def test_of_single_users_nobody_else_is_known(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", LEAD)])
    done = tenant.play(task(GRANT, app_id=OUTLOOK, scopes=["openid"], users=[ADA])).only
    assert (done["counts"]["others"], done["summary"]) == (None, [])
