# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, options, unknown paths, headers."""

from __future__ import annotations

import json

import pytest
from simulator_helpers import SEEDS, Tenant

from entra_simulator.testing import running


def test_pages(tenant: Tenant) -> None:
    first = tenant.ok("GET", "/users")
    assert len(first["value"]) == 100
    rows = tenant.every("/users?$top=7&$select=id")
    assert len({row["id"] for row in rows}) == len(rows) == 105
    assert "@odata.count" not in first
    assert "@odata.count" not in tenant.ok("GET", "/users?$count=true")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$top=0", "Request_UnsupportedQuery"),
        ("$top=1000", "Request_UnsupportedQuery"),
        ("$top=x", "BadRequest"),
        ("$skip=1", "Request_BadRequest"),
        ("$nonsense=1", "BadRequest"),
        ("$skiptoken=nonsense", "Directory_ExpiredPageToken"),
        ("$skiptoken=MS5hYmNk", "Directory_ExpiredPageToken"),
    ],
)
def test_options_that_are_refused(tenant: Tenant, query: str, code: str) -> None:
    status, got, _ = tenant.refused("GET", f"/users?{query}")
    assert (status, got) == (400, code)


def test_a_page_token_belongs_to_its_list(tenant: Tenant) -> None:
    link = tenant.ok("GET", "/users?$top=1")["@odata.nextLink"]
    token = link.partition("$skiptoken=")[2]
    assert tenant.refused("GET", f"/groups?$skiptoken={token}")[1] == "Directory_ExpiredPageToken"
    tenant.simulated.put_state(tenant.initial)
    assert tenant.refused("GET", link)[1] == "Directory_ExpiredPageToken"


def test_what_only_the_simulator_lacks_is_said(tenant: Tenant) -> None:
    assert tenant.refused("GET", "/users?$orderby=displayName")[:2] == (501, "NotSimulated")


def test_rows_that_go_between_two_pages_hide_no_others(tenant: Tenant, jira: str, graph: str) -> None:
    made = []
    for number in range(1, 7):
        body = {
            "clientId": jira,
            "resourceId": graph,
            "consentType": "Principal",
            "principalId": tenant.user(f"user00{number}@contoso.example"),
            "scope": "x",
        }
        made.append(tenant.ok("POST", "/oauth2PermissionGrants", body)["id"])
    page = tenant.ok("GET", f"/oauth2PermissionGrants?$filter=clientId eq '{jira}'&$top=3")
    for grant in made[:4]:
        tenant.ok("DELETE", f"/oauth2PermissionGrants/{grant}")
    rest = tenant.ok("GET", page["@odata.nextLink"])
    assert [row["id"] for row in rest["value"]] == made[4:]


def test_short_and_empty_pages() -> None:
    with running(SEEDS / "contoso.yml", page_limit=60, sparse_pages=True) as simulated:
        _, page = simulated.graph("GET", "/users?$top=999")
        assert page["value"] == []
        _, page = simulated.graph("GET", page["@odata.nextLink"])
        assert len(page["value"]) == 60
        _, page = simulated.graph("GET", page["@odata.nextLink"])
        assert len(page["value"]) == 45
        assert "@odata.nextLink" not in page


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nonsense", "Resource not found for the segment 'nonsense'."),
        ("/users/ada@contoso.example/nonsense", "Resource not found for the segment 'nonsense'."),
        ("/servicePrincipals(name='x')", "Resource not found for the segment 'servicePrincipals(name='x')'."),
        ("/directory", "Resource not found for the segment 'directory'."),
    ],
)
def test_unknown_paths(tenant: Tenant, path: str, message: str) -> None:
    assert tenant.refused("GET", path) == (400, "BadRequest", message)


def test_unknown_versions_and_methods(tenant: Tenant) -> None:
    assert tenant.refused("GET", f"{tenant.simulated.url}/beta/users")[2] == "Invalid version: beta"
    assert tenant.refused("DELETE", "/organization")[0] == 405


def test_a_body_must_be_an_object(tenant: Tenant) -> None:
    assert tenant.refused("POST", "/servicePrincipals")[:2] == (400, "BadRequest")
    token = {"Authorization": f"Bearer {tenant.simulated.token()}"}
    url = f"{tenant.simulated.url}/v1.0/servicePrincipals"
    status, _, text = tenant.simulated.send("POST", url, b"{nonsense", token)
    assert (status, json.loads(text)["error"]["code"]) == (400, "BadRequest")


def test_headers(tenant: Tenant) -> None:
    sent = {"Authorization": f"Bearer {tenant.simulated.token()}", "client-request-id": "my-own"}
    for path in ("users", "nonsense"):
        _, headers, text = tenant.simulated.send("GET", f"{tenant.simulated.url}/v1.0/{path}", None, sent)
        assert headers["client-request-id"] == "my-own"
        assert headers["request-id"]
        assert json.loads(headers["x-ms-ags-diagnostic"])["ServerInfo"]
        assert headers["odata-version"] == "4.0"
        assert headers["content-type"].startswith("application/json;odata.metadata=minimal")
    error = json.loads(text)["error"]["innerError"]
    assert (error["request-id"], error["client-request-id"]) == (headers["request-id"], "my-own")


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("users", 2),
        ("users?$select=id", 1),
        ("users?$select=id&$top=5", 1),
        ("users/ada@contoso.example", 1),
        ("oauth2PermissionGrants", 2),
        ("groups/GROUP/members", 3),
        ("groups/GROUP/members?$top=10", 2),
        ("groups/GROUP/transitiveMembers", 5),
        ("groups/GROUP/transitiveMembers?$select=id", 4),
        ("servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignments", 2),
        ("servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo", 1),
        ("users/ada@contoso.example/oauth2PermissionGrants", 1),
        ("oauth2PermissionGrants/x", 2),
        ("nonsense", 1),
    ],
)
def test_prices(tenant: Tenant, path: str, units: int) -> None:
    sent = {"Authorization": f"Bearer {tenant.simulated.token()}"}
    path = path.replace("GROUP", tenant.group("Jira users"))
    _, headers, _ = tenant.simulated.send("GET", f"{tenant.simulated.url}/v1.0/{path}", None, sent)
    assert int(headers["x-ms-resource-unit"]) == units
