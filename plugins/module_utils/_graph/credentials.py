# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One credential for each sign-in source. PRIVATE to tenantops.entra. The only file that imports azure.identity."""

from __future__ import annotations

import os
import ssl
import time
import typing as t

import azure.identity as identity
import requests
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.credentials import TokenCredential

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

# What each source needs besides itself, and the option or variable that gives it.
_NEEDS: dict[str, tuple[str, ...]] = {
    "client_secret": ("tenant_id", "client_id", "client_secret"),
    "client_certificate": ("tenant_id", "client_id", "client_certificate_path"),
    "workload_identity": ("tenant_id", "client_id", "federated_token_file"),
    "managed_identity": (),
    "azure_cli": (),
    "access_token": ("access_token",),
}
# "auto" takes the first whose own option is given.
_AUTO = (
    ("access_token", "access_token"),
    ("client_secret", "client_secret"),
    ("client_certificate", "client_certificate_path"),
    ("workload_identity", "federated_token_file"),
)


class TokenSource:
    """An azure-identity credential whose failures are one sentence each. It keeps its token while that is valid."""

    def __init__(self, connection: Connection, tls: ssl.SSLContext) -> None:
        self._connection = connection
        self._source = choose(connection)
        self._credential = _BUILDERS[self._source](connection, tls)

    def get_token(self, *scopes: str, **options: t.Any) -> AccessToken:
        """As azure-identity's credentials have it; raises AuthenticationError or ConnectionFailedError."""
        try:
            return self._credential.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            # azure-identity wraps what the network did in the same class.
            if any(sign in str(error) for sign in _NETWORK_SIGNS):
                raise ConnectionFailedError(self._unreachable(error)) from error
            raise AuthenticationError(self._refused(error)) from error
        except AzureError as error:
            raise ConnectionFailedError(self._unreachable(error)) from error
        except ValueError as error:
            # Key files that can't be read are reported like this.
            raise AuthenticationError(f"Signing in with {self._source} failed: {_first_line(error)}.") from error

    def _refused(self, error: ClientAuthenticationError) -> str:
        text = _first_line(error).removeprefix("Authentication failed: ")
        if "Unable to get authority configuration" in text:
            text = f"{self._connection.authority} knows no such tenant"
        # The ids of the attempt stand behind the sentence; one of them is enough to find it in the sign-in logs.
        said, _ids, trace = text.partition(" Trace ID: ")
        told = said.rstrip(". ") + (f" (trace id {trace.split()[0]})" if trace else "")
        advice = next((hint for code, hint in _ADVICE.items() if code in text), None)
        return (
            f"Signing in to tenant {self._connection.tenant_id or '(none given)'} with {self._source} was refused: "
            f"{told}{f'; {advice}' if advice else ''}."
        )

    def _unreachable(self, error: AzureError) -> str:
        return (
            f"The login endpoint {self._connection.authority} could not be reached: "
            f"{explain_network_error(str(error))}."
        )


_NETWORK_SIGNS = ("Max retries exceeded", "HTTPSConnectionPool", "ConnectionError", "timed out", "ProxyError")
_ADVICE = {
    "AADSTS7000215": "check client_secret (the secret's value, not its id)",
    "AADSTS7000222": "the client secret has expired: create a new one",
    "AADSTS700016": "check client_id, and that the app registration is in this tenant",
    "knows no such tenant": "check tenant_id",
    "AADSTS90002": "check tenant_id",
    "AADSTS900023": "check tenant_id",
}


def choose(connection: Connection) -> str:
    """The sign-in source by ``auth`` or, with ``auto``, by what is given; raises ConfigurationError."""
    source = connection.auth
    if source == "auto":
        source = next((name for name, option in _AUTO if getattr(connection, option)), "")
        if not source:
            raise ConfigurationError(
                "No credentials given: set client_secret, client_certificate_path, federated_token_file or "
                "access_token (or AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE), "
                "or choose auth: managed_identity or azure_cli."
            )
    missing = [name for name in _NEEDS[source] if not getattr(connection, name)]
    if missing:
        variables = ", ".join(f"{name} (or AZURE_{name.upper()})" for name in missing if name != "access_token")
        raise ConfigurationError(f"Signing in with {source} also needs {variables or 'access_token'}.")
    return source


class _StaticToken:
    """A ready access token. Its end is unknown, so it is offered until Graph refuses it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: t.Any) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3600)


def _client_secret(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    return identity.ClientSecretCredential(
        connection.tenant_id, connection.client_id, connection.client_secret, **_common(connection, tls)
    )


def _client_certificate(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    path = str(connection.client_certificate_path)
    if not os.access(path, os.R_OK):
        raise ConfigurationError(f"client_certificate_path {path} cannot be read.")
    return identity.CertificateCredential(
        connection.tenant_id,
        connection.client_id,
        path,
        password=connection.client_certificate_password,
        **_common(connection, tls),
    )


def _workload_identity(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    path = str(connection.federated_token_file)
    if not os.access(path, os.R_OK):
        raise ConfigurationError(f"federated_token_file {path} cannot be read.")
    return identity.WorkloadIdentityCredential(
        tenant_id=connection.tenant_id,
        client_id=connection.client_id,
        token_file_path=path,
        **_common(connection, tls),
    )


def _managed_identity(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    return identity.ManagedIdentityCredential(client_id=connection.client_id)


def _azure_cli(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    return identity.AzureCliCredential(tenant_id=connection.tenant_id or "")


def _access_token(connection: Connection, tls: ssl.SSLContext) -> TokenCredential:
    return _StaticToken(str(connection.access_token))


_BUILDERS: dict[str, Callable[[Connection, ssl.SSLContext], TokenCredential]] = {
    "client_secret": _client_secret,
    "client_certificate": _client_certificate,
    "workload_identity": _workload_identity,
    "managed_identity": _managed_identity,
    "azure_cli": _azure_cli,
    "access_token": _access_token,
}


def _common(connection: Connection, tls: ssl.SSLContext) -> dict[str, t.Any]:
    return {
        "authority": connection.authority,
        # Microsoft's public endpoint knows nothing of an authority of one's own.
        "disable_instance_discovery": not connection.authority_is_known,
        "transport": RequestsTransport(session=_session(tls), session_owner=False),
        "retry_total": 2,
    }


class _TrustingAdapter(HTTPAdapter):
    """Makes requests use the same trust as the way to Graph: the usual authorities and those of ``ca_path``."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__()

    def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
        super().init_poolmanager(*args, **options, ssl_context=self._tls)

    def proxy_manager_for(self, proxy: str, **options: t.Any) -> t.Any:
        return super().proxy_manager_for(proxy, **options, ssl_context=self._tls)


def _session(tls: ssl.SSLContext) -> requests.Session:
    session = requests.Session()
    session.mount("https://", _TrustingAdapter(tls))
    return session


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")


def explain_network_error(text: str) -> str:
    """The cause in a few words, out of what the HTTP libraries print."""
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        return "its TLS certificate is not trusted; if a private authority issued it, give its certificate as ca_path"
    if "Connection refused" in text or "All connection attempts failed" in text:
        return "the connection was refused; check the address, the network and the proxy variables"
    if "Name or service not known" in text or "getaddrinfo" in text or "name resolution" in text:
        return "the host name is not known; check the address, the network and the proxy variables"
    if "timed out" in text.lower() or "timeout" in text.lower():
        return "it did not answer in time; check the network and the proxy variables"
    if "disconnected" in text or "Connection aborted" in text or "reset by peer" in text:
        return "it closed the connection without an answer; check the network and the proxy variables"
    return text.strip().splitlines()[0].rstrip(".") if text.strip() else "the connection broke"
