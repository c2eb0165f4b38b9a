# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module app_role_assignment, through ansible-playbook."""

from __future__ import annotations

from collections import Counter

from integration.runner import checked, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GUEST,
    LEAD,
    ONEIL,
    OUTLOOK,
    Tenant,
    assigned,
    assignment,
    predictable,
    service_principal,
)

BATCH = "POST /$batch"
LIST = "GET /servicePrincipals/{id}/appRoleAssignedTo"
READ_MEMBERS = "GET /groups/{id}/transitiveMembers/microsoft.graph.user"
CREATE, DELETE = (
    "POST /servicePrincipals/{id}/appRoleAssignedTo",
    "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{id}",
)
MODULE = "app_role_assignment"
# Roles of the tenant's own app.
READER, WRITER, SYNC = (f"0a1b2c3d-000{n}-4000-8000-00000000000{n}" for n in (1, 2, 4))


def test_walk_with_a_hundred_users(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    everybody = tenant.users(100)
    give = task(MODULE, app_id=OUTLOOK, users=everybody)
    narrow = task(MODULE, app_id=OUTLOOK, users=everybody[:60], prune=True)
    revoke = task(MODULE, app_id=OUTLOOK, users=everybody, state="absent")
    run = tenant.play(checked(give), give, give, checked(narrow), narrow, checked(revoke), revoke, revoke)
    give_check, given, given_again, narrow_check, narrowed, revoke_check, revoked, revoked_again = run
    # Seven lists of 15 users in the batch that reads the app.
    reading = Counter({BATCH: 1, LIST: 1})

    assert Counter(give_check.round_trips) == reading
    assert (give_check.writes, give_check.state["assignments"]) == ([], [])
    assert Counter(given.round_trips) == reading + Counter({BATCH: 5})
    assert given.writes == [CREATE] * 100
    assert predictable(given) == predictable(give_check)
    assert len(assigned(given.state, OUTLOOK)) == 100
    assert {role for _principal, role in assigned(given.state, OUTLOOK)} == {"default"}
    assert given["assignments"][0]["app_role"] == "default"
    assert all(item["id"] for item in given["assignments"])

    assert (given_again.changed, given_again.writes) == (False, [])
    assert given_again["assignments"] == given["assignments"]

    assert narrow_check.writes == []
    assert narrowed.writes == [DELETE] * 40
    assert predictable(narrowed) == predictable(narrow_check)
    kept = {tenant.user(upn) for upn in everybody[:60]}
    assert {principal for principal, _role in assigned(narrowed.state, OUTLOOK)} == kept

    assert revoke_check.writes == []
    assert revoked.writes == [DELETE] * 60
    assert predictable(revoked) == predictable(revoke_check)
    assert (revoked["assignments"], assigned(revoked.state, OUTLOOK)) == ([], [])
    assert (revoked_again.changed, revoked_again.writes) == (False, [])


def test_a_group_is_assigned_itself_or_its_users_one_by_one(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    whom = {"app_id": OUTLOOK, "groups": ["Jira users"]}
    (group,) = tenant.groups("Jira users")
    itself, expanded, direct = tenant.play(
        task(MODULE, **whom),
        task(MODULE, **whom, expand_groups=True),
        checked(task(MODULE, **whom, expand_groups=True, nested_groups=False, state="absent")),
    )
    assert itself.writes == [CREATE]
    assert assigned(itself.state, OUTLOOK) == [(group, "default")]
    assert itself["assignments"][0]["principal"] == {"id": group, "type": "Group", "name": "Jira users"}
    assert expanded.writes == [CREATE] * 60
    assert READ_MEMBERS in expanded.round_trips
    assert len(assigned(expanded.state, OUTLOOK)) == 61
    assert len(direct["changes"]) == 40


def test_odd_user_names_and_an_assignment_made_elsewhere(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], assignments=[assignment(OUTLOOK, ADA)])
    adopted, done = tenant.play(
        task(MODULE, app_id=OUTLOOK, users=[ADA]), task(MODULE, app_id=OUTLOOK, users=[ADA.upper(), ONEIL, GUEST])
    )
    assert (adopted.changed, adopted.writes) == (False, [])
    assert adopted["assignments"][0]["id"] == tenant.state()["assignments"][0]["id"]
    assert {change["principal"]["name"] for change in done["changes"]} == {ONEIL, GUEST}
    assert done.writes == [CREATE, CREATE]


def test_roles_are_named_by_value_or_id_and_stay_apart(tenant: Tenant) -> None:
    """A change of one role leaves other roles, other users and other apps' permissions as they are."""
    own = {"app_id": CRM}
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        assignments=[
            assignment(CRM, ADA, "Writer"),
            assignment(CRM, LEAD, "Reader"),
            assignment(CRM, OUTLOOK, "Sync"),  # an application permission of another app
        ],
    )
    ada, lead = tenant.user(ADA), tenant.user(LEAD)
    app = next(row["id"] for row in tenant.state()["service_principals"] if row["app_id"] == OUTLOOK)
    before = assigned(tenant.state(), CRM)
    by_value, by_id, pruned, gone = tenant.play(
        task(MODULE, **own, app_role="Reader", users=[ADA]),
        task(MODULE, **own, app_role=READER, users=[ADA]),
        task(MODULE, **own, app_role="Reader", users=[ADA], prune=True),
        task(MODULE, **own, app_role="Reader", users=[ADA], state="absent"),
    )
    assert by_value["changes"][0]["app_role"] == "Reader"
    assert by_value["assignments"][0]["app_role_id"] == READER
    assert assigned(by_value.state, CRM) == sorted([*before, (ada, READER)])
    assert by_id.changed is False
    assert [change["principal"]["id"] for change in pruned["changes"]] == [lead]
    assert assigned(pruned.state, CRM) == sorted([(ada, READER), (ada, WRITER), (app, SYNC)])
    assert assigned(gone.state, CRM) == sorted([(ada, WRITER), (app, SYNC)])


def test_prune_is_off_and_limited_before_any_write(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        assignments=[assignment(OUTLOOK, upn) for upn in tenant.users(3)],
    )
    before = tenant.state()
    only_ada = {"app_id": OUTLOOK, "users": [ADA]}
    too_many, unlimited = tenant.play(
        tolerated(task(MODULE, **only_ada, prune=True, max_removals=2)), checked(task(MODULE, **only_ada))
    )
    assert (too_many.failed, too_many.writes) == (True, [])
    assert "max_removals (2)" in too_many.message
    assert [change["action"] for change in unlimited["changes"]] == ["create"]
    assert tenant.state() == before


def test_a_missing_service_principal_is_assumed_in_check_mode(tenant: Tenant) -> None:
    wanted = checked(task(MODULE, app_id=OUTLOOK, users=[ADA]))
    check = tenant.play(wanted, warns=["check mode assumes that an earlier task creates it"]).only
    assert [change["action"] for change in check["changes"]] == ["create"]
