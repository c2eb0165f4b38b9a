# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: signed with a registered certificate, or tokens of a provider that the identity trusts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from entra_simulator.authority.federation import ForeignIssuerError, ProviderKeys, UnreachableError
from entra_simulator.authority.issuers import Issuers
from entra_simulator.authority.refusals import (
    SignInError,
    bad_signature,
    invalid_client,
    no_federated_credential,
    outside_its_time,
)
from entra_simulator.clock import Clock
from entra_simulator.tenant.certificates import Certificate
from entra_simulator.tenant.model import Identity

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "PS256"]


@dataclass(frozen=True)
class Assertion:
    """A JSON web token as it was sent: nothing of it is verified yet."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @classmethod
    def read(cls, text: str) -> Assertion:
        """Taken apart. Raises `SignInError`."""
        try:
            parts = jwt.decode_complete(text, options={"verify_signature": False})
        except jwt.InvalidTokenError as error:
            raise invalid_client(50027, "JWT token is invalid or malformed.") from error
        return cls(text, parts["header"], parts["payload"])

    def claim(self, name: str) -> str:
        """A claim as text; absent it is empty."""
        return str(self.claims.get(name, ""))

    @property
    def audiences(self) -> list[str]:
        """The audience, which may be one or several."""
        value = self.claims.get("aud", [])
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    def signed_by(self, key: rsa.RSAPublicKey | jwt.PyJWK) -> bool:
        """Whether the signature is this key's."""
        try:
            jwt.PyJWS().decode(self.text, key, algorithms=ALGORITHMS)
        except jwt.InvalidTokenError:
            return False
        return True


class Assertions:
    """Checks assertions by the simulator's clock."""

    def __init__(self, clock: Clock, issuers: Issuers, provider_keys: ProviderKeys) -> None:
        self._clock = clock
        self._issuers = issuers
        self._provider_keys = provider_keys

    async def check(self, form: Mapping[str, str], identity: Identity, audiences: set[str]) -> None:
        """Whether an assertion proves an identity. `audiences` name the token endpoint. Raises `SignInError`."""
        if form.get("client_assertion_type") != TYPE:
            raise SignInError(
                "invalid_request",
                900144,
                "The request body must contain the following parameter: 'client_assertion_type'.",
            )
        assertion = Assertion.read(form["client_assertion"])
        if assertion.claim("iss").lower() == identity.client_id:
            self._check_certificate(assertion, identity, audiences)
        else:
            await self._check_federated(assertion, identity)
        self._check_time(assertion)

    def _check_certificate(self, assertion: Assertion, identity: Identity, audiences: set[str]) -> None:
        thumbprint = str(assertion.header.get("x5t#S256") or assertion.header.get("x5t") or "").rstrip("=")
        if not thumbprint:
            raise invalid_client(
                5002723,
                "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId "
                "specified in token header.",
            )
        used = next((item for item in identity.certificates if thumbprint in item.thumbprints), None)
        if used is None:
            raise bad_signature(identity.client_id, thumbprint, "The key was not found.")
        key = used.x509.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or not assertion.signed_by(key):
            reason = f"Key was found, but use of the key to verify the signature failed., {_found(used)}"
            raise bad_signature(identity.client_id, thumbprint, reason)
        if not used.x509.not_valid_before_utc <= self._clock.now() < used.x509.not_valid_after_utc:
            raise bad_signature(identity.client_id, thumbprint, f"The key used is expired., {_found(used)}")
        if assertion.claim("sub").lower() != identity.client_id:
            raise invalid_client(
                700021,
                "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation "
                "at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .",
            )
        if not audiences & set(assertion.audiences):
            raise invalid_client(
                700023,
                "Client assertion audience claim does not match Realm issuer. Review the documentation at "
                "https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .",
            )
        if not assertion.claim("jti"):
            raise invalid_client(50027, "JWT token is invalid or malformed: it has no 'jti' claim.")

    async def _check_federated(self, assertion: Assertion, identity: Identity) -> None:
        issuer, subject = assertion.claim("iss"), assertion.claim("sub")
        trusted = [item for item in identity.federated_credentials if self._issuers.absolute(item.issuer) == issuer]
        if not trusted:
            raise no_federated_credential(700211, "issuer", issuer)
        trusted = [item for item in trusted if item.subject == subject]
        if not trusted:
            raise no_federated_credential(700213, "subject", subject)
        if not any(item.audience in assertion.audiences for item in trusted):
            raise no_federated_credential(700212, "audience", " ".join(assertion.audiences))
        try:
            keys = await self._provider_keys.of(issuer)
        except ForeignIssuerError as error:
            raise SignInError(
                "not_simulated",
                0,
                f"The simulator fetches keys over https from loopback only, and not from {error}.",
                501,
            ) from error
        except UnreachableError as error:
            raise SignInError("invalid_request", 50166, "Request to External OIDC endpoint failed.") from error
        key = keys.get(str(assertion.header.get("kid", "")))
        if key is None or not assertion.signed_by(key):
            raise invalid_client(50027, f"External ID token from issuer '{issuer}' failed signature verification.")

    def _check_time(self, assertion: Assertion) -> None:
        begin, end = (assertion.claims.get(name) for name in ("nbf", "exp"))
        now = self._clock.seconds()
        if not isinstance(end, int | float) or not isinstance(begin, int | float | None):
            raise invalid_client(50027, "JWT token is invalid or malformed: 'exp' and 'nbf' must be numbers.")
        # Entra allows clocks to differ by five minutes; the simulator has but one.
        if end <= now or (begin is not None and begin > now + 1):
            raise outside_its_time(now, begin, end)


def _found(certificate: Certificate) -> str:
    begin, end = certificate.x509.not_valid_before_utc, certificate.x509.not_valid_after_utc
    return f"Found key 'Start={begin:%m/%d/%Y %H:%M:%S}, End={end:%m/%d/%Y %H:%M:%S}'"
