# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that can't work: one clear sentence for each, before any write. All cases are tasks of one play."""

from __future__ import annotations

import typing as t

import pytest

from integration.runner import Result, task, tolerated
from integration.tenant import NOBODY, OUTLOOK, Tenant
from integration.test_bad_input import APP, Case, case, says

if t.TYPE_CHECKING:
    from entra_simulator.testing import SimulatedTenant

NOWHERE = "https://127.0.0.1:9"  # the port "discard"; nothing listens there


def connection_case(name: str, *says: str, environment: dict[str, str] | None = None, **options: t.Any) -> Case:
    return case(name, APP, *says, environment=environment, app_id=OUTLOOK, **options)


CASES = [
    connection_case(
        "no credentials", "No credentials given: set client_secret", environment={"AZURE_CLIENT_SECRET": ""}
    ),
    connection_case(
        "no tenant", "Signing in with client_secret also needs tenant_id", environment={"AZURE_TENANT_ID": ""}
    ),
    connection_case(
        "a wrong secret", "was refused", "AADSTS7000215", "check client_secret", client_secret="not-the-secret"
    ),
    connection_case("a wrong tenant", "Signing in", "check tenant_id", tenant_id=NOBODY),
    connection_case("a wrong client", "AADSTS700016", "check client_id", client_id=NOBODY),
    connection_case(
        "a token that Graph refuses", "401", "check that it is for Microsoft Graph", access_token="not.a.token"
    ),
    connection_case(
        "a certificate that is not there",
        "cannot be read",
        auth="client_certificate",
        client_certificate_path="/nowhere.pem",
    ),
    connection_case(
        "a federated token that is not there",
        "cannot be read",
        auth="workload_identity",
        federated_token_file="/nowhere",
    ),
    connection_case(
        "Graph unreachable",
        "Microsoft Graph at https://127.0.0.1:9/v1.0 could not be reached: the connection was refused",
        graph_url=NOWHERE,
    ),
    connection_case(
        "the login endpoint unreachable",
        "The login endpoint https://127.0.0.1:9 could not be reached: the connection was refused",
        authority_host=NOWHERE,
    ),
    connection_case(
        "a login endpoint whose TLS is not trusted",
        "The login endpoint",
        "its TLS certificate is not trusted",
        "ca_path",
        environment={"TENANTOPS_CA_PATH": ""},
    ),
    connection_case(
        "a Graph whose TLS is not trusted",
        "Microsoft Graph at",
        "its TLS certificate is not trusted",
        access_token="any",
        environment={"TENANTOPS_CA_PATH": ""},
    ),
    connection_case(
        "a ca_path that is not there", "ca_path /nowhere.pem can't be read: No such file", ca_path="/nowhere.pem"
    ),
    connection_case("Graph without TLS", "graph_url must be an https URL", graph_url="http://127.0.0.1:9"),
    connection_case("no requests at once", "concurrency must be at least 1", concurrency=0),
]


@pytest.fixture(scope="module")
def results(
    simulated: SimulatedTenant, initial: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Result]:
    """What each case came to, by its name."""
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("connection"))
    run = tenant.play(*[tolerated(one.task) for one in CASES])
    return {result.name: result for result in run}


@pytest.mark.parametrize("one", CASES, ids=str)
def test_a_connection_that_cannot_work_is_refused_in_one_sentence(one: Case, results: dict[str, Result]) -> None:
    says(results[one.name], one)
    assert results[one.name].writes == []


def test_missing_libraries_are_named(tenant: Tenant) -> None:
    """A Python without the SDK, or without azure-identity."""
    for package in ("msgraph", "azure"):
        blocked = tenant.room / f"without-{package}"
        blocked.mkdir()
        (blocked / f"{package}.py").write_text(f"raise ModuleNotFoundError(\"No module named '{package}'\")\n")
    run = tenant.play(
        *[
            tolerated(task(APP, app_id=OUTLOOK) | {"environment": {"PYTHONPATH": str(tenant.room / f"without-{name}")}})
            for name in ("msgraph", "azure")
        ]
    )
    for result in run:
        assert result.failed
        assert "msgraph-sdk" in result.message
        assert "azure-identity" in result.message
        assert result.requests == []


def test_a_token_without_permissions_is_told_which(tenant: Tenant) -> None:
    """Before any write if reading is not allowed, and at the write if only that is not."""
    client_id = "7e57ab1e-0009-4a2b-9c3d-1f2e3d4c5b6a"
    powerless = {"name": "powerless", "client_id": client_id, "permissions": [], "secret": "no-power"}
    env = tenant.simulated.env
    tenant.seed(identities=[powerless])
    nothing, reader = tenant.play(
        tolerated(task(APP, app_id=OUTLOOK, client_id=client_id, client_secret="no-power")),
        tolerated(
            task(
                APP,
                app_id=OUTLOOK,
                client_id=env["ENTRA_SIMULATOR_CLIENT_ID_READER"],
                client_secret=env["ENTRA_SIMULATOR_SECRET_READER"],
            )
        ),
    )
    assert "grant it Application.Read.All or" in nothing.message
    assert nothing["error"]["missing_permission"][0] == "Application.Read.All"
    assert (nothing["error"]["status"], nothing["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert nothing.writes == []
    assert "grant it Application.ReadWrite.All as an application permission" in reader.message
    assert reader["failures"][0]["missing_permission"] == ["Application.ReadWrite.All"]
