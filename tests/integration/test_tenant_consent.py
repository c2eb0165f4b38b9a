# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module tenant_consent, through ansible-playbook."""

from __future__ import annotations

import typing as t
from collections import Counter

from integration.documented import is_documented
from integration.runner import checked, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    LEAD,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    app_ids,
    assigned,
    assignment,
    grant,
    grants,
    predictable,
    scopes,
    service_principal,
)

READ_APPS, BATCH = "GET /servicePrincipals", "POST /$batch"
MODULE = "tenant_consent"
FOREIGN = " openid  profile User.Read"


def declare(*apps: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    return task(MODULE, apps=list(apps), **options)


def test_walk_with_two_apps_and_rules_that_overlap(tenant: Tenant) -> None:
    everybody = {"scopes": ["openid", "User.Read"], "all_users": True}
    group = {"scopes": ["openid", "Mail.ReadWrite.Shared"], "groups": ["Jira mail users"]}
    first = tenant.users(1, first=41)[0]  # also in the group
    outlook = {
        "app_id": OUTLOOK,
        "name": "Outlook for Jira",
        "assignment_required": True,
        "delegated_permissions": [everybody, group, {"scopes": ["Mail.Send.Shared"], "users": [first, LEAD]}],
        "assignments": [{"groups": ["Jira mail users"]}, {"users": [LEAD]}],
    }
    teams = {"app_id": TEAMS, "delegated_permissions": [{"scopes": ["Chat.ReadWrite"], "groups": ["Jira mail users"]}]}
    give = declare(outlook, teams)
    less = {**outlook, "assignment_required": False, "delegated_permissions": [everybody, group]}
    change = declare(less, teams, prune=True)
    gone = {"app_id": OUTLOOK, "state": "absent", "remove_service_principal": True}
    revoke = declare(gone, {"app_id": TEAMS, "state": "absent"})
    run = tenant.play(checked(give), give, give, checked(change), change, change, checked(revoke), revoke, revoke)
    give_check, given, given_again, change_check, changed, changed_again, revoke_check, revoked, revoked_again = run

    assert is_documented(MODULE, give_check)
    # An empty tenant: nothing that the rules refer to is there yet.
    assert (give_check.writes, app_ids(give_check.state), give_check.warnings) == ([], set(), [])
    assert predictable(given) == predictable(give_check)
    assert [(change["app_id"], change.get("app_display_name")) for change in given["changes"][:2]] == [
        (TEAMS, None),
        (OUTLOOK, "Outlook for Jira"),
    ]
    # 2 apps; 1 + 20 + 1 grants of the one, 20 of the other; the group and a user are assigned.
    assert Counter(given.writes) == {
        "POST /servicePrincipals": 2,
        "POST /oauth2PermissionGrants": 42,
        "POST /servicePrincipals/{id}/appRoleAssignedTo": 2,
    }
    assert given.writes[:2] == ["POST /servicePrincipals"] * 2
    found = scopes(given.state)
    assert found[OUTLOOK, None, GRAPH] == {"openid", "User.Read"}
    # The union of what two rules say of one user.
    assert found[OUTLOOK, tenant.user(first), GRAPH] == {"openid", "Mail.ReadWrite.Shared", "Mail.Send.Shared"}
    assert found[OUTLOOK, tenant.user(LEAD), GRAPH] == {"Mail.Send.Shared"}
    assert found[TEAMS, tenant.user(first), GRAPH] == {"Chat.ReadWrite"}
    (group_id,) = tenant.groups("Jira mail users")
    assert assigned(given.state, OUTLOOK) == sorted([(group_id, "default"), (tenant.user(LEAD), "default")])
    assert assigned(given.state, TEAMS) == []

    assert (given_again.changed, given_again["changes"], given_again.writes) == (False, [], [])
    # Apps, users and groups are read once for all entries: apps, two users and a group, its members, grants and
    # assignments in lists.
    assert Counter(given_again.reads)["GET /servicePrincipals"] == 1
    assert Counter(given_again.reads)["GET /groups/{id}/transitiveMembers/microsoft.graph.user"] == 1
    assert Counter(given_again.reads)["GET /groups"] == 1

    assert change_check.writes == []
    assert predictable(changed) == predictable(change_check)
    assert Counter(changed.writes) == {
        "PATCH /servicePrincipals/{id}": 1,
        "PATCH /oauth2PermissionGrants/{id}": 1,
        "DELETE /oauth2PermissionGrants/{id}": 1,
    }
    assert (OUTLOOK, tenant.user(LEAD), GRAPH) not in grants(changed.state)
    assert scopes(changed.state)[OUTLOOK, tenant.user(first), GRAPH] == {"openid", "Mail.ReadWrite.Shared"}
    assert changed_again.changed is False

    assert revoke_check.writes == []
    assert predictable(revoked) == predictable(revoke_check)
    assert revoked.writes[-1] == "DELETE /servicePrincipals/{id}"
    assert (app_ids(revoked.state), assigned(revoked.state, OUTLOOK)) == ({TEAMS}, [])
    assert not [key for key in grants(revoked.state) if key[0] in (OUTLOOK, TEAMS)]
    assert (revoked_again.changed, revoked_again.writes) == (False, [])


def test_what_an_app_does_not_declare_is_left_alone(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[
            service_principal(OUTLOOK, assignment_required=True, notes="mine"),
            service_principal(TEAMS),
        ],
        grants=[grant(OUTLOOK, FOREIGN, ADA), grant(OUTLOOK, FOREIGN), grant(TEAMS, FOREIGN, ADA)],
        assignments=[assignment(OUTLOOK, LEAD), assignment(TEAMS, LEAD)],
    )
    before = tenant.state()
    only_the_app, only_assignments = tenant.play(
        declare({"app_id": OUTLOOK}, prune=True),
        declare({"app_id": OUTLOOK, "assignments": [{"users": [LEAD]}]}, prune=True),
    )
    assert (only_the_app.changed, only_assignments.changed) == (False, False)
    assert tenant.state() == before


def test_prune_removes_what_no_rule_names_of_the_declared_apps_only(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[
            grant(OUTLOOK, FOREIGN),
            grant(OUTLOOK, FOREIGN, LEAD),
            grant(OUTLOOK, "Crm.Read", LEAD, resource=CRM),
            grant(OUTLOOK, FOREIGN, ADA),
            grant(TEAMS, FOREIGN, ADA),
        ],
        assignments=[assignment(OUTLOOK, LEAD), assignment(OUTLOOK, ADA), assignment(TEAMS, LEAD)],
    )
    before = grants(tenant.state())
    outlook = {
        "app_id": OUTLOOK,
        "delegated_permissions": [{"scopes": ["openid", "profile", "User.Read"], "users": [ADA]}],
        "assignments": [{"users": [ADA]}],
    }
    plain, limited, pruned = tenant.play(
        declare(outlook),
        tolerated(declare(outlook, prune=True, max_removals=3)),
        declare(outlook, prune=True, max_removals=4),
    )
    assert plain.changed is False
    assert (limited.failed, limited.writes) == (True, [])
    assert "4 places" in limited.message
    assert len(pruned.writes) == 4
    assert all(write.startswith("DELETE ") for write in pruned.writes)
    kept = [(OUTLOOK, tenant.user(ADA), GRAPH), (TEAMS, tenant.user(ADA), GRAPH)]
    assert grants(pruned.state) == {key: before[key] for key in kept}
    assert assigned(pruned.state, OUTLOOK) == [(tenant.user(ADA), "default")]
    assert assigned(pruned.state, TEAMS) == [(tenant.user(LEAD), "default")]


def test_what_is_given_comes_before_what_is_taken_away(tenant: Tenant) -> None:
    """From a grant for everybody to one user, of one app while another is created."""
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, FOREIGN)],
        assignments=[assignment(OUTLOOK, ADA)],
    )
    outlook = {
        "app_id": OUTLOOK,
        "delegated_permissions": [{"scopes": ["openid"], "users": [LEAD]}],
        "assignments": [{"users": [LEAD]}],
    }
    done = tenant.play(declare(outlook, {"app_id": TO_DO}, prune=True)).only
    assert done.writes[0] == "POST /servicePrincipals"
    assert {write.split()[0] for write in done.writes[1:3]} == {"POST"}
    assert {write.split()[0] for write in done.writes[3:]} == {"DELETE"}
    assert [change["action"] for change in done["changes"]] == ["create", "create", "create", "delete", "delete"]


def test_revoking_takes_everything_of_the_app_whoever_granted_it(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[grant(OUTLOOK, FOREIGN), grant(OUTLOOK, "Crm.Read", ADA, resource=CRM), grant(TEAMS, FOREIGN)],
        assignments=[assignment(OUTLOOK, "Jira users"), assignment(TEAMS, LEAD)],
    )
    absent = declare({"app_id": OUTLOOK, "state": "absent"}, {"app_id": TO_DO, "state": "absent"})
    check, done = tenant.play(checked(absent), absent)
    assert check.writes == []
    assert done["changes"] == check["changes"]
    assert list(grants(done.state)) == [(TEAMS, None, GRAPH)]
    assert grants(done.state)[TEAMS, None, GRAPH] == FOREIGN
    assert (assigned(done.state, OUTLOOK), app_ids(done.state)) == ([], {OUTLOOK, TEAMS})
    assert {change["resource_app_id"] for change in done["changes"] if "resource_app_id" in change} == {GRAPH, CRM}
