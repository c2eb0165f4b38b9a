# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata


def test_an_apostrophe_is_doubled_in_a_filter() -> None:
    assert odata.equals(displayName="Jira's users") == "displayName eq 'Jira''s users'"


def test_filters_are_joined_with_and() -> None:
    assert odata.equals(clientId="a", principalId="b") == "clientId eq 'a' and principalId eq 'b'"


def test_one_of_quotes_each_value() -> None:
    assert odata.one_of("appId", ["a", "o'b"]) == "appId in ('a','o''b')"


def test_guids_of_assignments_are_not_quoted() -> None:
    assert odata.equals_guid("resourceId", "943603e4-e787-4fe9-93d1-e30f749aae39") == (
        "resourceId eq 943603e4-e787-4fe9-93d1-e30f749aae39"
    )


def test_an_id_is_encoded_for_a_path() -> None:
    assert odata.segment("-a_b/c?d") == "-a_b%2Fc%3Fd"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("943603e4-e787-4fe9-93d1-e30f749aae39", True), ("943603E4-E787-4FE9-93D1-E30F749AAE39", True), ("Jira", False)],
)
def test_what_is_a_guid(text: str, expected: bool) -> None:
    assert odata.is_guid(text) is expected
