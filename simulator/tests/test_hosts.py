# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipelines and machines that get tokens without a stored secret, with unmodified azure-identity."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from sign_in_helpers import AUTOMATION, MACHINE, SCOPE, SEED, WORKER, claims, options, works

from entra_simulator.seed.load import read_file
from entra_simulator.testing import SimulatedTenant, running
from entra_simulator.waiting import PATIENCE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import (
        AzurePipelinesCredential,
        ClientAssertionCredential,
        CredentialUnavailableError,
        ManagedIdentityCredential,
    )

pytestmark = pytest.mark.filterwarnings("ignore")
IDENTITY_VARIABLES = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")
CONNECTION = "7e57ab1e-00cc-4a2b-9c3d-1f2e3d4c5b6a"


@pytest.fixture(scope="module")
def simulated() -> Iterator[SimulatedTenant]:
    with running(SEED) as tenant:
        yield tenant


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine that the tests run on."""
    for name in (*IDENTITY_VARIABLES, "AZURE_POD_IDENTITY_AUTHORITY_HOST", "MSI_ENDPOINT", "SYSTEM_OIDCREQUESTURI"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def _github(simulated: SimulatedTenant, bearer: str, query: str = "") -> tuple[int, Any]:
    url = simulated.env["ACTIONS_ID_TOKEN_REQUEST_URL"] + query
    status, _, text = simulated.send("GET", url, None, {"Authorization": f"Bearer {bearer}"})
    return status, json.loads(text)


def test_github_actions(simulated: SimulatedTenant) -> None:
    bearer = simulated.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]

    def job_token() -> str:
        status, body = _github(simulated, bearer, "&audience=api%3A%2F%2FAzureADTokenExchange")
        assert status == 200
        return str(body["value"])

    assert claims(job_token())["sub"] == "repo:contoso/tenants:environment:production"
    tenant_id = simulated.env["AZURE_TENANT_ID"]
    with ClientAssertionCredential(tenant_id, AUTOMATION, job_token, **options(simulated)) as credential:
        assert works(simulated, credential.get_token(SCOPE).token) == AUTOMATION


def test_github_actions_refuses_other_tokens_and_has_another_audience_by_default(simulated: SimulatedTenant) -> None:
    assert _github(simulated, "wrong", "&audience=x")[0] == 401
    _, body = _github(simulated, simulated.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    assert claims(body["value"])["aud"] == "https://github.com/contoso"


def _azure_pipelines(simulated: SimulatedTenant, connection: str, token: str) -> str:
    with AzurePipelinesCredential(
        tenant_id=simulated.env["AZURE_TENANT_ID"],
        client_id=AUTOMATION,
        service_connection_id=connection,
        system_access_token=token,
        **options(simulated),
    ) as credential:
        return str(credential.get_token(SCOPE).token)


def test_azure_pipelines(simulated: SimulatedTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    env = simulated.env
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", env["SYSTEM_OIDCREQUESTURI"])
    assert env["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] == CONNECTION
    assert works(simulated, _azure_pipelines(simulated, CONNECTION, env["SYSTEM_ACCESSTOKEN"])) == AUTOMATION
    for connection, token, status in ((CONNECTION, "wrong", 401), (WORKER, env["SYSTEM_ACCESSTOKEN"], 404)):
        with pytest.raises(ClientAuthenticationError) as caught:
            _azure_pipelines(simulated, connection, token)
        assert caught.value.status_code == status


@pytest.mark.parametrize("service", [True, False], ids=["app service", "virtual machine"])
@pytest.mark.parametrize(("client_id", "signed_in"), [(None, MACHINE), (WORKER, WORKER)])
def test_managed_identity(
    simulated: SimulatedTenant,
    monkeypatch: pytest.MonkeyPatch,
    service: bool,
    client_id: str | None,
    signed_in: str,
) -> None:
    _on_the_machine(simulated, monkeypatch, service)
    with ManagedIdentityCredential(client_id=client_id) as credential:
        token = credential.get_token(SCOPE)
    assert works(simulated, token.token) == signed_in
    assert abs(token.expires_on - claims(token.token)["exp"]) <= 2


@pytest.mark.parametrize("service", [True, False], ids=["app service", "virtual machine"])
def test_an_identity_that_the_machine_has_not(
    simulated: SimulatedTenant, monkeypatch: pytest.MonkeyPatch, service: bool
) -> None:
    _on_the_machine(simulated, monkeypatch, service)
    simulated.clear_requests()
    error = ClientAuthenticationError if service else CredentialUnavailableError
    with ManagedIdentityCredential(client_id=AUTOMATION) as credential, pytest.raises(error):
        credential.get_token(SCOPE)
    (asked,) = simulated.requests()
    assert (asked["status"], asked["method"]) == (400, "GET")


def test_the_identity_header_is_checked(simulated: SimulatedTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    _on_the_machine(simulated, monkeypatch, service=True)
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with ManagedIdentityCredential() as credential, pytest.raises(ClientAuthenticationError):
        credential.get_token(SCOPE)


@pytest.mark.parametrize(
    ("query", "headers", "told"),
    [
        ("?api-version=2018-02-01&resource=https://graph.microsoft.com", {}, "Required metadata header not specified"),
        ("?resource=https://graph.microsoft.com", {"Metadata": "true"}, "api-version"),
        ("?api-version=2018-02-01", {"Metadata": "true"}, "Required audience parameter not specified"),
        ("?api-version=2018-02-01&resource=https://vault.azure.net", {"Metadata": "true"}, "AADSTS500011: "),
        ("?api-version=2018-02-01&resource=https://graph.microsoft.com&object_id=x", {"Metadata": "true"}, "not found"),
    ],
)
def test_what_a_virtual_machine_refuses(
    simulated: SimulatedTenant, query: str, headers: dict[str, str], told: str
) -> None:
    status, body = _plain(simulated, query, headers)
    assert status == 400
    assert told in body["error_description"]


def test_machines_with_other_identities() -> None:
    """One user assigned identity needs no name, two do; without any there is no endpoint; a disabled one gets none."""
    document = read_file(SEED)
    document["managed_identities"] = {"user_assigned": [WORKER]}
    query = "?api-version=2018-02-01&resource=https://graph.microsoft.com/"
    metadata = {"Metadata": "true"}
    with running(document) as simulated:
        status, body = _plain(simulated, query, metadata)
        assert (status, body["client_id"]) == (200, WORKER)
        state = simulated.state()
        assert state["managed_identities"] == {"system_assigned": None, "user_assigned": [WORKER]}
        simulated.put_state({**state, "managed_identities": {"user_assigned": [WORKER, MACHINE]}})
        assert "Multiple user assigned" in _plain(simulated, query, metadata)[1]["error_description"]
        disabled = {"app_id": WORKER, "display_name": "Worker", "account_enabled": False}
        simulated.put_state({**state, "service_principals": [*state["service_principals"], disabled]})
        assert "AADSTS7000112: " in _plain(simulated, query, metadata)[1]["error_description"]
        simulated.put_state({**state, "managed_identities": {}})
        assert _plain(simulated, query, metadata)[1]["error_description"] == "Identity not found"
    del document["managed_identities"], document["pipelines"]
    with running(document) as simulated:
        assert not {*IDENTITY_VARIABLES, "SYSTEM_OIDCREQUESTURI", "ACTIONS_ID_TOKEN_REQUEST_URL"} & set(simulated.env)


def test_faults_strike_these_endpoints_too(simulated: SimulatedTenant) -> None:
    simulated.faults([{"match": {"path": "/idtoken"}, "times": 1, "answer": {"status": 503}}])
    assert _github(simulated, simulated.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])[0] == 503
    simulated.faults([{"match": {"path": "/metadata/"}, "times": 1, "drop": True}])
    with pytest.raises(OSError, match=r"closed connection|reset"):
        _plain(simulated, "", {})


def _on_the_machine(simulated: SimulatedTenant, monkeypatch: pytest.MonkeyPatch, service: bool) -> None:
    names = IDENTITY_VARIABLES if service else ("AZURE_POD_IDENTITY_AUTHORITY_HOST",)
    for name in names:
        monkeypatch.setenv(name, simulated.env[name])


def _plain(simulated: SimulatedTenant, query: str, headers: dict[str, str]) -> tuple[int, Any]:
    base = simulated.env["AZURE_POD_IDENTITY_AUTHORITY_HOST"]
    request = urllib.request.Request(f"{base}/metadata/identity/oauth2/token{query}", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
