# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not as declared, what is granted in sum, and the live state as a declaration."""

from __future__ import annotations

import dataclasses
import typing as t

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._consent import (
    drift,
    export,
    overview,
    pseudonyms,
    rehearsal,
    report,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import Grant
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import (
    application_permission,
    delegated_permission_grant,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.app_role_assignment import Assignment
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.application_permission import (
    ApplicationPermission,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    GRAPH_APP_ID,
    AppRole,
    Principal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable

from .tenants import (
    CLIENT,
    DISABLED,
    GRAPH,
    GROUPS,
    OTHER,
    READER,
    USERS,
    app,
    assignment,
    assignments_of,
    consent_task,
    consents,
    grant,
    grants_of,
    tenant,
    tenants,
)

RISKS = RiskTable()
Options = dict[str, t.Any]


def entries(options: Options, state: TenantState) -> list[dict[str, t.Any]]:
    drifts, _problems = drift.drift(consent_task(options, allow_empty_groups=True), state)
    return [drift.entry(item, state, RISKS) for item in drifts]


# Drift


def test_missing_extra_and_changed_are_told_apart_with_what_applying_would_repair() -> None:
    state = tenant(
        grants=[grant("openid User.Read", "ada"), grant("openid", "ben"), grant("openid Place.Read.All", "cho")],
        assignments=[assignment("eve")],
        apps=[app(CLIENT, "Jira", account_enabled=False)],
    )
    found = entries(
        {
            "app_id": CLIENT,
            "account_enabled": True,
            "delegated_permissions": [
                {"scopes": ["openid"], "users": [f"{name}@contoso.example" for name in ("ada", "cho", "dee")]}
            ],
            "assignments": [{"app_role": "default", "users": ["ada@contoso.example"]}],
        },
        state,
    )
    told = [
        (entry["status"], entry["kind"], entry.get("principal", {}).get("name"), entry["repaired_by_apply"])
        for entry in found
    ]
    assert sorted(told, key=str) == sorted(
        [
            ("changed", "service_principal", None, True),
            ("missing", "delegated_permission_grant", "dee@contoso.example", True),
            ("missing", "app_role_assignment", "ada@contoso.example", True),
            ("changed", "delegated_permission_grant", "ada@contoso.example", True),
            ("changed", "delegated_permission_grant", "cho@contoso.example", True),
            # What nobody declared stays, unless prune says otherwise.
            ("extra", "delegated_permission_grant", "ben@contoso.example", False),
            ("extra", "app_role_assignment", "eve@contoso.example", False),
        ],
        key=str,
    )
    (cho,) = [entry for entry in found if entry.get("principal", {}).get("name") == "cho@contoso.example"]
    assert (cho["scopes_missing"], cho["scopes_extra"]) == ([], ["Place.Read.All"])
    assert (cho["admin_scopes"], cho["risk"]) == (["Place.Read.All"], "high")
    (disabled,) = [entry for entry in found if entry["kind"] == "service_principal"]
    assert disabled["properties"] == {"account_enabled": {"declared": True, "found": False}}


def test_what_an_app_declares_nothing_of_is_no_drift() -> None:
    state = tenant(grants=[grant("openid", "ada")], assignments=[assignment("ada")])
    assert entries({"app_id": CLIENT}, state) == []
    assert len(entries({"app_id": CLIENT, "delegated_permissions": []}, state)) == 1


def test_everything_of_a_revoked_app_is_extra() -> None:
    state = tenant(grants=[grant("openid"), grant("openid", client=OTHER)], assignments=[assignment("ada")])
    found = entries({"app_id": CLIENT, "state": "absent"}, state)
    assert [(entry["status"], entry["repaired_by_apply"]) for entry in found] == [("extra", True)] * 2


@given(tenants(), consents(), st.booleans())
def test_there_is_no_drift_after_applying_with_prune_and_what_is_repaired_is_gone_without(
    state: TenantState, options: Options, prune: bool
) -> None:
    applied = report.after(
        state, report.predicted(plan(consent_task(options, prune=prune, allow_empty_groups=True), state), state)
    )
    left = entries(options, applied)
    if prune:
        assert left == []
    assert not [entry for entry in left if entry["repaired_by_apply"]]
    before = [entry for entry in entries(options, state) if not entry["repaired_by_apply"]]
    if not prune:
        assert [(entry["status"], entry.get("principal")) for entry in left] == [
            (entry["status"], entry.get("principal")) for entry in before
        ]


# Export


def exported(state: TenantState, **names: str) -> list[Options]:
    apps, _problems = export.apps(state, sorted(state.service_principals), names)
    return [entry for entry in apps if entry["app_id"] != GRAPH_APP_ID]


def declarable(state: TenantState) -> TenantState:
    """The state with everybody found under the name that an export uses."""
    return dataclasses.replace(
        state,
        users={user.name: user for user in USERS.values()},
        groups={group.name: group for group, _members in GROUPS.values()} | {"id-empty": GROUPS["Empty"][0]},
    )


@given(tenants(), st.booleans())
def test_an_export_given_back_changes_nothing(state: TenantState, prune: bool) -> None:
    # A grant without scopes can't be declared, and is left alone without prune.
    kept = {key: one for key, one in grants_of(state).items() if one.scopes or not prune}
    filled = dataclasses.replace(state, objects={**state.objects, delegated_permission_grant.KIND.name: kept})
    assert plan(consent_task(*exported(filled), prune=prune), declarable(filled)).changes == ()


def test_an_export_holds_roles_groups_properties_and_other_apis_sorted() -> None:
    crm = "c0ffee00-0000-4000-8000-000000000001"
    state = tenant(
        grants=[
            grant(" profile  openid", "ben"),
            grant("openid profile", "ada"),
            grant("User.Read"),
            grant("Crm.Read", "ada", resource=crm),
        ],
        assignments=[
            assignment("ben", READER.id),
            Assignment(CLIENT, GROUPS["Jira users"][0], READER.id, "1"),
            Assignment(CLIENT, GROUPS["Empty"][0], READER.id, "2"),
        ],
        apps=[
            app(CLIENT, "Jira", roles=(READER,), tags=frozenset({"HideApp"}), assignment_required=True),
            app(crm, "CRM"),
        ],
    )
    (jira,) = [entry for entry in exported(state, **{"id-jira": "Jira users"}) if entry["app_id"] == CLIENT]
    assert jira == {
        "app_id": CLIENT,
        "name": "Jira",
        "account_enabled": True,
        "assignment_required": True,
        "tags": ["HideApp"],
        "delegated_permissions": [
            {"scopes": ["User.Read"], "all_users": True},
            {"scopes": ["openid", "profile"], "users": ["ada@contoso.example", "ben@contoso.example"]},
            {"resource_app_id": crm, "scopes": ["Crm.Read"], "users": ["ada@contoso.example"]},
        ],
        # A group whose name others have too goes by its id.
        "assignments": [{"app_role": "Reader", "groups": ["id-empty", "Jira users"], "users": ["ben@contoso.example"]}],
        "application_permissions": [],
    }


def test_what_can_not_be_given_any_more_can_still_be_declared_where_it_is() -> None:
    """A scope that the API no longer publishes, a disabled role, default access of an app that has roles now."""
    state = tenant(
        grants=[grant("Gone.Read Old.Read", "ada")],
        assignments=[assignment("ada", DISABLED.id), assignment("ben")],
        apps=[app(CLIENT, "Jira", roles=(READER, DISABLED))],
    )
    assert plan(consent_task(*exported(state)), declarable(state)).changes == ()
    _apps, problems = export.apps(state, [CLIENT], {})
    assert problems == [
        f"Who has the role {role!r} of Jira may keep it, but it can't be given again once it is taken away."
        for role in ("Old", "default")
    ]


def test_an_application_permission_that_can_not_be_given_again_is_told_before_it_is_taken() -> None:
    crm = "c0ffee00-0000-4000-8000-000000000001"
    roles = tuple(
        AppRole(f"33333333-0000-4000-8000-00000000000{place}", value, enabled=place > 0, for_users=False, for_apps=True)
        for place, value in enumerate(("Old.All", "New.All"))
    )
    held = [ApplicationPermission(CLIENT, crm, role.id, role.value) for role in roles]
    state = tenant(permissions=held, apps=[app(CLIENT, "Jira"), app(crm, "CRM", roles=roles)])
    (entry,), problems = export.apps(state, [CLIENT], {})
    assert entry["application_permissions"] == [{"resource_app_id": crm, "app_roles": ["New.All", "Old.All"]}]
    assert problems == [
        "Jira may keep the application permission 'Old.All' on CRM, but it can't be granted again once it is taken away."
    ]
    assert plan(consent_task(entry, prune=True), state).changes == ()


def test_grants_that_grant_nothing_are_left_out_with_a_word() -> None:
    (entry,), problems = export.apps(tenant(grants=[grant(" ", "ada"), grant("openid", "ben")]), [CLIENT], {})
    assert [rule["users"] for rule in entry["delegated_permissions"]] == [["ben@contoso.example"]]
    assert problems == [
        "1 grant of Microsoft 365 for Jira without any scope is left out: nothing can be declared of what grants nothing."
    ]


def test_people_who_left_are_left_out_and_counted() -> None:
    gone = Principal("id-gone", "User")
    state = tenant(
        grants=[grant("openid", "ada"), Grant(CLIENT, GRAPH_APP_ID, gone, "openid", "g")],
        assignments=[Assignment(CLIENT, Principal("id-gone", "User", "Display Name"), READER.id, "a")],
        apps=[app(CLIENT, "Jira", roles=(READER,))],
    )
    apps, problems = export.apps(state, [CLIENT], {})
    assert apps[0]["delegated_permissions"] == [{"scopes": ["openid"], "users": ["ada@contoso.example"]}]
    assert apps[0]["assignments"] == []
    assert problems == [
        "1 grant of Jira for users who can't be found any more is left out.",
        "1 assignment to Jira of users who can't be found any more is left out.",
    ]


def test_what_no_file_can_hold_is_left_out_with_a_word_and_the_rest_is_not() -> None:
    """Halves of surrogate pairs, which JSON can hold, and scopes with commas, which Graph stores; ids stand in for names."""
    half = "x\ud800"
    role = AppRole("11111111-0000-4000-8000-000000000009", half, enabled=True, for_users=True)
    people = {name: Principal(f"id-{name}", "User", f"{half}{name}@contoso.example") for name in ("ada", "ben")}
    group = Principal("id-jira", "Group", half)
    hostile = app(CLIENT, half, tags=frozenset({half}), notes=half, notification_email_addresses=(half,), roles=(role,))
    grants = [
        Grant(CLIENT, GRAPH_APP_ID, None, f"openid {half}"),
        Grant(CLIENT, GRAPH_APP_ID, people["ada"], "openid,profile"),
        Grant(CLIENT, GRAPH_APP_ID, people["ben"], "openid"),
    ]
    assignments = [Assignment(CLIENT, who, role.id) for who in (people["ada"], group)]
    state = tenant(apps=[hostile], grants=grants, assignments=assignments)
    (entry,), problems = export.apps(state, [CLIENT], {"id-jira": half})
    assert entry == {
        "app_id": CLIENT,
        "account_enabled": True,
        "assignment_required": False,
        "delegated_permissions": [{"scopes": ["openid"], "users": ["id-ben"]}],
        "assignments": [{"app_role": role.id, "groups": ["id-jira"], "users": ["id-ada"]}],
        "application_permissions": [],
    }
    assert len(problems) == 5
    assert [
        name for name in ("name", "tags", "notes", "notification_email_addresses") if f"The {name} of" in str(problems)
    ] == [
        "name",
        "tags",
        "notes",
        "notification_email_addresses",
    ]
    assert any(problem.startswith("2 grants of x[U+D800] are left out") for problem in problems)


def test_sentences_of_an_export_are_visible() -> None:
    gone = Grant(CLIENT, GRAPH_APP_ID, Principal("id-x", "User", ""), "openid")
    _apps, problems = export.apps(tenant(apps=[app(CLIENT, "\x1b[2J\u202e\nx")], grants=[gone]), [CLIENT], {})
    assert problems == ["1 grant of [U+001B][2J[U+202E] x for users who can't be found any more is left out."]


# Overview and risk


def test_permissions_are_summed_up_by_scope_with_who_has_them() -> None:
    state = tenant(grants=[grant("openid Place.Read.All"), grant("openid", "ada"), grant(" openid  User.Read", "ben")])
    found = overview.app(state, CLIENT, RISKS)
    assert [
        (one["scope"], one["all_users"], one["users"], one["admin_consent_required"], one["risk"])
        for one in found["permissions"]
    ] == [
        ("Place.Read.All", True, 0, True, "high"),
        ("User.Read", False, 1, False, "low"),
        ("openid", True, 2, False, "low"),
    ]
    assert (found["risk"], found["exists"]) == ("high", True)


def test_your_own_risk_levels_come_first_for_one_api_before_all() -> None:
    own = RiskTable({"User.Read": "critical", f"{GRAPH_APP_ID}/openid": "medium", "openid": "high"})
    assert own.level(GRAPH_APP_ID, "User.Read") == "critical"
    assert own.level(GRAPH_APP_ID, "openid") == "medium"
    assert own.level(CLIENT, "openid") == "high"
    assert own.level(CLIENT, "Whatever") == "unknown"
    assert own.level(GRAPH_APP_ID, "Directory.ReadWrite.All") == "critical"


# Pseudonyms and rehearsal


@given(tenants())
def test_pseudonyms_keep_who_is_the_same_and_nobodys_name_or_id(state: TenantState) -> None:
    hidden = pseudonyms.Pseudonyms(state, {})
    other = hidden.state(state)
    assert len(grants_of(other)) == len(grants_of(state))
    assert len({key[2] for key in grants_of(other)}) == len({key[2] for key in grants_of(state)})
    text = str((other.objects, other.users.values(), other.members.values()))
    for user in USERS.values():
        assert user.id not in text
        assert user.name not in text


@given(tenants())
def test_a_rehearsal_holds_every_grant_and_assignment_with_both_ends(state: TenantState) -> None:
    seed = rehearsal.seed(state, {"id-jira": [USERS["ada"]]}, new={"new-app": "New"}, tenant="contoso.example")
    people = {user["id"] for user in seed["users"]} | {group["id"] for group in seed["groups"]}
    assert len(seed["grants"]) == len(grants_of(state))
    assert len(seed["assignments"]) == len(assignments_of(state)) + len(application_permission.KIND.objects(state))
    having = people | {app.id for app in state.service_principals.values()}
    assert {one["principal"] for one in (*seed["grants"], *seed["assignments"]) if "principal" in one} <= having
    assert {one["app_id"] for one in seed["service_principals"]} == set(state.service_principals)
    assert GRAPH.app_id not in {one["app_id"] for one in seed["applications"]}
    assert {"app_id": "new-app", "display_name": "New"} in seed["applications"]
    assert seed["tenant"]["domain"] == "contoso.example"
