# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways to sign in: those that work, and those that are refused with what has to be said."""

from __future__ import annotations

import base64
import dataclasses
import typing as t
from pathlib import Path

from integration.runner import Task, task
from integration.sign_in_world import (
    AUTOMATION,
    MACHINE,
    NOWHERE,
    OUTDATED,
    STRANGER,
    WORKER,
    World,
    with_environment,
)
from integration.tenant import OUTLOOK

if t.TYPE_CHECKING:
    from collections.abc import Callable

APP = "service_principal_info"

Environment: t.TypeAlias = "Callable[[World], dict[str, str]]"


@dataclasses.dataclass(frozen=True)
class Attempt:
    """A task that signs in.

    :ivar says: what its failure has to tell.
    :ivar client_id: who it signs in as.
    """

    name: str
    auth: str
    environment: Environment
    says: tuple[str, ...] = ()
    options: Callable[[World], dict[str, t.Any]] = lambda _world: {}
    client_id: str = AUTOMATION

    def task(self, world: World) -> Task:
        wanted = {"auth": self.auth} if self.auth != "auto" else {}
        one = task(APP, app_ids=[OUTLOOK], **wanted, **self.options(world))
        return {**with_environment(one, self.environment(world)), "name": self.name}

    def __str__(self) -> str:
        return self.name


def secret(world: World) -> dict[str, str]:
    """Variables of the automation's secret."""
    return world.app(AZURE_CLIENT_SECRET=world.env["AZURE_CLIENT_SECRET"])


def certificate(name: str, client_id: str = AUTOMATION) -> Environment:
    """Variables of an identity's certificate."""
    return lambda world: world.app(
        client_id, AZURE_CLIENT_CERTIFICATE_PATH=world.env[f"ENTRA_SIMULATOR_CERTIFICATE_{name}"]
    )


def _pfx_password(world: World) -> dict[str, str]:
    return world.app(AZURE_CLIENT_CERTIFICATE_PASSWORD=world.env["ENTRA_SIMULATOR_PFX_PASSWORD_AUTOMATION"])


def _pfx(world: World) -> dict[str, str]:
    path = world.env["ENTRA_SIMULATOR_PFX_AUTOMATION"]
    return {**_pfx_password(world), "AZURE_CLIENT_CERTIFICATE_PATH": path}


def _pem_content(world: World) -> dict[str, t.Any]:
    return {"client_certificate": Path(world.env["AZURE_CLIENT_CERTIFICATE_PATH"]).read_text(encoding="ascii")}


def _pfx_content(world: World) -> dict[str, t.Any]:
    content = Path(world.env["ENTRA_SIMULATOR_PFX_AUTOMATION"]).read_bytes()
    return {"client_certificate": base64.b64encode(content).decode("ascii")}


def _token_file(name: str, **more: t.Any) -> Environment:
    return lambda world: world.app(AZURE_FEDERATED_TOKEN_FILE=world.kubernetes(name, **more))


WORKING = [
    Attempt("a secret", "auto", secret),
    Attempt("a PEM file", "auto", certificate("AUTOMATION")),
    Attempt("a PFX file with a password", "client_certificate", _pfx),
    Attempt("a PEM text", "auto", lambda world: world.app(), options=_pem_content),
    Attempt("a PFX text with a password", "auto", _pfx_password, options=_pfx_content),
    Attempt("a federated token's file", "auto", _token_file("good")),
    Attempt("GitHub Actions", "auto", lambda world: world.github()),
    Attempt("GitHub Actions, named", "github_actions", lambda world: world.github()),
    Attempt("Azure Pipelines", "auto", lambda world: world.azure_pipelines()),
    Attempt("Azure Pipelines, named", "azure_pipelines", lambda world: world.azure_pipelines()),
    Attempt("the identity of a service", "auto", lambda world: world.service(), client_id=MACHINE),
    Attempt(
        "another identity of a service",
        "managed_identity",
        lambda world: world.service(AZURE_CLIENT_ID=WORKER),
        client_id=WORKER,
    ),
    Attempt(
        "the identity of a virtual machine",
        "managed_identity",
        lambda world: world.virtual_machine(),
        client_id=MACHINE,
    ),
    Attempt(
        "another identity of a virtual machine",
        "managed_identity",
        lambda world: world.virtual_machine(AZURE_CLIENT_ID=WORKER),
        client_id=WORKER,
    ),
    Attempt("the Azure CLI", "azure_cli", lambda world: world.tools(logged_in=True)),
    Attempt("Azure PowerShell", "azure_powershell", lambda world: world.tools(logged_in=True)),
    Attempt(
        "a ready token", "auto", lambda _world: {}, options=lambda world: {"access_token": world.simulated.token()}
    ),
    Attempt("the tenant's domain", "auto", lambda world: {**secret(world), "AZURE_TENANT_ID": "contoso.example"}),
]
_FEDERATED = "compare the app's federated credential"
REFUSED = [
    Attempt(
        "a wrong secret",
        "auto",
        lambda world: world.app(AZURE_CLIENT_SECRET="wrong"),
        ("with client_secret was refused: AADSTS7000215: ", "check client_secret"),
    ),
    Attempt(
        "an expired secret",
        "auto",
        lambda world: world.app(OUTDATED, AZURE_CLIENT_SECRET=world.env["ENTRA_SIMULATOR_SECRET_OUTDATED"]),
        ("with client_secret was refused: AADSTS7000222: ", "create a new one"),
    ),
    Attempt(
        "another tenant",
        "auto",
        lambda world: {**secret(world), "AZURE_TENANT_ID": "fabrikam.example"},
        ("client_secret", "check tenant_id"),
    ),
    Attempt(
        "another app",
        "auto",
        lambda world: {**secret(world), "AZURE_CLIENT_ID": "dddddddd-0000-4000-8000-000000000000"},
        ("with client_secret was refused: AADSTS700016: ", "check client_id"),
    ),
    Attempt(
        "an unregistered certificate",
        "auto",
        certificate("STRANGER"),
        ("with client_certificate was refused: AADSTS700027: ", "register this certificate"),
    ),
    Attempt(
        "an expired certificate",
        "auto",
        certificate("OUTDATED", OUTDATED),
        ("client_certificate_path ", "has expired on 2024-12-31", "AADSTS700027", "register it with the app"),
    ),
    Attempt(
        "a foreign subject",
        "auto",
        _token_file("subject", subject="system:serviceaccount:default:default"),
        (
            "with workload_identity was refused: AADSTS700213: ",
            "'system:serviceaccount:default:default'",
            _FEDERATED,
        ),
    ),
    Attempt(
        "a foreign issuer",
        "auto",
        _token_file("issuer", issuer="elsewhere"),
        ("with workload_identity was refused: AADSTS700211: ", "/elsewhere'", _FEDERATED),
    ),
    Attempt(
        "a foreign audience",
        "auto",
        _token_file("audience", audience="api://other"),
        ("with workload_identity was refused: AADSTS700212: ", "'api://other'", _FEDERATED),
    ),
    Attempt(
        "an expired federated token",
        "auto",
        _token_file("expired", expires_in=-60),
        ("with workload_identity was refused: AADSTS700024: ", "the token has expired or is not valid yet"),
    ),
    Attempt(
        "another repository",
        "github_actions",
        lambda world: world.github(AZURE_CLIENT_ID=STRANGER),
        ("with github_actions was refused: AADSTS700213: ", "repo:contoso/tenants:", _FEDERATED),
    ),
    Attempt(
        "a job's token that GitHub does not take",
        "github_actions",
        lambda world: world.github(ACTIONS_ID_TOKEN_REQUEST_TOKEN="wrong"),
        ("Signing in with github_actions failed: ", "401", "check that the job has"),
    ),
    Attempt(
        "GitHub out of reach",
        "github_actions",
        lambda world: world.github(ACTIONS_ID_TOKEN_REQUEST_URL=f"{NOWHERE}/x?api-version=2.0"),
        ("GitHub's token endpoint https://127.0.0.1:9 could not be reached: the connection was refused",),
    ),
    Attempt(
        "another service connection's subject",
        "azure_pipelines",
        lambda world: world.azure_pipelines(AZURE_CLIENT_ID=STRANGER),
        ("with azure_pipelines was refused: AADSTS700213: ", "sc://contoso/tenants/entra", _FEDERATED),
    ),
    Attempt(
        "a service connection that is not there",
        "azure_pipelines",
        lambda world: world.azure_pipelines(AZURESUBSCRIPTION_SERVICE_CONNECTION_ID=WORKER),
        ("Signing in with azure_pipelines failed: ", "404", "check service_connection_id"),
    ),
    Attempt(
        "a job's token that Azure Pipelines does not take",
        "azure_pipelines",
        lambda world: world.azure_pipelines(SYSTEM_ACCESSTOKEN="wrong"),
        ("Signing in with azure_pipelines failed: ", "401", "SYSTEM_ACCESSTOKEN"),
    ),
    Attempt(
        "Azure Pipelines out of reach",
        "azure_pipelines",
        lambda world: world.azure_pipelines(SYSTEM_OIDCREQUESTURI=f"{NOWHERE}/x"),
        ("https://127.0.0.1:9 could not be reached: the connection was refused", "azure_pipelines"),
    ),
    Attempt(
        "an identity that the service has not",
        "managed_identity",
        lambda world: world.service(AZURE_CLIENT_ID=AUTOMATION),
        ("Signing in with managed_identity failed: ", AUTOMATION, "assigned to"),
    ),
    Attempt(
        "an identity that the virtual machine has not",
        "managed_identity",
        lambda world: world.virtual_machine(AZURE_CLIENT_ID=AUTOMATION),
        ("Signing in with managed_identity failed: ", AUTOMATION, "assign one to it"),
    ),
    Attempt(
        "no endpoint for managed identities",
        "managed_identity",
        lambda world: world.virtual_machine(AZURE_POD_IDENTITY_AUTHORITY_HOST="http://127.0.0.1:9"),
        ("Signing in with managed_identity failed: http://127.0.0.1:9 could not be reached", "only on machines"),
    ),
    Attempt(
        "nobody at the Azure CLI",
        "azure_cli",
        lambda world: world.tools(logged_in=False),
        ("Signing in with azure_cli failed: nobody is logged in at the Azure CLI: run 'az login",),
    ),
    Attempt(
        "nobody at Azure PowerShell",
        "azure_powershell",
        lambda world: world.tools(logged_in=False),
        ("Signing in with azure_powershell failed: ", "Connect-AzAccount"),
    ),
    Attempt("a device code", "device_code", lambda world: world.app(), ("device_code cannot work", "az login")),
    Attempt(
        "the login endpoint out of reach",
        "auto",
        lambda world: {**secret(world), "AZURE_AUTHORITY_HOST": NOWHERE},
        ("The login endpoint https://127.0.0.1:9 could not be reached: the connection was refused", "client_secret"),
    ),
    Attempt(
        "an authority that nobody trusts",
        "auto",
        lambda world: {**secret(world), "TENANTOPS_CA_PATH": ""},
        ("its TLS certificate is not trusted", "ca_path"),
    ),
    Attempt("nothing", "auto", lambda _world: {}, ("No credentials given: set client_secret",)),
]
