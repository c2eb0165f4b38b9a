# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about what Entra ID says. PRIVATE to tenantops.entra."""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

_FEDERATED = (
    "compare the app's federated credential with what the token says: issuer, subject and audience have to be equal, "
    "letter by letter"
)
_ADVICE: dict[int, str] = {
    50034: "check the account's name",
    50053: "the account is locked, or its address is blocked: see the sign-in logs",
    50057: "enable the account, or sign in with another one",
    50058: "log in anew",
    50059: "give tenant_id, as an id or as a domain",
    50076: "this log-in wants a second factor: log in anew, or sign in as an app (client_certificate or a federation)",
    50079: "this log-in wants a second factor: log in anew, or sign in as an app (client_certificate or a federation)",
    50105: "assign the account to the app, or switch off 'assignment required'",
    50173: "the log-in was revoked: log in anew",
    50196: "too many sign-ins in a short time: wait some minutes",
    53000: "Conditional Access wants a compliant device",
    53003: "a Conditional Access policy blocks this identity or this address: see the sign-in logs for which",
    65001: "have an admin consent to the app's permissions",
    70011: "check cloud: the scope belongs to another one",
    70021: _FEDERATED,
    70043: "the log-in has ended: log in anew",
    90002: "check tenant_id, and cloud",
    90033: "Entra ID has a bad moment: run it again",
    90072: "the account is not in this tenant: check tenant_id",
    500011: "Microsoft Graph is not in this tenant: check tenant_id and cloud",
    500014: "Microsoft Graph's service principal is disabled in this tenant: enable it",
    500021: "the network allows only certain tenants (tenant restrictions in the proxy): have this one allowed there",
    650052: "the tenant lacks the service principal of the API, or its subscription",
    650057: "add Microsoft Graph to the app registration's API permissions",
    700016: "check client_id, and that the app registration is in this tenant",
    700021: "the assertion was made for another app: check client_id",
    700023: "the token is for another audience: have it issued for the one in the app's federated credential",
    700024: "the token has expired or is not valid yet: check this machine's clock, and that the token is renewed in time",
    700027: "register this certificate with the app (Certificates & secrets), or use one that is and has not expired",
    700030: "the certificate does not name the app as Entra ID expects it: register another one",
    700082: "the log-in has ended for lack of use: log in anew",
    700211: _FEDERATED,
    700212: _FEDERATED,
    700213: _FEDERATED,
    700222: "a token of Entra ID itself is not taken here: use one of your own identity provider",
    900023: "check tenant_id",
    900382: "the tenant is in another cloud: check cloud",
    1002012: "check cloud: the scope belongs to another one",
    7000112: "enable the app's service principal in this tenant",
    7000215: "check client_secret (the secret's value, not its id)",
    7000216: "give client_secret, client_certificate or a federated token",
    7000218: "give client_secret, client_certificate or a federated token",
    7000222: "the client secret has expired: create a new one",
    7000229: "the app has no service principal in this tenant: have an admin consent to it there, or check tenant_id",
    7002131: _FEDERATED,
    7002138: _FEDERATED,
}
_LOG_IN = "run 'az login{tenant} --allow-no-subscriptions'"
_CONNECT = "run Connect-AzAccount{ps_tenant}"
# What azure-identity prints when it has heard nothing of Entra ID, and what to say instead.
_LIBRARIES: tuple[tuple[str, str], ...] = (
    ("Unable to get authority configuration", "{authority} knows no such tenant; check tenant_id, and cloud"),
    ("Azure CLI not found", "the Azure CLI (az) is not installed, or not on the PATH"),
    ("Failed to invoke the Azure CLI", "the Azure CLI (az) did not answer in time"),
    ("az login --claims-challenge", f"Microsoft Graph asks for a new log-in (a claims challenge): {_LOG_IN}"),
    ("az login", f"nobody is logged in at the Azure CLI: {_LOG_IN}"),
    ("Unexpected output from Azure CLI", "the Azure CLI (az) printed no token; is it of the newest version?"),
    ("PowerShell is not installed", "PowerShell (pwsh) is not installed, or not on the PATH"),
    ("Connect-AzAccount -ClaimsChallenge", f"Microsoft Graph asks for a new log-in (a claims challenge): {_CONNECT}"),
    ("Az.Account", "PowerShell lacks the module Az.Accounts: run Install-Module Az.Accounts"),
    ("Connect-AzAccount", f"nobody is logged in at Azure PowerShell: {_CONNECT}"),
    ("Execution policy", "PowerShell's execution policy forbids the module Az.Accounts"),
    ("Failed to invoke PowerShell", f"PowerShell (pwsh) gave no token or did not answer in time: {_CONNECT}"),
    ("Unexpected output from Get-AzAccessToken", "PowerShell printed no token; is Az.Accounts of the newest version?"),
    (
        "ManagedIdentityCredential authentication unavailable",
        "this machine has no managed identity{client_id}; assign one to it, or choose another way to sign in",
    ),
    (
        "managed identity configuration not found",
        "this host gave no token of a managed identity{client_id}; check that it is assigned to the host",
    ),
)
_NO_PIPELINE_TOKEN = (
    "Azure Pipelines gave the job no token{status}; check service_connection_id, that this pipeline may use that service "
    "connection, and SYSTEM_ACCESSTOKEN"
)
_CODE = re.compile(r"AADSTS(\d+)")
# The ids of the attempt stand behind what is said, on the same line or on lines of their own.
_IDS = re.compile(r"\s+(?:Trace|Correlation) ID: .*", re.DOTALL)
_TRACE = re.compile(r"Trace ID: ([\w-]+)")


def said_by_entra(text: str) -> str:
    """A refusal of Entra ID within a library's text: code, sentence, trace id and advice; empty if there is none."""
    found = _CODE.search(text)
    if found is None:
        return ""
    sentence = " ".join(_IDS.sub("", text[found.start() :]).split()).rstrip(".' ")
    trace = _TRACE.search(text)
    # One id is enough to find the attempt in the sign-in logs.
    told = sentence + (f" (trace id {trace[1]})" if trace else "")
    advice = _ADVICE.get(int(found[1]))
    return f"{told}; {advice}" if advice else told


def said_by_libraries(text: str, connection: Connection, source: str, status: int | None) -> str:
    """A failure without an answer of Entra ID, in a few words.

    :param status: the HTTP status that went with it, if one did.
    """
    told = next((told for sign, told in _LIBRARIES if sign in text), None)
    if source == "azure_pipelines" and (status or "OIDC token" in text):
        told = _NO_PIPELINE_TOKEN
    if told is None:
        first = text.strip().partition("\n")[0].removeprefix("Authentication failed: ").rstrip(".")
        return first or "no reason is known"
    return told.format(
        authority=connection.authority,
        tenant=f" --tenant {connection.tenant_id}" if connection.tenant_id else "",
        ps_tenant=f" -Tenant {connection.tenant_id}" if connection.tenant_id else "",
        client_id=f" with client_id {connection.client_id}" if connection.client_id else "",
        status=f" (HTTP status {status})" if status else "",
    )
