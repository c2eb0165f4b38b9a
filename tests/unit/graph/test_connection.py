# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import credentials
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection


def given(**options: t.Any) -> Connection:
    return Connection(**options)


APP = {"tenant_id": "contoso.example", "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11"}


@pytest.mark.parametrize(
    ("cloud", "authority", "graph"),
    [
        ("public", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
        ("us_government", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
        ("us_government_dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
        ("china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_each_cloud_has_its_endpoints(cloud: str, authority: str, graph: str) -> None:
    connection = given(cloud=cloud)
    assert (connection.authority, connection.graph_root) == (authority, f"{graph}/v1.0")
    assert connection.token_scope == f"{graph}/.default"
    assert connection.authority_is_known


def test_an_authority_of_ones_own_is_not_looked_up_at_microsoft() -> None:
    connection = given(authority_host="login.contoso.example")
    assert connection.authority == "https://login.contoso.example"
    assert not connection.authority_is_known


@pytest.mark.parametrize("option", ["authority_host", "graph_url"])
def test_plain_http_is_refused(option: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{option} must be an https URL"):
        given(**{option: "http://127.0.0.1:8080"})


@pytest.mark.parametrize("address", ["::1", "[::1]", "https://[::1]", "https://[::1]/"])
def test_an_address_of_ipv6_may_come_with_brackets_or_without(address: str) -> None:
    connection = given(authority_host=address, graph_url=address)
    assert (connection.authority, connection.graph_root) == ("https://[::1]", "https://[::1]/v1.0")
    assert not connection.authority_is_known


@pytest.mark.parametrize("option", ["authority_host", "graph_url"])
@pytest.mark.parametrize("address", ["https://", "https://[::1", "https://login.example:port", "https:///path"])
def test_an_address_without_a_host_is_refused(option: str, address: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{option} .* is no URL with a host\.$"):
        given(**{option: address})


@pytest.mark.parametrize("tenant", ["contoso.example", "9B0F8C1E-0000-4000-8000-000000000001"])
def test_a_tenant_is_an_id_or_a_domain(tenant: str) -> None:
    assert given(tenant_id=tenant).tenant_id == tenant
    for wrong in (f"{tenant}/", f"https://{tenant}", "Contoso Ltd"):
        with pytest.raises(ConfigurationError, match="tenant_id must be the tenant's id or one of its domains"):
            given(tenant_id=wrong)


def test_secrets_are_not_in_the_repr() -> None:
    names = ("client_secret", "access_token", "client_certificate", "client_certificate_password")
    secrets = {name: f"s3cret-{place}" for place, name in enumerate(names)}
    assert "s3cret" not in repr(given(**secrets))


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({**APP, "client_secret": "x"}, "client_secret"),
        ({**APP, "client_certificate_path": "app.pem"}, "client_certificate"),
        ({**APP, "federated_token_file": "token"}, "workload_identity"),
        ({"access_token": "x"}, "access_token"),
        ({"auth": "access_token", "access_token": "x", **APP, "client_secret": "x"}, "access_token"),
        ({"auth": "managed_identity"}, "managed_identity"),
        ({"auth": "azure_cli"}, "azure_cli"),
        ({"auth": "azure_powershell"}, "azure_powershell"),
    ],
)
def test_the_source_follows_from_what_is_given(options: dict[str, str], source: str) -> None:
    assert credentials.choose(given(**options)) == source


def test_without_credentials_the_choices_are_named() -> None:
    with pytest.raises(ConfigurationError, match="No credentials given: set client_secret"):
        credentials.choose(given(**APP))


def test_what_is_missing_is_named_with_its_variable() -> None:
    with pytest.raises(ConfigurationError, match=r"also needs tenant_id \(or AZURE_TENANT_ID\)"):
        credentials.choose(given(client_id="x", client_secret="x"))


@pytest.mark.parametrize(
    ("auth", "option"),
    [("client_certificate", "client_certificate_path"), ("workload_identity", "federated_token_file")],
)
def test_an_unreadable_file_is_named(auth: str, option: str) -> None:
    connection = given(**APP, auth=auth, **{option: "/nowhere/file"})
    with pytest.raises(ConfigurationError, match=f"{option} /nowhere/file cannot be read"):
        credentials.TokenSource(connection, ssl.create_default_context())
