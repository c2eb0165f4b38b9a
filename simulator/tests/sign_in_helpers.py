# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant with every way to sign in, azure-identity's credentials for it, and assertions made by hand."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from simulator_helpers import SEEDS

from entra_simulator.ids import base64url
from entra_simulator.testing import SimulatedTenant

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.core.pipeline.transport import RequestsTransport

SEED = SEEDS / "sign-in.yml"
SCOPE = "https://graph.microsoft.com/.default"
AUTOMATION = "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a"
OUTDATED = "7e57ab1e-0002-4a2b-9c3d-1f2e3d4c5b6a"
MACHINE = "7e57ab1e-0004-4a2b-9c3d-1f2e3d4c5b6a"
WORKER = "7e57ab1e-0005-4a2b-9c3d-1f2e3d4c5b6a"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SERVICE_ACCOUNT = "system:serviceaccount:automation:ansible"


def options(simulated: SimulatedTenant) -> dict[str, Any]:
    """What every credential of azure-identity needs for a private authority."""
    return {
        "authority": simulated.env["AZURE_AUTHORITY_HOST"],
        "disable_instance_discovery": True,
        "transport": RequestsTransport(connection_verify=simulated.env["TENANTOPS_CA_PATH"], use_env_settings=False),
        "retry_total": 0,
    }


def works(simulated: SimulatedTenant, token: str) -> str:
    """Asserts that Graph takes a token: the client id in it."""
    status, body = simulated.graph("GET", "/users?$top=1", token=token)
    assert status == 200, body
    return str(claims(token)["appid"])


def claims(token: str) -> dict[str, Any]:
    """The claims of a token, which is not verified."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def endpoint(simulated: SimulatedTenant) -> str:
    """The address of the token endpoint."""
    return f"{simulated.url}/{simulated.env['AZURE_TENANT_ID']}/oauth2/v2.0/token"


def ask(simulated: SimulatedTenant, **form: str) -> tuple[int, Any]:
    """One request to the token endpoint as the automation: status and body."""
    sent = {"grant_type": "client_credentials", "client_id": AUTOMATION, "scope": SCOPE, **form}
    data = urlencode({name: value for name, value in sent.items() if value}).encode()
    status, _, text = simulated.send("POST", endpoint(simulated), data, {})
    return status, json.loads(text)


def asserted(simulated: SimulatedTenant, assertion: str, **form: str) -> tuple[int, Any]:
    """One request with a client assertion."""
    return ask(simulated, **{"client_assertion": assertion, "client_assertion_type": ASSERTION_TYPE, **form})


def signed(
    simulated: SimulatedTenant,
    pem_file: str,
    *,
    header: Mapping[str, str] | None = None,
    algorithm: str = "PS256",
    **changes: Any,
) -> str:
    """An assertion as Entra documents it, signed with a PEM file's key; claims changed to None are left out."""
    content = Path(pem_file).read_bytes()
    certificate = x509.load_pem_x509_certificate(content)
    key = load_pem_private_key(content, None)
    assert isinstance(key, RSAPrivateKey)
    now = int(time.time())
    wanted = {
        "aud": endpoint(simulated), "iss": AUTOMATION, "sub": AUTOMATION, "jti": "1", "nbf": now, "exp": now + 600,
        **changes,
    }  # fmt: skip
    named = {"x5t#S256": base64url(certificate.fingerprint(hashes.SHA256()))} if header is None else dict(header)
    return jwt.encode(
        {name: value for name, value in wanted.items() if value is not None},
        key,
        algorithm=algorithm,
        headers=named,
    )
