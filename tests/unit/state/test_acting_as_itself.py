# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What apps may do without a user, from the declaration to the tenant: whole modules in this process."""

from __future__ import annotations

import copy
import json
import typing as t

import httpx
import pytest
import yaml
from unit.foreign.world import ADA, SEED, World, connect, untouched

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from unit.foreign.world import JSON

DOCUMENT: JSON = yaml.safe_load((SEED.parent / "app-only.yml").read_text(encoding="utf-8"))
GRAPH = "00000003-0000-0000-c000-000000000000"


def app(number: int) -> str:
    return f"a99e{number:04}-5b1c-4d2e-8f3a-7c6d5e4f3a2b"


PROVISIONING, ARCHIVE, WIKI, RUNNER, BLUEPRINT, AGENT, LEDGER, ORDERS, GATEWAY = map(app, range(1, 10))
IDENTITY = next(one["alternative_names"][1] for one in DOCUMENT["service_principals"] if one["app_id"] == RUNNER)
GRANT, INFO, CONSENT, TENANT = (
    "application_permission_grant",
    "application_permission_grant_info",
    "tenant_consent",
    "tenant_consent_info",
)


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    world = World(copy.deepcopy(DOCUMENT))
    monkeypatch = pytest.MonkeyPatch()
    connect(world, monkeypatch)
    yield world
    monkeypatch.undo()


@pytest.fixture
def world(shared: World) -> World:
    shared.reset()
    return shared


def held(world: World, app_id: str) -> set[tuple[str, str]]:
    """(API, role) of an app, as the tenant has them."""
    state = world.state()
    roles = {
        role["id"]: role.get("value", role["id"])
        for one in (*state["applications"], *state["service_principals"])
        for role in one.get("app_roles", ())
    }
    ids = {one["id"]: one["app_id"] for one in state["service_principals"]}
    found = world.run(INFO, app_id=app_id)["application_permissions"]
    told = {(one["resource_app_id"], one["app_role"]) for one in found if not one["inherited"]}
    kept = [one for one in state["assignments"] if ids.get(one["principal"], one["principal"]) == app_id]
    assert len(kept) == len(told), roles
    return told


def changes(result: JSON) -> list[tuple[str, str, str]]:
    return [(one["action"], one["resource_app_id"], one["app_role"]) for one in result["changes"]]


def walk(world: World, module: str, **options: t.Any) -> JSON:
    """Check mode, the same for real, and again; what the first tells is what the second does. The second's result."""
    before = world.state()
    checked = world.run(module, check=True, **options)
    assert world.state() == before
    applied = world.run(module, **options)
    assert (checked["changed"], checked["changes"]) == (applied["changed"], applied["changes"]), applied
    world.simulation.journal.clear()
    again = world.run(module, **options)
    assert (again["changed"], again["changes"], world.writes()) == (False, [], [])
    return applied


def test_granted_changed_and_revoked(world: World) -> None:
    granted = walk(world, GRANT, app_id=WIKI, app_roles=["Group.Read.All", "User.Read.All"])
    assert changes(granted) == [("create", GRAPH, "Group.Read.All"), ("create", GRAPH, "User.Read.All")]
    changed = walk(world, GRANT, app_id=WIKI, app_roles=["Sites.Read.All", "User.Read.All"])
    assert changes(changed) == [("create", GRAPH, "Sites.Read.All"), ("delete", GRAPH, "Group.Read.All")]
    assert changed["summary"] == ["Contoso Wiki loses 1 application permission on Microsoft Graph: Group.Read.All."]
    more = walk(world, GRANT, app_id=WIKI, app_roles=["Mail.Read"], append=True)
    assert changes(more) == [("create", GRAPH, "Mail.Read")]
    less = walk(world, GRANT, app_id=WIKI, app_roles=["Mail.Read"], state="absent")
    assert changes(less) == [("delete", GRAPH, "Mail.Read")]
    walk(world, GRANT, app_id=WIKI, app_roles=["Orders.Read.All"], resource_app_id=ORDERS)
    assert held(world, WIKI) == {(GRAPH, "Sites.Read.All"), (GRAPH, "User.Read.All"), (ORDERS, "Orders.Read.All")}
    revoked = walk(world, GRANT, app_id=WIKI, state="absent")
    assert len(revoked["changes"]) == 3
    assert held(world, WIKI) == set()


def test_other_apis_stay_unless_prune_says_so(world: World) -> None:
    walk(world, GRANT, app_id=WIKI, app_roles=["Orders.Read.All"], resource_app_id=ORDERS)
    kept = walk(world, GRANT, app_id=WIKI, app_roles=["User.Read.All"])
    assert kept["counts"]["others"] == 1
    assert kept["summary"] == [
        "Contoso Wiki keeps 1 application permission that no rule names: prune: true takes it away."
    ]
    pruned = walk(world, GRANT, app_id=WIKI, app_roles=["User.Read.All"], prune=True)
    assert changes(pruned) == [("delete", ORDERS, "Orders.Read.All")]


def test_a_managed_identity_is_found_by_its_resource_id(world: World) -> None:
    granted = walk(world, GRANT, managed_identity=IDENTITY, app_roles=["Sites.Read.All", "Files.Read.All"])
    assert [one["app_id"] for one in granted["changes"]] == [RUNNER]
    declared = [{"managed_identity": IDENTITY, "application_permissions": [{"app_roles": ["Files.Read.All"]}]}]
    assert changes(walk(world, CONSENT, apps=declared)) == [("delete", GRAPH, "Sites.Read.All")]
    assert [one["app_role"] for one in world.run(INFO, managed_identity=IDENTITY)["application_permissions"]] == [
        "Files.Read.All"
    ]
    unknown = world.run(GRANT, managed_identity=f"{IDENTITY}x", app_roles=["Files.Read.All"])
    assert unknown["failed"]
    assert "No managed identity with the resource id" in unknown["msg"]
    assert "Azure resource id" in world.run(GRANT, managed_identity="runner", app_roles=["Files.Read.All"])["msg"]
    twice = [*declared, {"app_id": RUNNER}]
    assert f"Two entries of apps are for {RUNNER}" in world.run(CONSENT, apps=twice)["msg"]


def test_an_api_that_is_new_to_the_tenant_is_asked_for_its_roles_before_anything_is_granted(world: World) -> None:
    def declared(role: str) -> list[JSON]:
        rule = {"resource_app_id": LEDGER, "app_roles": [role]}
        return [{"app_id": LEDGER}, {"app_id": WIKI, "application_permissions": [rule]}]

    wrong = world.run(CONSENT, apps=declared("Ledger.Read.Al"))
    assert wrong["failed"]
    assert "publishes no application permission 'Ledger.Read.Al'; did you mean Ledger.Read.All?" in wrong["msg"]
    assert [one["kind"] for one in wrong["changes"]] == ["service_principal"]
    world.reset()
    for role, words in {"Ledger.Legacy.All": "is disabled there", "Ledger.Approve": "is for users and groups"}.items():
        assert words in world.run(CONSENT, apps=declared(role))["msg"]
        world.reset()
    checked = world.run(CONSENT, check=True, apps=declared("Ledger.Read.All"))
    applied = world.run(CONSENT, apps=declared("Ledger.Read.All"))
    assert [one["kind"] for one in applied["changes"]] == ["service_principal", "application_permission"]
    assert checked["changes"] == applied["changes"]
    # Only the API knows the ids of its roles.
    assert [one["app_role_id"] for one in checked["application_permissions"]] == [None]
    assert [one["app_role_id"] for one in applied["application_permissions"]] == [app(1071)]
    assert held(world, WIKI) == {(LEDGER, "Ledger.Read.All")}
    assert world.run(CONSENT, apps=declared("Ledger.Read.All"))["changes"] == []


def test_so_are_the_scopes_of_such_an_api(world: World) -> None:
    rule = {"resource_app_id": LEDGER, "scopes": ["Ledger.Peek"], "all_users": True}
    wrong = world.run(CONSENT, apps=[{"app_id": LEDGER}, {"app_id": WIKI, "delegated_permissions": [rule]}])
    assert "Contoso Ledger publishes no scope 'Ledger.Peek'" in wrong["msg"]
    assert not [one for one in world.state()["grants"] if "Ledger.Peek" in one["scope"]]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("Orders.Reed.All", "publishes no application permission 'Orders.Reed.All'; did you mean Orders.Read.All?"),
        ("Orders.Legacy.All", "is disabled there"),
        ("Orders.Approve", "is for users and groups"),
        ("default", "publishes application permissions, so an app can't be assigned to it without one"),
    ],
)
def test_roles_are_validated_before_the_first_write(world: World, role: str, words: str) -> None:
    result = world.run(GRANT, app_id=WIKI, resource_app_id=ORDERS, app_roles=[role, "Orders.Write.All"])
    assert result["failed"]
    assert words in result["msg"]
    assert world.writes() == []


def test_without_a_role_as_graph_has_it(world: World) -> None:
    for role in ("default", "00000000-0000-0000-0000-000000000000"):
        world.reset()
        granted = walk(world, GRANT, app_id=WIKI, resource_app_id=GATEWAY, app_roles=[role])
        assert changes(granted) == [("create", GATEWAY, "default")]


def test_by_id_and_by_value_are_one_role(world: World) -> None:
    walk(world, GRANT, app_id=WIKI, resource_app_id=ORDERS, app_roles=[app(1081)])
    assert walk_nothing(world, app_id=WIKI, resource_app_id=ORDERS, app_roles=["Orders.Read.All"])


def test_a_role_that_is_called_like_another_is_known_by_its_id(world: World) -> None:
    """Whoever publishes an API chooses the names of its roles."""
    document = copy.deepcopy(DOCUMENT)
    api = next(one for one in document["applications"] if one["app_id"] == GATEWAY)
    ids = [f"a99e400{place}-5b1c-4d2e-8f3a-7c6d5e4f3a2b" for place in range(3)]
    values = ["default", "Twin.Read", "Twin.Read"]
    api["app_roles"] = [
        {"id": one, "value": value, "allowed_member_types": ["Application"], "is_enabled": place < 2}
        for place, (one, value) in enumerate(zip(ids, values, strict=True))
    ]
    world.simulation.replace_state(document)
    granted = walk(world, GRANT, app_id=WIKI, resource_app_id=GATEWAY, app_roles=ids[:2])
    assert [one["app_role"] for one in granted["changes"]] == ids[:2]
    (entry,) = world.run(TENANT, app_ids=[WIKI])["apps"]
    assert entry["application_permissions"] == [{"resource_app_id": GATEWAY, "app_roles": ids[:2]}]
    assert world.run(CONSENT, apps=[entry], prune=True)["changes"] == []


def walk_nothing(world: World, **options: t.Any) -> bool:
    return not world.run(GRANT, **options)["changes"]


@pytest.mark.parametrize("roles", [["User.Read.All"], ["Group.Read.All", "User.Read.All"]], ids=["one", "a batch"])
def test_what_exists_already_is_settled_and_told_with_its_id(world: World, roles: list[str]) -> None:
    """Somebody has granted it since it was read, or the answer to our own write was lost."""

    async def twice(
        _number: int, request: httpx.Request, graph: t.Callable[[], t.Awaitable[httpx.Response]]
    ) -> httpx.Response:
        if b"appRoleId" in request.content:
            await graph()
        return await graph()

    world.way = twice
    granted = world.run(GRANT, app_id=WIKI, app_roles=roles)
    world.way = untouched
    assert "failures" not in granted
    assert [one["app_role"] for one in granted["changes"]] == roles
    told = {one["id"] for one in granted["application_permissions"]}
    assert told == {one["id"] for one in world.run(INFO, app_id=WIKI)["application_permissions"]}
    assert len(told) == len(roles)


def test_roles_of_an_api_in_the_recycle_bin_are_known(world: World) -> None:
    """It is restored by the same run, and can be asked before that."""
    document = copy.deepcopy(DOCUMENT)
    document["service_principals"].append({"app_id": LEDGER, "deleted": True})
    world.simulation.replace_state(document)

    def declared(role: str) -> list[JSON]:
        rule = {"resource_app_id": LEDGER, "app_roles": [role]}
        return [{"app_id": LEDGER}, {"app_id": WIKI, "application_permissions": [rule]}]

    world.simulation.journal.clear()
    wrong = world.run(CONSENT, apps=declared("Ledger.Read.Al"))
    assert "did you mean Ledger.Read.All?" in wrong["msg"]
    assert world.writes() == []
    assert [one["action"] for one in world.run(CONSENT, apps=declared("Ledger.Read.All"))["changes"]] == [
        "restore",
        "create",
    ]


# Tier 0


def test_what_takes_over_the_tenant_is_granted_only_when_that_is_said(world: World) -> None:
    for role in ("RoleManagement.ReadWrite.Directory", "AppRoleAssignment.ReadWrite.All"):
        refused = world.run(GRANT, app_id=WIKI, app_roles=[role, "User.Read.All"])
        assert refused["failed"]
        assert f"The application permission {role} on Microsoft Graph lets Contoso Wiki " in refused["msg"]
        assert "set accept_critical: true" in refused["msg"]
    assert world.writes() == []
    granted = walk(world, GRANT, app_id=WIKI, app_roles=["RoleManagement.ReadWrite.Directory"], accept_critical=True)
    assert granted["changes"][0]["risk"] == "critical"
    assert granted["changes"][0]["tier_0"].startswith("Lets the app ")
    # What is held already is no new risk.
    assert walk_nothing(world, app_id=WIKI, app_roles=["RoleManagement.ReadWrite.Directory"])


def test_accepting_it_for_one_rule_is_not_for_another(world: World) -> None:
    rules = [
        {"app_roles": ["User.Read.All"], "accept_critical": True},
        {"app_roles": ["Directory.ReadWrite.All"]},
    ]
    assert world.run(CONSENT, apps=[{"app_id": WIKI, "application_permissions": rules}])["failed"]


# Everything


def report(world: World, **options: t.Any) -> JSON:
    found: JSON = world.run(TENANT, **options)["report"]
    return found


def test_drift_names_what_an_app_holds_as_itself_beside_a_harmless_grant(world: World) -> None:
    declared: list[JSON] = [
        {
            "app_id": PROVISIONING,
            "delegated_permissions": [{"scopes": ["User.Read"], "all_users": True}],
            "application_permissions": [],
        },
        {"app_id": ARCHIVE, "application_permissions": [{"app_roles": ["Mail.Read", "User.Read.All"]}]},
    ]
    found = report(world, declared=declared)
    first, second = found["apps"]
    (extra,) = first["drift"]
    assert (extra["status"], extra["kind"], extra["app_role"]) == (
        "extra",
        "application_permission",
        "Directory.ReadWrite.All",
    )
    assert (extra["risk"], first["risk"], extra["repaired_by_apply"]) == ("critical", "critical", False)
    assert extra["tier_0"]
    (missing,) = second["drift"]
    assert (missing["status"], missing["app_role"], missing["repaired_by_apply"]) == ("missing", "User.Read.All", True)
    assert [one["app_role"] for one in second["application_permissions"]] == ["Mail.Read"]
    assert second["risk"] == "high"


def test_drift_is_attributed_to_who_granted_it(world: World) -> None:
    for role in ("Mail.Read", "Mail.ReadWrite"):
        world.run(GRANT, app_id=WIKI, app_roles=[role], append=True)
    world.run(GRANT, app_id=WIKI, app_roles=["Orders.Read.All"], resource_app_id=ORDERS)
    declared = [{"app_id": app_id, "application_permissions": []} for app_id in (WIKI, ARCHIVE)]
    wiki, archive = report(world, declared=declared, attribution=True, undeclared=False)["apps"]
    for entry in wiki["drift"]:
        (told,) = entry["attribution"]
        assert (told["actor"], told["activity"]) == (ADA, "Add app role assignment to service principal")
    assert len(wiki["drift"]) == 3
    assert len({entry["attribution"][0]["id"] for entry in wiki["drift"]}) == 3
    # Nobody has been seen granting this one, though it is the same role on the same API.
    assert "attribution_note" in archive["drift"][0]


def test_undeclared_apps_are_those_that_hold_anything(world: World) -> None:
    found = {one["app_id"]: one for one in report(world, declared=[])["undeclared"]}
    assert {PROVISIONING, ARCHIVE, WIKI, RUNNER, BLUEPRINT, AGENT} <= found.keys()
    assert [one["app_role"] for one in found[ARCHIVE]["application_permissions"]] == ["Mail.Read"]
    assert (found[ARCHIVE]["permissions"], found[ARCHIVE]["risk"]) == ([], "high")
    assert found[WIKI]["assigned"] == {"users": 1, "groups": 1}
    assert found[PROVISIONING]["risk"] == "critical"


def test_what_an_agent_inherits_is_shown_as_its_own_and_never_planned(world: World) -> None:
    declared = [{"app_id": AGENT, "application_permissions": [], "delegated_permissions": []}]
    (agent,) = report(world, declared=declared, undeclared=False)["apps"]
    shown = {(one["app_role"], one["inherited"]) for one in agent["application_permissions"]}
    assert shown == {("Group.Read.All", False), ("User.Read.All", True)}
    assert {one["scope"] for one in agent["permissions"] if one.get("inherited")} >= {"User.Read", "Orders.Read"}
    assert [one["app_role"] for one in agent["drift"]] == ["Group.Read.All"]
    revoked = walk(world, CONSENT, apps=[{"app_id": AGENT, "state": "absent"}])
    assert [one["app_role"] for one in revoked["changes"]] == ["Group.Read.All"]
    told = {(one["app_role"], one["inherited"]) for one in world.run(INFO, app_id=AGENT)["application_permissions"]}
    assert told == {("User.Read.All", True)}


def test_an_agent_that_only_inherits_is_undeclared_too(world: World) -> None:
    world.run(CONSENT, apps=[{"app_id": AGENT, "state": "absent"}])
    found = {one["app_id"]: one for one in report(world, declared=[])["undeclared"]}
    assert {one["app_role"] for one in found[AGENT]["application_permissions"]} == {"User.Read.All"}
    assert all(one["inherited"] for one in found[AGENT]["application_permissions"])


def test_what_an_agent_inherits_is_missed_where_the_tenant_does_not_tell_it(world: World) -> None:
    """Graph documents these lists for beta only. Nothing else gets lost by it, and the report says so."""

    async def without(
        _number: int, request: httpx.Request, graph: t.Callable[[], t.Awaitable[httpx.Response]]
    ) -> httpx.Response:
        text = request.content.decode().replace("/inherited", "/unknown")
        changed = httpx.Request(
            request.method, str(request.url).replace("/inherited", "/unknown"), headers=request.headers, content=text
        )
        request.url, request.stream = changed.url, changed.stream
        request.headers["content-length"] = str(len(text.encode()))
        return await graph()

    world.way = without
    found = report(world, declared=[{"app_id": AGENT, "application_permissions": []}])
    assert (found["status"], found["complete"]) == ("incomplete", False)
    assert [
        problem for problem in found["problems"] if problem.startswith("What Helpdesk agent inherits is not in this.")
    ]
    assert [one["app_role"] for one in found["apps"][0]["application_permissions"]] == ["Group.Read.All"]
    assert {PROVISIONING, ARCHIVE, WIKI} <= {one["app_id"] for one in found["undeclared"]}


def test_all_apps_of_a_publisher_but_microsofts(world: World) -> None:
    fabrikam = "3c7e1f90-2a4b-4c6d-8e5f-0b1a2c3d4e5f"
    exported = world.run(TENANT, publisher_tenant_ids=[fabrikam.upper()])["apps"]
    assert {one["app_id"] for one in exported} == {PROVISIONING, ARCHIVE}
    refused = world.run(TENANT, publisher_tenant_ids=[fabrikam, "f8cdef31-a31e-4b4a-93e4-5f571e91255a"])
    assert "is a tenant of Microsoft's own apps" in refused["msg"]
    assert "at least one tenant" in world.run(TENANT, publisher_tenant_ids=[])["msg"]


def test_a_rule_that_takes_away_says_nothing_of_what_there_is_besides(world: World) -> None:
    """Neither in drift, nor with prune."""
    rule = {"users": ["ada@contoso.example"], "state": "absent"}
    apps = [{"app_id": BLUEPRINT, "delegated_permissions": [rule]}]
    (drifted,) = report(world, declared=copy.deepcopy(apps), undeclared=False)["apps"]
    assert [one["principal"]["name"] for one in drifted["drift"]] == ["ada@contoso.example"]
    taken = walk(world, CONSENT, apps=apps, prune=True)
    assert [one["principal"]["name"] for one in taken["changes"]] == ["ada@contoso.example"]
    assert report(world, declared=apps, undeclared=False)["apps"][0]["drift"] == []


def test_revoking_leaves_nothing_of_any_kind(world: World) -> None:
    for app_id in (PROVISIONING, WIKI, BLUEPRINT):
        walk(world, CONSENT, apps=[{"app_id": app_id, "state": "absent"}])
        assert app_id not in {one["app_id"] for one in report(world, declared=[])["undeclared"]}


def test_an_export_given_back_changes_nothing_and_brings_everything_back(world: World) -> None:
    apps = world.run(TENANT)["apps"]
    assert {PROVISIONING, ARCHIVE, WIKI, RUNNER, AGENT} <= {one["app_id"] for one in apps}
    again = world.run(CONSENT, apps=copy.deepcopy(apps), prune=True)
    assert (again["changes"], again.get("msg")) == ([], None)
    before = linked(world.state())
    world.run(CONSENT, apps=[{"app_id": one["app_id"], "state": "absent"} for one in apps])
    assert linked(world.state()) != before
    assert "failures" not in world.run(CONSENT, apps=apps)
    assert linked(world.state()) == before


def linked(state: JSON) -> list[str]:
    """Grants and assignments without ids and times."""
    rows = (*state["grants"], *state["assignments"])
    return sorted(
        json.dumps(
            {
                k: sorted(v.split()) if k == "scope" else v
                for k, v in row.items()
                if k not in ("id", "created_date_time")
            }
        )
        for row in rows
    )


def test_a_rehearsal_has_them_too(world: World) -> None:
    seed = world.run(TENANT, rehearsal=True)["seed"]
    copied = World(seed)
    assert len(copied.state()["assignments"]) == len(world.state()["assignments"])
