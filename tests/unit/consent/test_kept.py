# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps others' scopes, what counts as taken away, and who is a group that names nobody."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._consent import drift, report, summary
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    GrantChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import delegated_permission_grant
from ansible_collections.tenantops.entra.plugins.module_utils._consent.microsoft_tenants import MICROSOFT_TENANTS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import GoesAlong, TenantState
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal
from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import Wanted
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, RemovalLimitError

from .tenants import (
    CLIENT,
    CRM,
    OTHER,
    READER,
    SCOPES,
    USERS,
    app,
    assignment,
    assignments_task,
    consent_task,
    consents,
    grant,
    grants_of,
    grants_task,
    tenant,
    tenants,
)

some = st.frozensets(st.sampled_from(SCOPES))
ADA = "ada@contoso.example"


# What is wanted, whatever is there


def appended(scopes: frozenset[str]) -> Wanted:
    return Wanted().and_given(scopes, append=True)


def taken(scopes: frozenset[str] | None) -> Wanted:
    return Wanted().and_taken(scopes)


@given(some, some)
def test_appending_adds_its_own_and_keeps_the_rest(own: frozenset[str], now: frozenset[str]) -> None:
    assert appended(own).after(now) == now | own
    assert appended(own).holds(now) is (own <= now)
    assert appended(own).keeps_others


@given(some, some)
def test_taking_removes_its_own_and_keeps_the_rest(own: frozenset[str], now: frozenset[str]) -> None:
    assert taken(own).after(now) == now - own
    assert taken(own).holds(now) is not bool(own & now)
    assert taken(own).keeps_others


@given(some, some, st.booleans())
def test_what_is_exact_does_not_look_at_what_is_there(own: frozenset[str], now: frozenset[str], delete: bool) -> None:
    wanted = taken(None) if delete else Wanted().and_given(own, append=False)
    assert wanted.after(now) == (frozenset() if delete else own)
    assert not wanted.keeps_others


@given(some, some, some)
def test_runs_that_append_and_take_other_scopes_end_alike_in_any_order(
    base: frozenset[str], mine: frozenset[str], theirs: frozenset[str]
) -> None:
    append, absent = appended(mine), taken(theirs - mine)
    assert append.after(absent.after(base)) == absent.after(append.after(base))


def keeps_others(change: object) -> bool:
    assert isinstance(change, GrantChange)
    return change.keeps_others


def test_plans_tell_what_keeps_others() -> None:
    state = tenant(grants=[grant("openid User.Read")])
    kept = [
        grants_task(scopes=["profile"], all_users=True, append=True),
        grants_task(scopes=["openid"], all_users=True, state="absent"),
    ]
    exact = [
        grants_task(scopes=["profile"], all_users=True),
        grants_task(all_users=True, state="absent"),
        grants_task(scopes=["openid"], users=[ADA], prune=True),
    ]
    assert [[keeps_others(change) for change in plan(task, state).changes] for task in kept] == [[True], [True]]
    assert not any(keeps_others(change) for task in exact for change in plan(task, state).changes)


# The limit


def test_settling_counts_with_what_the_plan_takes() -> None:
    state = tenant(grants=[grant("openid", name) for name in ("ada", "ben", "cho")])
    planned = plan(grants_task(users=[ADA], state="absent"), state).changes
    more = plan(grants_task(users=["ben@contoso.example"], state="absent"), state).changes
    removals = Removals(2)
    removals.plan(planned)
    assert removals.settle(more) is None
    refused = removals.settle(more)
    assert refused is not None
    assert "in 1 more places: with the 2 planned ones more than max_removals (2) allows" in refused.message
    assert removals.settle(()) is None
    unlimited = Removals(None)
    unlimited.plan(planned * 500)
    assert unlimited.settle(more * 500) is None


def test_what_goes_along_with_a_service_principal_counts() -> None:
    state = dataclasses.replace(
        tenant(),
        going_along={CLIENT: GoesAlong(frozenset(f"g{n}" for n in range(60)), frozenset(f"a{n}" for n in range(3)))},
    )
    options = {"app_id": CLIENT, "state": "absent", "remove_service_principal": True}
    with pytest.raises(RemovalLimitError, match="in 64 places"):
        plan(consent_task(options, max_removals=63), state)
    (change,) = plan(consent_task(options, max_removals=64), state).changes
    assert report.changes([change], t.cast("t.Any", None))[0]["goes_along"] == {"grants": 60, "assignments": 3}
    assert summary.summary(consent_task(options), state, [change]) == [
        "Microsoft 365 for Jira loses its service principal. 60 grants and 3 assignments go with it."
    ]


@pytest.mark.parametrize("owner", sorted(MICROSOFT_TENANTS))
@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_apps_of_each_of_microsofts_tenants_are_kept(owner: str, spelled: t.Callable[[str], str]) -> None:
    state = tenant(apps=[app(CLIENT, "Microsoft Graph Command Line Tools", owner_tenant_id=spelled(owner))])
    options = {"app_id": CLIENT, "state": "absent", "remove_service_principal": True}
    with pytest.raises(DeclarationError, match="is owned by Microsoft"):
        plan(consent_task(options), state)
    assert len(plan(consent_task({**options, "force": True}), state).changes) == 1


def test_the_command_line_tools_tenant_is_microsofts_and_the_one_of_personal_accounts_is_not() -> None:
    assert "cdc5aeea-15c5-4db6-b079-fcadd2505dc2" in MICROSOFT_TENANTS
    assert "9188040d-6c67-4c5b-b112-36a304b66dad" not in MICROSOFT_TENANTS


# Groups in which nobody is seen


def hiding(state: TenantState) -> TenantState:
    """The group Empty hides its members."""
    return dataclasses.replace(
        state, groups={**state.groups, "Empty": Principal("id-empty", "Group", "Empty", hides_members=True)}
    )


LOSING = {
    "prune of grants": (
        grants_task(scopes=["openid"], groups=["Empty"], prune=True),
        tenant(grants=[grant("openid User.Read", "ada"), grant("openid", "ben")]),
        2,
    ),
    "prune of assignments": (
        assignments_task(groups=["Empty"], expand_groups=True, prune=True),
        tenant(assignments=[assignment("ada")]),
        1,
    ),
    "a rule beside it, without prune": (
        consent_task(
            {
                "app_id": CLIENT,
                "delegated_permissions": [
                    {"scopes": ["openid"], "users": [ADA]},
                    {"scopes": ["profile"], "groups": ["Empty"]},
                ],
            }
        ),
        tenant(grants=[grant("openid profile", "ada")]),
        1,
    ),
    "both kinds of many apps": (
        consent_task(
            {
                "app_id": CLIENT,
                "delegated_permissions": [{"scopes": ["openid"], "groups": ["Empty"]}],
                "assignments": [{"app_role": "default", "groups": ["Empty"], "expand_groups": True}],
            },
            prune=True,
        ),
        tenant(grants=[grant("openid", "ada")], assignments=[assignment("ada"), assignment("ben")]),
        3,
    ),
}


@pytest.mark.parametrize("case", LOSING)
def test_nobody_loses_anything_by_a_group_in_which_nobody_is_seen(case: str) -> None:
    task, state, places = LOSING[case]
    with pytest.raises(DeclarationError) as caught:
        plan(task, state)
    assert f"Nobody is seen in the group Empty, and in {places} place" in caught.value.message
    assert "allow_empty_groups: true" in caught.value.message
    assert "Member.Read.Hidden" not in caught.value.message
    with pytest.raises(DeclarationError, match=r"Member\.Read\.Hidden"):
        plan(task, hiding(state))
    for one in (state, hiding(state)):
        assert len(plan(dataclasses.replace(task, allow_empty_groups=True), one).changes) == places


def test_removals_that_have_nothing_to_do_with_the_group_are_made() -> None:
    state = tenant(
        grants=[grant("openid"), grant("profile", "ada"), grant("openid", "ben", resource=CRM)],
        apps=[app(CLIENT, "Microsoft 365 for Jira"), app(CRM, "CRM", roles=(READER,))],
    )
    task = grants_task(scopes=["openid"], groups=["Empty"], prune=True)
    assert len(plan(task, state).changes) == 2
    taking = grants_task(scopes=["openid"], groups=["Empty"], state="absent")
    assert plan(taking, tenant(grants=[grant("openid", "ada")])).changes == ()


def test_without_removals_a_warning_stays() -> None:
    task = grants_task(scopes=["openid"], groups=["Empty"])
    assert plan(task, tenant()).warnings == ("The group Empty has no users in it.",)
    assert "Member.Read.Hidden" in plan(task, hiding(tenant())).warnings[0]


@given(tenants(), consents(), st.booleans())
def test_no_plan_takes_from_users_what_an_empty_group_might_give_them(
    state: TenantState, options: dict[str, t.Any], prune: bool
) -> None:
    try:
        changes = plan(consent_task(options, prune=prune), state).changes
    except DeclarationError:
        return
    filled = dataclasses.replace(
        state,
        members={key: tuple(USERS.values()) if key[0] == "id-empty" else who for key, who in state.members.items()},
    )
    kept = {
        (change.kind, change.principal, scope)
        for change in plan(consent_task(options, prune=prune), filled).changes
        for scope in change.facts(RiskTable()).get("scopes_removed", ["-"])
        if change.takes_away
    }
    lost = {
        (change.kind, change.principal, scope)
        for change in changes
        for scope in change.facts(RiskTable()).get("scopes_removed", ["-"])
        if change.takes_away and change.principal
    }
    assert lost <= kept


@pytest.mark.parametrize("hidden", [False, True])
def test_drift_does_not_call_people_extra_because_of_such_a_group(hidden: bool) -> None:
    state = tenant(grants=[grant("openid", "ada"), grant("profile", "ben")])
    state = hiding(state) if hidden else state
    task = consent_task(
        {"app_id": CLIENT, "delegated_permissions": [{"scopes": ["openid"], "groups": ["Empty"]}]},
        {"app_id": OTHER, "delegated_permissions": []},
    )
    drifts, problems = drift.drift(task, state)
    assert [item.change.principal for item in drifts] == [USERS["ben"]]
    assert list(problems) == [CLIENT]
    assert ("Member.Read.Hidden" in problems[CLIENT][0]) is hidden
    drifts, problems = drift.drift(dataclasses.replace(task, allow_empty_groups=True), state)
    assert ([item.change.principal for item in drifts], problems) == ([USERS["ada"], USERS["ben"]], {})


def test_what_a_hidden_group_gives_is_not_as_declared_although_nothing_is_extra() -> None:
    task = consent_task({"app_id": CLIENT, "delegated_permissions": [{"scopes": ["openid"], "groups": ["Empty"]}]})
    assert drift.drift(task, hiding(tenant()))[1] != {}
    assert drift.drift(task, tenant()) == ([], {})


@pytest.mark.parametrize("visibility", ["HiddenMembership", "Hiddenmembership", "Private", "Public", None])
def test_a_groups_visibility_tells_whether_it_hides_its_members(visibility: str | None) -> None:
    group = Principal.group({"id": "x", "displayName": "Choir", "visibility": visibility})
    assert group.hides_members is (visibility or "").lower().startswith("hidden")


# The summary


def told(task: t.Any, state: TenantState) -> list[str]:
    """What is said of a task, of a state in which everything has been read."""
    kinds = ("delegated_permission_grant", "app_role_assignment")
    read = dataclasses.replace(state, listed=frozenset((one, kind) for one in (CLIENT, OTHER) for kind in kinds))
    planned = plan(task, read)
    after = report.after(read, report.predicted(planned, read))
    return summary.summary(task, after, planned.changes)


def test_the_summary_tells_what_is_taken_from_whom() -> None:
    state = tenant(grants=[grant(" ".join(SCOPES)), *(grant("openid profile", name) for name in ("ada", "ben"))])
    assert told(grants_task(scopes=["openid"], all_users=True), state)[0] == (
        "Microsoft 365 for Jira loses 5 scopes on Microsoft Graph for all users: Mail.Send.Shared, "
        "OnlineMeetings.ReadWrite, Place.Read.All, User.Read, profile."
    )
    task = grants_task(scopes=["openid"], users=[ADA, "ben@contoso.example"])
    assert told(task, tenant(grants=list(grants_of(state).values())[1:])) == [
        "Microsoft 365 for Jira loses 1 scope on Microsoft Graph for 2 (ada@contoso.example, ben@contoso.example): profile."
    ]
    state = tenant(assignments=[assignment(name) for name in USERS])
    assert told(assignments_task(users=[ADA], prune=True), state) == [
        "Microsoft 365 for Jira: the role default is taken from 4 (ben@contoso.example, cho@contoso.example, "
        "dee@contoso.example, eve@contoso.example)."
    ]
    assert told(grants_task(scopes=["openid"], all_users=True), tenant()) == []


def test_the_summary_tells_who_keeps_access_though_no_rule_names_them() -> None:
    grants = [grant("openid", name) for name in USERS]
    task = grants_task(scopes=["openid"], groups=["Jira users"])
    assert told(task, tenant(grants=grants)) == [
        "2 others keep their grants of Microsoft 365 for Jira, which no rule names: prune: true takes them away."
    ]
    assert told(dataclasses.replace(task), tenant(grants=grants[:4])) == [
        "1 other keeps their grants of Microsoft 365 for Jira, which no rule names: prune: true takes them away."
    ]
    assert told(task, tenant(grants=[grant("openid")]))[0].startswith(
        "All users keep a grant of Microsoft 365 for Jira"
    )
    role = assignments_task(users=[ADA])
    assert told(role, tenant(assignments=[assignment("ada"), assignment("eve")])) == [
        "1 other keeps their access to Microsoft 365 for Jira, which no rule names: prune: true takes it away."
    ]
    assert told(grants_task(scopes=["openid"], groups=["Jira users"], state="absent"), tenant(grants=grants[3:])) == []


def test_who_was_not_read_is_not_counted() -> None:
    task = grants_task(scopes=["openid"], users=[ADA])
    state = tenant(grants=[grant("openid", "ada")])
    assert delegated_permission_grant.KIND.others(task, state) is None
    assert summary.summary(task, state, ()) == []
    whole = dataclasses.replace(state, listed=frozenset({(CLIENT, "delegated_permission_grant")}))
    assert delegated_permission_grant.KIND.others(task, whole) == 0
