# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which source signs a task in, and how soon it is told that none can. All cases are tasks of one play."""

from __future__ import annotations

import typing as t

import pytest

from integration.runner import Result, task, tolerated
from integration.tenant import OUTLOOK, Tenant
from integration.test_bad_input import APP, Case, case, says

if t.TYPE_CHECKING:
    from entra_simulator.testing import SimulatedTenant

NO_SECRET = {"AZURE_CLIENT_SECRET": ""}
NO_TOOLS = {**NO_SECRET, "PATH": "/nowhere"}


def source_case(name: str, *says: str, environment: dict[str, str] | None = None, **options: t.Any) -> Case:
    return case(name, APP, *says, environment=environment, app_id=OUTLOOK, **options)


CASES = [
    source_case(
        "a certificate of the task comes before a secret of the environment",
        "client_certificate_path /nowhere.pem cannot be read",
        client_certificate_path="/nowhere.pem",
    ),
    source_case(
        "a text that is no certificate", "client_certificate is neither PEM nor", client_certificate="nothing!"
    ),
    source_case(
        "two ways as options",
        "Of client_secret and federated_token_file each is a way to sign in",
        client_secret="x",
        federated_token_file="/token",
    ),
    source_case("device code", "nobody could read the code", "az login --use-device-code", auth="device_code"),
    source_case("no Azure CLI", "(az) is not installed", environment=NO_TOOLS, auth="azure_cli"),
    source_case("no PowerShell", "(pwsh) is not installed", environment=NO_TOOLS, auth="azure_powershell"),
    source_case("not in GitHub Actions", "'permissions: id-token: write'", auth="github_actions"),
    source_case("not in Azure Pipelines", "it works nowhere else", auth="azure_pipelines", service_connection_id="x"),
    source_case(
        "no managed identity",
        "managed_identity failed",
        "could not be reached",
        environment={**NO_SECRET, "AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:9"},
        auth="managed_identity",
    ),
    source_case("a tenant's name", "tenant_id must be the tenant's id or one of its domains", tenant_id="Contoso Ltd"),
    source_case(
        "a proxy's password with a slash",
        "HTTPS_PROXY is no address of a proxy",
        environment={"HTTPS_PROXY": "http://me:a/b@proxy.example:3128"},
    ),
]


@pytest.fixture(scope="module")
def results(
    simulated: SimulatedTenant, initial: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Result]:
    """What each case came to, by its name."""
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("sources"))
    run = tenant.play(*[tolerated(one.task) for one in CASES])
    return {result.name: result for result in run}


@pytest.mark.parametrize("one", CASES, ids=str)
def test_a_source_that_cannot_sign_in_is_told_in_one_sentence(one: Case, results: dict[str, Result]) -> None:
    says(results[one.name], one)
    assert results[one.name].requests == []


def test_nothing_configured_is_told_at_once(tenant: Tenant) -> None:
    (result,) = tenant.play(tolerated(task(APP, app_id=OUTLOOK)), env=NO_SECRET)
    assert result.requests == []
    assert "No credentials given: set client_secret" in result.message


def test_a_secret_signs_in_from_the_environment_and_as_an_option(tenant: Tenant) -> None:
    """Also as a default of the whole action group, with the tenant by its domain."""
    secret = {"client_secret": "{{ lookup('ansible.builtin.env', 'THE_SECRET') }}", "tenant_id": "contoso.example"}
    env = {"THE_SECRET": tenant.simulated.env["AZURE_CLIENT_SECRET"]}
    tenant.play(task(APP, app_id=OUTLOOK))
    tenant.play(task(APP, app_id=OUTLOOK, **secret), env={**env, **NO_SECRET})
    defaults = {"group/tenantops.entra.tenant": secret}
    (result,) = tenant.play(task(APP, app_id=OUTLOOK), module_defaults=defaults, env={**env, **NO_SECRET})
    assert not result.failed
