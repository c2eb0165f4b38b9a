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


@pytest.mark.parametrize(
    ("key", "encoded"),
    [
        ("ada@contoso.example", "ada@contoso.example"),
        ("bob_fabrikam.example#EXT#@contoso.example", "bob_fabrikam.example%23EXT%23@contoso.example"),
        ("o'neil@contoso.example", "o%27neil@contoso.example"),
        ("a/b?c", "a%2Fb%3Fc"),
        ("$x@contoso.example", "('%24x@contoso.example')"),
    ],
)
def test_a_key_is_encoded_for_a_path(key: str, encoded: str) -> None:
    assert odata.segment(key) == encoded


def test_the_grant_id_of_a_documented_sample() -> None:
    client, resource = "ef969797-201d-4f6b-960c-e9ed5f31dab5", "943603e4-e787-4fe9-93d1-e30f749aae39"
    assert odata.grant_id(client, resource, None) == "l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk"
    assert len(odata.grant_id(client, resource, "5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10")) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [("943603e4-e787-4fe9-93d1-e30f749aae39", True), ("943603E4-E787-4FE9-93D1-E30F749AAE39", True), ("Jira", False)],
)
def test_what_is_a_guid(text: str, expected: bool) -> None:
    assert odata.is_guid(text) is expected
