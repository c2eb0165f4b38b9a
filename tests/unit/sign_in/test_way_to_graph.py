# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign-in and Graph share trust, proxies and addresses."""

from __future__ import annotations

import asyncio
import ssl
import typing as t

import certifi
import pytest
from requests.adapters import HTTPAdapter

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError, ConnectionFailedError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import trust
from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import organization
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.session import SignInSession

from .endpoints import CLIENT, SECRET, TENANT, Asked, Endpoint, Reply, Start, entra, proxy


def read_organization(endpoint: Endpoint, ca_path: str | None) -> t.Any:
    """Signs in and asks Graph, at the same endpoint."""
    connection = Connection(
        tenant_id=TENANT,
        client_id=CLIENT,
        client_secret=SECRET,
        authority_host=endpoint.url,
        graph_url=endpoint.url,
        ca_path=ca_path,
    )

    async def ask() -> t.Any:
        async with GraphClient(connection) as client:
            answers = [await client.send(organization.tenant()) for _ in range(3)]
            return answers[-1].body

    return asyncio.run(ask())


def graph(endpoint: Endpoint) -> None:
    def organization(asked: Asked) -> Reply:
        return (200, {"value": []}) if asked.headers["authorization"] == "Bearer token-1" else (401, {})

    entra(endpoint)
    endpoint.answers["/v1.0/organization"] = organization


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_one_token_serves_all_requests_of_a_run(host: str, start: Start, ca_path: str) -> None:
    endpoint = start(host=host)
    graph(endpoint)
    assert read_organization(endpoint, ca_path) == {"value": []}
    assert (len(endpoint.of("/token")), len(endpoint.of("/organization"))) == (1, 3)


def test_both_go_through_a_proxy_with_its_credentials(
    start: Start, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start()
    graph(endpoint)
    between = proxy("me:p@ss word")
    try:
        monkeypatch.setenv("HTTPS_PROXY", between.url.replace("//", "//me:p%40ss%20word@"))
        assert read_organization(endpoint, ca_path) == {"value": []}
        assert {asked.path for asked in between.asked} == {endpoint.url.removeprefix("https://")}
        assert len(between.asked) >= 2
    finally:
        between.stop()


def test_graph_behind_a_proxy_that_wants_credentials_is_told(
    start: Start, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start()
    between = proxy("me:right")
    try:
        monkeypatch.setenv("HTTPS_PROXY", between.url.replace("//", "//me:s3cret@"))
        connection = Connection(access_token="x", graph_url=endpoint.url, ca_path=ca_path)

        async def ask() -> None:
            async with GraphClient(connection) as client:
                await client.send(organization.tenant())

        with pytest.raises(ConnectionFailedError, match=r"Microsoft Graph at .* the proxy wants credentials") as caught:
            asyncio.run(ask())
        assert "s3cret" not in caught.value.message
    finally:
        between.stop()


PROXIES = {
    "a special character": "http://me:s3/cret@proxy.example:3128",
    "a hash": "http://me:s3#cret@proxy.example:3128",
    "no port": "http://me:s3cret@proxy.example:port",
    "no host": "http://",
    "another kind": "socks5://me:s3cret@proxy.example:1080",
}


@pytest.mark.parametrize("address", PROXIES.values(), ids=PROXIES)
def test_an_address_that_is_no_proxy_is_told_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", address)
    with pytest.raises(ConfigurationError, match=r"^https_proxy (is no address of a proxy|names a proxy)") as caught:
        Connection.from_options(dict.fromkeys(Connection.__slots__))
    assert "s3" not in caught.value.message


@pytest.mark.parametrize("address", ["http://proxy.example:3128", "proxy.example:3128", "https://me:a%2Fb@[::1]:3128/"])
def test_addresses_of_proxies_are_taken(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    assert Connection.from_options(dict.fromkeys(Connection.__slots__)) == Connection()


def test_a_proxy_reached_over_tls_is_trusted_by_the_same_authorities() -> None:
    tls = ssl.create_default_context()
    adapter = SignInSession(tls).http.get_adapter("https://login.example")
    assert isinstance(adapter, HTTPAdapter)
    manager = adapter.proxy_manager_for("https://proxy.example:3128")
    assert manager.proxy_config.ssl_context is tls
    assert manager.connection_pool_kw["ssl_context"] is tls


def test_authorities_are_read_once_for_all_connections(
    start: Start, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in, others = start(), start()
    graph(sign_in)
    read: list[str] = []
    load, load_usual = ssl.SSLContext.load_verify_locations, ssl.SSLContext.load_default_certs

    def watched(context: ssl.SSLContext, cafile: str | None = None, *args: t.Any, **options: t.Any) -> None:
        read.append(str(cafile))
        load(context, cafile, *args, **options)

    def watched_usual(context: ssl.SSLContext, *args: t.Any) -> None:
        read.append("usual")
        load_usual(context, *args)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", watched)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", watched_usual)
    assert read_organization(sign_in, ca_path) == {"value": []}
    assert read == ["usual", certifi.where(), ca_path]
    # Each connection anew is what requests does.
    session = SignInSession(trust.context(Connection(ca_path=ca_path)))
    del read[:]
    for endpoint in (sign_in, others):
        session.http.get(endpoint.url)
    assert (read, len(others.asked)) == ([], 1)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_a_variable_names_counts_for_both(
    variable: str, start: Start, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start()
    graph(endpoint)
    with pytest.raises(ConnectionFailedError, match="its TLS certificate is not trusted"):
        read_organization(endpoint, None)
    monkeypatch.setenv(variable, ca_path)
    assert read_organization(endpoint, None) == {"value": []}


def test_a_bundle_that_is_none_is_told_by_its_variable(ca_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"{ca_path}.none")
    with pytest.raises(ConfigurationError, match=r"^REQUESTS_CA_BUNDLE .*none can't be read: No such file"):
        SignInSession(ssl.create_default_context()).http.close()
    assert SignInSession(ssl.create_default_context(), proxies=False).http.trust_env is False
