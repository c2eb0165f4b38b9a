# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each bad choice is refused with one sentence, the same from every filter."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter import catalogue_apps, catalogue_links
from ansible_collections.tenantops.entra.plugins.filter.catalogue_problem import FilterModule

LEAD = "lead@contoso.example"
FEATURES = "email, meetings, calendar, to_do, teams, teams_jsm_portal and teams_jsm_portal_notifications"


def problem(catalogue: object, features: object, **more: t.Any) -> str:
    return FilterModule().filters()["catalogue_problem"](catalogue, features, **more)


def test_good_choice_has_no_problem(jira: object) -> None:
    assert problem(jira, ["email"], access="all_users") == ""
    assert problem(jira, ["email"], tenant="contoso.example") == ""


BAD_FEATURES: list[tuple[object, str]] = [
    ([], f"No feature is chosen: name at least one of {FEATURES}."),
    ("", f"No feature is chosen: name at least one of {FEATURES}."),
    (None, f"No feature is chosen: name at least one of {FEATURES}."),
    ({"email": True}, "The features must be a list, not a mapping."),
    (5, "The features must be a list, not 5."),
    (["calender"], f"Unknown feature 'calender' (did you mean 'calendar'?): choose from {FEATURES}."),
    (["To Do"], f"Unknown feature 'To Do' (did you mean 'to_do'?): choose from {FEATURES}."),
    (["fax"], f"Unknown feature 'fax': choose from {FEATURES}."),
    ("email,,teams", f"Unknown feature '': choose from {FEATURES}."),
    (
        ["emial", {"name": "fax"}, "Teams-JSM-Portal"],
        "Unknown features 'emial' (did you mean 'email'?), 'fax' and "
        f"'Teams-JSM-Portal' (did you mean 'teams_jsm_portal'?): choose from {FEATURES}.",
    ),
    (["email", 5], "features[1] must be a feature's name or a mapping, not 5."),
    ([["email"]], "features[0] must be a feature's name or a mapping, not a list."),
    ([None], "features[0] must be a feature's name or a mapping, not null."),
    ([{"users": [LEAD]}], "features[0] needs a name, the feature's, as text."),
    ([{"name": True}], "features[0] needs a name, the feature's, as text."),
    (
        ["teams", {"name": "email", "user": [LEAD]}],
        "features[1] has the unknown key 'user' (did you mean 'users'?): allowed are name, options, users and groups.",
    ),
    (
        [{"email": {"users": [LEAD]}}],
        "features[0] has the unknown key 'email': allowed are name, options, users and groups.",
    ),
    ([{"name": "email", 5: 6}], "features[0] has the unknown key 5: allowed are name, options, users and groups."),
    (
        [{"name": "meetings", "options": ["room"]}],
        "Feature 'meetings' has no option 'room' (did you mean 'rooms'?): its options are rooms.",
    ),
    (
        [{"name": "meetings", "options": ["teams_channels"]}],
        "Feature 'meetings' has no option 'teams_channels': its options are rooms.",
    ),
    (
        [{"name": "email", "options": ["rooms"]}],
        "Feature 'email' has no option 'rooms': meetings and calendar have it.",
    ),
    (
        [{"name": "email", "options": ["teams_channels"]}],
        "Feature 'email' has no option 'teams_channels': calendar has it.",
    ),
    ([{"name": "email", "options": ["fax"]}], "Feature 'email' has no option 'fax': it has no options."),
    (
        [{"name": "email", "options": {"rooms": True}}],
        "The options of feature 'email' must be a list, not a mapping.",
    ),
    ([{"name": "email", "users": [5]}], "The users of feature 'email' must be names, not 5."),
    ([{"name": "email", "groups": [""]}], "The groups of feature 'email' must be names, not ''."),
]


@pytest.mark.parametrize(("features", "message"), BAD_FEATURES)
def test_bad_features_are_refused(jira: object, features: object, message: str) -> None:
    assert problem(jira, features, access="review") == message
    assert problem(jira, features) == message
    with pytest.raises(AnsibleFilterError) as caught:
        catalogue_apps.catalogue_apps(jira, features, access="review")
    assert str(caught.value) == message
    with pytest.raises(AnsibleFilterError) as caught:
        catalogue_links.catalogue_links(jira, features)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("features", "options", "message"),
    [
        (
            ["meetings"],
            ["room"],
            "Unknown option 'room' (did you mean 'rooms'?): meetings has rooms and "
            "calendar has rooms and teams_channels.",
        ),
        (
            ["email"],
            ["fax", "team channels"],
            "Unknown options 'fax' and 'team channels' (did you mean 'teams_channels'?): meetings has rooms and "
            "calendar has rooms and teams_channels.",
        ),
        (
            ["email", "teams"],
            ["rooms"],
            "Option 'rooms' belongs to none of the chosen features (email and teams): meetings and calendar have it.",
        ),
        (
            ["meetings"],
            "rooms,teams_channels",
            "Option 'teams_channels' belongs to none of the chosen features (meetings): calendar has it.",
        ),
        (["meetings"], [None], "The options must be names, not null."),
        (["meetings"], True, "The options must be a list, not true."),
    ],
)
def test_bad_options_are_refused(jira: object, features: object, options: object, message: str) -> None:
    assert problem(jira, features, options=options, access="review") == message
    assert problem(jira, features, options=options) == message


def test_option_of_a_catalogue_without_options_is_refused(tickets: dict[str, t.Any]) -> None:
    for feature in tickets["features"].values():
        feature.pop("options", None)
    assert problem(tickets, ["mail"], options=["rooms"]) == ("Unknown option 'rooms': Contoso Tickets has no options.")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (
            {"access": "all_user"},
            "Unknown access 'all_user' (did you mean 'all_users'?): "
            "choose from all_users, per_user, assigned and review.",
        ),
        ({"access": None}, "Unknown access 'null': choose from all_users, per_user, assigned and review."),
        (
            {"access": "per_user"},
            "Access 'per_user' needs users or groups, and none are given for email and teams.",
        ),
        (
            {"access": "assigned", "users": [], "groups": None},
            "Access 'assigned' needs users or groups, and none are given for email and teams.",
        ),
        (
            {"access": "all_users", "groups": ["Jira users"]},
            "Access 'all_users' is for everybody, but users or groups are given for email and teams: "
            "leave them out, or choose per_user or assigned.",
        ),
        ({"access": "per_user", "users": [LEAD, None]}, "The users must be names, not null."),
        ({"access": "per_user", "users": {LEAD: True}}, "The users must be a list, not a mapping."),
        ({"access": "per_user", "groups": [["Jira users"]]}, "The groups must be names, not a list."),
        (
            {"access": "assigned", "users": [LEAD], "assignment_required": False},
            "Access 'assigned' requires assignment, so assignment_required cannot be false.",
        ),
        ({"access": "review", "visible": "perhaps"}, "visible must be true or false, not 'perhaps'."),
        ({"access": "review", "visible": None}, "visible must be true or false, not null."),
        ({"access": "review", "nested_groups": 1}, "nested_groups must be true or false, not 1."),
        ({"access": "review", "assignment_required": []}, "assignment_required must be true or false, not a list."),
    ],
)
def test_bad_access_is_refused(jira: object, choice: dict[str, t.Any], message: str) -> None:
    assert problem(jira, ["email", "teams"], **choice) == message


def test_feature_whose_own_users_are_empty_is_refused(jira: object) -> None:
    features = ["email", {"name": "teams", "users": []}, {"name": "to_do", "users": [], "groups": []}]
    assert problem(jira, features, access="per_user", users=[LEAD]) == (
        "Access 'per_user' needs users or groups, and none are given for to_do and teams."
    )


def test_all_users_refuses_users_of_one_feature(jira: object) -> None:
    assert problem(jira, ["email", {"name": "teams", "users": [LEAD]}], access="all_users") == (
        "Access 'all_users' is for everybody, but users or groups are given for teams: "
        "leave them out, or choose per_user or assigned."
    )


def test_assigned_refuses_different_users_for_one_client(jira: object) -> None:
    features = ["teams", "email", {"name": "calendar", "users": [LEAD]}]
    assert problem(jira, features, access="assigned", groups=["Jira users"]) == (
        "Access 'assigned' makes one grant for all who are assigned to Microsoft 365 for Jira (Email, Meetings, "
        "Calendar), so email and calendar need the same users and groups: give them the same, or choose per_user."
    )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"per_app": "perhaps"}, "per_app must be true or false, not 'perhaps'."),
        (
            {"cloud": "german"},
            "Unknown cloud 'german': choose from public, us_government, us_government_dod and china.",
        ),
        ({"state": False}, "The state must be text, not false: put it in quotes."),
        (
            {"redirect_uri": "http://tickets.contoso.example"},
            "The redirect_uri must be an https URL without a fragment, not 'http://tickets.contoso.example'.",
        ),
        (
            {"tenant": "common"},
            "The tenant cannot be 'common' in an admin consent link: give the tenant's id or domain, "
            "or 'organizations' to let the administrator's sign-in decide.",
        ),
    ],
)
def test_bad_links_are_refused(jira: object, choice: dict[str, t.Any], message: str) -> None:
    assert problem(jira, ["email"], **choice) == message
