# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in a catalogue are named with their place, before anything else is judged."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter import catalogue_apps, catalogue_links
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.model import parse_catalogue

Catalogue = dict[str, t.Any]
MISSING = object()


def put(catalogue: Catalogue, path: str, value: object) -> None:
    """Set, or remove, what stands at a path of keys."""
    *parents, last = path.split("/")
    place = catalogue
    for key in parents:
        place = place[key]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value


def refusal(catalogue: object) -> str:
    with pytest.raises(ValueError, match=r"^The catalogue") as caught:
        parse_catalogue(catalogue)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("name", MISSING, "The catalogue lacks the key 'name'."),
        ("apps", MISSING, "The catalogue lacks the key 'apps'."),
        ("features", MISSING, "The catalogue lacks the key 'features'."),
        ("name", 5, "The catalogue: name must be text, not 5."),
        ("name", " ", "The catalogue: name must be text, not ' '."),
        (
            "feature",
            {},
            "The catalogue has the unknown key 'feature' (did you mean 'features'?): "
            "allowed are name, apps, features, base_scopes, resources and links.",
        ),
        (
            "owner",
            "Contoso",
            "The catalogue has the unknown key 'owner': "
            "allowed are name, apps, features, base_scopes, resources and links.",
        ),
        ("base_scopes", "openid profile", "The catalogue: base_scopes must be a list of scopes, not 'openid profile'."),
        ("base_scopes", None, "The catalogue: base_scopes must be a list of scopes, not null."),
        ("links", ["https://tickets.contoso.example"], "The catalogue: links must be a mapping, not a list."),
        (
            "links/redirect",
            "https://tickets.contoso.example",
            "The catalogue: links has the unknown key 'redirect' (did you mean 'redirect_uri'?): "
            "allowed are redirect_uri and state.",
        ),
        (
            "links/redirect_uri",
            "tickets.contoso.example",
            "The catalogue: links.redirect_uri must be an https URL without a fragment, not 'tickets.contoso.example'.",
        ),
        ("links/state", False, "The catalogue: links.state must be text, not false."),
        (
            "resources/https://files.contoso.example",
            "files",
            "The catalogue: resources.https://files.contoso.example must be a GUID such as "
            "00000003-0000-0000-c000-000000000000, not 'files'.",
        ),
        ("apps", {}, "The catalogue: apps must not be empty."),
        ("apps/office", "Outlook", "The catalogue: apps.office must be a mapping, not 'Outlook'."),
        ("apps/office/name", MISSING, "The catalogue: apps.office lacks the key 'name'."),
        (
            "apps/office/app_id",
            "office",
            "The catalogue: apps.office.app_id must be a GUID such as "
            "00000003-0000-0000-c000-000000000000, not 'office'.",
        ),
        (
            "apps/office/client_id",
            "x",
            "The catalogue: apps.office has the unknown key 'client_id': allowed are name and app_id.",
        ),
        (
            "apps/archive/app_id",
            "B7A51A6E-6D6C-4C2C-9F0E-0D5A3F1C2B11",
            "The catalogue: apps.archive.app_id is the app_id of apps.office already.",
        ),
        ("features", {}, "The catalogue: features must not be empty."),
        ("features", ["mail"], "The catalogue: features must be a mapping, not a list."),
        ("features/mail/title", None, "The catalogue: features.mail.title must be text, not null."),
        ("features/mail/scopes", MISSING, "The catalogue: features.mail lacks the key 'scopes'."),
        ("features/mail/scopes", [], "The catalogue: features.mail.scopes must not be empty."),
        (
            "features/mail/app",
            "offce",
            "The catalogue: features.mail.app names the unknown app 'offce' (did you mean 'office'?): "
            "the apps are office and archive.",
        ),
        (
            "features/mail/scope",
            [],
            "The catalogue: features.mail has the unknown key 'scope' (did you mean 'scopes'?): "
            "allowed are title, app, scopes and options.",
        ),
        (
            "features/mail/scopes",
            ["Mail.Read", "Mail.Send, Mail.Read"],
            "The catalogue: features.mail.scopes[1] must be the name of one scope, without blanks and commas, "
            "not 'Mail.Send, Mail.Read'.",
        ),
        (
            "features/mail/scopes",
            ["Mail.Read", "User.Read", "Mail.Read"],
            "The catalogue: features.mail.scopes[2] repeats 'Mail.Read'.",
        ),
        (
            "features/files/scopes",
            ["https://files.contoso.test/Archive.Read"],
            "The catalogue: features.files.scopes[0] is a scope of 'https://files.contoso.test', "
            "which resources does not list.",
        ),
        (
            "features/mail/scopes",
            ["/Mail.Read"],
            "The catalogue: features.mail.scopes[0] is a scope of '', which resources does not list.",
        ),
        ("features/agenda/options", ["rooms"], "The catalogue: features.agenda.options must be a mapping, not a list."),
        ("features/agenda/options/rooms", [], "The catalogue: features.agenda.options.rooms must not be empty."),
        (
            "features/agenda/options/rooms",
            [5],
            "The catalogue: features.agenda.options.rooms[0] must be the name of one scope, "
            "without blanks and commas, not 5.",
        ),
    ],
)
def test_mistake_is_named_with_its_path(tickets: Catalogue, path: str, value: object, message: str) -> None:
    if path.startswith("resources/"):
        tickets["resources"]["https://files.contoso.example"] = value
    else:
        put(tickets, path, value)
    assert refusal(tickets) == message


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "null"), ([], "a list"), ("microsoft_365_for_jira.yml", "'microsoft_365_for_jira.yml'")],
)
def test_catalogue_must_be_a_mapping(data: object, said: str) -> None:
    assert refusal(data) == f"The catalogue must be a mapping, not {said}."


def test_key_that_yaml_reads_as_something_else_is_named(tickets: Catalogue) -> None:
    tickets["features"]["agenda"]["options"] = {True: ["Place.Read.All"]}
    assert refusal(tickets) == (
        "The catalogue: features.agenda.options has the key true, which must be text: put it in quotes."
    )


def test_smallest_catalogue_has_apps_and_features_only(tickets: Catalogue) -> None:
    small = {key: tickets[key] for key in ("name", "apps")}
    catalogue = parse_catalogue({**small, "features": {"mail": tickets["features"]["mail"]}})
    assert (catalogue.base_scopes, catalogue.redirect_uri, catalogue.state) == ((), None, None)
    assert catalogue.features["mail"].options == {}


def test_resource_may_be_written_with_a_slash_at_its_end(tickets: Catalogue) -> None:
    app_id = tickets["resources"].popitem()[1]
    tickets["resources"]["https://files.contoso.example/"] = app_id
    tickets["features"]["files"]["scopes"] = ["https://files.contoso.example//Archive.Read"]
    catalogue = parse_catalogue(tickets)
    assert catalogue.resource_of("https://files.contoso.example//Archive.Read") == (app_id, "Archive.Read")
    assert catalogue.resource_of("User.Read") == (None, "User.Read")


@pytest.mark.parametrize(
    "build",
    [
        lambda data: catalogue_apps.catalogue_apps(data, ["mail"], access="review"),
        lambda data: catalogue_links.catalogue_links(data, ["mail"]),
    ],
    ids=["catalogue_apps", "catalogue_links"],
)
def test_filters_show_the_mistake(tickets: Catalogue, build: t.Callable[[object], object]) -> None:
    tickets["features"]["mail"]["app"] = "mail"
    with pytest.raises(AnsibleFilterError) as caught:
        build(tickets)
    assert str(caught.value) == (
        "The catalogue: features.mail.app names the unknown app 'mail': the apps are office and archive."
    )
