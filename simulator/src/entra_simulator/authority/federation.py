# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of identity providers, fetched from where their tokens say they come from; loopback only."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

import jwt

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_SECONDS = 60
MOST_BYTES = 1_000_000


class ForeignIssuerError(Exception):
    """The provider isn't on this machine, and the simulator contacts no other."""


class UnreachableError(Exception):
    """The provider's documents can't be had."""


class ProviderKeys:
    """Fetches keys over TLS; trusted are the simulator's own authority and the machine's usual ones."""

    def __init__(self, ca_pem: str) -> None:
        self._tls = ssl.create_default_context()
        if ca_pem:
            self._tls.load_verify_locations(cadata=ca_pem)

    async def of(self, issuer: str) -> dict[str, jwt.PyJWK]:
        """The keys of an issuer, by their ids. Raises `ForeignIssuerError` and `UnreachableError`."""
        # In a thread: the issuer may be this very server, which has to go on answering.
        return await asyncio.to_thread(self._keys, issuer)

    def _keys(self, issuer: str) -> dict[str, jwt.PyJWK]:
        configuration = self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if configuration.get("issuer") != issuer:
            raise UnreachableError(f"it calls itself {configuration.get('issuer')}")
        try:
            keys = jwt.PyJWKSet.from_dict(self._document(str(configuration.get("jwks_uri"))))
        except (jwt.PyJWTError, AttributeError, TypeError) as error:
            raise UnreachableError("its keys can't be read") from error
        return {key.key_id: key for key in keys.keys if key.key_id}

    def _document(self, url: str) -> dict[str, Any]:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.hostname not in LOOPBACK:
            raise ForeignIssuerError(url)
        # Neither redirects nor proxies: both could lead off this machine.
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS, context=self._tls)
        try:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            body = json.loads(answer.read(MOST_BYTES))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnreachableError(str(error)) from error
        finally:
            connection.close()
        if answer.status != 200 or not isinstance(body, dict):
            raise UnreachableError(f"it answered {answer.status}")
        return body
