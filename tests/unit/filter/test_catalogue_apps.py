# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From chosen features to the apps of tenant_consent."""

from __future__ import annotations

import itertools
import random
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.filter.catalogue_apps import FilterModule

OFFICE = {"app_id": "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11", "name": "Contoso Tickets for Outlook"}
ARCHIVE = {"app_id": "c8b62b7f-7e7d-4d3d-8a1f-1e6b4f2d3c22", "name": "Contoso Archive"}
FILES_API = "6a1d1d0e-8f0a-4d0f-9d3c-0c4f3c1f7d10"
TAGS = {"tags": ["WindowsAzureActiveDirectoryIntegratedApp"]}
LEAD = "lead@contoso.example"
AGENT = "agent@contoso.example"

Apps = list[dict[str, t.Any]]


def apps(catalogue: object, features: object, access: str, **more: t.Any) -> Apps:
    return FilterModule().filters()["catalogue_apps"](catalogue, features, access=access, **more)


def scopes_of_users(app: dict[str, t.Any]) -> dict[str, set[str]]:
    """Unite the rules of an app as tenant_consent does; a group stands for itself."""
    union: dict[str, set[str]] = {}
    for rule in app["delegated_permissions"]:
        for name in [*rule.get("users", []), *rule.get("groups", [])]:
            union.setdefault(name, set()).update(rule["scopes"])
    return union


def test_all_users_makes_one_grant_per_client_with_the_union(tickets: object) -> None:
    assert apps(tickets, ["mail", "agenda"], "all_users", options=["people"]) == [
        {
            **OFFICE,
            **TAGS,
            "delegated_permissions": [
                {
                    "scopes": ["openid", "profile", "Mail.Read", "Calendars.Read", "People.Read"],
                    "all_users": True,
                }
            ],
        }
    ]


def test_per_user_makes_rules_for_users_and_assigns_the_members_of_groups(tickets: object) -> None:
    features = ["mail", {"name": "agenda", "options": ["rooms"], "users": [LEAD]}]
    assert apps(tickets, features, "per_user", users=[AGENT], groups=["Ticket users"]) == [
        {
            **OFFICE,
            **TAGS,
            "delegated_permissions": [
                {
                    "scopes": ["openid", "profile", "Mail.Read"],
                    "users": [AGENT],
                    "groups": ["Ticket users"],
                    "nested_groups": True,
                },
                {"scopes": ["openid", "profile", "Calendars.Read", "Place.Read.All"], "users": [LEAD]},
            ],
            "assignments": [
                {
                    "users": [AGENT, LEAD],
                    "groups": ["Ticket users"],
                    "expand_groups": True,
                    "nested_groups": True,
                    "app_role": "default",
                }
            ],
        }
    ]


def test_per_user_gives_each_user_the_union_of_the_features_that_the_user_has(tickets: object) -> None:
    features = [
        {"name": "mail", "users": [LEAD, AGENT]},
        {"name": "agenda", "users": [LEAD]},
        {"name": "agenda", "users": ["room@contoso.example"], "options": ["rooms"]},
    ]
    (office,) = apps(tickets, features, "per_user")
    assert scopes_of_users(office) == {
        LEAD: {"openid", "profile", "Mail.Read", "Calendars.Read"},
        AGENT: {"openid", "profile", "Mail.Read"},
        "room@contoso.example": {"openid", "profile", "Calendars.Read", "Place.Read.All"},
    }


def test_per_user_makes_one_rule_for_the_same_users_in_another_order_and_case(tickets: object) -> None:
    features = [{"name": "mail", "users": [LEAD, AGENT]}, {"name": "agenda", "users": [AGENT.upper(), LEAD]}]
    (office,) = apps(tickets, features, "per_user")
    assert office["delegated_permissions"] == [
        {"scopes": ["openid", "profile", "Mail.Read", "Calendars.Read"], "users": [LEAD, AGENT]}
    ]
    assert office["assignments"] == [{"users": [LEAD, AGENT], "app_role": "default"}]


def test_per_user_makes_one_rule_for_the_same_groups_in_another_order_and_case(tickets: object) -> None:
    features = [{"name": "mail", "groups": ["Office", "Staff"]}, {"name": "agenda", "groups": ["staff", "office"]}]
    (office,) = apps(tickets, features, "per_user")
    (rule,) = office["delegated_permissions"]
    assert (rule["groups"], rule["scopes"]) == (
        ["Office", "Staff"],
        ["openid", "profile", "Mail.Read", "Calendars.Read"],
    )


def test_per_user_can_leave_nested_groups_out(tickets: object) -> None:
    (office,) = apps(tickets, ["mail"], "per_user", groups=["Ticket users"], nested_groups=False)
    assert office["delegated_permissions"][0]["nested_groups"] is False
    assert office["assignments"][0]["nested_groups"] is False


def test_assigned_makes_one_grant_and_assigns_users_and_groups_themselves(tickets: object) -> None:
    assert apps(tickets, ["mail", "agenda"], "assigned", users=[LEAD], groups=["Ticket users"]) == [
        {
            **OFFICE,
            **TAGS,
            "assignment_required": True,
            "delegated_permissions": [
                {"scopes": ["openid", "profile", "Mail.Read", "Calendars.Read"], "all_users": True}
            ],
            "assignments": [{"users": [LEAD], "groups": ["Ticket users"], "app_role": "default"}],
        }
    ]


def test_assigned_may_differ_between_clients(tickets: object) -> None:
    features = [{"name": "mail", "users": [LEAD]}, {"name": "files", "users": [AGENT]}]
    office, archive = apps(tickets, features, "assigned")
    assert office["assignments"] == [{"users": [LEAD], "app_role": "default"}]
    assert archive["assignments"] == [{"users": [AGENT], "app_role": "default"}]


def test_review_makes_service_principals_without_grants(tickets: object) -> None:
    assert apps(tickets, ["files", "mail"], "review") == [
        {**OFFICE, **TAGS, "delegated_permissions": []},
        {**ARCHIVE, **TAGS, "delegated_permissions": []},
    ]


def test_review_takes_the_inventory_of_the_limited_approval_as_it_is(tickets: object) -> None:
    features = [{"name": "mail", "groups": ["Ticket users"]}]
    assert apps(tickets, features, "review", users=[LEAD]) == apps(tickets, ["mail"], "review")


@pytest.mark.parametrize("access", ["all_users", "per_user", "review"])
@pytest.mark.parametrize("required", [True, False])
def test_assignment_required_is_passed_on(tickets: object, access: str, required: bool) -> None:
    users = [LEAD] if access == "per_user" else []
    (office,) = apps(tickets, ["mail"], access, users=users, assignment_required=required)
    assert office["assignment_required"] is required


@pytest.mark.parametrize("access", ["all_users", "per_user", "review"])
def test_assignment_required_is_left_alone_if_not_given(tickets: object, access: str) -> None:
    (office,) = apps(tickets, ["mail"], access, users=[LEAD] if access == "per_user" else [])
    assert "assignment_required" not in office


def test_tags_are_left_alone_if_not_visible(tickets: object) -> None:
    (office,) = apps(tickets, ["mail"], "review", visible=False)
    assert "tags" not in office


@pytest.mark.parametrize(
    ("word", "flag"), [("true", True), ("Yes", True), ("on", True), ("false", False), ("no", False), ("OFF", False)]
)
def test_flags_may_come_as_text_of_the_command_line(tickets: object, word: str, flag: bool) -> None:
    (office,) = apps(tickets, ["mail"], "review", assignment_required=word, visible=word)
    assert office["assignment_required"] is flag
    assert ("tags" in office) is flag


def test_lists_may_come_as_text_of_the_command_line(tickets: object) -> None:
    text = apps(
        tickets, "mail, agenda", "per_user", options="rooms,people", users=f"{LEAD}, {AGENT}", groups="Ticket users"
    )
    lists = apps(
        tickets,
        ["mail", "agenda"],
        "per_user",
        options=["rooms", "people"],
        users=[LEAD, AGENT],
        groups=["Ticket users"],
    )
    assert text == lists


def test_feature_with_users_or_groups_has_none_of_the_common_ones(tickets: object) -> None:
    features = [{"name": "mail", "groups": ["Mail users"]}]
    (office,) = apps(tickets, features, "per_user", users=[LEAD], groups=["Ticket users"])
    assert scopes_of_users(office).keys() == {"Mail users"}


def test_options_go_to_the_features_that_have_them_besides_their_own(tickets: object) -> None:
    features = ["mail", {"name": "agenda", "options": ["people"]}]
    (office,) = apps(tickets, features, "all_users", options=["rooms"])
    assert office["delegated_permissions"][0]["scopes"] == [
        "openid",
        "profile",
        "Mail.Read",
        "Calendars.Read",
        "Place.Read.All",
        "People.Read",
    ]


def test_names_are_trimmed_and_appear_once(tickets: object) -> None:
    (office,) = apps(tickets, ["mail", " mail "], "per_user", users=[LEAD, f" {LEAD.upper()} "])
    assert office["delegated_permissions"] == [{"scopes": ["openid", "profile", "Mail.Read"], "users": [LEAD]}]


def test_scopes_of_another_resource_have_a_rule_of_their_own(tickets: object) -> None:
    (archive,) = apps(tickets, ["files"], "per_user", options=["write"], users=[LEAD])
    assert archive["delegated_permissions"] == [
        {"scopes": ["openid", "profile", "User.Read"], "users": [LEAD]},
        {"resource_app_id": FILES_API, "scopes": ["Archive.Read", "Archive.Write"], "users": [LEAD]},
    ]


@pytest.mark.parametrize("access", ["all_users", "per_user", "assigned", "review"])
def test_order_of_the_choice_plays_no_part(tickets: dict[str, t.Any], access: str) -> None:
    limited: dict[str, t.Any] = {"groups": ["Ticket users"]} if access in ("per_user", "assigned") else {}
    expected = apps(tickets, list(tickets["features"]), access, options=["people", "rooms", "write"], **limited)
    for features in itertools.permutations(tickets["features"]):
        options = random.sample(["people", "rooms", "write"], 3)
        assert apps(tickets, list(features), access, options=options, **limited) == expected


def test_every_app_and_every_scope_of_a_rule_appears_once(jira: dict[str, t.Any]) -> None:
    result = apps(jira, [*jira["features"]] * 2, "all_users", options=["rooms", "teams_channels"])
    assert len({app["app_id"] for app in result}) == len(result) == 4
    for app in result:
        (rule,) = app["delegated_permissions"]
        assert len(set(rule["scopes"])) == len(rule["scopes"])


def test_features_of_jira_that_share_a_client_end_in_one_grant(jira: dict[str, t.Any]) -> None:
    result = apps(jira, ["teams_jsm_portal_notifications", "calendar", "email", "teams", "meetings"], "all_users")
    assert {app["app_id"]: set(app["delegated_permissions"][0]["scopes"]) for app in result} == {
        "e7185a25-9df9-4d05-b779-76b04bf46424": {
            "email",
            "offline_access",
            "profile",
            "openid",
            "Mail.ReadWrite.Shared",
            "Mail.Send.Shared",
            "People.Read",
            "User.Read",
            "User.ReadBasic.All",
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
            "MailboxSettings.Read",
            "OnlineMeetings.ReadWrite",
        },
        "89d5ca9f-d63b-4885-bd30-6e7433c1540c": {
            "email",
            "offline_access",
            "profile",
            "openid",
            "Channel.ReadBasic.All",
            "ChannelMessage.Send",
            "Chat.ReadWrite",
            "Team.ReadBasic.All",
            "User.Read",
            "User.ReadBasic.All",
            "TeamsTab.Create",
            "AppCatalog.Read.All",
            "TeamsAppInstallation.ReadWriteForChat",
        },
    }
