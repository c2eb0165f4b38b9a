# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which source is taken: by what is given, options before variables, nothing tried out."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import credentials
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.choice import choose
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION

from .endpoints import CLIENT, TENANT

APP = {"tenant_id": TENANT, "client_id": CLIENT}
SECRET = {"AZURE_CLIENT_SECRET": "from the environment"}
PATH = {"AZURE_CLIENT_CERTIFICATE_PATH": "~/app.pem"}
TOKEN_FILE = {"AZURE_FEDERATED_TOKEN_FILE": "/var/run/token"}
GITHUB = {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example"}
PIPELINES = {
    "SYSTEM_OIDCREQUESTURI": "https://dev.example",
    "SYSTEM_ACCESSTOKEN": "x",
    "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "a connection",
}
HOST = {"IDENTITY_ENDPOINT": "http://127.0.0.1/token"}


def connection(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], **options: t.Any) -> Connection:
    """From options and variables, as a module gets them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = ArgumentSpecValidator(**CONNECTION.to_kwargs()).validate({**APP, **options})
    assert result.error_messages == []
    return Connection.from_options(result.validated_parameters)


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({**SECRET, **PATH, **TOKEN_FILE, **GITHUB, **PIPELINES, **HOST}, "client_secret"),
        ({**PATH, **TOKEN_FILE, **GITHUB, **PIPELINES, **HOST}, "client_certificate"),
        ({**TOKEN_FILE, **GITHUB, **PIPELINES, **HOST}, "workload_identity"),
        ({**GITHUB, **PIPELINES, **HOST}, "github_actions"),
        ({**PIPELINES, **HOST}, "azure_pipelines"),
        (HOST, "managed_identity"),
        ({"MSI_ENDPOINT": "http://127.0.0.1/token"}, "managed_identity"),
    ],
)
def test_the_environment_has_an_order(
    environment: dict[str, str], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose(connection(monkeypatch, environment)) == source


@pytest.mark.parametrize("variables", [SECRET, PATH, GITHUB, {**SECRET, **PATH, **TOKEN_FILE, **PIPELINES, **HOST}])
@pytest.mark.parametrize(
    ("option", "source"),
    [
        ("access_token", "access_token"),
        ("client_secret", "client_secret"),
        ("client_certificate", "client_certificate"),
        ("client_certificate_path", "client_certificate"),
        ("federated_token_file", "workload_identity"),
    ],
)
def test_an_option_comes_before_all_variables(
    option: str, source: str, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client secret in the environment must not win over a certificate that the task names."""
    assert choose(connection(monkeypatch, variables, **{option: "given-in-the-task"})) == source


def test_a_service_connection_as_an_option_chooses_azure_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    given = connection(monkeypatch, {**SECRET, **PIPELINES}, service_connection_id="another one")
    assert choose(given) == "azure_pipelines"


def test_two_ways_as_options_are_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"client_secret": "x", "client_certificate_path": "app.pem"}
    with pytest.raises(
        ConfigurationError, match=r"^Of client_secret and client_certificate_path each is a way to sign"
    ):
        choose(connection(monkeypatch, {}, **given))
    assert choose(connection(monkeypatch, {}, auth="client_secret", **given)) == "client_secret"


def test_a_certificate_given_twice_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"client_certificate": "x", "client_certificate_path": "app.pem", "auth": "client_certificate"}
    with pytest.raises(ConfigurationError, match=r"both given: leave one"):
        choose(connection(monkeypatch, {}, **given))


def test_a_pipeline_needs_its_identity_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of a pipeline alone, which every job has, choose nothing."""
    with pytest.raises(ConfigurationError, match=r"No credentials given.*this job of Azure Pipelines needs no secret"):
        choose(connection(monkeypatch, {"SYSTEM_OIDCREQUESTURI": "https://dev.example"}))


def test_a_job_of_github_is_told_its_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"No credentials given.*permissions: id-token: write"):
        choose(connection(monkeypatch, {"GITHUB_ACTIONS": "true"}))


@pytest.mark.parametrize(
    ("auth", "says"),
    [
        ("client_secret", r"also needs client_secret \(or AZURE_CLIENT_SECRET\)\.$"),
        ("client_certificate", r"also needs client_certificate_path \(or AZURE_CLIENT_CERTIFICATE_PATH\)\.$"),
        ("workload_identity", r"also needs federated_token_file \(or AZURE_FEDERATED_TOKEN_FILE\)\.$"),
        ("azure_pipelines", r"service_connection_id \(or AZURESUBSCRIPTION_SERVICE_CONNECTION_ID\)\.$"),
        ("access_token", r"also needs access_token\.$"),
        ("device_code", r"nobody could read the code: run 'az login --use-device-code"),
    ],
)
def test_a_source_says_what_it_lacks(auth: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=says):
        choose(connection(monkeypatch, {}, auth=auth))


def test_azure_pipelines_says_what_the_step_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"auth": "azure_pipelines", "service_connection_id": "x"}
    with pytest.raises(ConfigurationError, match=r"needs SYSTEM_OIDCREQUESTURI.*it works nowhere else"):
        choose(connection(monkeypatch, {}, **given))
    with pytest.raises(ConfigurationError, match=r"SYSTEM_ACCESSTOKEN: \$\(System.AccessToken\)"):
        choose(connection(monkeypatch, {"SYSTEM_OIDCREQUESTURI": "https://dev.example"}, **given))


def test_the_variable_names_a_source_and_a_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    given = connection(monkeypatch, {"TENANTOPS_AUTH": "azure_cli", "TENANTOPS_CLOUD": "china", **SECRET})
    assert (choose(given), given.cloud) == ("azure_cli", "china")


def test_every_source_of_the_option_can_be_had() -> None:
    choices = set(CONNECTION.options["auth"]["choices"])
    assert choices - {"auto", "device_code"} == credentials._BUILDERS.keys()
