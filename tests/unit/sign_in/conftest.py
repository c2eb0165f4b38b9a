# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest
import trustme

from ansible_collections.tenantops.entra.plugins.module_utils._graph import trust
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.credentials import TokenSource

from .effort import Effort
from .endpoints import CLIENT, SECRET, TENANT, Endpoint, Source, serve

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SIGN_IN = ("AZURE", "ACTIONS_", "SYSTEM_", "IDENTITY_", "IMDS_", "MSI_", "GITHUB_ACTIONS")
_NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests takes part."""
    for name in list(os.environ):
        if name.startswith(_SIGN_IN) or name.upper() in _NETWORK:
            monkeypatch.delenv(name)


@pytest.fixture
def effort(monkeypatch: pytest.MonkeyPatch) -> Effort:
    """Counts tries and pauses; none is waited for."""
    return Effort(monkeypatch)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_path(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def start(authority: trustme.CA) -> Iterator[Callable[..., Endpoint]]:
    """Starts an endpoint that answers as it is told; ``host`` and ``tls`` may be chosen."""
    endpoints: list[Endpoint] = []

    def begin(**options: t.Any) -> Endpoint:
        endpoints.append(serve(authority, **options))
        return endpoints[-1]

    yield begin
    for endpoint in endpoints:
        endpoint.stop()


@pytest.fixture
def source(ca_path: str) -> Source:
    """Makes a token source; by default for a client secret."""

    def make(endpoint: Endpoint | str = "https://login.example", **options: t.Any) -> TokenSource:
        url = endpoint.url if isinstance(endpoint, Endpoint) else endpoint
        app = {"tenant_id": TENANT, "client_id": CLIENT, "authority_host": url, "ca_path": ca_path}
        connection = Connection(**{**app, **(options or {"client_secret": SECRET})})
        return TokenSource(connection, trust.context(connection))

    return make
