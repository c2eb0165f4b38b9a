# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens of pipelines: GitHub Actions and Azure Pipelines, against endpoints that play theirs."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
)

from .effort import SOON, Effort
from .endpoints import CLIENT, Endpoint, Reply, Source, Start, ask, entra, refusal

BEARER = "the-job's-own"


@pytest.fixture
def github(start: Start, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """GitHub's token endpoint, and a job that may ask it."""
    endpoint = start(tls=False)
    endpoint.answers["/idtoken"] = lambda _asked: (200, {"count": 1, "value": f"oidc-{len(endpoint.asked)}"})
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{endpoint.url}/idtoken?api-version=2.0")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER)
    return endpoint


@pytest.mark.parametrize(
    ("cloud", "audience"),
    [
        ("public", "api://AzureADTokenExchange"),
        ("us_government", "api://AzureADTokenExchangeUSGov"),
        ("us_government_dod", "api://AzureADTokenExchangeUSGov"),
        ("china", "api://AzureADTokenExchangeChina"),
    ],
)
def test_the_job_s_token_signs_in(cloud: str, audience: str, github: Endpoint, start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint, cloud=cloud)
    assert [ask(one), ask(one)] == ["token-1"] * 2
    (asked,) = github.asked
    assert asked.query == {"api-version": "2.0", "audience": audience}
    assert asked.headers["Authorization"] == f"Bearer {BEARER}"
    assert [asked.form["client_assertion"] for asked in endpoint.of("/token")] == ["oidc-1"]
    assert one.source == "github_actions"


def test_each_sign_in_gets_a_token_of_its_own(github: Endpoint, start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint, auth="github_actions")
    ask(one)
    ask(one, claims="{}")
    assert [asked.form["client_assertion"] for asked in endpoint.of("/token")] == ["oidc-1", "oidc-2"]


@pytest.mark.parametrize("missing", ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
def test_a_job_without_the_permission_is_told(
    missing: str, github: Endpoint, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(ConfigurationError, match=rf"needs {missing}, .*'permissions: id-token: write'"):
        source(auth="github_actions")


@pytest.mark.parametrize("answer", [(401, {"message": "no"}), (200, {"count": 0}), (200, "no JSON"), (200, "[]")])
def test_an_endpoint_without_a_token_is_told(answer: Reply, github: Endpoint, source: Source, effort: Effort) -> None:
    github.answers["/idtoken"] = lambda _asked: answer
    with pytest.raises(
        AuthenticationError, match=rf"github_actions failed: {github.url} gave the job no token"
    ) as told:
        ask(source(auth="github_actions"))
    assert BEARER not in told.value.message
    assert len(github.asked) == len(effort.tries) == 1
    assert effort.waiting == 0


@pytest.mark.parametrize(
    ("answer", "says"), [(None, "it closed the connection"), ((500, "sorry"), "it answered 500 Internal Server Error")]
)
def test_github_is_tried_twice_at_most(
    answer: Reply, says: str, github: Endpoint, source: Source, effort: Effort
) -> None:
    github.answers["/idtoken"] = lambda _asked: answer
    with pytest.raises(ConnectionFailedError, match=rf"GitHub's token endpoint {github.url} .*{says}"):
        ask(source(auth="github_actions"))
    assert len(github.asked) == len(effort.tries) == 2
    assert 0 < effort.waiting < SOON


def test_an_address_that_nobody_listens_at(source: Source, effort: Effort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:9/idtoken")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER)
    with pytest.raises(ConnectionFailedError, match=r"GitHub's token endpoint http://127.0.0.1:9 .* was refused"):
        ask(source(auth="github_actions"))
    assert len(effort.tries) == 2
    assert effort.waiting < SOON


@pytest.fixture
def pipelines(start: Start, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The token endpoint of Azure Pipelines, over TLS that only ca_path knows, and a job that may ask it."""
    endpoint = start()
    endpoint.answers["/oidctoken"] = lambda _asked: (200, {"oidcToken": "of the connection"})
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", f"{endpoint.url}/oidctoken")
    monkeypatch.setenv("SYSTEM_ACCESSTOKEN", BEARER)
    return endpoint


def test_the_service_connection_signs_in(pipelines: Endpoint, start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint, service_connection_id="c-1")
    assert [ask(one), ask(one)] == ["token-1"] * 2
    (asked,) = pipelines.asked
    assert (asked.method, asked.query["serviceConnectionId"]) == ("POST", "c-1")
    assert asked.headers["Authorization"] == f"Bearer {BEARER}"
    assert endpoint.of("/token")[0].form["client_assertion"] == "of the connection"
    assert one.source == "azure_pipelines"


@pytest.mark.parametrize("answer", [(401, "no"), (404, {"message": "no"}), (200, {"other": 1})])
def test_azure_pipelines_without_a_token_is_told(
    answer: Reply, pipelines: Endpoint, source: Source, effort: Effort
) -> None:
    pipelines.answers["/oidctoken"] = lambda _asked: answer
    with pytest.raises(AuthenticationError, match=r"azure_pipelines failed: .*check service_connection_id") as told:
        ask(source(service_connection_id="c-1"))
    assert BEARER not in told.value.message
    assert len(pipelines.asked) == len(effort.tries) == 1
    assert effort.waiting == 0


def test_azure_pipelines_out_of_reach_is_told_apart(pipelines: Endpoint, source: Source, effort: Effort) -> None:
    pipelines.answers["/oidctoken"] = lambda _asked: (503, "sorry")
    with pytest.raises(ConnectionFailedError, match=f"The token endpoint of the pipeline {pipelines.url} is not avail"):
        ask(source(service_connection_id="c-1"))
    assert len(pipelines.asked) == len(effort.tries) == 2
    assert 0 < effort.waiting < SOON


def test_a_foreign_subject_is_told_with_the_source(github: Endpoint, start: Start, source: Source) -> None:
    endpoint = start()
    said = "No matching federated identity record found for presented assertion subject 'repo:contoso/other'."
    entra(endpoint, token=lambda _asked: refusal(700213, said))
    with pytest.raises(
        AuthenticationError, match=r"with github_actions was refused: AADSTS700213: .*repo:contoso/other"
    ):
        ask(source(endpoint, client_id=CLIENT))
