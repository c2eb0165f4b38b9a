# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said about refusals: the code, the sentence, one id, and what to do."""

from __future__ import annotations

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in import advice, session
from ansible_collections.tenantops.entra.plugins.module_utils._secrets import Masker

from .endpoints import CLIENT, TENANT, jwt

IDS = "Trace ID: 1111-aa Correlation ID: 2222-bb Timestamp: 2026-11-25 10:00:00Z"
BROKEN = "HTTPSConnectionPool(host='login.example', port=443): Max retries exceeded with url: /x (Caused by {})"


@pytest.mark.parametrize(
    "text",
    [
        f"Authentication failed: AADSTS7000222: The key is old. {IDS}",
        f"Microsoft Entra ID error '(invalid_client) AADSTS7000222: The key is old. {IDS}'",
        "ERROR: AADSTS7000222: The key is old.\r\nTrace ID: 1111-aa\r\nCorrelation ID: 2222-bb\nRun az login.",
        "ERROR: AADSTS7000222: The key\n is old. Trace ID: 1111-aa",
    ],
)
def test_the_refusal_is_found_in_what_libraries_print(text: str) -> None:
    told = "AADSTS7000222: The key is old (trace id 1111-aa); the client secret has expired: create a new one"
    assert advice.said_by_entra(text) == told


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (7000215, "check client_secret"),
        (7000222, "create a new one"),
        (700016, "check client_id"),
        (90002, "check tenant_id"),
        (900023, "check tenant_id"),
        (700027, "register this certificate"),
        (700024, "clock"),
        (70021, "issuer, subject and audience"),
        (700211, "issuer, subject and audience"),
        (700212, "issuer, subject and audience"),
        (700213, "issuer, subject and audience"),
        (7002138, "letter by letter"),
        (7000229, "no service principal in this tenant"),
        (7000112, "enable the app's service principal"),
        (650057, "API permissions"),
        (50076, "second factor"),
        (53003, "Conditional Access"),
        (65001, "consent"),
        (500011, "cloud"),
    ],
)
def test_each_common_code_has_its_own_advice(code: int, says: str) -> None:
    assert says in advice.said_by_entra(f"AADSTS{code}: Something.").partition("; ")[2]


def test_a_code_without_advice_is_told_as_it_is() -> None:
    assert advice.said_by_entra("AADSTS700021599: New.") == "AADSTS700021599: New"


def test_what_is_no_refusal_is_left_to_others() -> None:
    assert advice.said_by_entra("nothing of Entra ID") == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Azure CLI not found on path", "is not installed, or not on the PATH"),
        ("Please run 'az login' to set up an account", f"run 'az login --tenant {TENANT} --allow-no-subscriptions'"),
        ("Run: az login --claims-challenge eyJhY2Nlc3M", "a claims challenge"),
        ("Az.Account module >= 2.2.0 is not installed", "Install-Module Az.Accounts"),
        ('Please run "Connect-AzAccount" to set up account', f"run Connect-AzAccount -Tenant {TENANT}"),
        ("(requires Az.Accounts module): Connect-AzAccount -ClaimsChallenge x", "a claims challenge"),
        ("PowerShell is not installed", "(pwsh) is not installed"),
        ("Unexpected output from Get-AzAccessToken: a token", "printed no token"),
        ("Unable to get authority configuration for x", "knows no such tenant; check tenant_id"),
        (f"Something new: {jwt(sub='me')}\nmore", "Something new: (hidden)"),
    ],
)
def test_what_libraries_say_is_put_for_admins(text: str, says: str) -> None:
    told = advice.said_by_libraries(text, Connection(tenant_id=TENANT, client_id=CLIENT), "azure_cli", 401)
    told = Masker().mask(told)
    assert says in told
    assert "eyJ" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            BROKEN.format("OSError('Tunnel connection failed: 407 Proxy Authentication Required')"),
            "the proxy wants cred",
        ),
        ("407 Proxy Authentication Required ", "the proxy wants credentials"),
        ("Tunnel connection failed: 403 Forbidden", r"the proxy refused the connection (403 Forbidden)"),
        ("502 Bad Gateway", "the proxy could not get through to it (502 Bad Gateway)"),
        (BROKEN.format("SSLError(1, 'CERTIFICATE_VERIFY_FAILED')"), "not trusted"),
        (BROKEN.format("[Errno 111] Connection refused"), "the connection was refused"),
        ("[Errno -2] Name or service not known", "the host name is not known"),
        ("Read timed out. (read timeout=30)", "did not answer in time"),
        ("", "the connection broke"),
        ("Failed to parse: http://me:s3cret@proxy", "Failed to parse: http://(hidden)@proxy"),
    ],
)
def test_causes_in_the_network_are_told_apart(text: str, says: str) -> None:
    shown = Masker().mask(session.explain_network_error(text))
    assert says in shown
    assert "s3cret" not in shown
