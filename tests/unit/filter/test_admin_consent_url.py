# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter.admin_consent_url import FilterModule
from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS

APP = "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11"
REDIRECT = "https://app.contoso.example/consented"
RFC_3986 = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2}")


def link(client_id: object = APP, scopes: object = ("openid", "User.Read"), **more: t.Any) -> str:
    return FilterModule().filters()["admin_consent_url"](client_id, scopes, **{"redirect_uri": REDIRECT, **more})


def parameters(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)


def refusal(*arguments: t.Any, **more: t.Any) -> str:
    with pytest.raises(AnsibleFilterError) as caught:
        link(*arguments, **more)
    return str(caught.value)


def test_link_carries_all_parameters_and_nothing_else() -> None:
    assert parameters(link(state="ticket 4711 & more")) == {
        "client_id": [APP],
        "state": ["ticket 4711 & more"],
        "redirect_uri": [REDIRECT],
        "scope": ["openid User.Read"],
    }


def test_link_is_written_with_percent_encoding_only() -> None:
    assert link(state="a+b ü/ß?") == (
        "https://login.microsoftonline.com/organizations/v2.0/adminconsent"
        f"?client_id={APP}&state=a%2Bb%20%C3%BC%2F%C3%9F%3F"
        "&redirect_uri=https%3A%2F%2Fapp.contoso.example%2Fconsented&scope=openid%20User.Read"
    )


@pytest.mark.parametrize("state", ["no", "100 %", "a&scope=Mail.Read", "#'\"<>\\^`{|}", "漢字"])
def test_link_has_only_characters_of_rfc_3986_and_gives_the_state_back(state: str) -> None:
    url = link(state=state, scopes=["https://graph.microsoft.com/.default"])
    assert RFC_3986.sub("", url) == ""
    assert parameters(url)["state"] == [state]
    assert parameters(url)["scope"] == ["https://graph.microsoft.com/.default"]


@pytest.mark.parametrize("state", [None, ""])
def test_state_that_is_not_given_is_left_out(state: str | None) -> None:
    assert "state" not in parameters(link(state=state))


def test_scopes_keep_their_order_and_appear_once() -> None:
    url = link(scopes=["profile", "openid", "profile", "User.Read"])
    assert parameters(url)["scope"] == ["profile openid User.Read"]


def test_client_id_is_written_in_lower_case() -> None:
    assert parameters(link(APP.upper()))["client_id"] == [APP]


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("public", "login.microsoftonline.com"),
        ("us_government", "login.microsoftonline.us"),
        ("us_government_dod", "login.microsoftonline.us"),
        ("china", "login.chinacloudapi.cn"),
    ],
)
def test_every_cloud_has_its_sign_in_host(cloud: str, host: str) -> None:
    assert urlsplit(link(cloud=cloud)).netloc == host


def test_no_cloud_is_left_out_of_these_tests() -> None:
    assert list(CLOUDS) == ["public", "us_government", "us_government_dod", "china"]


@pytest.mark.parametrize(
    ("authority_host", "host"),
    [
        ("login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn"),
        ("https://login.contoso.example/", "login.contoso.example"),
        ("https://localhost:8443", "localhost:8443"),
        ("", "login.chinacloudapi.cn"),
        (None, "login.chinacloudapi.cn"),
    ],
)
def test_authority_host_goes_before_the_cloud(authority_host: str | None, host: str) -> None:
    assert urlsplit(link(cloud="china", authority_host=authority_host)).netloc == host


@pytest.mark.parametrize("tenant", ["organizations", "contoso.example", "0F4E1E7A-3C5B-4F0D-9B1A-7D2C6E8F9A01"])
def test_tenant_stands_in_the_path(tenant: str) -> None:
    assert urlsplit(link(tenant=tenant)).path == f"/{tenant}/v2.0/adminconsent"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://app.contoso.example:8443/a/b?c=d&e=%20",
        "http://localhost",
        "http://localhost:5000/consented",
        "http://127.0.0.1/consented",
        "http://[::1]:5000/",
    ],
)
def test_redirect_uri_is_carried_character_by_character(redirect_uri: str) -> None:
    assert parameters(link(redirect_uri=redirect_uri))["redirect_uri"] == [redirect_uri]


@pytest.mark.parametrize(
    ("client_id", "said"),
    [
        ("teams", "'teams'"),
        (f"{{{APP}}}", f"'{{{APP}}}'"),
        (APP[:-1], f"'{APP[:-1]}'"),
        (f"{APP}\n", f"'{APP}[U+000A]'"),
        (None, "null"),
        (5, "5"),
        ([APP], "a list"),
    ],
)
def test_client_id_must_be_a_guid(client_id: object, said: str) -> None:
    assert refusal(client_id) == (
        f"The client id must be a GUID such as 00000003-0000-0000-c000-000000000000, not {said}."
    )


@pytest.mark.parametrize(
    ("scopes", "message"),
    [
        ([], "The scopes are empty: an admin consent link needs at least one scope."),
        (None, "The scopes must be a list of names, not null."),
        ("openid profile", "The scopes must be a list of names, not 'openid profile'."),
        ({"openid": True}, "The scopes must be a list of names, not a mapping."),
    ],
)
def test_scopes_must_be_a_filled_list(scopes: object, message: str) -> None:
    assert refusal(scopes=scopes) == message


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("openid profile", "'openid profile'"),
        ("openid,profile", "'openid,profile'"),
        ("openid\t", "'openid[U+0009]'"),
        ("", "''"),
        ("Größe.Read", "'Größe.Read'"),
        (None, "null"),
        (True, "true"),
        (["openid"], "a list"),
    ],
)
def test_each_scope_must_be_one_name(scope: object, said: str) -> None:
    assert refusal(scopes=["User.Read", scope]) == (
        f"scopes[1] must be the name of one scope, without blanks and commas, not {said}."
    )


@pytest.mark.parametrize("tenant", ["common", "consumers"])
def test_tenants_without_admin_consent_are_refused(tenant: str) -> None:
    assert refusal(tenant=tenant) == (
        f"The tenant cannot be '{tenant}' in an admin consent link: give the tenant's id or domain, "
        "or 'organizations' to let the administrator's sign-in decide."
    )


@pytest.mark.parametrize(
    ("tenant", "said"),
    [
        ("contoso", "'contoso'"),
        ("contoso.example/evil", "'contoso.example/evil'"),
        ("", "''"),
        (" contoso.example", "' contoso.example'"),
        ("contoso.example\n", "'contoso.example[U+000A]'"),
        (None, "null"),
    ],
)
def test_tenant_must_be_an_id_or_a_domain(tenant: object, said: str) -> None:
    assert refusal(tenant=tenant) == (f"The tenant must be a tenant's id, its domain or 'organizations', not {said}.")


@pytest.mark.parametrize(
    ("redirect_uri", "said"),
    [
        ("http://app.contoso.example/consented", "'http://app.contoso.example/consented'"),
        ("http://localhost.contoso.example/", "'http://localhost.contoso.example/'"),
        ("app.contoso.example/consented", "'app.contoso.example/consented'"),
        ("https:///consented", "'https:///consented'"),
        ("https://app.contoso.example/#done", "'https://app.contoso.example/#done'"),
        ("https://app.contoso.example/#", "'https://app.contoso.example/#'"),
        ("https://user@app.contoso.example/", "'https://user@app.contoso.example/'"),
        ("https://app.contoso.example:port/", "'https://app.contoso.example:port/'"),
        ("https://[app/", "'https://[app/'"),
        ("https://app.contoso.example/a b", "'https://app.contoso.example/a b'"),
        ("msal://auth", "'msal://auth'"),
        ("", "''"),
        (False, "false"),
    ],
)
def test_redirect_uri_must_be_an_https_url(redirect_uri: object, said: str) -> None:
    assert refusal(redirect_uri=redirect_uri) == (
        f"The redirect_uri must be an https URL without a fragment, not {said}."
    )


def test_redirect_uri_is_needed() -> None:
    assert refusal(redirect_uri=None) == (
        "An admin consent link needs the redirect_uri, one of those the app has registered."
    )


@pytest.mark.parametrize(("state", "said"), [(False, "false"), (4711, "4711"), ({"a": 1}, "a mapping")])
def test_state_must_be_text(state: object, said: str) -> None:
    assert refusal(state=state) == f"The state must be text, not {said}: put it in quotes."


@pytest.mark.parametrize(
    ("cloud", "said"),
    [
        ("chine", "'chine' (did you mean 'china'?)"),
        ("US Government", "'US Government' (did you mean 'us_government'?)"),
        ("moon", "'moon'"),
        (None, "'null'"),
    ],
)
def test_unknown_cloud_is_refused_with_the_near_miss(cloud: object, said: str) -> None:
    assert refusal(cloud=cloud) == (
        f"Unknown cloud {said}: choose from public, us_government, us_government_dod and china."
    )


@pytest.mark.parametrize(
    "authority_host",
    ["http://localhost:8443", "login.contoso.example/tenant", "login.contoso.example?x", "a b", "https://"],
)
def test_authority_host_must_be_a_host(authority_host: str) -> None:
    assert refusal(authority_host=authority_host) == (
        "The authority_host must be the name of a sign-in host such as login.microsoftonline.com, "
        f"not '{authority_host}'."
    )
