# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: signed at sign-in, verified by Graph."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

import jwt

from entra_simulator import ids
from entra_simulator.authority.keys import SigningKey
from entra_simulator.clock import Clock
from entra_simulator.errors import GraphError
from entra_simulator.tenant.audit.log import Actor
from entra_simulator.tenant.model import GRAPH_APP_ID, Identity, Tenant, User
from entra_simulator.tenant.permissions import Caller

AUDIENCE = "https://graph.microsoft.com"
LIFETIME_SECONDS = 3599
COMMAND_LINE_TOOLS = "14d82eec-204b-4c2f-b7e8-296a70dab67e"  # Microsoft's app of this id in every tenant
BY_SECRET, BY_CERTIFICATE = "1", "2"  # `appidacr`: how the client proved its identity; assertions count as certificates
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
    claims: dict[str, Any] | None = None  # what a new token must have, for clients that can answer a challenge

    def as_graph_error(self) -> GraphError:
        """The 401."""
        challenge = f'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="{GRAPH_APP_ID}"'
        if self.claims is not None:
            wanted = base64.b64encode(json.dumps(self.claims).encode("utf-8")).decode("ascii")
            challenge += f', error="insufficient_claims", claims="{wanted}"'
        return GraphError(401, "InvalidAuthenticationToken", self.message, headers={"WWW-Authenticate": challenge})


class Tokens:
    """One signing key, made at start. `lifetime` is in seconds."""

    def __init__(self, clock: Clock, lifetime: int = LIFETIME_SECONDS) -> None:
        self.lifetime = lifetime
        self._clock = clock
        self._key = SigningKey()
        self._verified: dict[str, dict[str, Any]] = {}
        # Once there was a claims challenge: the tokens issued since. Seconds would be too coarse to tell.
        self._unchallenged: set[str] | None = None
        self._challenged_at = 0

    def jwks(self, issuer: str) -> dict[str, Any]:
        """The public key as a JSON web key set."""
        return {"keys": [{**self._key.jwk(), "issuer": issuer}]}

    def challenge(self) -> None:
        """Refuse all tokens issued so far, as Graph does once something has happened to the account."""
        self._unchallenged = set()
        self._challenged_at = int(self._clock.seconds())

    def issue(self, tenant: Tenant, identity: Identity, object_id: str, *, proof: str, challengeable: bool) -> str:
        """An app-only token for Graph. It carries the permissions held now; later changes need a new token.

        `proof` is `BY_SECRET` or `BY_CERTIFICATE`; `challengeable`: the client can answer claims challenges.
        """
        return self._signed(
            tenant,
            object_id,
            {
                "app_displayname": identity.name,
                "appid": identity.client_id,
                "appidacr": proof,
                "idtyp": "app",
                "roles": list(identity.permissions),
                **({"xms_cc": ["cp1"]} if challengeable else {}),
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
        if self._unchallenged is not None and claims["uti"] not in self._unchallenged:
            self._refuse_challenged(claims)
        if claims["idtyp"] == "user":
            actor = Actor(claims["oid"], None, claims["appid"], claims["upn"])
            return Caller(claims["appid"], frozenset(claims["scp"].split()), actor)
        actor = Actor(claims["oid"], claims["app_displayname"], claims["appid"])
        return Caller(claims["appid"], frozenset(claims["roles"]), actor)

    def _signed(self, tenant: Tenant, object_id: str, claims: dict[str, Any]) -> str:
        now = int(self._clock.seconds())
        token_id = ids.base64url(ids.new_guid().encode("ascii")[:16])
        if self._unchallenged is not None:
            self._unchallenged.add(token_id)
        every = {
            "aud": AUDIENCE,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "oid": object_id,
            "sub": object_id,
            "tid": tenant.id,
            "uti": token_id,
            "ver": "1.0",
            **claims,
        }
        return self._key.signed(every)

    def _refuse_challenged(self, claims: dict[str, Any]) -> NoReturn:
        message = (
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
            "TokenIssuedBeforeRevocationTimestamp"
        )
        if "cp1" not in claims.get("xms_cc", []):
            raise TokenError(message)
        wanted = {"nbf": {"essential": True, "value": str(self._challenged_at)}}
        raise TokenError(message, {"access_token": wanted})

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token of ours. Kept, for a client sends one token thousands of times."""
        known = self._verified.get(token)
        if known is not None:
            return known
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public,
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
