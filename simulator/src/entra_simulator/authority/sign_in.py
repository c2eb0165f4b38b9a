# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in endpoints: discovery documents and the token endpoint for client credentials."""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.authority.assertions import Assertions
from entra_simulator.authority.refusals import SignInError, disabled, invalid_client, no_tenant
from entra_simulator.authority.tokens import BY_CERTIFICATE, BY_SECRET, CLOUD_HOSTS, Tokens
from entra_simulator.tenant.model import GRAPH_APP_ID, Identity
from entra_simulator.tenant.store import Store

SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})
METHODS = ["client_secret_post", "client_secret_basic", "private_key_jwt"]


@dataclass(frozen=True)
class Issued:
    """A token and the seconds that it lives."""

    token: str
    lifetime: int


class SignIn:
    """Answers of the authority for one tenant."""

    def __init__(self, tokens: Tokens, assertions: Assertions) -> None:
        self._tokens = tokens
        self._assertions = assertions

    def configuration(self, store: Store, name: str, base_url: str) -> Answer:
        """`/{tenant}/v2.0/.well-known/openid-configuration`."""
        if name.lower() not in SHARED_TENANTS and not _is_tenant(store, name):
            return self._refusal(store, no_tenant(name))
        tenant_id = "{tenantid}" if name.lower() in SHARED_TENANTS else store.tenant.id
        base = f"{base_url}/{store.tenant.id if _is_tenant(store, name) else name}"
        return Answer(
            200,
            {
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": METHODS,
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": f"{base_url}/{tenant_id}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
                "msgraph_host": base_url.partition("://")[2],
            },
        )

    def instance(self, base_url: str) -> Answer:
        """`/common/discovery/instance`."""
        host = base_url.partition("://")[2]
        return Answer(
            200,
            {
                "tenant_discovery_endpoint": f"{base_url}/common/v2.0/.well-known/openid-configuration",
                "api-version": "1.1",
                "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
            },
        )

    def keys(self, store: Store, name: str, base_url: str) -> Answer:
        """`/{tenant}/discovery/v2.0/keys`."""
        if name.lower() not in SHARED_TENANTS and not _is_tenant(store, name):
            return self._refusal(store, no_tenant(name))
        return Answer(200, self._tokens.jwks(f"{base_url}/{store.tenant.id}/v2.0"))

    async def token(
        self, store: Store, name: str, base_url: str, form: Mapping[str, str], authorization: str
    ) -> Answer:
        """`POST /{tenant}/oauth2/v2.0/token`."""
        try:
            identity = await self._authenticated(store, name, base_url, form, authorization)
            issued = self.issued(
                store,
                identity,
                proof=BY_CERTIFICATE if "client_assertion" in form else BY_SECRET,
                challengeable=_answers_challenges(form.get("claims", "")),
            )
        except SignInError as error:
            return self._refusal(store, error)
        return Answer(
            200,
            {
                "token_type": "Bearer",
                "expires_in": issued.lifetime,
                "ext_expires_in": issued.lifetime,
                "access_token": issued.token,
            },
            {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"},
        )

    def issued(
        self, store: Store, identity: Identity, *, proof: str = BY_CERTIFICATE, challengeable: bool = False
    ) -> Issued:
        """A token for an identity that has proved to be it. Raises `SignInError` for one that is disabled."""
        own = store.by_app_id.get(identity.client_id)
        if own is not None and not own.account_enabled:
            raise disabled(identity.client_id, identity.name)
        object_id = own.id if own else ids.derived_guid(store.tenant.id, "identity", identity.client_id)
        token = self._tokens.issue(store.tenant, identity, object_id, proof=proof, challengeable=challengeable)
        return Issued(token, self._tokens.lifetime)

    async def _authenticated(
        self, store: Store, name: str, base_url: str, form: Mapping[str, str], authorization: str
    ) -> Identity:
        if name.lower() in SHARED_TENANTS:
            raise SignInError(
                "invalid_request",
                50059,
                "No tenant-identifying information found in either the request or implied by any provided credentials.",
            )
        if not _is_tenant(store, name):
            raise no_tenant(name)
        if form.get("grant_type") != "client_credentials":
            raise SignInError(
                "unsupported_grant_type",
                70003,
                f"The app requested an unsupported grant type '{form.get('grant_type', '')}'.",
            )
        client_id, secret = _credentials(form, authorization)
        identity = store.identities.get(client_id.lower())
        if identity is None:
            raise SignInError(
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory "
                f"'{store.tenant.display_name}'. This can happen if the application has not been installed by the "
                "administrator of the tenant or consented to by any user in the tenant. You may have sent your "
                "authentication request to the wrong tenant.",
            )
        if "client_assertion" in form:
            await self._assertions.check(form, identity, _names_of_this(store, base_url))
        else:
            _check_secret(store, identity, secret)
        _check_scope(form.get("scope", ""), base_url)
        return identity

    def _refusal(self, store: Store, error: SignInError) -> Answer:
        trace_id, correlation_id = str(uuid.uuid4()), str(uuid.uuid4())
        timestamp = store.clock.now().strftime("%Y-%m-%d %H:%M:%SZ")
        said = f"AADSTS{error.code}: {error.sentence}" if error.code else error.sentence
        description = f"{said} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}"
        return Answer(
            error.status,
            {
                "error": error.error,
                "error_description": description,
                "error_codes": [error.code] if error.code else [],
                "timestamp": timestamp,
                "trace_id": trace_id,
                "correlation_id": correlation_id,
            },
        )


def _is_tenant(store: Store, name: str) -> bool:
    return name.lower() in (store.tenant.id, store.tenant.domain.lower())


def _names_of_this(store: Store, base_url: str) -> set[str]:
    """What an assertion may call the token endpoint: by tenant id or domain, or the authority's issuer."""
    tenants = (store.tenant.id, store.tenant.domain)
    return {f"{base_url}/{tenant}/{rest}" for tenant in tenants for rest in ("oauth2/v2.0/token", "v2.0")}


def _credentials(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    """Client id and secret from the body, or from a Basic header (where both are percent-encoded)."""
    if authorization.lower().startswith("basic "):
        try:
            plain = base64.b64decode(authorization[6:]).decode("utf-8")
        except ValueError:
            plain = ""
        client_id, _, secret = plain.partition(":")
        return unquote(client_id), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


def _check_secret(store: Store, identity: Identity, secret: str) -> None:
    if not secret:
        raise invalid_client(
            7000216,
            "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        )
    if not hmac.compare_digest(secret.encode("utf-8"), identity.secret.encode("utf-8")):
        raise invalid_client(
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{identity.client_id}'.",
        )
    if identity.secret_expires is not None and identity.secret_expires <= store.clock.now():
        raise invalid_client(
            7000222,
            f"The provided client secret keys for app '{identity.client_id}' are expired. Visit the Azure portal to "
            "create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials "
            "for added security: https://aka.ms/certCreds.",
        )


def _answers_challenges(claims: str) -> bool:
    """Whether the `claims` of a request say that the client can answer claims challenges. Raises `SignInError`."""
    if not claims:
        return False
    try:
        wanted = json.loads(claims)["access_token"]
        values = wanted.get("xms_cc", {}).get("values", [])
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise SignInError("invalid_request", 90100, "The parameter 'claims' is empty or not valid.") from error
    return any(str(value).lower() == "cp1" for value in values)


def is_graph(resource: str, base_url: str = "") -> bool:
    """Whether a resource is Graph: on any cloud's host, by its app id or at the simulator's own address."""
    return resource.rstrip("/").lower() in {*CLOUD_HOSTS, GRAPH_APP_ID, base_url} - {""}


def _check_scope(scope: str, base_url: str) -> None:
    """One resource's `.default`, and that resource must be Graph."""
    resource, separator, rest = scope.strip().rpartition("/.default")
    if not separator or rest or " " in scope.strip():
        raise SignInError(
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value "
            "with /.default suffixed to the resource identifier (application ID URI).",
        )
    if not is_graph(resource, base_url):
        raise SignInError(
            "invalid_scope",
            70011,
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
            f"'scope' is not valid. The scope {scope} is not valid.",
        )
