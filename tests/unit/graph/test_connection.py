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


def test_secrets_are_not_in_the_repr() -> None:
    secrets = {"client_secret": "s3cret-1", "access_token": "s3cret-2", "client_certificate_password": "s3cret-3"}
    assert "s3cret" not in repr(given(**secrets))


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({**APP, "client_secret": "x"}, "client_secret"),
        ({**APP, "client_certificate_path": "app.pem"}, "client_certificate"),
        ({**APP, "federated_token_file": "token"}, "workload_identity"),
        ({"access_token": "x", **APP, "client_secret": "x"}, "access_token"),
        ({"auth": "managed_identity"}, "managed_identity"),
        ({"auth": "azure_cli"}, "azure_cli"),
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
