# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declaration, report
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import service_principal
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID, Principal
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, RemovalLimitError

from .tenants import (
    CLIENT,
    CRM,
    DISABLED,
    FOR_APPS,
    GRAPH,
    OTHER,
    READER,
    USERS,
    app,
    assignment,
    assignments_of,
    assignments_task,
    consent_task,
    grant,
    grants_of,
    grants_task,
    tenant,
)


def only(task: declaration.Declaration, state: TenantState) -> t.Any:
    changes = plan(task, state).changes
    assert len(changes) == 1
    return changes[0]


def refusal(task: declaration.Declaration, state: TenantState) -> str:
    with pytest.raises(DeclarationError) as caught:
        plan(task, state)
    return caught.value.message


# Grants


def test_a_grant_made_elsewhere_is_adopted_whatever_its_spacing_and_order() -> None:
    state = tenant(grants=[grant("  openid   User.Read openid")])
    assert plan(grants_task(scopes=["User.Read", "openid"], all_users=True), state).changes == ()


@pytest.mark.parametrize(
    ("scopes", "added", "removed"),
    [
        (["openid", "User.Read", "profile"], ["profile"], []),
        (["openid"], [], ["User.Read"]),
        (["profile"], ["profile"], ["User.Read", "openid"]),
    ],
)
def test_scopes_grow_and_shrink_to_what_is_declared(scopes: list[str], added: list[str], removed: list[str]) -> None:
    change = only(grants_task(scopes=scopes, all_users=True), tenant(grants=[grant(" openid User.Read")]))
    assert (change.action, change.scopes_added, change.scopes_removed) == ("update", added, removed)


def test_append_keeps_what_is_granted_besides() -> None:
    task = grants_task(scopes=["profile"], all_users=True, append=True)
    change = only(task, tenant(grants=[grant(" openid User.Read")]))
    assert (change.scopes_added, change.scopes_removed) == (["profile"], [])


def test_taking_all_scopes_deletes_the_grant() -> None:
    state = tenant(grants=[grant("openid")])
    assert only(grants_task(scopes=["openid"], all_users=True, state="absent"), state).action == "delete"


def test_absent_takes_just_the_named_scopes() -> None:
    task = grants_task(scopes=["openid", "profile"], all_users=True, state="absent")
    change = only(task, tenant(grants=[grant("openid User.Read")]))
    assert (change.action, change.scopes_removed) == ("update", ["openid"])


def test_absent_without_scopes_deletes_only_the_named_users_grants() -> None:
    state = tenant(grants=[grant("openid", "ada"), grant("openid", "ben"), grant("openid")])
    change = only(grants_task(users=["ada@contoso.example"], state="absent"), state)
    assert (change.action, change.principal) == ("delete", USERS["ada"])


def test_absent_of_what_is_not_there_changes_nothing() -> None:
    assert plan(grants_task(all_users=True, state="absent"), tenant(apps=[])).changes == ()


def test_a_group_stands_for_its_users() -> None:
    changes = plan(
        grants_task(scopes=["openid"], groups=["Jira users"], users=["ada@contoso.example"]), tenant()
    ).changes
    assert [change.principal for change in changes] == [USERS["ada"], USERS["ben"], USERS["cho"]]


def test_prune_removes_this_clients_undeclared_grants_on_this_resource_only() -> None:
    state = tenant(
        grants=[
            grant("openid", "ada"),
            grant("openid", "eve"),
            grant("openid"),
            grant("x", "eve", resource=CRM),
            grant("openid", "eve", client=OTHER),
        ]
    )
    task = grants_task(scopes=["openid"], users=["ada@contoso.example"], prune=True)
    assert [(c.action, c.principal and c.principal.name) for c in plan(task, state).changes] == [
        ("delete", None),
        ("delete", "eve@contoso.example"),
    ]


def test_more_removals_than_allowed_are_refused() -> None:
    state = tenant(grants=[grant("openid", name) for name in USERS])
    with pytest.raises(RemovalLimitError, match=r"in 5 places, more than max_removals \(4\)"):
        plan(
            grants_task(
                groups=["Jira users"], users=["dee@contoso.example"], scopes=["profile"], prune=True, max_removals=4
            ),
            state,
        )
    assert (
        len(plan(grants_task(groups=["Jira users"], scopes=["profile"], prune=True, max_removals=5), state).changes)
        == 5
    )


def test_scopes_that_are_lost_count_as_removals() -> None:
    state = tenant(grants=[grant("openid User.Read", name) for name in ("ada", "ben", "cho")])
    with pytest.raises(RemovalLimitError):
        plan(grants_task(groups=["Jira users"], scopes=["openid"], max_removals=2), state)


def test_whether_an_admin_must_consent_is_the_resources_word() -> None:
    assert (
        only(grants_task(scopes=["Place.Read.All"], all_users=True), tenant()).facts(RiskTable())[
            "admin_consent_required"
        ]
        is True
    )
    assert (
        only(grants_task(scopes=["openid"], all_users=True), tenant()).facts(RiskTable())["admin_consent_required"]
        is False
    )


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ("OnlineMeeting.ReadWrite.All", "did you mean OnlineMeetings.ReadWrite?"),
        ("user.read", "did you mean User.Read?"),
        ("Zebra", "publishes no scope 'Zebra'."),
        ("Old.Read", "is disabled there"),
    ],
)
def test_scopes_that_the_resource_does_not_offer_are_refused(scope: str, message: str) -> None:
    assert message in refusal(grants_task(scopes=[scope], all_users=True), tenant())


def test_unpublished_scopes_pass_when_not_validated() -> None:
    task = grants_task(scopes=["Beta.Read"], all_users=True, validate_scopes=False)
    assert only(task, tenant()).scopes_added == ["Beta.Read"]


def test_scopes_longer_than_graph_stores_are_refused() -> None:
    scopes = [f"Scope.{number:04}" for number in range(400)]
    message = refusal(grants_task(scopes=scopes, all_users=True, validate_scopes=False), tenant())
    assert "4399 characters" in message
    assert "at most 3850" in message


def test_all_bad_values_are_named_in_one_message() -> None:
    state = tenant(
        unresolved=(("nobody@contoso.example", "There is no user 'nobody@contoso.example' in this tenant."),)
    )
    task = grants_task(scopes=["user.read", "Zebra"], users=["nobody@contoso.example"])
    message = refusal(task, state)
    for part in ("nobody@contoso.example", "user.read", "Zebra"):
        assert part in message


def test_a_missing_client_is_assumed_and_named() -> None:
    planned = plan(grants_task(scopes=["openid"], all_users=True), tenant(apps=[]))
    assert planned.assumed == (CLIENT,)
    assert planned.changes[0].action == "create"


def test_an_empty_group_is_warned_about() -> None:
    planned = plan(grants_task(scopes=["openid"], groups=["Empty"]), tenant())
    assert planned.changes == ()
    assert planned.warnings == ("The group Empty has no users in it.",)


# Assignments


def with_roles() -> TenantState:
    return tenant(apps=[app(CRM, "Contoso CRM", roles=(READER, DISABLED, FOR_APPS))])


def test_default_access_is_given_where_the_app_has_no_roles() -> None:
    change = only(assignments_task(users=["ada@contoso.example"]), tenant())
    assert (change.action, change.app_role, change.principal) == ("create", "default", USERS["ada"])


def test_default_is_refused_where_the_app_has_roles_for_users() -> None:
    message = refusal(assignments_task(app_id=CRM, users=["ada@contoso.example"]), with_roles())
    assert "set app_role to one of Reader" in message


@pytest.mark.parametrize("role", ["Reader", READER.id])
def test_a_role_is_found_by_value_and_by_id(role: str) -> None:
    change = only(assignments_task(app_id=CRM, app_role=role, users=["ada@contoso.example"]), with_roles())
    assert (change.role_id, change.app_role) == (READER.id, "Reader")


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("Writer", "has no role 'Writer'"),
        ("Old", "can't give to users the role 'Old'"),
        ("Daemon", "the role 'Daemon'"),
    ],
)
def test_roles_that_users_cannot_have_are_refused(role: str, message: str) -> None:
    assert message in refusal(assignments_task(app_id=CRM, app_role=role, users=["ada@contoso.example"]), with_roles())


def test_a_group_is_assigned_itself_or_expanded() -> None:
    assert only(assignments_task(groups=["Jira users"]), tenant()).principal == Principal(
        "id-jira", "Group", "Jira users"
    )
    expanded = plan(assignments_task(groups=["Jira users"], expand_groups=True), tenant()).changes
    assert [change.principal for change in expanded] == [USERS["ada"], USERS["ben"], USERS["cho"]]


def test_prune_removes_undeclared_assignments_of_this_role_only() -> None:
    state = tenant(assignments=[assignment("ada"), assignment("eve"), assignment("dee", READER.id)])
    change = only(assignments_task(users=["ada@contoso.example"], prune=True), state)
    assert (change.action, change.principal) == ("delete", USERS["eve"])


def test_absent_removes_the_named_assignments_only() -> None:
    state = tenant(assignments=[assignment("ada"), assignment("eve")])
    change = only(assignments_task(users=["ada@contoso.example"], state="absent"), state)
    assert (change.action, change.object_id) == ("delete", assignment("ada").id)


# Service principals


def principal_task(**options: t.Any) -> declaration.Declaration:
    return service_principal.declaration({"app_id": CLIENT, "state": "present", "max_removals": 100, **options})


def test_options_hold_in_the_run_that_creates() -> None:
    change = only(principal_task(assignment_required=True, tags=["B", "A"]), tenant(apps=[]))
    assert change.action == "create"
    assert change.after == {"assignment_required": True, "tags": ["A", "B"]}


def test_options_left_out_are_left_alone() -> None:
    there = app(CLIENT, "M", account_enabled=False, notes="By hand", tags=frozenset({"X"}))
    assert plan(principal_task(), tenant(apps=[there])).changes == ()


def test_tags_are_members_to_be_present() -> None:
    there = app(CLIENT, "M", tags=frozenset({"OfTheApp", "A"}))
    assert plan(principal_task(tags=["A"]), tenant(apps=[there])).changes == ()
    assert only(principal_task(tags=["B"]), tenant(apps=[there])).after == {"tags": ["A", "B", "OfTheApp"]}


def test_an_empty_text_clears_the_notes() -> None:
    assert only(principal_task(notes=""), tenant(apps=[app(CLIENT, "M", notes="Old")])).after == {"notes": ""}
    assert plan(principal_task(notes=""), tenant(apps=[app(CLIENT, "M")])).changes == ()


def test_a_deleted_one_is_restored_with_its_differences() -> None:
    state = tenant(apps=[], deleted={CLIENT: app(CLIENT, "M", account_enabled=False)})
    change = only(principal_task(account_enabled=True), state)
    assert (change.action, change.after, change.object_id) == ("restore", {"account_enabled": True}, "id-e718")
    assert only(principal_task(restore=False), state).action == "create"


def test_deleting_an_app_of_microsoft_takes_force() -> None:
    options = {"app_id": GRAPH_APP_ID, "state": "absent", "max_removals": 100}
    message = refusal(service_principal.declaration(options), tenant())
    assert message.startswith("Microsoft Graph (00000003-0000-0000-c000-000000000000) is owned by Microsoft")
    assert only(service_principal.declaration({**options, "force": True}), tenant()).object_id == GRAPH.id


# Many apps


def test_revoking_an_app_takes_all_of_it_and_nothing_else() -> None:
    state = tenant(
        grants=[grant("openid"), grant("openid", "ada"), grant("openid", client=OTHER)],
        assignments=[assignment("ada"), assignment("ada", client=OTHER)],
    )
    planned = plan(consent_task({"app_id": CLIENT, "state": "absent", "remove_service_principal": True}), state)
    assert [(change.action, change.kind, change.app_id) for change in planned.changes] == [
        ("delete", "delegated_permission_grant", CLIENT),
        ("delete", "delegated_permission_grant", CLIENT),
        ("delete", "app_role_assignment", CLIENT),
        ("delete", "service_principal", CLIENT),
    ]


def test_check_mode_predicts_objects_of_a_service_principal_that_is_not_there_yet() -> None:
    task = consent_task(
        {
            "app_id": CLIENT,
            "name": "Microsoft 365 for Jira",
            "delegated_permissions": [{"scopes": ["openid"], "all_users": True}],
            "assignments": [{"users": ["ada@contoso.example"], "app_role": "default"}],
        }
    )
    state = tenant(apps=[])
    planned = plan(task, state)
    assert planned.assumed == ()
    after = report.after(state, report.predicted(planned, state))
    assert after.service_principals[CLIENT].display_name == "Microsoft 365 for Jira"
    assert len(grants_of(after)) == len(assignments_of(after)) == 1
