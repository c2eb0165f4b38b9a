# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ForeignAnswerError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import people

READER = AnswerReader("https://graph.microsoft.com/v1.0")
REQUEST = people.users_named(["ada@contoso.example"])


def refused(status: int, code: str, message: object = "Why.", **inner: str) -> GraphError:
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    error = READER.read(REQUEST, status, {"request-id": "from-header"}, body).error
    assert error is not None
    return error


def test_the_url_is_encoded_as_graph_reads_it() -> None:
    url = people.groups_named(["R&D's #1 + more", "$x"]).url
    assert (
        url
        == "/groups?$filter=displayName%20in%20('R%26D''s%20%231%20%2B%20more','$x')&$select=id,displayName,visibility"
    )


def test_a_403_names_the_permission_that_is_missing_least_first() -> None:
    error = refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    assert "User.ReadBasic.All or User.Read.All" in error.message
    assert error.facts()["missing_permission"][0] == "User.ReadBasic.All"


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "access token was not accepted"), (429, "throttling"), (503, "run again later")],
)
def test_what_to_do_is_part_of_the_sentence(status: int, advice: str) -> None:
    assert advice in refused(status, "Whatever").message


def test_the_message_is_one_sentence_with_subject_reason_and_code() -> None:
    assert refused(400, "Request_BadRequest").message == (
        "Could not read the user ada@contoso.example: Graph answered 400 Request_BadRequest: Why."
    )


def test_a_message_object_is_read() -> None:
    assert refused(400, "X", {"lang": "en", "value": "Told you."}).graph_message == "Told you."


def test_the_request_id_comes_from_the_body_or_the_header() -> None:
    assert refused(400, "X", "m", **{"request-id": "from-body"}).request_id == "from-body"
    assert refused(400, "X").request_id == "from-header"


def test_an_error_that_is_not_described_as_graph_does_is_not_graphs() -> None:
    answer = READER.read(REQUEST, 502, {"content-type": "text/html; charset=utf-8"}, None)
    with pytest.raises(ForeignAnswerError, match=r"graph\.microsoft\.com answered 502 with text/html, which is not"):
        answer.get()


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("-1", 0.0), ("soon", None)])
def test_retry_after_is_read_in_seconds(header: str, seconds: float | None) -> None:
    error = READER.read(REQUEST, 429, {"retry-after": header}, None).error
    assert error is not None
    assert error.retry_after == seconds
