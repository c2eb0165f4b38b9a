# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identities that the machine has: managed ones, and log-ins of the Azure CLI and of Azure PowerShell."""

from __future__ import annotations

import contextlib
import os
import socket
import time
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import AuthenticationError, ConnectionFailedError

from .effort import SOON, Effort
from .endpoints import CLIENT, TENANT, Source, Start, ask

if t.TYPE_CHECKING:
    from pathlib import Path


def test_no_managed_identity_is_told_within_seconds(
    source: Source, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a proxy would answer for that address."""
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:10")
    with pytest.raises(
        ConnectionFailedError, match=r"managed_identity failed: http://127.0.0.1:9 could not be"
    ) as told:
        ask(source(auth="managed_identity"))
    assert "proxy http" not in told.value.message
    assert len(effort.tries) == 1
    assert effort.waiting == 0


def test_an_address_that_swallows_everything_is_given_up_within_seconds(
    source: Source, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the one of managed identities is on most networks; here a full queue of connections plays it."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", f"http://127.0.0.1:{full.getsockname()[1]}")
        with pytest.raises(ConnectionFailedError, match=r"managed_identity failed: .* it did not answer in time"):
            ask(source(auth="managed_identity"))
    assert len(effort.tries) == 1
    assert effort.longest < SOON


def test_a_machine_that_answers_otherwise_has_no_managed_identity(
    start: Start, source: Source, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other clouds have something else at that address."""
    endpoint = start(tls=False)
    endpoint.answers["/token"] = lambda _asked: (404, "Not Found")
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", endpoint.url)
    with pytest.raises(AuthenticationError, match="this machine has no managed identity with client_id"):
        ask(source(auth="managed_identity"))
    assert len(endpoint.asked) == len(effort.tries) <= 3
    assert effort.waiting < SOON


@pytest.mark.parametrize("client_id", [None, CLIENT])
def test_a_managed_identity_signs_in(
    client_id: str | None, start: Start, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start(tls=False)
    token = {"access_token": "of-the-host", "expires_on": str(int(time.time()) + 3600), "token_type": "Bearer"}
    endpoint.answers["/msi"] = lambda _asked: (200, token)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{endpoint.url}/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    one = source(client_id=client_id)
    assert [ask(one), ask(one)] == ["of-the-host"] * 2
    (asked,) = endpoint.asked
    assert (asked.query["resource"], asked.query.get("client_id")) == ("https://graph.microsoft.com", client_id)
    assert one.source == "managed_identity"


def test_a_managed_identity_is_meant_where_a_federated_token_is_at_hand_too(
    start: Start, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start(tls=False)
    endpoint.answers["/token"] = lambda _asked: (200, {"access_token": "of-the-host", "expires_in": "3600"})
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", endpoint.url)
    for name in ("AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.setenv(name, "x")
    assert ask(source(auth="managed_identity")) == "of-the-host"


def command(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a command on the path, as the only one of its name."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")


AZURE_CLI = {
    'echo \'{"accessToken": "from-az", "expires_on": 4102444800}\'': "from-az",
    "echo \"Please run 'az login' to setup account.\" >&2; exit 1": f"nobody is logged in.*--tenant {TENANT} --allow",
    "echo 'ERROR: AADSTS50076: You must use MFA. Trace ID: 1-2\nRun az login.' >&2; exit 1": "AADSTS50076: You must use",
    'echo \'{"accessToken": "eyJhbGciOi.eyJzdWIi.c2ln", "expires_on": "never"}\'': "az. printed no token",
}


@pytest.mark.parametrize(("script", "says"), AZURE_CLI.items(), ids=["works", "no log-in", "refused", "nonsense"])
def test_the_azure_cli_is_asked(
    script: str, says: str, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path, "az", script, monkeypatch)
    if says == "from-az":
        assert ask(source(auth="azure_cli")) == says
        return
    with pytest.raises(AuthenticationError, match=says) as caught:
        ask(source(auth="azure_cli"))
    assert "with azure_cli" in caught.value.message
    assert "eyJ" not in caught.value.message


POWERSHELL = {
    "echo 'azsdk%from pwsh%4102444800'": "",
    "echo NO_AZ_ACCOUNT_MODULE": "Install-Module Az.Accounts",
    "echo 'Run Connect-AzAccount to login' >&2; exit 1": f"run Connect-AzAccount -Tenant {TENANT}",
    "echo eyJhbGciOi.eyJzdWIi.c2ln": "PowerShell printed no token",
}


@pytest.mark.parametrize(("script", "says"), POWERSHELL.items(), ids=["works", "no module", "no log-in", "nonsense"])
def test_azure_powershell_is_asked(
    script: str, says: str, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path, "pwsh", script.replace("from pwsh", "from-pwsh"), monkeypatch)
    if not says:
        assert ask(source(auth="azure_powershell")) == "from-pwsh"
        return
    with pytest.raises(AuthenticationError, match=says) as caught:
        ask(source(auth="azure_powershell"))
    assert "eyJ" not in caught.value.message


@pytest.mark.parametrize(("auth", "name"), [("azure_cli", "az"), ("azure_powershell", "pwsh")])
def test_a_tool_that_is_not_there_is_told_at_once(
    auth: str, name: str, source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AuthenticationError, match=rf"{auth} failed: .*\({name}\) is not installed, or not on the PATH"):
        ask(source(auth=auth))
