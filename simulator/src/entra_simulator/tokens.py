# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: signed at sign-in, verified by Graph."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_simulator import ids
from entra_simulator.audit.log import Actor
from entra_simulator.clock import Clock
from entra_simulator.errors import GraphError
from entra_simulator.graph.call import Caller
from entra_simulator.model import GRAPH_APP_ID, Identity, Tenant, User

AUDIENCE = "https://graph.microsoft.com"
LIFETIME_SECONDS = 3599
COMMAND_LINE_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"  # Microsoft's app of this id in every tenant
KEPT = 1000  # verified tokens; the oldest go first
CLOUD_HOSTS = (
    "https://graph.microsoft.com",
    "https://graph.microsoft.us",
    "https://dod-graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
)


@dataclass(frozen=True)
class TokenError(Exception):
    """Why a token isn't accepted, in Graph's words."""

    message: str

    def as_graph_error(self) -> GraphError:
        """The 401."""
        challenge = f'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="{GRAPH_APP_ID}"'
        return GraphError(401, "InvalidAuthenticationToken", self.message, headers={"WWW-Authenticate": challenge})


class Tokens:
    """One signing key, made at start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = self._key.public_key()
        raw = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self._public = public
        self._verified: dict[str, dict[str, Any]] = {}
        self.key_id = _base64url(hashlib.sha256(raw).digest()[:20])

    def jwks(self, issuer: str) -> dict[str, Any]:
        """The public key as a JSON web key set."""
        numbers = self._public.public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.key_id,
            "x5t": self.key_id,
            "n": _base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": _base64url(numbers.e.to_bytes(3, "big")),
            "issuer": issuer,
        }
        return {"keys": [key]}

    def issue(self, tenant: Tenant, identity: Identity, object_id: str) -> str:
        """An app-only token for Graph. It carries the permissions held now; later changes need a new token."""
        return self._signed(
            tenant,
            object_id,
            {
                "app_displayname": identity.name,
                "appid": identity.client_id,
                "appidacr": "1",
                "idtyp": "app",
                "roles": list(identity.permissions),
            },
        )

    def issue_for_user(self, tenant: Tenant, user: User, permissions: Iterable[str]) -> str:
        """A delegated token for Graph: a user at Microsoft's own command line tools."""
        return self._signed(
            tenant,
            user.id,
            {
                "app_displayname": "Microsoft Graph Command Line Tools",
                "appid": COMMAND_LINE_TOOLS,
                "appidacr": "0",
                "idtyp": "user",
                "name": user.display_name,
                "scp": " ".join(permissions),
                "upn": user.user_principal_name,
            },
        )

    def verify(self, authorization: str, tenant: Tenant) -> Caller:
        """The caller of an Authorization header. Raises `TokenError`."""
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenError("Access token is empty.")
        claims = self._claims(token.strip())
        # The simulator's clock decides, with every request.
        if claims["exp"] <= self._clock.seconds():
            raise TokenError("Lifetime validation failed, the token is expired.")
        if claims["tid"] != tenant.id:
            raise TokenError("Access token validation failure. Invalid tenant.")
        if claims["idtyp"] == "user":
            actor = Actor(claims["oid"], None, claims["appid"], claims["upn"])
            return Caller(claims["appid"], frozenset(claims["scp"].split()), actor)
        actor = Actor(claims["oid"], claims["app_displayname"], claims["appid"])
        return Caller(claims["appid"], frozenset(claims["roles"]), actor)

    def _signed(self, tenant: Tenant, object_id: str, claims: dict[str, Any]) -> str:
        now = int(self._clock.seconds())
        every = {
            "aud": AUDIENCE,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
            "oid": object_id,
            "sub": object_id,
            "tid": tenant.id,
            "uti": _base64url(ids.new_guid().encode("ascii")[:16]),
            "ver": "1.0",
            **claims,
        }
        return jwt.encode(every, self._key, algorithm="RS256", headers={"kid": self.key_id})

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token of ours. Kept, for a client sends one token thousands of times."""
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._public,
                algorithms=["RS256"],
                audience=[AUDIENCE, GRAPH_APP_ID],
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidAudienceError as error:
            raise TokenError("Access token validation failure. Invalid audience.") from error
        except jwt.InvalidSignatureError as error:
            raise TokenError("Access token validation failure. Invalid signature.") from error
        except jwt.InvalidTokenError as error:
            raise TokenError("Access token validation failure. The token is not well formed.") from error
        if len(self._verified) >= KEPT:
            self._verified.pop(next(iter(self._verified)))
        self._verified[token] = claims
        return claims


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
