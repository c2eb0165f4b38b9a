# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One credential for each sign-in source. PRIVATE to tenantops.entra. The only file that imports azure.identity."""

from __future__ import annotations

import os
import re
import time
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS
from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConnectionFailedError,
    EntraError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import bare_token, check_token
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in import advice, certificate
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.choice import PIPELINES_TOKEN, choose
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.claims import expiry
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.federation import GitHubToken, TokenFile
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.session import (
    SignInSession,
    explain_network_error,
    origin,
)

if t.TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from azure.core.credentials import AccessToken, TokenCredential

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

__all__ = ["TokenSource", "choose", "explain_network_error"]

# Seconds. A token is renewed this long before it ends, or in the middle of its life if that is short.
_EARLY = 300.0
# How long after a failed renewal a token that still holds is used without asking again.
_PATIENCE = 30.0
# What fits into a header: a token never holds anything else.
_TOKEN = re.compile(r"[!-~]+")
# az and pwsh take some seconds to start.
_COMMAND = 30


class TokenSource:
    """An azure-identity credential whose failures are one sentence each. It keeps its token while that is valid.

    :ivar source: the sign-in source, a value of ``auth`` other than ``auto``.
    """

    def __init__(self, connection: Connection, tls: ssl.SSLContext) -> None:
        self._connection = connection
        self.source = choose(connection)
        # A machine without a managed identity has nothing at that address, and no proxy leads to it.
        here = self.source == "managed_identity"
        self._session = SignInSession(tls, connect=2.0, tries=1, proxies=False) if here else SignInSession(tls)
        self._credential = _BUILDERS[self.source](connection, self._session)
        # By the scopes that they are for: a token, and when to renew it.
        self._kept: dict[tuple[str, ...], tuple[AccessToken, float]] = {}

    def get_token(self, *scopes: str, **options: t.Any) -> AccessToken:
        """As azure-identity's credentials have it; raises AuthenticationError or ConnectionFailedError.

        With ``claims``, which Graph asks for when a token no longer satisfies it, a new one is had in any case.
        """
        now = time.time()
        kept, renew = self._kept.get(scopes, (None, 0.0))
        if options.get("claims"):
            kept = None
        elif kept is not None and now < renew:
            return kept
        try:
            token = self._ask(*scopes, **options)
        except ConnectionFailedError:
            if kept is None or kept.expires_on < now + _PATIENCE:
                raise
            self._kept[scopes] = kept, now + _PATIENCE
            return kept
        self._connection.masker.learn(token.token)
        self._kept[scopes] = token, token.expires_on - min(_EARLY, (token.expires_on - now) / 2)
        return token

    def _ask(self, *scopes: str, **options: t.Any) -> AccessToken:
        self._session.begin()
        try:
            token = self._credential.get_token(*scopes, **options)
        except EntraError:
            raise
        # Whatever a library makes of an answer that is no sign-in's.
        except Exception as error:
            text = str(getattr(error, "message", "") or error)
            said = advice.said_by_entra(text) or advice.said_by_entra(self._session.said)
            if said:
                raise AuthenticationError(
                    f"Signing in to tenant {self._connection.tenant_id or '(none given)'} with {self.source} was "
                    f"refused: {said}."
                ) from error
            if self._session.failure:
                raise ConnectionFailedError(self._unreachable(self._session.failure)) from error
            status = getattr(getattr(error, "response", None), "status_code", None)
            told = advice.said_by_libraries(text, self._connection, self.source, status)
            raise AuthenticationError(f"Signing in with {self.source} failed: {told}.") from error
        if not isinstance(token.token, str) or not _TOKEN.fullmatch(token.token):
            raise AuthenticationError(
                f"Signing in with {self.source} failed: what came back holds no token; look for a proxy, a gateway or a "
                "log-in page on the way."
            )
        return token

    def _unreachable(self, failure: str) -> str:
        if self.source == "managed_identity":
            return (
                f"Signing in with managed_identity failed: {failure}; it works only on machines and services of Azure "
                "that have one."
            )
        at_login = failure.startswith(f"{origin(self._connection.authority)} ")
        endpoint = "The login endpoint" if at_login else "The token endpoint of the pipeline"
        return f"{endpoint} {failure} (signing in with {self.source})."


class _StaticToken:
    """A ready access token. If it does not tell its end, it is offered until Graph refuses it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._end = expiry(token)

    def get_token(self, *scopes: str, **options: t.Any) -> AccessToken:
        from azure.core.credentials import AccessToken

        if options.get("claims"):
            raise AuthenticationError(
                "Microsoft Graph no longer takes access_token and asks for a new sign-in (a claims challenge): "
                "give a new token, or a way to sign in."
            )
        if self._end is not None and self._end <= time.time():
            ended = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self._end))
            raise AuthenticationError(f"access_token has expired at {ended}: give a new one.")
        return AccessToken(self._token, self._end or int(time.time()) + 3600)


def _client_secret(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.identity import ClientSecretCredential

    return ClientSecretCredential(
        connection.tenant_id, connection.client_id, connection.client_secret, **_common(connection, session)
    )


def _client_certificate(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.identity import CertificateCredential

    return CertificateCredential(
        connection.tenant_id,
        connection.client_id,
        certificate_data=certificate.read(connection),
        **_common(connection, session),
    )


def _workload_identity(connection: Connection, session: SignInSession) -> TokenCredential:
    return _assertion(connection, session, TokenFile(str(connection.federated_token_file), connection.masker))


def _github_actions(connection: Connection, session: SignInSession) -> TokenCredential:
    audience = CLOUDS[connection.cloud].federated_audience
    return _assertion(connection, session, GitHubToken(session, audience, connection.masker))


def _assertion(connection: Connection, session: SignInSession, token: Callable[[], str]) -> TokenCredential:
    from azure.identity import ClientAssertionCredential

    return ClientAssertionCredential(connection.tenant_id, connection.client_id, token, **_common(connection, session))


def _azure_pipelines(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.identity import AzurePipelinesCredential

    token = bare_token(os.environ[PIPELINES_TOKEN])
    check_token(PIPELINES_TOKEN, token)
    return AzurePipelinesCredential(
        tenant_id=connection.tenant_id,
        client_id=connection.client_id,
        service_connection_id=connection.service_connection_id,
        system_access_token=token,
        **_common(connection, session),
    )


def _managed_identity(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(
        client_id=connection.client_id,
        transport=RequestsTransport(session=session.http, session_owner=False),
        # Azure's endpoint for machines answers 404 and 410 while it is being updated; where nobody answers, that is it.
        retry_total=2,
        retry_connect=0,
        retry_read=0,
        # In a pod with a federated token too, the one that was asked for is meant.
        _exclude_workload_identity_credential=True,
    )


def _azure_cli(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.identity import AzureCliCredential

    return AzureCliCredential(tenant_id=connection.tenant_id or "", process_timeout=_COMMAND)


def _azure_powershell(connection: Connection, session: SignInSession) -> TokenCredential:
    from azure.identity import AzurePowerShellCredential

    return AzurePowerShellCredential(tenant_id=connection.tenant_id or "", process_timeout=_COMMAND)


def _access_token(connection: Connection, session: SignInSession) -> TokenCredential:
    return _StaticToken(str(connection.access_token))


_BUILDERS: dict[str, Callable[[Connection, SignInSession], TokenCredential]] = {
    "client_secret": _client_secret,
    "client_certificate": _client_certificate,
    "workload_identity": _workload_identity,
    "github_actions": _github_actions,
    "azure_pipelines": _azure_pipelines,
    "managed_identity": _managed_identity,
    "azure_cli": _azure_cli,
    "azure_powershell": _azure_powershell,
    "access_token": _access_token,
}


def _common(connection: Connection, session: SignInSession) -> dict[str, t.Any]:
    from azure.core.pipeline.transport import RequestsTransport

    return {
        "authority": connection.authority,
        # Microsoft's public endpoint knows nothing of an authority of one's own.
        "disable_instance_discovery": not connection.authority_is_known,
        "transport": RequestsTransport(session=session.http, session_owner=False),
        # The session decides on second tries.
        "retry_total": 0,
    }
