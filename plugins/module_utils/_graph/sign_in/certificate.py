# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client certificate with its private key, whatever form it comes in. PRIVATE to tenantops.entra.

What is wrong with it is told before anything is sent. Nothing of it is written to a file. The only file that imports
cryptography.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError

if t.TYPE_CHECKING:
    from cryptography import x509

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

    Parts: t.TypeAlias = tuple[t.Any, list[x509.Certificate]]

# How far this machine's clock may be behind.
_CLOCKS_DIFFER = datetime.timedelta(minutes=5)


def read(connection: Connection, now: datetime.datetime | None = None) -> bytes:
    """The certificate and its key as PEM, the certificate first and without encryption; raises ConfigurationError.

    :param now: when it has to be valid; now, by default.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    where, data = _given(connection)
    if b"-----BEGIN" in data:
        connection.masker.learn(data.decode("ascii", "replace"))
    password = (connection.client_certificate_password or "").encode() or None
    key, certificates = (_pem if b"-----BEGIN" in data else _pfx)(where, data, password)
    if not isinstance(key, RSAPrivateKey):
        raise ConfigurationError(f"{where} has no RSA key, which is what Entra ID takes.")
    own = next((one for one in certificates if one.public_key() == key.public_key()), None)
    if own is None:
        found = "a certificate of another key" if certificates else "a private key without its certificate"
        raise ConfigurationError(f"{where} holds {found}: give the certificate and its private key together.")
    _check_dates(where, own, now or datetime.datetime.now(datetime.UTC))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    connection.masker.learn(secret.decode("ascii"))
    return own.public_bytes(Encoding.PEM) + secret


def _given(connection: Connection) -> tuple[str, bytes]:
    """What to call the certificate in messages, and its bytes."""
    text = connection.client_certificate
    if text is None:
        where = f"client_certificate_path {connection.client_certificate_path}"
        try:
            with open(str(connection.client_certificate_path), "rb") as file:
                return where, file.read()
        except OSError as error:
            raise ConfigurationError(f"{where} cannot be read: {error.strerror}.") from error
    if "-----BEGIN" in text:
        return "client_certificate", text.encode()
    try:
        return "client_certificate", base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError("client_certificate is neither PEM nor the base64 form of a PFX file.") from error


def _pem(where: str, data: bytes, password: bytes | None) -> Parts:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        certificates = x509.load_pem_x509_certificates(data) if b"-----BEGIN CERTIFICATE" in data else []
    except ValueError as error:
        raise ConfigurationError(f"{where} is damaged PEM.") from error
    if b"PRIVATE KEY-----" not in data:
        raise ConfigurationError(f"{where} lacks the private key: give the certificate and its private key together.")
    try:
        return load_pem_private_key(data, password if b"ENCRYPTED" in data else None), certificates
    except TypeError as error:
        raise ConfigurationError(f"{where} needs client_certificate_password.") from error
    except ValueError as error:
        wrong = "client_certificate_password is wrong" if b"ENCRYPTED" in data else "its private key is damaged"
        raise ConfigurationError(f"{where} cannot be opened: {wrong}.") from error


def _pfx(where: str, data: bytes, password: bytes | None) -> Parts:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, own, more = pkcs12.load_key_and_certificates(data, password)
    except ValueError as error:
        if "password" not in str(error):
            raise ConfigurationError(f"{where} is no certificate in PEM or PFX form.") from error
        needs = "client_certificate_password is wrong" if password else "it needs client_certificate_password"
        raise ConfigurationError(f"{where} cannot be opened: {needs}.") from error
    if key is None:
        raise ConfigurationError(f"{where} lacks the private key: give the certificate and its private key together.")
    return key, [one for one in (own, *more) if one is not None]


def _check_dates(where: str, own: x509.Certificate, now: datetime.datetime) -> None:
    begin, end = own.not_valid_before_utc, own.not_valid_after_utc
    if now >= end:
        raise ConfigurationError(
            f"{where} has expired on {end:%Y-%m-%d}, and Entra ID would refuse it (AADSTS700027): "
            "make a new one and register it with the app."
        )
    if now < begin - _CLOCKS_DIFFER:
        raise ConfigurationError(
            f"{where} is valid from {begin:%Y-%m-%d %H:%M} UTC only; by this machine's clock that is yet to come."
        )
