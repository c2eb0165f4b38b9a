# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps that act as themselves: application permissions, managed identities, agent identities."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from simulator_helpers import GRAPH, NOBODY, SEEDS, Tenant

from entra_simulator.clock import Clock
from entra_simulator.ids import ZERO_GUID
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build, read_file
from entra_simulator.tenant.catalog import microsoft_graph
from entra_simulator.testing import SimulatedTenant, running

SEED = read_file(SEEDS / "app-only.yml")
PROVISIONING, ARCHIVE, WIKI, RUNNER, BLUEPRINT, AGENT, LEDGER, ORDERS, GATEWAY = (
    f"a99e000{number}-5b1c-4d2e-8f3a-7c6d5e4f3a2b" for number in range(1, 10)
)
READ, WRITE, LEGACY, APPROVE = (f"a99e108{number}-5b1c-4d2e-8f3a-7c6d5e4f3a2b" for number in range(1, 5))
RESOURCE_ID = next(item for item in SEED["service_principals"] if item["app_id"] == RUNNER)["alternative_names"][1]
DENIED = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
VIEWS = ("inheritedAppRoleAssignments", "inheritedOauth2PermissionGrants")


@pytest.fixture(scope="module")
def app_only_server() -> Iterator[tuple[SimulatedTenant, dict[str, Any]]]:
    with running(SEEDS / "app-only.yml") as simulated:
        yield simulated, simulated.state()


@pytest.fixture
def app_only(app_only_server: tuple[SimulatedTenant, dict[str, Any]]) -> Tenant:
    simulated, initial = app_only_server
    simulated.put_state(initial)
    return Tenant(simulated, copy.deepcopy(initial))


def _assigned(tenant: Tenant, principal: str, resource: str, role: str) -> tuple[int, Any]:
    body = {"principalId": tenant.app(principal), "resourceId": tenant.app(resource), "appRoleId": role}
    return tenant.call("POST", f"/servicePrincipals/{body['resourceId']}/appRoleAssignedTo", body)


def _graph_role(value: str) -> str:
    return next(role.id for role in microsoft_graph().app_roles if role.value == value)


def _held(tenant: Tenant, app_id: str, view: str = "appRoleAssignments") -> set[str]:
    """The ids of the roles that an app holds, or inherits."""
    return {row["appRoleId"] for row in tenant.every(f"/servicePrincipals/{tenant.app(app_id)}/{view}")}


def _with_entry(state: dict[str, Any], app_id: str, **changes: Any) -> dict[str, Any]:
    """A state with other keys in the entry of one service principal."""
    entries = [{**item, **changes} if item["app_id"] == app_id else item for item in state["service_principals"]]
    return {**state, "service_principals": entries}


def test_the_example_survives_a_round_trip() -> None:
    document = dump(build(SEED, Clock()))
    assert dump(build(document, Clock())) == document


def test_who_may_do_what_as_itself(app_only: Tenant) -> None:
    expected = {
        PROVISIONING: {_graph_role("Directory.ReadWrite.All")},
        ARCHIVE: {_graph_role("Mail.Read")},
        WIKI: set(),
        RUNNER: {_graph_role("Sites.Read.All")},
        BLUEPRINT: {_graph_role("User.Read.All"), READ},
        AGENT: {_graph_role("Group.Read.All")},
    }
    assert {app_id: _held(app_only, app_id) for app_id in expected} == expected
    rows = app_only.every(f"/servicePrincipals/{app_only.app(GRAPH)}/appRoleAssignedTo")
    assert {row["principalType"] for row in rows} == {"ServicePrincipal"}
    assert len(rows) == 5
    assert app_only.ok("GET", f"/servicePrincipals?$filter=appId eq '{LEDGER}'")["value"] == []


def test_a_managed_identity_is_found_by_its_resource(app_only: Tenant) -> None:
    shown = app_only.ok("GET", f"/servicePrincipals(appId='{RUNNER}')?$select=alternativeNames,servicePrincipalType")
    assert (shown["servicePrincipalType"], shown["alternativeNames"]) == (
        "ManagedIdentity",
        ["isExplicit=True", RESOURCE_ID],
    )
    for text, found in (
        (f"alternativeNames/any(n:n eq '{RESOURCE_ID}')", [RUNNER]),
        (f"alternativeNames/any(n:n eq '{RESOURCE_ID.lower()}')", [RUNNER]),
        (f"servicePrincipalType eq 'ManagedIdentity' and alternativeNames/any(x:x eq '{RESOURCE_ID}')", [RUNNER]),
        ("alternativeNames/any(n:startsWith(n,'/subscriptions/a99e2000-'))", [RUNNER]),
        ("alternativeNames/any(n:n eq 'isExplicit=False')", []),
        ("servicePrincipalType eq 'ManagedIdentity'", [RUNNER]),
        ("servicePrincipalType eq 'ServiceIdentity'", [BLUEPRINT, AGENT]),
    ):
        assert [row["appId"] for row in app_only.every(f"/servicePrincipals?$filter={text}")] == found, text
    assert app_only.ok("GET", f"/servicePrincipals(appId='{ARCHIVE}')")["alternativeNames"] == []


@pytest.mark.parametrize(
    ("role", "status"), [(READ, 201), (WRITE, 201), (LEGACY, 400), (APPROVE, 400), (NOBODY, 400), (ZERO_GUID, 400)]
)
def test_roles_for_an_app(app_only: Tenant, role: str, status: int) -> None:
    for app_id in (ARCHIVE, RUNNER, AGENT):
        got, answer = _assigned(app_only, app_id, ORDERS, role)
        assert got == status, answer
        if status == 400:
            assert answer["error"]["message"] == f"Permission being assigned was not found on application '{ORDERS}'."


def test_an_app_is_assigned_without_a_role_where_none_is_for_apps(app_only: Tenant) -> None:
    """Roles for users don't count, and neither does one that is disabled."""
    usable = next(item for item in app_only.initial["applications"] if item["app_id"] == ORDERS)
    kept = [role for role in usable["app_roles"] if role["id"] in (LEGACY, APPROVE)]
    others = [item for item in app_only.initial["applications"] if item["app_id"] != ORDERS]
    app_only.simulated.put_state(
        {**app_only.initial, "assignments": [], "applications": [*others, {**usable, "app_roles": kept}]}
    )
    for resource in (GATEWAY, ORDERS):
        status, made = _assigned(app_only, ARCHIVE, resource, ZERO_GUID)
        assert (status, made["principalType"], made["appRoleId"]) == (201, "ServicePrincipal", ZERO_GUID)
        assert _assigned(app_only, ARCHIVE, resource, ZERO_GUID)[0] == 400


def test_an_api_that_is_new_to_the_tenant(app_only: Tenant) -> None:
    made = app_only.ok("POST", "/servicePrincipals", {"appId": LEDGER})
    roles = {role["value"]: (role["isEnabled"], role["allowedMemberTypes"]) for role in made["appRoles"]}
    assert roles == {
        "Ledger.Read.All": (True, ["Application"]),
        "Ledger.Write.All": (True, ["Application", "User"]),
        "Ledger.Legacy.All": (False, ["Application"]),
        "Ledger.Approve": (True, ["User"]),
    }
    assert _assigned(app_only, RUNNER, LEDGER, made["appRoles"][0]["id"])[0] == 201


def test_the_audit_log_files_it_under_the_service_principal(app_only: Tenant) -> None:
    _, made = _assigned(app_only, RUNNER, ORDERS, READ)
    runner, orders = app_only.app(RUNNER), app_only.app(ORDERS)
    app_only.ok("DELETE", f"/servicePrincipals/{runner}/appRoleAssignments/{made['id']}")
    removed, added = app_only.simulated.audit_log()
    assert [entry["activityDisplayName"] for entry in (added, removed)] == [
        "Add app role assignment to service principal",
        "Remove app role assignment from service principal",
    ]
    for entry in (added, removed):
        assert entry["category"] == "ApplicationManagement"
        assert [(target["id"], target["type"]) for target in entry["targetResources"]] == [
            (orders, "ServicePrincipal"),
            (runner, "ServicePrincipal"),
        ]


def test_agents_say_what_they_are(app_only: Tenant) -> None:
    agent = app_only.ok("GET", f"/servicePrincipals(appId='{AGENT}')")
    assert agent["@odata.type"] == "#microsoft.graph.agentIdentity"
    assert (agent["servicePrincipalType"], agent["agentIdentityBlueprintId"]) == ("ServiceIdentity", BLUEPRINT)
    chosen = app_only.every("/servicePrincipals?$select=appId,agentIdentityBlueprintId")
    assert {row["appId"]: row["agentIdentityBlueprintId"] for row in chosen if row["agentIdentityBlueprintId"]} == {
        AGENT: BLUEPRINT
    }
    types = {row["appId"]: row.get("@odata.type") for row in app_only.every("/servicePrincipals")}
    assert types.pop(BLUEPRINT) == "#microsoft.graph.agentIdentityBlueprintPrincipal"
    assert types.pop(AGENT) == agent["@odata.type"]
    assert set(types.values()) == {None}
    assert "agentIdentityBlueprintId" not in app_only.ok("GET", f"/servicePrincipals(appId='{ARCHIVE}')")


def test_inherited_roles(app_only: Tenant) -> None:
    agent, blueprint = app_only.app(AGENT), app_only.app(BLUEPRINT)
    path = f"/servicePrincipals/{agent}/inheritedAppRoleAssignments"
    answer = app_only.ok("GET", path)
    assert answer["@odata.context"].endswith("/v1.0/$metadata#appRoleAssignments")
    own = app_only.every(f"/servicePrincipals/{blueprint}/appRoleAssignments")
    given = next(row for row in own if row["appRoleId"] == _graph_role("User.Read.All"))
    # The blueprint's own row, as if it were the agent's. Its role of the other API is none to inherit.
    assert answer["value"] == [{**given, "principalId": agent, "principalDisplayName": "Helpdesk agent"}]
    assert _graph_role("User.Read.All") not in _held(app_only, AGENT)
    assert app_only.ok("GET", f"/servicePrincipals/microsoft.graph.agentIdentity/{agent}/{VIEWS[0]}") == answer
    assert app_only.ok("GET", f"/servicePrincipals(appId='{AGENT}')/{VIEWS[0]}")["value"] == answer["value"]
    app_only.ok("DELETE", f"/servicePrincipals/{blueprint}/appRoleAssignments/{given['id']}")
    assert app_only.ok("GET", path)["value"] == []


def test_inherited_grants(app_only: Tenant) -> None:
    agent, blueprint = app_only.app(AGENT), app_only.app(BLUEPRINT)
    own = app_only.every(f"/servicePrincipals/{blueprint}/oauth2PermissionGrants")
    assert {row["consentType"] for row in own} == {"AllPrincipals", "Principal"}
    answer = app_only.ok("GET", f"/servicePrincipals/{agent}/inheritedOauth2PermissionGrants")
    assert answer["value"] == [{**row, "clientId": agent} for row in own if row["consentType"] == "AllPrincipals"]
    assert [row["scope"] for row in answer["value"]] == ["User.Read", "Orders.Read"]
    assert app_only.every(f"/servicePrincipals/{agent}/oauth2PermissionGrants") == []


@pytest.mark.parametrize(
    ("inheritable", "roles", "scopes"),
    [
        ([], set(), []),
        ([{}], {_graph_role("User.Read.All")}, ["User.Read"]),
        ([{"scopes": "none"}], {_graph_role("User.Read.All")}, []),
        ([{"roles": "none"}], set(), ["User.Read"]),
        ([{"resource_app_id": ORDERS}], {READ}, ["Orders.Read"]),
        ([{"resource_app_id": LEDGER}], set(), []),
    ],
)
def test_the_blueprint_decides_what_is_inherited(
    app_only: Tenant, inheritable: list[dict[str, str]], roles: set[str], scopes: list[str]
) -> None:
    app_only.simulated.put_state(_with_entry(app_only.initial, BLUEPRINT, inheritable=inheritable))
    assert _held(app_only, AGENT, VIEWS[0]) == roles
    grants = app_only.every(f"/servicePrincipals/{app_only.app(AGENT)}/{VIEWS[1]}")
    assert [row["scope"] for row in grants] == scopes
    again = app_only.simulated.state()
    app_only.simulated.put_state(again)
    assert app_only.simulated.state() == again


def test_roles_of_the_blueprints_own_work_are_not_inherited(app_only: Tenant) -> None:
    for value in ("AgentIdentity.CreateAsManager", "AgentIdUser.ReadWrite.IdentityParentedBy"):
        assert _assigned(app_only, BLUEPRINT, GRAPH, _graph_role(value))[0] == 201
    assert _held(app_only, AGENT, VIEWS[0]) == {_graph_role("User.Read.All")}


def test_nothing_is_inherited_from_a_blueprint_that_is_gone(app_only: Tenant) -> None:
    blueprint = app_only.app(BLUEPRINT)
    app_only.ok("DELETE", f"/servicePrincipals/{blueprint}")
    app_only.simulated.put_state(app_only.simulated.state())
    for view in VIEWS:
        assert app_only.every(f"/servicePrincipals/{app_only.app(AGENT)}/{view}") == []
    app_only.ok("POST", f"/directory/deletedItems/{blueprint}/restore")
    assert _held(app_only, AGENT, VIEWS[0]) == {_graph_role("User.Read.All")}


@pytest.mark.parametrize("view", VIEWS)
def test_what_the_views_refuse(app_only: Tenant, view: str) -> None:
    for app_id in (ARCHIVE, RUNNER, BLUEPRINT):
        status, code, _ = app_only.refused("GET", f"/servicePrincipals/{app_only.app(app_id)}/{view}")
        assert (status, code) == (404, "Request_ResourceNotFound")
    assert app_only.refused("GET", f"/servicePrincipals/{NOBODY}/{view}")[0] == 404
    path = f"/servicePrincipals/{app_only.app(AGENT)}/{view}"
    for method in ("POST", "PATCH", "DELETE"):
        assert app_only.refused(method, path, {} if method != "DELETE" else None)[0] == 405
    for option in ("$top=999", "$select=id", "$filter=id eq 'x'", "$count=true"):
        assert app_only.refused("GET", f"{path}?{option}")[:2] == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize(
    ("view", "held"),
    [
        (VIEWS[0], ("Application.Read.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All")),
        (VIEWS[1], ("Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All")),
    ],
)
def test_permissions_of_the_views(app_only: Tenant, view: str, held: tuple[str, ...]) -> None:
    path = f"/servicePrincipals/{app_only.app(AGENT)}/{view}"
    assert app_only.refused("GET", path, token=app_only.holding("AppRoleAssignment.ReadWrite.All")) == DENIED
    owned = _with_entry(app_only.simulated.state(), AGENT, owner_tenant_id=SEED["tenant"]["id"])
    app_only.simulated.put_state(owned)
    for permission in held:
        assert app_only.call("GET", path, token=app_only.holding(permission))[0] == 200, permission


def test_a_large_tenant_is_a_few_lines() -> None:
    roles = [role.value for role in microsoft_graph().app_roles if "Application" in role.allowed_member_types]
    apps = [f"a99f{number:04d}-5b1c-4d2e-8f3a-7c6d5e4f3a2b" for number in range(300)]
    store = build(
        {
            "tenant": SEED["tenant"],
            "service_principals": [{"app_id": app, "display_name": f"App {app[4:8]}"} for app in apps],
            "assignments": [
                {"app_id": GRAPH, "principal": apps[number % 300], "app_role": roles[number // 300]}
                for number in range(2000)
            ],
        },
        Clock(),
    )
    assert len(store.service_principals) == 301
    assert len(store.links.assignments_to[store.by_app_id[GRAPH].id]) == 2000
    assert {row.principal_type for row in store.links.assignments.values()} == {"ServicePrincipal"}
