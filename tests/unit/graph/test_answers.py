# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as Graph's answer."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ForeignAnswerError, IncompleteListError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import (
    MOST_EMPTY_PAGES,
    NOT_JSON,
    AnswerReader,
    parse,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import oauth2_permission_grants, people
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer, Listing, Request

READER = AnswerReader("https://graph.microsoft.com/v1.0")
MEMBERS = people.members("Jira users", "g", nested=True)
USER = {"id": "u", "userPrincipalName": "ada@contoso.example"}
JSON_TYPE = {"content-type": "application/json; charset=utf-8"}
CREATE = oauth2_permission_grants.create_grant(
    "x", {"clientId": "c", "resourceId": "r", "principalId": "u", "scope": "openid"}
)
GRANT = {
    "id": "g",
    "clientId": "C",
    "resourceId": "r",
    "consentType": "Principal",
    "principalId": "u",
    "scope": "openid",
}


def read(request: Request, body: t.Any, status: int = 200, *, page: str | None = None) -> Answer:
    return READER.read(request, status, JSON_TYPE, body, page=page, alone=True)


def told(answer: Answer) -> str:
    assert isinstance(answer.error, ForeignAnswerError)
    assert answer.status == 0
    return answer.error.message


def test_a_page_of_users_is_graphs() -> None:
    answer = read(MEMBERS, {"value": [USER], "@odata.count": 1})
    assert answer.get()["value"] == [USER]


def test_the_sentence_names_what_answered() -> None:
    answer = READER.read(MEMBERS, 200, {"content-type": "text/html; charset=utf-8"}, NOT_JSON, alone=True)
    assert told(answer) == (
        "Could not read the members of the group Jira users: graph.microsoft.com answered 200 with text/html, which is not "
        "Microsoft Graph's answer (it is not JSON with a list): look for a proxy, a gateway or a log-in page on the way, then "
        "run again."
    )


def test_a_redirect_is_named_by_where_it_leads_and_no_more() -> None:
    location = {"location": "https://me:s3cret@portal.example/login?token=abc"}
    message = told(READER.read(MEMBERS, 302, location, None, alone=True))
    assert "it leads to https://portal.example" in message
    assert "s3cret" not in message
    assert "abc" not in message


@pytest.mark.parametrize(
    "link", ["https://graph.microsoft.com/v1.0/x?$skiptoken=1", "https://graph.microsoft.com:443/v1.0/x"]
)
def test_graphs_own_next_page_is_followed(link: str) -> None:
    assert read(MEMBERS, {"value": [], "@odata.count": 0, "@odata.nextLink": link}).error is None


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.microsoft.com.evil.example/v1.0/x",
        "https://graph.microsoft.com:8443/v1.0/x",
        "http://graph.microsoft.com/v1.0/x",
        "https://user@graph.microsoft.com/v1.0/x",
        "https://graph.microsoft.com\\@evil.example/v1.0/x",
        "//graph.microsoft.com/v1.0/x",
        "/v1.0/x",
        "::nope::",
        "https://[::1",
        "https://graph.microsoft.com:x/v1.0",
        "https://graph.microsoft.com/v1.0/x\r\nHost: evil.example",
        "",
        None,
        7,
        ["https://graph.microsoft.com/v1.0/x"],
    ],
)
def test_no_other_next_page_is_followed(link: object) -> None:
    told(read(MEMBERS, {"value": [], "@odata.count": 0, "@odata.nextLink": link}))


def test_a_page_is_not_its_own_next_one() -> None:
    link = "https://graph.microsoft.com/v1.0/x?$skiptoken=1"
    assert "itself" in told(read(MEMBERS, {"value": [USER], "@odata.nextLink": link}, page=link))


def test_only_the_first_page_has_to_count() -> None:
    assert "count" in told(read(MEMBERS, {"value": [USER]}))
    assert read(MEMBERS, {"value": [USER]}, page="https://graph.microsoft.com/v1.0/x").error is None


def test_one_persons_grant_never_turns_into_everybodys() -> None:
    listed = oauth2_permission_grants.grants_of_client("x", "C")
    assert read(listed, {"value": [GRANT]}).error is None
    without = {name: value for name, value in GRANT.items() if name != "principalId"}
    told(read(listed, {"value": [without]}))
    told(read(listed, {"value": [{**GRANT, "consentType": "AllPrincipals"}]}))


def test_what_was_not_asked_for_is_not_believed() -> None:
    assert "another clientId" in told(read(oauth2_permission_grants.grants_of_client("x", "other"), {"value": [GRANT]}))
    assert read(CREATE, GRANT, 201).error is None
    assert "another principalId" in told(read(CREATE, {**GRANT, "principalId": "v"}, 201))


def test_a_created_object_has_an_id_and_the_documented_status() -> None:
    told(read(CREATE, {**GRANT, "id": ""}, 201))
    assert "status 201 is what Graph answers" in told(read(CREATE, GRANT, 200))


def test_what_is_done_has_no_content() -> None:
    delete = oauth2_permission_grants.delete_grant("x", "g")
    assert READER.read(delete, 204, {}, None, alone=True).error is None
    told(read(delete, {"ok": True}, 204))
    told(READER.read(delete, 200, {"content-type": "text/html"}, NOT_JSON, alone=True))


@pytest.mark.parametrize(
    "body",
    [
        None,
        NOT_JSON,
        [],
        {},
        {"error": "x"},
        {"error": {"code": 404}},
        {"error": {"code": ""}},
        {"error": {"message": "m"}},
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 429, 503])
def test_an_error_that_graph_did_not_describe_says_nothing_about_the_tenant(status: int, body: object) -> None:
    answer = READER.read(MEMBERS, status, {}, body, alone=True)
    told(answer)
    assert answer.error is not None
    assert (answer.error.status, answer.error.http_status, answer.error.code) == (0, status, "")


def listed(*pages: dict[str, t.Any]) -> Listing:
    listing = Listing(MEMBERS)
    for page in pages:
        listing.add(Answer(200, page))
        READER.check_list(listing)
    return listing


def test_a_list_is_complete_with_as_many_as_graph_counts() -> None:
    link = "https://graph.microsoft.com/v1.0/x?$skiptoken="
    first = {"value": [USER, USER], "@odata.count": 3, "@odata.nextLink": f"{link}1"}
    assert listed(first, {"value": [USER]}).error is None
    cut = listed(first, {"value": []}).error
    assert isinstance(cut, IncompleteListError)
    assert "graph.microsoft.com counts 3 and gave 2" in cut.message


def test_pages_in_a_circle_end() -> None:
    one, two = (f"https://graph.microsoft.com/v1.0/x?$skiptoken={number}" for number in (1, 2))
    pages: list[dict[str, t.Any]] = [
        {"value": [], "@odata.count": 9, "@odata.nextLink": one},
        {"value": [], "@odata.nextLink": two},
    ]
    assert listed(*pages).error is None
    error = listed(*pages, {"value": [], "@odata.nextLink": one}).error
    assert error is not None
    assert "circle" in error.message


def test_empty_pages_end() -> None:
    pages: list[dict[str, t.Any]] = [
        {"value": [], "@odata.count": 9, "@odata.nextLink": f"https://graph.microsoft.com/v1.0/x?$skiptoken={number}"}
        for number in range(MOST_EMPTY_PAGES + 1)
    ]
    assert listed(*pages[:-1]).error is None
    error = listed(*pages).error
    assert error is not None
    assert "never end" in error.message


@given(st.binary(max_size=200))
def test_any_content_can_be_read(content: bytes) -> None:
    parse(content)


@pytest.mark.parametrize("content", [b"[" * 200_000, b"\xff\xfe", b"{", b"<html>", b"1" * 5000, b'"\\ud800"'])
def test_content_that_is_no_json_or_strange(content: bytes) -> None:
    answer = READER.read(MEMBERS, 200, JSON_TYPE, parse(content), alone=True)
    told(answer)
