# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A library that is missing is known before anything is sent, whatever the way to sign in; and none is loaded in vain."""

from __future__ import annotations

import subprocess
import sys
import typing as t

import pytest
from unit.repository.written import ROOT

from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

APP = {"tenant_id": "contoso.example", "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11"}
SECRET: dict[str, t.Any] = {**APP, "client_secret": "s3cret-value"}
TOKEN: dict[str, t.Any] = {"access_token": "a-ready-token"}
# What making a client asks for by itself; each has the others behind it.
ALWAYS = (
    "certifi",
    "httpx",
    "kiota_authentication_azure.azure_identity_authentication_provider",
    "kiota_http.middleware.options",
    "msgraph.graph_request_adapter",
    "msgraph_core",
)
CASES = [
    *((library, options) for library in ALWAYS for options in (SECRET, TOKEN)),
    ("azure.identity", SECRET),
    ("azure.core.pipeline.transport", SECRET),
    ("requests", SECRET),
    ("requests", {"auth": "managed_identity"}),
    ("azure.identity", {"auth": "managed_identity"}),
    ("azure.identity", {"auth": "azure_cli"}),
    ("azure.identity", {"auth": "azure_powershell"}),
    ("cryptography", {**APP, "client_certificate": "-----BEGIN"}),
]


@pytest.fixture(autouse=True)
def _no_way_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("library", "options"), CASES)
def test_making_a_client_tells_what_is_missing(
    library: str, options: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    GraphClient(Connection(**(SECRET if library == "cryptography" else options)))
    for name in [name for name in sys.modules if name.startswith(f"{library}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=library.partition(".")[0]):
        GraphClient(Connection(**options))


@pytest.mark.parametrize(
    ("options", "loaded"),
    [
        (TOKEN, set()),
        (SECRET, {"azure.identity", "cryptography"}),
    ],
    ids=["a ready token", "a secret"],
)
def test_what_a_sign_in_does_not_take_is_not_loaded(options: dict[str, t.Any], loaded: set[str]) -> None:
    program = f"""
import sys
from {Connection.__module__} import Connection
from {GraphClient.__module__} import GraphClient
print(*({{"msgraph", "httpx"}} & sys.modules.keys()))
GraphClient(Connection(**{options!r}))
print(*({{"azure.identity", "cryptography"}} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / ".build" / "collections")},
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    before, after = done.stdout.splitlines()
    assert before == ""
    assert set(after.split()) == loaded
