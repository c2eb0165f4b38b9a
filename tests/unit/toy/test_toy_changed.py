# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind that nothing but its two registry entries know is declared, planned and applied like the others."""

from __future__ import annotations

import json
import typing as t

import httpx
import pytest
from unit.foreign.world import ADA, CRM, OUTLOOK, World, kind, untouched
from unit.toy import live_callers
from unit.toy.place import API, CALLING, USER, calling, declared, users, without_ids

from ansible_collections.tenantops.entra.plugins.module_utils._tenant.kind import TenantKind

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from unit.foreign.world import JSON

    Graph: t.TypeAlias = Callable[[], Awaitable[httpx.Response]]


# What is declared


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            {"client_app_id": "outlook", "users": [ADA]},
            "apps[0].callers[0].client_app_id must be an application (client) id, a GUID such as "
            "00000003-0000-0000-c000-000000000000, not 'outlook'.",
        ),
        (
            {"client_app_id": OUTLOOK},
            "apps[0].callers[0] names nobody: give users or groups, at least one of them not empty.",
        ),
        ({"client_app_id": OUTLOOK, "users": ["no@contoso.example"]}, "There is no user 'no@contoso.example'"),
    ],
    ids=["a wrong value", "nobody", "not in this tenant"],
)
def test_what_is_wrong_with_its_option_is_told_with_its_place(world: World, rule: JSON, problem: str) -> None:
    for options in ({"check": True}, {"check": False}):
        result = world.run("tenant_consent", apps=[{"app_id": CRM, "callers": [rule]}], **options)
        assert result["failed"]
        assert len(result["problems"]) == 1
        assert result["problems"][0].startswith(problem)
    # Its options are those of the comparison, too.
    compared = world.run("tenant_consent_info", declared=[{"app_id": CRM, "callers": [rule]}])
    assert compared["problems"] == result["problems"]
    assert not world.writes()


def test_a_misspelt_option_leads_to_its_own(world: World) -> None:
    compared = world.run("tenant_consent_info", declared=[{"app_id": CRM, "caller": []}])
    assert compared["problems"] == ["apps[0].caller is no option; did you mean callers?"]


def test_what_is_absent_declares_none(world: World) -> None:
    result = world.run("tenant_consent", apps=declared(ADA, state="absent"), check=True)
    (problem,) = result.get("problems") or [None]
    assert problem
    assert problem.startswith("apps[0].state is absent, so it can't declare ")


# What is changed


@pytest.mark.parametrize("diff", [False, True])
def test_check_mode_says_what_is_made_and_then_nothing_is_left_to_make(world: World, diff: bool) -> None:
    before = world.state()
    given: JSON = {"apps": declared(ADA, USER[5], USER[6]), "_ansible_diff": diff}
    checked = world.run("tenant_consent", check=True, **given)
    assert world.state() == before
    made = world.run("tenant_consent", **given)
    assert without_ids(made) == without_ids(checked)
    assert users(made["changes"]) == [USER[5], USER[6]]
    assert made["changes"][0] == {
        "action": "create",
        "kind": "api_caller",
        "app_id": CRM,
        "app_display_name": API,
        "client_app_id": OUTLOOK,
        "principal": made["changes"][0]["principal"],
    }
    assert calling(world) == {*CALLING, USER[5], USER[6]}
    assert all(item["id"] for item in made["api_callers"])
    assert users(made["api_callers"]) == [ADA, USER[5], USER[6]]
    assert made["counts"]["api_callers"] == 3
    if diff:
        client = "Microsoft 365 for Jira"
        assert made["diff"] == {
            "before": "",
            "after": f"{API} ({CRM})\n  called by {client} for 2 users\n    {USER[5]}, {USER[6]}\n",
        }
    again = world.run("tenant_consent", **given)
    assert (again["changed"], again["changes"], again["api_callers"]) == (False, [], made["api_callers"])


def test_nothing_else_of_the_tenant_is_touched(world: World) -> None:
    before = world.state()
    world.run("tenant_consent", apps=declared(USER[5]), prune=True)
    after = world.state()
    assert calling(world) == {USER[5]}
    ours = {"client_app_id": OUTLOOK, "resource_app_id": CRM}
    for state in (before, after):
        state["grants"] = [grant for grant in state["grants"] if not ours.items() <= grant.items()]
    assert after == before


@pytest.mark.parametrize("groups", [(), ("Jira mail users",)], ids=["few are read one by one", "many as a list"])
def test_others_are_counted_as_far_as_they_were_read(world: World, groups: tuple[str, ...]) -> None:
    result = world.run("tenant_consent", apps=declared(USER[1], groups=groups))
    wanted = {USER[1], *(USER[41:61] if groups else ())}
    assert calling(world) == {*CALLING, *wanted}
    assert len(result["changes"]) == len(wanted) - 1
    assert result["counts"]["others"] == (2 if groups else None)
    assert result["summary"] == ([f"2 others keep calling {API}, which no rule names."] if groups else [])


def test_what_no_rule_names_is_taken_away_up_to_the_limit(world: World) -> None:
    given: JSON = {"apps": declared(USER[1]), "prune": True, "_ansible_diff": True}
    refused = world.run("tenant_consent", max_removals=1, **given)
    assert "in 2 places" in refused["msg"]
    assert not world.writes()
    result = world.run("tenant_consent", max_removals=2, **given)
    assert [(change["action"], change["kind"]) for change in result["changes"]] == [("delete", "api_caller")] * 2
    assert result["summary"] == [f"Microsoft 365 for Jira can't call {API} any more for 2 ({ADA}, {USER[2]})."]
    assert result["diff"]["after"] == ""
    assert "called by Microsoft 365 for Jira for 2 users" in result["diff"]["before"]
    assert (result["counts"]["api_callers"], result["counts"]["others"]) == (1, 0)
    assert calling(world) == {USER[1]}


def test_revoking_takes_it_too(world: World) -> None:
    result = world.run("tenant_consent", apps=[{"app_id": CRM, "state": "absent"}])
    assert calling(world) == set()
    assert {change["kind"] for change in result["changes"]} == {"app_role_assignment", "api_caller"}


def test_what_is_revoked_does_not_go_along_with_the_service_principal_too(world: World) -> None:
    app = {"app_id": CRM, "state": "absent", "remove_service_principal": True}
    result = world.run("tenant_consent", apps=[app], check=True)
    assert result["changes"][-1]["kind"] == "service_principal"
    assert result["changes"][-1]["goes_along"] == {"grants": 0, "assignments": 0}


def test_a_group_in_which_nobody_is_seen_takes_nothing_away(world: World) -> None:
    given: JSON = {"apps": declared(groups=("Nobody",)), "prune": True}
    refused = world.run("tenant_consent", **given)
    assert "Nobody is seen in the group Nobody, and in 3 places users" in refused["problems"][0]
    assert calling(world) == set(CALLING)
    meant = world.run("tenant_consent", allow_empty_groups=True, **given)
    assert len(meant["changes"]) == 3
    assert calling(world) == set()


def test_an_app_that_it_takes_for_granted_is_waited_for(world: World) -> None:
    """An earlier task may have made the client's service principal just now."""

    async def late(number: int, _request: httpx.Request, graph: Graph) -> httpx.Response:
        response = await graph()
        if number > 0:
            return response
        await response.aread()
        answers = json.loads(response.content)
        for answer in answers["responses"]:
            found = answer["body"]["value"]
            answer["body"]["value"] = [one for one in found if one.get("appId") != OUTLOOK]
        assert answers != json.loads(response.content)
        return httpx.Response(response.status_code, json=answers)

    world.way = late
    result = world.run("tenant_consent", apps=declared(USER[5]))
    assert users(result["changes"]) == [USER[5]]
    assert calling(world) == {*CALLING, USER[5]}


def _is_create(request: httpx.Request) -> bool:
    return "POST /oauth2PermissionGrants" in kind(request)


@pytest.mark.parametrize("new", [[USER[5]], USER[5:9]], ids=["one", "a batch"])
def test_what_exists_already_is_settled(world: World, new: list[str]) -> None:
    """Somebody has made it since it was read, or the answer to our own write was lost."""

    async def twice(_number: int, request: httpx.Request, graph: Graph) -> httpx.Response:
        if _is_create(request):
            await graph()
        return await graph()

    world.way = twice
    result = world.run("tenant_consent", apps=declared(*new))
    assert not result.get("failed")
    assert users(result["changes"]) == new
    assert users(result["api_callers"]) == new
    assert all(item["id"] for item in result["api_callers"])
    assert calling(world) == {*CALLING, *new}
    # What is there was read once more.
    places = [place for place, asked in enumerate(world.asked) if "POST /oauth2PermissionGrants" in asked]
    assert any("GET /oauth2PermissionGrants" in asked for asked in world.asked[places[-1] :])


def test_what_a_kind_can_not_settle_fails_with_a_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the face does for a kind that does not say how."""

    async def twice(_number: int, request: httpx.Request, graph: Graph) -> httpx.Response:
        if _is_create(request):
            await graph()
        return await graph()

    monkeypatch.setattr(live_callers.ApiCallers, "settle", TenantKind.settle)
    world.way = twice
    result = world.run("tenant_consent", apps=declared(USER[5]))
    (failure,) = result["failures"]
    assert failure["msg"].endswith("exists already: run again to see what it has.")
    assert result["changes"] == []
    world.way = untouched
    assert world.run("tenant_consent", apps=declared(USER[5]))["changes"] == []


def test_what_is_not_plain_is_made_by_a_request_each_if_nothing_else_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_callers.ApiCallers, "is_plain", lambda _self, _change: False)
    result = world.run("tenant_consent", apps=declared(ADA, *USER[5:9]))
    assert users(result["changes"]) == USER[5:9]
    assert calling(world) == {*CALLING, *USER[5:9]}


def test_what_graph_refuses_is_told_as_a_failure(world: World) -> None:
    refusal = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}

    async def refuse(_number: int, request: httpx.Request, graph: Graph) -> httpx.Response:
        if not _is_create(request):
            return await graph()
        if request.url.path.endswith("$batch"):
            asked = json.loads(request.content)["requests"]
            answers = [{"id": one["id"], "status": 403, "headers": {}, "body": refusal} for one in asked]
            return httpx.Response(200, json={"responses": answers})
        return httpx.Response(403, json=refusal)

    world.way = refuse
    result = world.run("tenant_consent", apps=declared(USER[5]))
    assert (result["failed"], result["changed"], result["changes"]) == (True, False, [])
    (failure,) = result["failures"]
    assert failure["change"]["kind"] == "api_caller"
    assert failure["msg"].startswith(f"Could not grant Microsoft 365 for Jira calling {API} for {USER[5]}")
    assert failure["missing_permission"] == ["DelegatedPermissionGrant.ReadWrite.All"]
    assert result["api_callers"] == []
