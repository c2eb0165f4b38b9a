# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sign-in source a run takes. PRIVATE to tenantops.entra. It follows from what is given; nothing is tried out."""

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import (
    LONGEST_PATH,
    check_path,
    check_token,
    trimmed,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.federation import (
    GITHUB_PERMISSION,
    GITHUB_URL,
)
from ansible_collections.tenantops.entra.plugins.module_utils._secrets import kind

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

PIPELINES_URL, PIPELINES_TOKEN = "SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN"
# The hosts that offer managed identities set these; a virtual machine sets nothing, so there it has to be named.
_IDENTITY_ENDPOINTS = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")
# Options that choose a source by being given, with the variable that each falls back to.
_CHOOSING: dict[str, tuple[str, str | None]] = {
    "access_token": ("access_token", None),
    "client_secret": ("client_secret", "AZURE_CLIENT_SECRET"),
    "client_certificate": ("client_certificate", None),
    "client_certificate_path": ("client_certificate", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "federated_token_file": ("workload_identity", "AZURE_FEDERATED_TOKEN_FILE"),
    "service_connection_id": ("azure_pipelines", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
}
_APP = ("tenant_id", "client_id")
# What each source takes from the options. Of names joined by a bar, one has to be given.
_NEEDS: dict[str, tuple[str, ...]] = {
    "client_secret": (*_APP, "client_secret"),
    "client_certificate": (*_APP, "client_certificate_path|client_certificate"),
    "workload_identity": (*_APP, "federated_token_file"),
    "github_actions": _APP,
    "azure_pipelines": (*_APP, "service_connection_id"),
    "access_token": ("access_token",),
}
_VARIABLES = {
    "tenant_id": "AZURE_TENANT_ID",
    "client_id": "AZURE_CLIENT_ID",
    **{option: variable for option, (_source, variable) in _CHOOSING.items() if variable},
}
_PATH = re.compile(r"(?:~|\.{0,2})/\S*|[A-Za-z]:[\\/]\S*|\S+\.(?:pem|pfx|p12|crt|cer|key)", re.IGNORECASE)
_READ = "read the file with a lookup of ansible.builtin.file"


def choose(connection: Connection, environment: Mapping[str, str] | None = None) -> str:
    """The sign-in source by ``auth`` or, with ``auto``, by what is given; raises ConfigurationError.

    :param environment: the variables that options fell back to; the process's, by default.
    """
    environment = os.environ if environment is None else environment
    source = connection.auth
    if source == "auto":
        source = _by_options(connection, environment) or _by_environment(connection, environment)
        if not source:
            raise ConfigurationError(_nothing_given(environment))
    if source == "device_code":
        raise ConfigurationError(
            "auth: device_code cannot work in a module, because Ansible shows what a module says only when it has "
            "ended, so nobody could read the code: run 'az login --use-device-code --allow-no-subscriptions' first, "
            "and use auth: azure_cli."
        )
    _check_needs(connection, source, environment)
    _CHECKS.get(source, _no_check)(connection)
    return source


def _by_options(connection: Connection, environment: Mapping[str, str]) -> str:
    """What options say that were not taken from the environment."""
    given = [
        option
        for option, (_source, variable) in _CHOOSING.items()
        if (value := getattr(connection, option)) and not (variable and _is_value(environment, option, value))
    ]
    if len(given) > 1:
        raise ConfigurationError(
            f"Of {', '.join(given[:-1])} and {given[-1]} each is a way to sign in, and more than one is given as an "
            "option: leave one, or say by auth which counts."
        )
    return _CHOOSING[given[0]][0] if given else ""


def _is_value(environment: Mapping[str, str], option: str, value: str) -> bool:
    """Whether an option's value is that of its variable; paths come expanded."""
    found = environment.get(_VARIABLES[option], "")
    return value in (trimmed(option, found), trimmed(option, os.path.expanduser(os.path.expandvars(found))))


def _by_environment(connection: Connection, environment: Mapping[str, str]) -> str:
    found = {
        "client_secret": connection.client_secret,
        "client_certificate": connection.client_certificate_path,
        "workload_identity": connection.federated_token_file,
        "github_actions": environment.get(GITHUB_URL) and connection.client_id,
        "azure_pipelines": environment.get(PIPELINES_URL) and connection.service_connection_id,
        "managed_identity": any(environment.get(name) for name in _IDENTITY_ENDPOINTS),
    }
    return next((source for source, given in found.items() if given), "")


def _nothing_given(environment: Mapping[str, str]) -> str:
    hint = ""
    if environment.get("GITHUB_ACTIONS") == "true":
        hint = f"; this job of GitHub Actions needs no secret, but client_id and '{GITHUB_PERMISSION}'"
    elif environment.get(PIPELINES_URL):
        hint = "; this job of Azure Pipelines needs no secret, but service_connection_id"
    return (
        "No credentials given: set client_secret, client_certificate, client_certificate_path, federated_token_file or "
        "access_token (or AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE), "
        f"or choose auth: managed_identity, azure_cli or azure_powershell{hint}."
    )


def _check_needs(connection: Connection, source: str, environment: Mapping[str, str]) -> None:
    missing = [
        f"{name} (or {_VARIABLES[name]})" if name in _VARIABLES else name
        for needed in _NEEDS.get(source, ())
        if not any(getattr(connection, name) for name in needed.split("|"))
        for name in needed.split("|")[:1]
    ]
    if missing:
        raise ConfigurationError(f"Signing in with {source} also needs {', '.join(missing)}.")
    if source == "client_certificate" and connection.client_certificate and connection.client_certificate_path:
        path = connection.client_certificate_path
        if not _is_value(environment, "client_certificate_path", path):
            raise ConfigurationError("client_certificate and client_certificate_path are both given: leave one.")
    if source == "azure_pipelines":
        if not environment.get(PIPELINES_URL):
            raise ConfigurationError(
                f"Signing in with azure_pipelines needs {PIPELINES_URL}, which Azure Pipelines sets for each job: "
                "it works nowhere else."
            )
        if not environment.get(PIPELINES_TOKEN, "").strip():
            raise ConfigurationError(
                f"Signing in with azure_pipelines needs {PIPELINES_TOKEN}: hand it to the step as "
                f"'env: {PIPELINES_TOKEN}: $(System.AccessToken)'."
            )


def _check_certificate(connection: Connection) -> None:
    text = connection.client_certificate
    if text is None:
        check_path("client_certificate_path", connection.client_certificate_path or "")
    elif len(text) <= LONGEST_PATH and _PATH.fullmatch(text):
        raise ConfigurationError(
            "client_certificate holds a path, not the certificate itself: give it as client_certificate_path."
        )


def _check_access_token(connection: Connection) -> None:
    token = connection.access_token or ""
    if _PATH.fullmatch(token):
        raise ConfigurationError(f"access_token holds a path, not the token itself: {_READ}.")
    if (held := kind(token)) not in ("", "a token"):
        raise ConfigurationError(f"access_token holds {held}, not a token: give it as client_certificate.")
    check_token("access_token", token)


def _check_secret(connection: Connection) -> None:
    secret = connection.client_secret or ""
    if held := kind(secret):
        option = "access_token" if held == "a token" else "client_certificate"
        raise ConfigurationError(f"client_secret holds {held}, not a client secret: give it as {option}.")
    if len(secret.splitlines()) > 1:
        raise ConfigurationError("client_secret has several lines, which no client secret has.")
    if secret.startswith("/") and os.path.isfile(secret):
        raise ConfigurationError(f"client_secret holds a path, not the secret itself: {_READ}.")


def _check_token_file(connection: Connection) -> None:
    check_path("federated_token_file", connection.federated_token_file or "")


def _no_check(_connection: Connection) -> None:
    pass


# Whether an option holds what it should, and not its path or another thing. No message repeats it.
_CHECKS: dict[str, Callable[[Connection], None]] = {
    "access_token": _check_access_token,
    "client_certificate": _check_certificate,
    "client_secret": _check_secret,
    "workload_identity": _check_token_file,
}
