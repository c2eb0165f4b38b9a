# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity providers other than Entra, played by the simulator: what workload identity federation trusts."""

from __future__ import annotations

import re
from typing import Any

from entra_simulator import ids
from entra_simulator.authority.keys import SigningKey
from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.tenant.model import TOKEN_EXCHANGE

PATH = "/_simulator/issuer"
LIFETIME_SECONDS = 300


class Issuers:
    """Providers by their names, each with a key of its own. One is there as soon as it is asked for."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}

    def absolute(self, issuer: str) -> str:
        """An issuer of a seed, where a path stands for one of this simulator."""
        return f"{self._url}{issuer}" if issuer.startswith("/") else issuer

    def configuration(self, name: str) -> dict[str, Any]:
        """`.well-known/openid-configuration`. Raises `SeedError` for a name that is none."""
        self._key(name)
        issuer = self._issuer(name)
        return {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def jwks(self, name: str) -> dict[str, Any]:
        """The provider's keys. Raises `SeedError` for a name that is none."""
        return {"keys": [self._key(name).jwk()]}

    def token(self, name: str, subject: str, audience: str, lifetime_seconds: int = LIFETIME_SECONDS) -> str:
        """A token of a provider; a negative lifetime makes one that has expired."""
        now = int(self._clock.seconds())
        begin = now if lifetime_seconds > 0 else now + lifetime_seconds - LIFETIME_SECONDS
        claims = {
            "iss": self._issuer(name),
            "sub": subject,
            "aud": audience,
            "iat": begin,
            "nbf": begin,
            "exp": now + lifetime_seconds,
            "jti": ids.new_guid(),
        }
        return self._key(name).signed(claims)

    def asked(self, name: str, body: object) -> dict[str, Any]:
        """The control request for a token. Raises `SeedError`."""
        section = Section(body, "issuer", {"subject", "audience", "expires_in"})
        seconds = section.raw("expires_in", LIFETIME_SECONDS)
        if not isinstance(seconds, int) or isinstance(seconds, bool):
            raise SeedError(section.at("expires_in"), "must be a whole number of seconds")
        return {"token": self.token(name, section.text("subject"), section.text("audience", TOKEN_EXCHANGE), seconds)}

    def _issuer(self, name: str) -> str:
        return f"{self._url}{PATH}/{name}"

    def _key(self, name: str) -> SigningKey:
        if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
            raise SeedError("issuer", f"'{name}' is no name: lower-case letters, digits and hyphens, at most 40")
        if name not in self._keys:
            self._keys[name] = SigningKey()
        return self._keys[name]
