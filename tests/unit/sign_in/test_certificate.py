# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client certificates in each form they come in, and what is told about one that won't do."""

from __future__ import annotations

import base64
import datetime
import typing as t
from pathlib import Path

import pytest
from azure.identity import CertificateCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in import certificate

from .endpoints import CLIENT, TENANT

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
PASSWORD = "a pass wörd"


def issued(key: t.Any, *, begins: int = -1, ends: int = 300, name: str = "automation") -> x509.Certificate:
    """A self-signed certificate. :param begins: in days from now, as ``ends``."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.not_valid_before(NOW + datetime.timedelta(begins)).not_valid_after(NOW + datetime.timedelta(ends))
    return builder.serial_number(x509.random_serial_number()).sign(key, hashes.SHA256())


KEY = rsa.generate_private_key(65537, 2048)
CERTIFICATE = issued(KEY)
OTHER = issued(rsa.generate_private_key(65537, 2048), name="an authority")
ENCRYPTED = BestAvailableEncryption(PASSWORD.encode())


def pem(key: t.Any = KEY, encryption: t.Any = None, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    found: bytes = key.private_bytes(Encoding.PEM, form, encryption or NoEncryption())
    return found


def public(one: x509.Certificate = CERTIFICATE) -> bytes:
    return one.public_bytes(Encoding.PEM)


def pfx(encryption: t.Any = None) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"app", KEY, CERTIFICATE, [OTHER], encryption or NoEncryption())


FORMS = {
    "PEM, key first": (pem() + public(), None),
    "PEM, certificate first": (public() + pem(), None),
    "PEM behind an authority's": (public(OTHER) + public() + pem(), None),
    "PEM, the older form": (public() + pem(form=PrivateFormat.TraditionalOpenSSL), None),
    "PEM with a password": (public() + pem(encryption=ENCRYPTED), PASSWORD),
    "PEM, the older form with a password": (
        public() + pem(encryption=ENCRYPTED, form=PrivateFormat.TraditionalOpenSSL),
        PASSWORD,
    ),
    "PEM with a password that it does not need": (public() + pem(), PASSWORD),
    "PFX": (pfx(), None),
    "PFX with a password": (pfx(ENCRYPTED), PASSWORD),
}


def connection(**options: t.Any) -> Connection:
    return Connection(tenant_id=TENANT, client_id=CLIENT, auth="client_certificate", **options)


@pytest.mark.parametrize(("data", "password"), FORMS.values(), ids=FORMS)
def test_every_form_is_taken_from_a_file_and_from_a_variable(
    data: bytes, password: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app"
    path.write_bytes(data)
    text = data.decode() if b"-----BEGIN" in data else base64.encodebytes(data).decode()
    from_file = certificate.read(
        connection(client_certificate_path=str(path), client_certificate_password=password), NOW
    )
    before = set(tmp_path.iterdir())
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    from_text = certificate.read(connection(client_certificate=text, client_certificate_password=password), NOW)
    assert set(tmp_path.iterdir()) == before
    assert from_file == from_text
    assert x509.load_pem_x509_certificate(from_text) == CERTIFICATE
    assert pem(load_pem_private_key(from_text, None)) == pem()
    CertificateCredential(TENANT, CLIENT, certificate_data=from_text)


def test_the_base64_form_of_pem_is_taken_too() -> None:
    text = base64.b64encode(public() + pem()).decode()
    assert certificate.read(connection(client_certificate=text), NOW) == public() + pem()


WRONG: dict[str, tuple[bytes, str | None, str]] = {
    "nothing": (b"nothing", None, "is no certificate in PEM or PFX form"),
    "empty": (b"", None, "is no certificate in PEM or PFX form"),
    "without its key": (public(), None, "lacks the private key"),
    "a key alone": (pem(), None, "holds a private key without its certificate"),
    "another key's": (public(OTHER) + pem(), None, "holds a certificate of another key"),
    "damaged": (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pem(), None, "is damaged PEM"),
    "a damaged key": (
        public() + b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        None,
        "its private key is damaged",
    ),
    "PEM, wrong password": (public() + pem(encryption=ENCRYPTED), "wr0ng", "client_certificate_password is wrong"),
    "PEM, no password": (public() + pem(encryption=ENCRYPTED), None, "needs client_certificate_password"),
    "PFX, wrong password": (pfx(ENCRYPTED), "wr0ng", "client_certificate_password is wrong"),
    "PFX, no password": (pfx(ENCRYPTED), None, "it needs client_certificate_password"),
    "expired": (public(issued(KEY, ends=0)) + pem(), None, r"has expired on 2026-11-25, .*AADSTS700027"),
    "not yet valid": (public(issued(KEY, begins=1)) + pem(), None, "is valid from 2026-11-26 00:00 UTC only"),
}


@pytest.mark.parametrize(("data", "password", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_one_sentence(data: bytes, password: str | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "app"
    path.write_bytes(data)
    given = connection(client_certificate_path=str(path), client_certificate_password=password)
    with pytest.raises(ConfigurationError, match=says) as caught:
        certificate.read(given, NOW)
    assert caught.value.message.startswith(f"client_certificate_path {path} ")
    assert caught.value.message.endswith(".")
    assert not any(secret in caught.value.message for secret in ("wr0ng", PASSWORD, "MII"))


def test_a_key_that_is_not_rsa_is_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = (public(issued(key)) + pem(key)).decode()
    with pytest.raises(ConfigurationError, match=r"client_certificate has no RSA key"):
        certificate.read(connection(client_certificate=text), NOW)


def test_a_text_that_is_nothing_of_the_kind_is_not_repeated() -> None:
    with pytest.raises(ConfigurationError, match=r"^client_certificate is neither PEM nor the base64 form") as caught:
        certificate.read(connection(client_certificate="s3cret!"), NOW)
    assert "s3cret" not in caught.value.message


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be read: Is a directory\.$"):
        certificate.read(connection(client_certificate_path=str(tmp_path)), NOW)
