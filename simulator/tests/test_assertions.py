# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: certificates and tokens of other providers, with unmodified azure-identity and by hand."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sign_in_helpers import (
    AUTOMATION,
    OUTDATED,
    SEED,
    SERVICE_ACCOUNT,
    asserted,
    endpoint,
    options,
    signed,
    works,
)

from entra_simulator.ids import base64url
from entra_simulator.seed.load import read_file
from entra_simulator.testing import SimulatedTenant, running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import CertificateCredential, WorkloadIdentityCredential

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def simulated() -> Iterator[SimulatedTenant]:
    with running(SEED) as tenant:
        yield tenant


def _certificate_token(simulated: SimulatedTenant, path: str, client_id: str = AUTOMATION, **more: Any) -> str:
    tenant_id = simulated.env["AZURE_TENANT_ID"]
    with CertificateCredential(tenant_id, client_id, path, **options(simulated), **more) as credential:
        return str(credential.get_token("https://graph.microsoft.com/.default").token)


def test_a_pem_certificate_signs_in(simulated: SimulatedTenant) -> None:
    assert works(simulated, _certificate_token(simulated, simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"])) == AUTOMATION


def test_a_pfx_certificate_signs_in(simulated: SimulatedTenant) -> None:
    path, password = (simulated.env[f"ENTRA_SIMULATOR_{name}_AUTOMATION"] for name in ("PFX", "PFX_PASSWORD"))
    assert works(simulated, _certificate_token(simulated, path, password=password)) == AUTOMATION


@pytest.mark.parametrize(
    ("certificate", "client_id", "reason"),
    [("STRANGER", AUTOMATION, "The key was not found."), ("OUTDATED", OUTDATED, "The key used is expired.")],
)
def test_other_certificates_are_refused(
    simulated: SimulatedTenant, certificate: str, client_id: str, reason: str
) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027: ") as caught:
        _certificate_token(simulated, simulated.env[f"ENTRA_SIMULATOR_CERTIFICATE_{certificate}"], client_id)
    assert reason in str(caught.value)
    path = Path(simulated.env[f"ENTRA_SIMULATOR_CERTIFICATE_{certificate}"])
    fingerprint = x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA1())
    assert f"Thumbprint of key used by client: '{fingerprint.hex().upper()}'" in str(caught.value)


@pytest.mark.parametrize("kind", ["x5t", "x5t#S256"])
@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_both_thumbprints_and_both_algorithms(simulated: SimulatedTenant, kind: str, algorithm: str) -> None:
    path = simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"]
    certificate = x509.load_pem_x509_certificate(Path(path).read_bytes())
    digest = certificate.fingerprint(hashes.SHA1() if kind == "x5t" else hashes.SHA256())
    header = {kind: base64.urlsafe_b64encode(digest).decode()}  # azure-identity leaves the padding in
    status, body = asserted(simulated, signed(simulated, path, header=header, algorithm=algorithm))
    assert status == 200, body
    by_domain = endpoint(simulated).replace(simulated.env["AZURE_TENANT_ID"], "contoso.example")
    assert asserted(simulated, signed(simulated, path, aud=by_domain))[0] == 200


def _thumbprint(simulated: SimulatedTenant, identity: str) -> str:
    path = Path(simulated.env[f"ENTRA_SIMULATOR_CERTIFICATE_{identity}"])
    return base64url(x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256()))


@pytest.mark.parametrize(
    ("make", "form", "code"),
    [
        (lambda s, p: "nonsense", {}, 50027),
        (lambda s, p: signed(s, p), {"client_assertion_type": "jwt"}, 900144),
        (lambda s, p: signed(s, p, header={}), {}, 5002723),
        (lambda s, p: signed(s, p, header={"x5t": "AAAA"}), {}, 700027),
        # Another key's signature under the registered certificate's name.
        (
            lambda s, p: signed(
                s,
                s.env["ENTRA_SIMULATOR_CERTIFICATE_STRANGER"],
                header={"x5t#S256": _thumbprint(s, "AUTOMATION")},
            ),
            {},
            700027,
        ),
        (lambda s, p: signed(s, p, sub=OUTDATED), {}, 700021),
        (lambda s, p: signed(s, p, aud="https://login.microsoftonline.com/common"), {}, 700023),
        (lambda s, p: signed(s, p, jti=None), {}, 50027),
        (lambda s, p: signed(s, p, exp=None), {}, 50027),
        (lambda s, p: signed(s, p, nbf=1_700_000_000, exp=1_700_000_600), {}, 700024),
        (lambda s, p: signed(s, p, nbf=4_000_000_000, exp=4_000_000_600), {}, 700024),
        (lambda s, p: signed(s, p, iss=OUTDATED), {}, 700211),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_assertions_that_are_refused(
    simulated: SimulatedTenant, make: Callable[[SimulatedTenant, str], str], form: dict[str, str], code: int
) -> None:
    assertion = make(simulated, simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"])
    status, body = asserted(simulated, assertion, **form)
    assert (status, body["error_codes"]) == (400 if code == 900144 else 401, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")


def test_assertions_and_certificates_expire_by_the_simulators_clock() -> None:
    with running(SEED) as simulated:
        path = simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"]
        assertion = signed(simulated, path)
        assert asserted(simulated, assertion)[0] == 200
        simulated.advance(601)
        assert asserted(simulated, assertion)[1]["error_codes"] == [700024]
        simulated.advance(366 * 24 * 3600)
        assert asserted(simulated, assertion)[1]["error_codes"] == [700027]


def _federated(simulated: SimulatedTenant, token: str, tmp_path: Path) -> str:
    file = tmp_path / "token"
    file.write_text(token)
    with WorkloadIdentityCredential(
        tenant_id=simulated.env["AZURE_TENANT_ID"],
        client_id=AUTOMATION,
        token_file_path=str(file),
        **options(simulated),
    ) as credential:
        return str(credential.get_token("https://graph.microsoft.com/.default").token)


def test_a_providers_token_signs_in(simulated: SimulatedTenant, tmp_path: Path) -> None:
    token = simulated.provider_token("kubernetes", SERVICE_ACCOUNT)
    assert works(simulated, _federated(simulated, token, tmp_path)) == AUTOMATION


@pytest.mark.parametrize(
    ("name", "subject", "more", "code", "told"),
    [
        ("other", SERVICE_ACCOUNT, {}, 700211, "presented assertion issuer 'https://127.0.0.1:"),
        ("kubernetes", "system:serviceaccount:default:x", {}, 700213, "subject 'system:serviceaccount:default:x'"),
        ("kubernetes", SERVICE_ACCOUNT.upper(), {}, 700213, "subject"),
        # Of another credential's issuer, though the subject is right there.
        ("github-actions", SERVICE_ACCOUNT, {}, 700213, "subject"),
        ("kubernetes", SERVICE_ACCOUNT, {"audience": "https://contoso.example"}, 700212, "audience 'https://contoso"),
        ("kubernetes", SERVICE_ACCOUNT, {"expires_in": -60}, 700024, "not within its valid time range"),
    ],
)
def test_other_tokens_of_providers_are_refused(
    simulated: SimulatedTenant, tmp_path: Path, name: str, subject: str, more: dict[str, Any], code: int, told: str
) -> None:
    token = simulated.provider_token(name, subject, **more)
    with pytest.raises(ClientAuthenticationError, match=f"AADSTS{code}: ") as caught:
        _federated(simulated, token, tmp_path)
    assert told in str(caught.value)


def test_a_forged_token_of_a_provider_is_refused(simulated: SimulatedTenant) -> None:
    head, claims, signature = simulated.provider_token("kubernetes", SERVICE_ACCOUNT).split(".")
    forged = f"{head}.{claims}.{'A' * len(signature)}"
    body = asserted(simulated, forged)[1]
    assert body["error_codes"] == [50027]
    assert "failed signature verification" in body["error_description"]


def test_a_provider_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys are fetched from where the issuer says; only loopback is asked, and only over TLS that is trusted."""
    with running(SEED) as provider:
        issuer = provider.issuer("ci")
        document = read_file(SEED)
        document["identities"][0]["federated_credentials"] = [
            {"issuer": issuer, "subject": "job"},
            {"issuer": "https://issuer.contoso.example", "subject": "job"},
            {"issuer": "https://127.0.0.1:9", "subject": "job"},
            {"issuer": issuer.replace("127.0.0.1", "localhost"), "subject": "job"},
        ]
        token = provider.provider_token("ci", "job")
        with running(document) as stranger:
            assert asserted(stranger, token)[1]["error_codes"] == [50166]  # the certificate's authority is unknown
        monkeypatch.setenv("SSL_CERT_FILE", provider.env["TENANTOPS_CA_PATH"])
        with running(document) as simulated:
            assert asserted(simulated, token)[0] == 200
            path = simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"]
            to_be_exchanged: dict[str, Any] = {"sub": "job", "aud": "api://AzureADTokenExchange"}
            unreachable = signed(simulated, path, iss="https://127.0.0.1:9", **to_be_exchanged)
            assert asserted(simulated, unreachable)[1]["error_codes"] == [50166]
            # The provider is there, but calls itself by another name.
            renamed = signed(simulated, path, iss=issuer.replace("127.0.0.1", "localhost"), **to_be_exchanged)
            assert asserted(simulated, renamed)[1]["error_codes"] == [50166]
            foreign = signed(simulated, path, iss="https://issuer.contoso.example", **to_be_exchanged)
            status, body = asserted(simulated, foreign)
            assert (status, body["error"], body["error_codes"]) == (501, "not_simulated", [])
            assert "from loopback only, and not from https://issuer.contoso.example" in body["error_description"]


def test_a_provider_has_a_name_and_tokens_a_life(simulated: SimulatedTenant) -> None:
    with pytest.raises(ValueError, match="'Big' is no name"):
        simulated.provider_token("Big", "job")
    status, _, text = simulated.send(
        "POST", f"{simulated.issuer('ci')}/token", b'{"subject": "s", "expires_in": "1"}', {}
    )
    assert (status, text) == (400, b'{"error":"issuer.expires_in: must be a whole number of seconds"}')
