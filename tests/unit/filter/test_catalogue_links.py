# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The links of the role's catalogue beside those that the vendor publishes, parameter by parameter."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter.catalogue_links import FilterModule

BASE = {"email", "offline_access", "profile", "openid"}
OUTLOOK = "e7185a25-9df9-4d05-b779-76b04bf46424"
TO_DO = "32d752a1-8945-4600-97c9-73ed32c3627a"
TEAMS = "89d5ca9f-d63b-4885-bd30-6e7433c1540c"
PORTAL = "a47ed889-74d6-4acf-b5c8-b1172696eb70"

# The vendor's table: feature and options, client id, scopes besides the base.
TABLE: dict[tuple[str, ...], tuple[str, set[str]]] = {
    ("email",): (
        OUTLOOK,
        {"Mail.ReadWrite.Shared", "Mail.Send.Shared", "People.Read", "User.Read", "User.ReadBasic.All"},
    ),
    ("meetings",): (
        OUTLOOK,
        {
            "Calendars.ReadWrite.Shared",
            "MailboxSettings.Read",
            "OnlineMeetings.ReadWrite",
            "User.Read",
            "User.ReadBasic.All",
        },
    ),
    ("meetings", "rooms"): (
        OUTLOOK,
        {
            "Calendars.ReadWrite.Shared",
            "MailboxSettings.Read",
            "OnlineMeetings.ReadWrite",
            "User.Read",
            "User.ReadBasic.All",
            "Place.Read.All",
        },
    ),
    ("calendar",): (
        OUTLOOK,
        {
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
            "OnlineMeetings.ReadWrite",
            "People.Read",
            "User.ReadBasic.All",
        },
    ),
    ("calendar", "rooms"): (
        OUTLOOK,
        {
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
            "OnlineMeetings.ReadWrite",
            "People.Read",
            "User.ReadBasic.All",
            "Place.Read.All",
        },
    ),
    ("calendar", "rooms", "teams_channels"): (
        OUTLOOK,
        {
            "Calendars.ReadWrite",
            "Calendars.ReadWrite.Shared",
            "OnlineMeetings.ReadWrite",
            "People.Read",
            "User.ReadBasic.All",
            "Place.Read.All",
            "Group.ReadWrite.All",
            "Team.ReadBasic.All",
        },
    ),
    ("to_do",): (TO_DO, {"Tasks.Read", "Tasks.ReadWrite", "Tasks.ReadWrite.Shared", "User.Read"}),
    ("teams",): (
        TEAMS,
        {
            "Channel.ReadBasic.All",
            "ChannelMessage.Send",
            "Chat.ReadWrite",
            "Team.ReadBasic.All",
            "User.Read",
            "User.ReadBasic.All",
        },
    ),
    ("teams_jsm_portal",): (PORTAL, {"User.Read"}),
    ("teams_jsm_portal_notifications",): (
        TEAMS,
        {"TeamsTab.Create", "AppCatalog.Read.All", "TeamsAppInstallation.ReadWriteForChat"},
    ),
}

_PUBLISHED = (
    "https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id={}&state=no"
    "&redirect_uri=https%3a%2f%2fatlassianconnect.yasoon.com%2fauth-success.html"
    "&scope=email%20offline_access%20profile%20openid%20{}"
)

# The vendor's list of links.
PUBLISHED: dict[tuple[str, ...], str] = {
    ("email",): _PUBLISHED.format(
        OUTLOOK, "Mail.ReadWrite.Shared%20Mail.Send.Shared%20People.Read%20User.Read%20User.ReadBasic.All"
    ),
    ("meetings",): _PUBLISHED.format(
        OUTLOOK, "Calendars.ReadWrite.Shared%20OnlineMeetings.ReadWrite%20User.Read%20User.ReadBasic.All"
    ),
    ("meetings", "rooms"): _PUBLISHED.format(
        OUTLOOK,
        "Calendars.ReadWrite.Shared%20OnlineMeetings.ReadWrite%20User.Read%20User.ReadBasic.All"
        "%20MailboxSettings.Read%20Place.Read.All",
    ),
    ("calendar",): _PUBLISHED.format(
        OUTLOOK,
        "Calendars.ReadWrite%20Calendars.ReadWrite.Shared%20OnlineMeetings.ReadWrite%20People.Read"
        "%20User.ReadBasic.All",
    ),
    ("calendar", "rooms", "teams_channels"): _PUBLISHED.format(
        OUTLOOK,
        "Calendars.ReadWrite%20Calendars.ReadWrite.Shared%20OnlineMeetings.ReadWrite%20People.Read"
        "%20User.ReadBasic.All%20Place.Read.All%20Group.ReadWrite.All%20Team.ReadBasic.All",
    ),
    ("to_do",): _PUBLISHED.format(TO_DO, "Tasks.Read%20Tasks.ReadWrite%20Tasks.ReadWrite.Shared%20User.Read"),
    ("teams",): _PUBLISHED.format(
        TEAMS,
        "Channel.ReadBasic.All%20ChannelMessage.Send%20Chat.ReadWrite%20Team.ReadBasic.All%20User.Read"
        "%20User.ReadBasic.All",
    ),
    ("teams_jsm_portal",): _PUBLISHED.format(PORTAL, "User.Read"),
}

# Where the published link lacks scopes of the table, which holds.
LACKING: dict[tuple[str, ...], set[str]] = {("meetings",): {"MailboxSettings.Read"}}

Links = list[dict[str, t.Any]]


def links(catalogue: object, features: object, **more: t.Any) -> Links:
    return FilterModule().filters()["catalogue_links"](catalogue, features, **more)


def link(catalogue: object, feature: tuple[str, ...], **more: t.Any) -> dict[str, t.Any]:
    (only,) = links(catalogue, [{"name": feature[0], "options": list(feature[1:])}], **more)
    return only


def parts(url: str) -> tuple[str, dict[str, t.Any]]:
    """Take a link apart: what stands before the query, and the parameters with the scopes as a set."""
    page, _mark, query = url.partition("?")
    parameters: dict[str, t.Any] = parse_qs(query, strict_parsing=True)
    (scope,) = parameters["scope"]
    parameters["scope"] = set(scope.split(" "))
    return page, parameters


@pytest.mark.parametrize("feature", TABLE)
def test_link_asks_for_the_scopes_of_the_table(jira: object, feature: tuple[str, ...]) -> None:
    client_id, scopes = TABLE[feature]
    page, parameters = parts(link(jira, feature)["url"])
    assert page == "https://login.microsoftonline.com/organizations/v2.0/adminconsent"
    assert parameters == {
        "client_id": [client_id],
        "state": ["no"],
        "redirect_uri": ["https://atlassianconnect.yasoon.com/auth-success.html"],
        "scope": BASE | scopes,
    }


@pytest.mark.parametrize("feature", [feature for feature in PUBLISHED if feature not in LACKING])
def test_link_equals_the_published_one(jira: object, feature: tuple[str, ...]) -> None:
    assert parts(link(jira, feature)["url"]) == parts(PUBLISHED[feature])


@pytest.mark.parametrize("feature", LACKING)
def test_link_has_the_scopes_that_the_published_one_lacks(jira: object, feature: tuple[str, ...]) -> None:
    page, published = parts(PUBLISHED[feature])
    published["scope"] |= LACKING[feature]
    assert parts(PUBLISHED[feature]) != (page, published)
    assert parts(link(jira, feature)["url"]) == (page, published)


def test_only_the_portal_notifications_have_no_published_link(
    jira: dict[str, t.Any],
) -> None:
    published = {feature[0] for feature in PUBLISHED}
    assert set(jira["features"]) - published == {"teams_jsm_portal_notifications"}


def test_the_table_here_has_every_feature_and_option(jira: dict[str, t.Any]) -> None:
    known = {(name, *feature.get("options", {})) for name, feature in jira["features"].items()}
    assert known | {(name,) for name in jira["features"]} | {("calendar", "rooms")} == set(TABLE)


def test_links_have_only_characters_of_rfc_3986(jira: dict[str, t.Any]) -> None:
    for item in links(jira, list(jira["features"]), options=["rooms", "teams_channels"], state="ticket 4711"):
        assert re.fullmatch(r"([A-Za-z0-9._~:/?&=-]|%[0-9A-F]{2})+", item["url"])


def test_links_stand_in_the_order_of_the_catalogue(jira: dict[str, t.Any]) -> None:
    names = list(jira["features"])
    assert [item["features"] for item in links(jira, names[::-1])] == [[name] for name in names]


def test_link_says_what_it_is_for(jira: object) -> None:
    item = link(jira, ("calendar", "teams_channels", "rooms"))
    url = item.pop("url")
    assert item == {
        "title": "Calendar (rooms, teams_channels)",
        "features": ["calendar"],
        "app_name": "Microsoft 365 for Jira (Email, Meetings, Calendar)",
        "app_id": OUTLOOK,
        "scopes": parse_qs(urlsplit(url).query)["scope"][0].split(),
    }


def test_one_link_per_app_has_the_scopes_of_all_its_features(jira: dict[str, t.Any]) -> None:
    united = links(jira, list(jira["features"]), options=["rooms"], per_app=True)
    assert [(item["title"], item["features"], item["app_id"]) for item in united] == [
        (
            "Email, Meetings (rooms), Calendar (rooms)",
            ["email", "meetings", "calendar"],
            OUTLOOK,
        ),
        ("To Do", ["to_do"], TO_DO),
        (
            "Teams, Teams JSM portal notifications",
            ["teams", "teams_jsm_portal_notifications"],
            TEAMS,
        ),
        ("Teams JSM portal", ["teams_jsm_portal"], PORTAL),
    ]
    outlook = parts(united[0]["url"])[1]["scope"]
    assert outlook == BASE.union(*(TABLE[key][1] for key in [("email",), ("meetings", "rooms"), ("calendar", "rooms")]))
    assert all(len(item["scopes"]) == len(set(item["scopes"])) for item in united)


def test_feature_that_is_listed_twice_has_one_link_with_both_options(jira: object) -> None:
    features = [
        {"name": "calendar", "options": ["teams_channels"], "users": ["lead@contoso.example"]},
        {"name": "calendar", "options": ["rooms"], "groups": ["Office"]},
    ]
    (only,) = links(jira, features)
    assert only["title"] == "Calendar (rooms, teams_channels)"
    assert only["url"] == link(jira, ("calendar", "rooms", "teams_channels"))["url"]


def test_own_tenant_cloud_state_and_redirect_uri_are_taken(jira: object) -> None:
    page, parameters = parts(
        link(
            jira,
            ("to_do",),
            tenant="contoso.example",
            cloud="us_government",
            state="ticket 4711",
            redirect_uri="https://tickets.contoso.example/consented",
        )["url"]
    )
    assert page == "https://login.microsoftonline.us/contoso.example/v2.0/adminconsent"
    assert parameters["state"] == ["ticket 4711"]
    assert parameters["redirect_uri"] == ["https://tickets.contoso.example/consented"]


def test_empty_state_is_left_out_and_empty_redirect_uri_is_that_of_the_catalogue(jira: object) -> None:
    parameters = parts(link(jira, ("to_do",), state="", redirect_uri="")["url"])[1]
    assert "state" not in parameters
    assert parameters["redirect_uri"] == ["https://atlassianconnect.yasoon.com/auth-success.html"]


def test_links_of_another_vendor_need_only_its_catalogue(tickets: object) -> None:
    (files,) = links(tickets, ["files"], options=["write"])
    assert parts(files["url"]) == (
        "https://login.microsoftonline.com/organizations/v2.0/adminconsent",
        {
            "client_id": ["c8b62b7f-7e7d-4d3d-8a1f-1e6b4f2d3c22"],
            "redirect_uri": ["https://tickets.contoso.example/consented"],
            "scope": {
                "openid",
                "profile",
                "User.Read",
                "https://files.contoso.example/Archive.Read",
                "https://files.contoso.example/Archive.Write",
            },
        },
    )


def test_catalogue_without_redirect_uri_needs_one_in_the_call(tickets: dict[str, t.Any]) -> None:
    del tickets["links"]
    with pytest.raises(AnsibleFilterError) as caught:
        links(tickets, ["mail"])
    assert str(caught.value) == ("An admin consent link needs the redirect_uri, one of those the app has registered.")
    assert links(tickets, ["mail"], redirect_uri="https://tickets.contoso.example/other")
