# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long tokens and secrets live, claims challenges, and what the environment file has for all this."""

from __future__ import annotations

import base64
import json
import re
import stat
import warnings
from pathlib import Path
from typing import Any

import pytest
from sign_in_helpers import AUTOMATION, OUTDATED, SCOPE, SEED, ask, asserted, claims, options, signed, works
from simulator_helpers import NOBODY

from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build, read_file
from entra_simulator.testing import SimulatedTenant, running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.identity import ClientSecretCredential

pytestmark = pytest.mark.filterwarnings("ignore")


def _credential(simulated: SimulatedTenant) -> ClientSecretCredential:
    env = simulated.env
    return ClientSecretCredential(env["AZURE_TENANT_ID"], AUTOMATION, env["AZURE_CLIENT_SECRET"], **options(simulated))


def _challenge(simulated: SimulatedTenant, token: str) -> str:
    """The header of the 401 that a token gets."""
    sent = {"Authorization": f"Bearer {token}"}
    status, headers, text = simulated.send("GET", f"{simulated.url}/v1.0/users", None, sent)
    assert status == 401
    assert "TokenIssuedBeforeRevocationTimestamp" in json.loads(text)["error"]["message"]
    return headers["www-authenticate"]


def test_a_claims_challenge_is_answered_with_a_new_token() -> None:
    with running(SEED) as simulated, _credential(simulated) as credential:
        first = credential.get_token(SCOPE, enable_cae=True).token
        plain = simulated.token()
        assert claims(first)["xms_cc"] == ["cp1"]
        assert works(simulated, first) == works(simulated, plain) == AUTOMATION
        simulated.claims_challenge()
        # Only a client that says it can answer a challenge gets one.
        assert "insufficient_claims" not in _challenge(simulated, plain)
        found = re.search(r'error="insufficient_claims", claims="([^"]+)"', _challenge(simulated, first))
        assert found is not None
        wanted = base64.b64decode(found[1]).decode()
        assert json.loads(wanted)["access_token"]["nbf"]["essential"] is True
        assert credential.get_token(SCOPE, enable_cae=True).token == first  # the credential's own memory
        second = credential.get_token(SCOPE, enable_cae=True, claims=wanted).token
        assert second != first
        assert works(simulated, second) == AUTOMATION
        (asked,) = [entry for entry in simulated.requests() if "nbf" in str((entry["body"] or {}).get("claims"))]
        assert asked["status"] == 200
        assert works(simulated, simulated.token()) == AUTOMATION
        _challenge(simulated, first)


@pytest.mark.parametrize("wrong", ["{", "[]", '{"access_token": []}', '"x"'])
def test_claims_that_are_none(wrong: str) -> None:
    with running(SEED) as simulated:
        status, body = ask(simulated, client_secret=simulated.env["AZURE_CLIENT_SECRET"], claims=wrong)
    assert (status, body["error_codes"]) == (400, [90100])


def test_the_life_of_tokens() -> None:
    with running(SEED, token_lifetime_s=120) as simulated:
        simulated.freeze()
        _, body = ask(simulated, client_secret=simulated.env["AZURE_CLIENT_SECRET"])
        assert body["expires_in"] == 120
        token = body["access_token"]
        assert claims(token)["exp"] - claims(token)["iat"] == 120
        simulated.advance(119)
        works(simulated, token)
        simulated.advance(1)
        assert simulated.graph("GET", "/users", token=token)[0] == 401


def test_a_secret_that_has_expired() -> None:
    with running(SEED) as simulated:
        secret = simulated.env["ENTRA_SIMULATOR_SECRET_OUTDATED"]
        status, body = ask(simulated, client_id=OUTDATED, client_secret=secret)
        assert (status, body["error_codes"]) == (401, [7000222])
        assert f"The provided client secret keys for app '{OUTDATED}' are expired." in body["error_description"]
        assert ask(simulated, client_id=OUTDATED, client_secret="wrong")[1]["error_codes"] == [7000215]


def test_files_beside_the_environment_file(tmp_path: Path) -> None:
    with running(SEED, env_file=tmp_path / "tenant.env") as simulated:
        env = simulated.env
        made = {
            "tenant.automation.pem", "tenant.automation.pfx", "tenant.outdated.pem", "tenant.outdated.pfx",
            "tenant.stranger.pem", "tenant.stranger.pfx",
        }  # fmt: skip
        assert {path.name for path in tmp_path.iterdir()} == {"tenant.env", "tenant.ca.pem", *made}
        assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in made} == {0o600}
        assert env["AZURE_CLIENT_CERTIFICATE_PATH"] == env["ENTRA_SIMULATOR_CERTIFICATE_AUTOMATION"]
        assert env["ENTRA_SIMULATOR_PFX_STRANGER"] == str(tmp_path / "tenant.stranger.pfx")


def test_keys_and_secrets_of_the_start_stay() -> None:
    """A state that is put back changes nothing of what the environment file says."""
    with running(SEED) as simulated:
        state = simulated.state()
        text = json.dumps(state)
        assert "PRIVATE KEY" not in text
        assert simulated.env["AZURE_CLIENT_SECRET"] not in text
        before = simulated.token()
        simulated.put_state(state)
        assert simulated.state() == state
        assert works(simulated, before) == works(simulated, simulated.token())
        assert asserted(simulated, signed(simulated, simulated.env["AZURE_CLIENT_CERTIFICATE_PATH"]))[0] == 200
        made = {
            "name": "new",
            "client_id": NOBODY,
            "permissions": [],
            "secret": "s",
            "certificates": [{"generate": True}],
        }
        with pytest.raises(ValueError, match=r"identities\.5\.certificates\.0: can be generated only when"):
            simulated.put_state({**state, "identities": [*state["identities"], made]})


def test_a_public_certificate_in_a_seed() -> None:
    """The key stays with its owner; the state shows the certificate as it was given."""
    made = build(read_file(SEED), Clock())
    pem = made.identities[AUTOMATION].certificates[0].pem
    document = {**dump(made), "identities": [{**dump(made)["identities"][0], "certificates": [pem]}]}
    document["managed_identities"] = {}
    again = build(document, Clock())
    assert not again.identities[AUTOMATION].certificates[0].generated
    assert dump(again)["identities"][0]["certificates"] == [pem]
    assert dump(again)["pipelines"] == document["pipelines"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"certificates": ["no certificate"]},
            r"identities.0.certificates.0: must be a PEM certificate with an RSA key",
        ),
        ({"certificates": [{"generate": False}]}, r"identities.0.certificates.0.generate: must be true"),
        ({"certificates": [{"generate": True, "valid_until": "soon"}]}, r"valid_until: must be a date, not 'soon'"),
        ({"secret_expires": 5}, r"identities.0.secret_expires: must be a date, not '5'"),
        (
            {"federated_credentials": [{"issuer": "http://x", "subject": "s"}]},
            r"issuer: must be an https URL, or a path",
        ),
        ({"federated_credentials": [{"issuer": "/x"}]}, r"federated_credentials.0.subject: is required"),
    ],
)
def test_mistakes_in_identities(changes: dict[str, Any], problem: str) -> None:
    document = read_file(SEED)
    document["identities"][0].update(changes)
    with pytest.raises(SeedError, match=problem):
        build(document, Clock())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pipelines": {"jenkins": {}}}, r"pipelines.jenkins: is not known"),
        (
            {"pipelines": {"azure_pipelines": {"subject": "s"}}},
            r"pipelines.azure_pipelines.service_connection_id: is req",
        ),
        ({"managed_identities": {"user_assigned": [NOBODY]}}, rf"managed_identities: '{NOBODY}' is not the client_id"),
    ],
)
def test_mistakes_in_pipelines_and_machines(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(SeedError, match=problem):
        build({**read_file(SEED), **changes}, Clock())
