# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authority: discovery, tokens, refusals; and what Graph says to bad tokens."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from simulator_helpers import Tenant

GOOD_SCOPE = "https://graph.microsoft.com/.default"


def _post(tenant: Tenant, form: dict[str, str], name: str | None = None, **headers: str) -> tuple[int, Any]:
    simulated = tenant.simulated
    url = f"{simulated.url}/{name or simulated.env['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    status, _, text = simulated.send("POST", url, urlencode(form).encode(), headers)
    return status, json.loads(text)


def _form(tenant: Tenant, **changes: str) -> dict[str, str]:
    env = tenant.simulated.env
    form = {
        "grant_type": "client_credentials",
        "client_id": env["AZURE_CLIENT_ID"],
        "client_secret": env["AZURE_CLIENT_SECRET"],
        "scope": GOOD_SCOPE,
    }
    return {name: value for name, value in {**form, **changes}.items() if value}


@pytest.mark.parametrize("name", ["", "contoso.example", "organizations"])
def test_configuration(tenant: Tenant, name: str) -> None:
    simulated = tenant.simulated
    name = name or simulated.env["AZURE_TENANT_ID"]
    url = f"{simulated.url}/{name}/v2.0/.well-known/openid-configuration"
    status, _, text = simulated.send("GET", url, None, {})
    body = json.loads(text)
    assert status == 200
    assert body["token_endpoint"].startswith(f"{simulated.url}/")
    assert body["token_endpoint"].endswith("/oauth2/v2.0/token")


def test_unknown_tenant_has_no_configuration(tenant: Tenant) -> None:
    url = f"{tenant.simulated.url}/fabrikam.example/v2.0/.well-known/openid-configuration"
    status, _, text = tenant.simulated.send("GET", url, None, {})
    assert (status, json.loads(text)["error_codes"]) == (400, [90002])


def test_instance_discovery(tenant: Tenant) -> None:
    url = f"{tenant.simulated.url}/common/discovery/instance"
    status, _, text = tenant.simulated.send("GET", url, None, {})
    assert status == 200
    assert json.loads(text)["tenant_discovery_endpoint"].startswith(tenant.simulated.url)


def test_token_is_a_signed_jwt_with_the_roles(tenant: Tenant) -> None:
    simulated = tenant.simulated
    status, body = _post(tenant, _form(tenant))
    assert status == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3599)
    _, _, text = simulated.send(
        "GET", f"{simulated.url}/{simulated.env['AZURE_TENANT_ID']}/discovery/v2.0/keys", None, {}
    )
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(json.loads(text)).keys}
    key = keys[jwt.get_unverified_header(body["access_token"])["kid"]]
    claims = jwt.decode(body["access_token"], key, algorithms=["RS256"], audience="https://graph.microsoft.com")
    assert claims["appid"] == simulated.env["AZURE_CLIENT_ID"]
    assert claims["tid"] == simulated.env["AZURE_TENANT_ID"]
    assert claims["idtyp"] == "app"
    assert "DelegatedPermissionGrant.ReadWrite.All" in claims["roles"]
    assert claims["exp"] - claims["iat"] == 3599


def test_basic_credentials_and_the_own_url_as_scope(tenant: Tenant) -> None:
    env = tenant.simulated.env
    plain = f"{env['AZURE_CLIENT_ID']}:{env['AZURE_CLIENT_SECRET']}"
    form = {"grant_type": "client_credentials", "scope": f"{tenant.simulated.url}/.default"}
    header = "Basic " + base64.b64encode(plain.encode()).decode()
    assert _post(tenant, form, Authorization=header)[0] == 200


@pytest.mark.parametrize("host", ["graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"])
def test_scopes_of_other_clouds(tenant: Tenant, host: str) -> None:
    assert _post(tenant, _form(tenant, scope=f"https://{host}/.default"))[0] == 200


@pytest.mark.parametrize(
    ("changes", "name", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, None, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, None, 401, "invalid_client", 7000216),
        ({"client_assertion": "x"}, None, 400, "invalid_request", 900144),
        ({"client_id": "dddddddd-0000-4000-8000-000000000000"}, None, 400, "unauthorized_client", 700016),
        ({}, "fabrikam.example", 400, "invalid_request", 90002),
        ({}, "organizations", 400, "invalid_request", 50059),
        ({"scope": "https://graph.microsoft.com/User.Read"}, None, 400, "invalid_scope", 1002012),
        ({"scope": ""}, None, 400, "invalid_scope", 1002012),
        ({"scope": "https://vault.azure.net/.default"}, None, 400, "invalid_scope", 70011),
        ({"grant_type": "password"}, None, 400, "unsupported_grant_type", 70003),
    ],
)
def test_refusals(
    tenant: Tenant, changes: dict[str, str], name: str | None, status: int, error: str, code: int
) -> None:
    got, body = _post(tenant, _form(tenant, **changes), name)
    assert (got, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert {"timestamp", "trace_id", "correlation_id"} <= set(body)


def test_no_token(tenant: Tenant) -> None:
    url = f"{tenant.simulated.url}/v1.0/users"
    status, headers, text = tenant.simulated.send("GET", url, None, {})
    error = json.loads(text)["error"]
    assert (status, error["code"], error["message"]) == (
        401,
        "InvalidAuthenticationToken",
        "Access token is empty.",
    )
    assert headers["www-authenticate"].startswith("Bearer ")


def test_expired_token(passing_time: Tenant) -> None:
    tenant = passing_time
    token = tenant.simulated.token()
    tenant.ok("GET", "/users?$top=1", token=token)
    tenant.simulated.advance(3600)
    assert tenant.refused("GET", "/users", token=token) == (
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
    )
    tenant.ok("GET", "/users?$top=1")


def test_forged_and_broken_tokens(tenant: Tenant) -> None:
    token = tenant.simulated.token()
    head, claims, _ = token.split(".")
    forged = jwt.encode({"aud": "https://graph.microsoft.com"}, "k" * 32, algorithm="HS256")
    for bad in ("nonsense", f"{head}.{claims}.{'A' * 342}", forged):
        status, code, _ = tenant.refused("GET", "/users", token=bad)
        assert (status, code) == (401, "InvalidAuthenticationToken")


def test_a_disabled_service_principal_gets_no_token(tenant: Tenant) -> None:
    client_id = tenant.simulated.env["AZURE_CLIENT_ID"]
    document = tenant.initial
    document["applications"].append(
        {"app_id": client_id, "display_name": "Automation", "owner_tenant_id": document["tenant"]["id"]}
    )
    document["service_principals"].append({"app_id": client_id, "account_enabled": False})
    tenant.simulated.put_state(document)
    assert _post(tenant, _form(tenant))[1]["error_codes"] == [7000112]
