# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module delegated_permission_grant, through ansible-playbook."""

from __future__ import annotations

from collections import Counter

from integration.runner import checked, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    GUEST,
    LEAD,
    ONEIL,
    OUTLOOK,
    TEAMS,
    Tenant,
    grant,
    grants,
    predictable,
    scopes,
    service_principal,
)

BATCH = "POST /$batch"
READ_MEMBERS = "GET /groups/{id}/transitiveMembers/microsoft.graph.user"
LIST, CREATE = "GET /oauth2PermissionGrants", "POST /oauth2PermissionGrants"
UPDATE, DELETE = "PATCH /oauth2PermissionGrants/{id}", "DELETE /oauth2PermissionGrants/{id}"
MODULE = "delegated_permission_grant"
# As the consent screens store it.
FOREIGN = " openid  profile User.Read"


def test_walk_with_a_hundred_users(tenant: Tenant) -> None:
    """60 users of a group with a group in it, and 40 by name."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    whom = {"app_id": OUTLOOK, "groups": ["Jira users"], "users": tenant.users(40, first=61)}
    give = task(MODULE, **whom, scopes=["openid", "User.Read", "Mail.ReadWrite.Shared"])
    change = task(MODULE, **whom, scopes=["openid", "User.Read", "Mail.Send.Shared"])
    revoke = task(MODULE, **whom, state="absent")
    run = tenant.play(checked(give), give, give, checked(change), change, change, checked(revoke), revoke, revoke)
    give_check, given, given_again, change_check, changed, changed_again, revoke_check, revoked, revoked_again = run
    # Apps, users and the group in one batch.
    reading = Counter({BATCH: 1, READ_MEMBERS: 1, LIST: 1})

    assert Counter(give_check.round_trips) == reading
    assert (give_check.writes, give_check.state["grants"]) == ([], [])
    # The grants are listed once, and 100 writes are five batches.
    assert Counter(given.round_trips) == reading + Counter({BATCH: 5})
    assert given.writes == [CREATE] * 100
    assert len({asked.body["principalId"] for asked in given.asked if str(asked) == CREATE}) == 100
    assert predictable(given) == predictable(give_check)
    assert [change["action"] for change in given["changes"]] == ["create"] * 100
    assert {frozenset(found) for found in scopes(given.state).values()} == {
        frozenset({"openid", "User.Read", "Mail.ReadWrite.Shared"})
    }
    assert {change["principal"]["name"] for change in given["changes"]} == set(tenant.users(100))

    assert (given_again.changed, given_again["changes"], given_again.writes) == (False, [], [])
    assert Counter(given_again.round_trips) == reading
    assert given_again["grants"] == given["grants"]

    # Scopes shrink as well as grow.
    assert (change_check.writes, change_check.state) == ([], given.state)
    assert Counter(changed.round_trips) == reading + Counter({BATCH: 5})
    assert changed.writes == [UPDATE] * 100
    assert predictable(changed) == predictable(change_check)
    assert {tuple(change["scopes_added"]) for change in changed["changes"]} == {("Mail.Send.Shared",)}
    assert {tuple(change["scopes_removed"]) for change in changed["changes"]} == {("Mail.ReadWrite.Shared",)}
    assert {frozenset(found) for found in scopes(changed.state).values()} == {
        frozenset({"openid", "User.Read", "Mail.Send.Shared"})
    }
    assert changed_again.changed is False

    assert (revoke_check.writes, revoke_check.state) == ([], changed.state)
    assert revoked.writes == [DELETE] * 100
    assert predictable(revoked) == predictable(revoke_check)
    assert (revoked["grants"], revoked.state["grants"]) == ([], [])
    assert (revoked_again.changed, revoked_again.writes) == (False, [])


def test_other_grants_stay_byte_equal(tenant: Tenant) -> None:
    others = [
        grant(OUTLOOK, FOREIGN, LEAD),  # another user, as the consent screen stores it
        grant(OUTLOOK, "  Crm.Read", ADA, resource=CRM),  # the same user on another API
        grant(OUTLOOK, FOREIGN),  # all users
        grant(TEAMS, FOREIGN, ADA),  # the same user of another app
    ]
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[*others, grant(OUTLOOK, "User.Read", ADA)],
    )
    before = grants(tenant.state())
    ada = (OUTLOOK, tenant.user(ADA), GRAPH)
    change = task(MODULE, app_id=OUTLOOK, users=[ADA], scopes=["openid"])
    revoke = task(MODULE, app_id=OUTLOOK, users=[ADA], resource_app_id=GRAPH, state="absent")
    everywhere = task(MODULE, app_id=OUTLOOK, users=[ADA], state="absent")
    changed, revoked, gone = tenant.play(change, revoke, everywhere)
    assert (changed.writes, revoked.writes, gone.writes) == ([UPDATE], [DELETE], [DELETE])
    assert grants(changed.state) == {**before, ada: "openid"}
    assert grants(revoked.state) == {key: text for key, text in before.items() if key != ada}
    # Without an API, on every API: the same user's grants of the app, and nothing else.
    assert grants(gone.state) == {key: text for key, text in before.items() if key[:2] != ada[:2]}


def test_a_grant_made_elsewhere_is_adopted_without_a_write(tenant: Tenant) -> None:
    """Whatever its spacing and order, for one user and for all."""
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, FOREIGN, ADA), grant(OUTLOOK, "User.Read   profile openid ")],
    )
    before = tenant.state()
    wanted = task(MODULE, app_id=OUTLOOK, users=[ADA], all_users=True, scopes=["User.Read", "openid", "profile"])
    done = tenant.play(wanted).only
    assert (done.changed, done.writes) == (False, [])
    assert tenant.state() == before
    assert [item["consent_type"] for item in done["grants"]] == ["AllPrincipals", "Principal"]


def test_scopes_grow_shrink_and_vanish(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, " People.Read  User.Read", ADA)]
    )
    key = (OUTLOOK, tenant.user(ADA), GRAPH)
    ada = {"app_id": OUTLOOK, "users": [ADA]}
    grown, kept, taken, shrunk, none_left = tenant.play(
        task(MODULE, **ada, scopes=["openid"], append=True),
        task(MODULE, **ada, scopes=["User.Read"], append=True),
        task(MODULE, **ada, scopes=["People.Read", "Mail.Send"], state="absent"),
        task(MODULE, **ada, scopes=["openid"]),
        task(MODULE, **ada, scopes=["openid"], state="absent"),
    )
    assert scopes(grown.state)[key] == {"openid", "People.Read", "User.Read"}
    assert kept.changed is False
    assert scopes(taken.state)[key] == {"openid", "User.Read"}
    assert taken["changes"][0]["scopes_removed"] == ["People.Read"]
    assert scopes(shrunk.state)[key] == {"openid"}
    # A grant without scopes would break the portal.
    assert none_left.writes == [DELETE]
    assert grants(none_left.state) == {}


def test_an_empty_list_of_scopes_is_refused_and_takes_nothing_away(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, FOREIGN, ADA)])
    rule = {"users": [ADA], "scopes": []}
    run = tenant.play(
        *[
            tolerated(one)
            for one in (
                task(MODULE, app_id=OUTLOOK, **rule),
                task(MODULE, app_id=OUTLOOK, scopes=[], all_users=True),
                task("tenant_consent", apps=[{"app_id": OUTLOOK, "delegated_permissions": [rule]}], prune=True),
            )
        ]
    )
    assert [
        (result.failed, result.round_trips, "scopes is empty: name at least one" in result.message) for result in run
    ] == [(True, [], True)] * 3


def test_users_are_found_by_upn_in_any_case_by_id_and_with_odd_characters(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    wanted = task(
        MODULE, app_id=OUTLOOK, users=["ADA@Contoso.example", tenant.user(LEAD), ONEIL, GUEST], scopes=["openid"]
    )
    done, again = tenant.play(wanted, wanted)
    people = {tenant.user(upn) for upn in (ADA, LEAD, ONEIL, GUEST)}
    assert {principal for _app, principal, _resource in grants(done.state)} == people
    assert {item["principal"]["name"] for item in done["grants"]} == {ADA, LEAD, ONEIL, GUEST}
    assert again.changed is False
    # Few users: one batch reads them and the apps, one their grants, one writes.
    assert Counter(done.round_trips) == {BATCH: 3}


def test_a_user_named_twice_gets_one_grant(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    first = tenant.users(1, first=41)[0]
    wanted = task(
        MODULE, app_id=OUTLOOK, users=[first, tenant.user(first)], groups=["Jira mail users"], scopes=["openid"]
    )
    done = tenant.play(wanted).only
    assert len(done.writes) == len(done["changes"]) == 20


def test_groups_in_groups_can_be_left_out(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    done = tenant.play(
        checked(task(MODULE, app_id=OUTLOOK, groups=["Jira users"], nested_groups=False, scopes=["openid"]))
    ).only
    assert len(done["changes"]) == 40


def test_a_group_without_users_is_warned_of(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], groups=[{"display_name": "Nobody's"}])
    wanted = task(MODULE, app_id=OUTLOOK, groups=["Nobody's"], scopes=["openid"])
    done = tenant.play(wanted, warns=["The group Nobody's has no users in it."]).only
    assert (done.changed, done.writes) == (False, [])


def test_prune_is_off_and_limited_to_the_app_on_the_api(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[
            *(grant(OUTLOOK, FOREIGN, upn) for upn in tenant.users(3)),
            grant(OUTLOOK, "openid", ADA),
            grant(OUTLOOK, " Crm.Read", LEAD, resource=CRM),
            grant(TEAMS, FOREIGN, LEAD),
        ],
    )
    before = grants(tenant.state())
    ada = {"app_id": OUTLOOK, "users": [ADA], "scopes": ["openid"]}
    without, too_many, check, pruned, again = tenant.play(
        task(MODULE, **ada),
        tolerated(task(MODULE, **ada, prune=True, max_removals=2)),
        checked(task(MODULE, **ada, prune=True, max_removals=3)),
        task(MODULE, **ada, prune=True, max_removals=3),
        task(MODULE, **ada, prune=True, max_removals=0),
    )
    assert (without.changed, without.writes) == (False, [])
    assert (too_many.failed, too_many.writes) == (True, [])
    assert "3 places" in too_many.message
    assert "max_removals (2)" in too_many.message
    assert pruned.writes == [DELETE] * 3
    assert pruned["changes"] == check["changes"]
    kept = {(OUTLOOK, tenant.user(ADA), GRAPH), (OUTLOOK, tenant.user(LEAD), CRM), (TEAMS, tenant.user(LEAD), GRAPH)}
    assert grants(pruned.state) == {key: before[key] for key in kept}
    assert again.changed is False


def test_the_limit_of_removals_counts_grants_that_lose_scopes(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid User.Read", upn) for upn in tenant.users(2)],
    )
    before = tenant.state()
    narrower = task(MODULE, app_id=OUTLOOK, users=tenant.users(2), scopes=["openid"], max_removals=1)
    refused = tenant.play(narrower, fails=True).only
    assert "2 places" in refused.message
    assert refused.writes == []
    assert tenant.state() == before


def test_another_api_and_what_an_admin_must_consent_to(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    on_crm = {"app_id": OUTLOOK, "resource_app_id": CRM, "all_users": True}
    plain, admin, unknown = tenant.play(
        task(MODULE, **on_crm, scopes=["Crm.Read"]),
        task(MODULE, **on_crm, scopes=["Crm.Read", "Crm.Manage"]),
        task(MODULE, **on_crm, scopes=["Not.Published"], validate_scopes=False),
    )
    assert plain["changes"][0]["admin_consent_required"] is False
    assert admin["changes"][0]["admin_consent_required"] is True
    assert plain["grants"][0]["resource_display_name"] == "Contoso CRM"
    assert grants(unknown.state) == {(OUTLOOK, None, CRM): "Not.Published"}


def test_the_diff_puts_users_with_the_same_change_together(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    many = task(MODULE, app_id=OUTLOOK, users=tenant.users(12), scopes=["openid", "User.Read"])
    done = tenant.play(checked(many)).only
    assert done.diff["before"] == ""
    assert "permissions on Microsoft Graph for 12 users" in done.diff["after"]
    assert "user010@contoso.example and 2 more" in " ".join(done.diff["after"].split())
    assert done.diff["after"].count("- User.Read") == 1


def test_a_missing_service_principal_is_assumed_in_check_mode(tenant: Tenant) -> None:
    wanted = checked(task(MODULE, app_id=OUTLOOK, users=[ADA], scopes=["openid"]))
    text = f"No service principal exists for {OUTLOOK}: check mode assumes that an earlier task creates it."
    check = tenant.play(wanted, warns=[text]).only
    assert [change["action"] for change in check["changes"]] == ["create"]
    assert check.writes == []
