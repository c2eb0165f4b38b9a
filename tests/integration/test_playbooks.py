# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's playbooks on an empty tenant: check mode, the real run, and a second one."""

from __future__ import annotations

import sys
import typing as t
from collections import Counter

import pytest

from integration.runner import Result, Run
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    LEAD,
    OUTLOOK,
    PORTAL,
    TEAMS,
    TO_DO,
    Tenant,
    app_ids,
    assigned,
    assignment,
    expect,
    grant,
    grants,
    predictable,
    scopes,
    service_principal,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

# The vendor's table, spelled out: what the playbooks must leave in the tenant.
BASE = {"email", "offline_access", "profile", "openid"}
EMAIL = {"Mail.ReadWrite.Shared", "Mail.Send.Shared", "People.Read", "User.Read", "User.ReadBasic.All"}
MEETINGS = {
    "Calendars.ReadWrite.Shared",
    "MailboxSettings.Read",
    "OnlineMeetings.ReadWrite",
    "User.Read",
    "User.ReadBasic.All",
}
CALENDAR = {
    "Calendars.ReadWrite",
    "Calendars.ReadWrite.Shared",
    "OnlineMeetings.ReadWrite",
    "People.Read",
    "User.ReadBasic.All",
}
ROOMS, CHANNELS = {"Place.Read.All"}, {"Group.ReadWrite.All", "Team.ReadBasic.All"}
TO_DO_SCOPES = {"Tasks.Read", "Tasks.ReadWrite", "Tasks.ReadWrite.Shared", "User.Read"}
TEAMS_SCOPES = {
    "Channel.ReadBasic.All",
    "ChannelMessage.Send",
    "Chat.ReadWrite",
    "Team.ReadBasic.All",
    "User.Read",
    "User.ReadBasic.All",
}
NOTIFICATIONS = {"TeamsTab.Create", "AppCatalog.Read.All", "TeamsAppInstallation.ReadWriteForChat"}
ALL_FEATURES = ["email", "meetings", "calendar", "to_do", "teams", "teams_jsm_portal", "teams_jsm_portal_notifications"]
ALL_APPS = {OUTLOOK, TO_DO, TEAMS, PORTAL}


def consent(run: Run) -> Result:
    """The one task that calls the module."""
    (result,) = [result for result in run if "changes" in result.data]
    return result


def check_apply_again(tenant: Tenant, playbook: str, **variables: t.Any) -> Result:
    """Check mode writes nothing and predicts the real run; the second run changes nothing. Gives the real result."""
    check = consent(tenant.playbook(playbook, "--check", "--diff", **variables))
    assert check.writes == []
    assert check.changed
    done = consent(tenant.playbook(playbook, **variables))
    assert done["changes"] == check["changes"]
    assert predictable(done) == predictable(check)
    again = tenant.playbook(playbook, **variables)
    assert "changed=0" in again.stdout
    assert (consent(again)["changes"], consent(again).writes) == ([], [])
    return done


def visible(state: dict[str, t.Any], app_id: str) -> bool:
    (row,) = [row for row in state["service_principals"] if row["app_id"] == app_id]
    return "WindowsAzureActiveDirectoryIntegratedApp" in row["tags"]


def test_approve_for_all_users_grants_what_the_vendors_table_says(tenant: Tenant) -> None:
    done = check_apply_again(tenant, "approve_for_all_users", m365_for_jira_features=ALL_FEATURES)
    assert scopes(done.state) == {
        (OUTLOOK, None, GRAPH): BASE | EMAIL | MEETINGS | CALENDAR,
        (TO_DO, None, GRAPH): BASE | TO_DO_SCOPES,
        (TEAMS, None, GRAPH): BASE | TEAMS_SCOPES | NOTIFICATIONS,
        (PORTAL, None, GRAPH): BASE | {"User.Read"},
    }
    assert app_ids(done.state) == ALL_APPS
    assert all(visible(done.state, app_id) for app_id in ALL_APPS)
    assert done.state["assignments"] == []
    assert Counter(done.writes) == {"POST /servicePrincipals": 4, "POST /oauth2PermissionGrants": 4}


def test_options_add_their_scopes_and_features_left_out_lose_theirs(tenant: Tenant) -> None:
    feature: dict[str, t.Any] = {"m365_for_jira_features": ["meetings"], "m365_for_jira_options": ["rooms"]}
    meetings = consent(tenant.playbook("approve_for_all_users", **feature))
    calendar = consent(
        tenant.playbook(
            "approve_for_all_users",
            m365_for_jira_features="calendar",
            m365_for_jira_options="rooms,teams_channels",
        )
    )
    key = (OUTLOOK, None, GRAPH)
    assert scopes(meetings.state) == {key: BASE | MEETINGS | ROOMS}
    assert meetings["changes"][1]["admin_consent_required"] is True
    assert scopes(calendar.state) == {key: BASE | CALENDAR | ROOMS | CHANNELS}
    assert calendar.writes == ["PATCH /oauth2PermissionGrants/{id}"]


def test_approve_per_user_gives_each_user_the_union_of_their_features(tenant: Tenant) -> None:
    features = [
        {"name": "email", "groups": ["Jira users"]},  # 40 users and a group of 20
        {"name": "meetings", "groups": ["Jira mail users"], "options": ["rooms"]},  # those 20
        {"name": "teams", "users": [LEAD]},
    ]
    done = check_apply_again(tenant, "approve_for_limited_users", m365_for_jira_features=features)
    found = scopes(done.state)
    outer, inner = tenant.users(40), tenant.users(20, first=41)
    assert found == {
        **{(OUTLOOK, tenant.user(upn), GRAPH): BASE | EMAIL for upn in outer},
        **{(OUTLOOK, tenant.user(upn), GRAPH): BASE | EMAIL | MEETINGS | ROOMS for upn in inner},
        (TEAMS, tenant.user(LEAD), GRAPH): BASE | TEAMS_SCOPES,
    }
    # Each of them is assigned, the script's own way: users, not groups, in the default role.
    assert assigned(done.state, OUTLOOK) == sorted((tenant.user(upn), "default") for upn in [*outer, *inner])
    assert assigned(done.state, TEAMS) == [(tenant.user(LEAD), "default")]


def test_prune_takes_access_from_those_no_longer_named(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(TEAMS), service_principal(OUTLOOK)],
        grants=[grant(TEAMS, " openid", ADA), grant(OUTLOOK, " openid", ADA)],
        assignments=[assignment(TEAMS, ADA)],
    )
    before = grants(tenant.state())
    variables: dict[str, t.Any] = {"m365_for_jira_features": ["teams"], "m365_for_jira_users": [LEAD]}
    kept = consent(tenant.playbook("approve_for_limited_users", **variables))
    assert grants(kept.state).items() > before.items()
    pruned = consent(tenant.playbook("approve_for_limited_users", **variables, m365_for_jira_prune=True))
    assert set(grants(pruned.state)) == {(TEAMS, tenant.user(LEAD), GRAPH), (OUTLOOK, tenant.user(ADA), GRAPH)}
    assert grants(pruned.state)[OUTLOOK, tenant.user(ADA), GRAPH] == " openid"
    assert assigned(pruned.state, TEAMS) == [(tenant.user(LEAD), "default")]


def test_approve_by_assignment_grants_for_all_and_lets_only_assigned_users_in(tenant: Tenant) -> None:
    done = check_apply_again(
        tenant,
        "approve_for_limited_users",
        m365_for_jira_access="assigned",
        m365_for_jira_features=["teams", "teams_jsm_portal"],
        m365_for_jira_groups=["Jira users"],
        m365_for_jira_users=[LEAD],
    )
    (group,) = tenant.groups("Jira users")
    assert scopes(done.state) == {
        (TEAMS, None, GRAPH): BASE | TEAMS_SCOPES,
        (PORTAL, None, GRAPH): BASE | {"User.Read"},
    }
    for app_id in (TEAMS, PORTAL):
        assert assigned(done.state, app_id) == sorted([(group, "default"), (tenant.user(LEAD), "default")])
    required = {row["app_id"]: row["assignment_required"] for row in done.state["service_principals"]}
    assert (required[TEAMS], required[PORTAL], required[CRM]) == (True, True, False)


def test_create_for_review_makes_visible_apps_and_grants_nothing(tenant: Tenant) -> None:
    done = check_apply_again(
        tenant,
        "create_for_review",
        m365_for_jira_features=ALL_FEATURES,
        m365_for_jira_assignment_required=True,
    )
    assert app_ids(done.state) == ALL_APPS
    assert (done.state["grants"], done.state["assignments"]) == ([], [])
    for row in done.state["service_principals"]:
        if row["app_id"] in ALL_APPS:
            assert row["assignment_required"]
            assert visible(done.state, row["app_id"])


def test_links_ask_nothing_of_the_tenant(tenant: Tenant) -> None:
    run = tenant.playbook(
        "approval_links", m365_for_jira_features=["email", "teams_jsm_portal"], m365_for_jira_tenant="contoso.example"
    )
    assert tenant.simulated.requests() == []
    shown = next(result for result in run if result.name == "Show the links")["msg"]
    assert shown["Teams JSM portal"] == (
        "https://login.microsoftonline.com/contoso.example/v2.0/adminconsent"
        f"?client_id={PORTAL}&state=no&redirect_uri=https%3A%2F%2Fatlassianconnect.yasoon.com%2Fauth-success.html"
        "&scope=email%20offline_access%20profile%20openid%20User.Read"
    )
    assert set(shown) == {"Email", "Teams JSM portal"}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"m365_for_jira_features": ["calender"]}, "Unknown feature 'calender' (did you mean 'calendar'?)"),
        (
            {"m365_for_jira_features": ["meetings"], "m365_for_jira_options": ["room"]},
            "Unknown option 'room' (did you mean 'rooms'?)",
        ),
        (
            {"m365_for_jira_features": ["email"], "m365_for_jira_options": ["rooms"]},
            "Option 'rooms' belongs to none of the chosen features (email)",
        ),
        ({"m365_for_jira_features": []}, "No feature is chosen: name at least one of"),
    ],
)
def test_what_the_catalogue_does_not_offer_is_refused_at_once(
    tenant: Tenant, variables: dict[str, t.Any], sentence: str
) -> None:
    run = tenant.playbook("approve_for_all_users", fails=True, **variables)
    assert run.results[-1].message.startswith(sentence)
    assert tenant.simulated.requests() == []


def test_one_host_is_one_tenant(tenant: Tenant, start: Callable[..., Tenant]) -> None:
    """Connections come from the inventory, through the action group, with no variable in the environment."""
    other = start()
    hosts = {}
    for name, one in (("contoso", tenant), ("fabrikam", other)):
        env = one.simulated.env
        hosts[name] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "tenant_connection": {
                "tenant_id": env["AZURE_TENANT_ID"],
                "client_id": env["AZURE_CLIENT_ID"],
                "client_secret": env["AZURE_CLIENT_SECRET"],
                "authority_host": env["AZURE_AUTHORITY_HOST"],
                "graph_url": env["TENANTOPS_GRAPH_URL"],
                "ca_path": env["TENANTOPS_CA_PATH"],
            },
        }
    nothing = dict.fromkeys(tenant.simulated.env, "")
    run = tenant.ansible.run(
        "tenantops.entra.create_for_review",
        variables={"m365_for_jira_features": ["teams"], "tenants": "all"},
        inventory={"hosts": hosts},
        env=nothing,
    )
    expect(run, warns=[], fails=False)
    assert {result.host for result in run if result.changed} == {"contoso", "fabrikam"}
    assert app_ids(tenant.state()) == app_ids(other.state()) == {TEAMS}
