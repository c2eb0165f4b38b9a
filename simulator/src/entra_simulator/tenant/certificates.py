# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that an identity may sign its assertions with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from entra_simulator.ids import base64url

VALID_DAYS = 365


@dataclass(frozen=True)
class Certificate:
    """A registered certificate. One that was made at start (`generated`) has its key, others don't."""

    x509: x509.Certificate
    key: rsa.RSAPrivateKey | None = field(default=None, repr=False)

    @property
    def generated(self) -> bool:
        """Whether the simulator made it."""
        return self.key is not None

    @property
    def pem(self) -> str:
        """The certificate as PEM, without a key."""
        return self.x509.public_bytes(Encoding.PEM).decode("ascii")

    @cached_property
    def thumbprints(self) -> frozenset[str]:
        """What `x5t` (SHA-1) and `x5t#S256` (SHA-256) of an assertion name it by."""
        return frozenset(base64url(self.x509.fingerprint(kind)) for kind in (hashes.SHA1(), hashes.SHA256()))

    def pem_file(self) -> bytes:
        """Key and certificate in one PEM file. Raises `ValueError` without a key."""
        plain = self._key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return plain + self.pem.encode("ascii")

    def pfx_file(self, password: str) -> bytes:
        """The same as PFX. Raises `ValueError` without a key."""
        encryption = BestAvailableEncryption(password.encode("utf-8"))
        return pkcs12.serialize_key_and_certificates(None, self._key(), self.x509, None, encryption)

    def _key(self) -> rsa.RSAPrivateKey:
        if self.key is None:
            raise ValueError("this certificate's key is elsewhere")
        return self.key


def read(pem: str) -> Certificate:
    """A certificate out of PEM. Raises `ValueError` for another text and for keys other than RSA."""
    certificate = x509.load_pem_x509_certificate(pem.encode("utf-8"))
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise ValueError("its key is not RSA")
    return Certificate(certificate)


def generate(name: str, now: datetime, valid_until: datetime | None) -> Certificate:
    """A self-signed certificate. Without an end it is valid for a year; an end may lie in the past."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    end = valid_until or now + timedelta(days=VALID_DAYS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, end) - timedelta(days=1))
        .not_valid_after(end)
    )
    return Certificate(builder.sign(key, hashes.SHA256()), key)
