# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each request that the modules send, with each answer that is not Graph's: nothing is concluded from it, and one sentence tells."""

from __future__ import annotations

import functools
import json
import re
import typing as t
from pathlib import Path

import httpx
import pytest
from unit.foreign import answers
from unit.foreign.scenarios import SCENARIOS
from unit.foreign.world import World, connect, kind, seed

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from unit.foreign.answers import Answer
    from unit.foreign.world import JSON, Way

ROOT = Path(__file__).parents[3]
_ID = re.compile(r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{43,64})(?=/|$)")
# So many scenarios are spoilt at each kind of request.
EACH = 2
# Where Graph's own answer comes back once the passing trouble is over.
PASSING = ("a page", "cut JSON", "302 elsewhere", "404 of a proxy", "nothing", "other JSON")


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed())


@pytest.fixture(autouse=True)
def _connected(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(world, monkeypatch)


def always(spoilt: str, answer: Answer) -> Way:
    """All requests of a kind are answered by somebody else, who does not pass writes on."""

    async def way(
        _number: int, request: httpx.Request, graph: Callable[[], Awaitable[httpx.Response]]
    ) -> httpx.Response:
        if kind(request) != spoilt:
            return await graph()
        if request.method != "GET" and not spoilt.startswith("$batch") and answer is not answers.ANYWHERE["cut JSON"]:
            return answer(request, httpx.Response(200, content=b""))
        response = await graph()
        await response.aread()
        return answer(request, response)

    return way


def once(spoilt: str, answer: Answer) -> Way:
    """The first request of a kind is answered by somebody else, after Graph has carried it out."""
    left = [1]

    async def way(
        _number: int, request: httpx.Request, graph: Callable[[], Awaitable[httpx.Response]]
    ) -> httpx.Response:
        response = await graph()
        if kind(request) != spoilt or not left:
            return response
        left.pop()
        await response.aread()
        return answer(request, response)

    return way


@functools.cache
def sent() -> list[tuple[str, str]]:
    """The kinds of requests, each with scenarios that send it."""
    places: dict[str, list[str]] = {}
    with pytest.MonkeyPatch.context() as patch:
        world = World(seed())
        connect(world, patch)
        for name, scenario in SCENARIOS.items():
            world.reset()
            scenario.run(world)
            for asked in dict.fromkeys(world.asked):
                places.setdefault(asked, []).append(name)
    return [(asked, name) for asked, names in places.items() for name in names[:EACH]]


def foreign(asked: str) -> dict[str, Answer]:
    """What may come instead of the answer to a request of this kind."""
    found = dict(answers.ANYWHERE)
    if asked.startswith("$batch"):
        found |= answers.BATCHES
    elif asked.startswith("GET"):
        found |= answers.LISTS
    if "embers/microsoft.graph.user" in asked and not asked.startswith("$batch"):
        found |= answers.COUNTED_PAGE if asked.endswith(" page") else answers.COUNTED
    return found


CASES = sent()


@pytest.mark.parametrize(("asked", "name"), CASES, ids=[f"{asked} of {name}" for asked, name in CASES])
def test_nothing_is_concluded_from_what_graph_has_not_said(world: World, asked: str, name: str) -> None:
    world.reset()
    before = world.state()
    right = _comparable(SCENARIOS[name].run(world))
    for what, answer in foreign(asked).items():
        world.reset()
        world.way = always(asked, answer)
        result = SCENARIOS[name].run(world)
        # A part of a batch is asked again in another batch, which nobody spoils; and what Graph has carried out although its
        # answer was cut may be found by reading.
        heals = what in answers.BATCHES or what == "cut JSON"
        if not heals or _told(result) or _comparable(result) != right:
            _check(result, world, before, f"{asked}, {what}")


@pytest.mark.parametrize(("asked", "name"), CASES, ids=[f"{asked} of {name}" for asked, name in CASES])
def test_what_comes_once_is_asked_again(world: World, asked: str, name: str) -> None:
    world.reset()
    right = SCENARIOS[name].run(world)
    after = world.state()
    for what in PASSING:
        world.reset()
        world.way = once(asked, answers.ANYWHERE[what])
        result = SCENARIOS[name].run(world)
        assert not result.get("failed"), f"{asked}, {what}: {result}"
        assert _comparable(result) == _comparable(right), f"{asked}, {what}"
        assert _granted(world.state()) == _granted(after), f"{asked}, {what}"


def _check(result: JSON, world: World, before: JSON, case: str) -> None:
    told = _told(result)
    assert told, f"{case}: told as a success: {json.dumps(result)[:500]}"
    for sentence in told:
        assert "graph.contoso.example" in sentence, f"{case}: {sentence}"
        assert not [text for text in ("\n", "Traceback", "object at 0x") if text in sentence], f"{case}: {sentence}"
        assert (sentence.count(". ") <= 2, len(sentence) < 700) == (True, True), f"{case}: {sentence}"
    assert result.get("report", {}).get("status") != "as_declared", case
    # What Graph was made to do is just what is told to be done.
    changes = result.get("changes", [])
    assert bool(result.get("changed")) == bool(changes), case
    done = world.writes()
    assert len(done) >= len(changes), f"{case}: {changes}"
    if not done:
        assert _granted(world.state()) == _granted(before), case
    lost = set(map(str, _granted(before))) - set(map(str, _granted(world.state())))
    taken = [change for change in changes if change["action"] == "delete" or change.get("scopes_removed")]
    assert len(lost) <= len([one for one in done if one["method"] != "POST"]), case
    if not any(asked.startswith(("DELETE", "$batch of DELETE", "PATCH")) for asked in world.asked):
        assert (lost, taken) == (set(), []), case


def _told(result: JSON) -> list[str]:
    """The sentences that say what went wrong."""
    if result.get("failed"):
        return [result["msg"]]
    if "report" in result:
        report = result["report"]
        notes = [entry.get("attribution_note", "") for app in report["apps"] for entry in app["drift"]]
        return [text for text in (*report["problems"], *notes) if "not Microsoft Graph" in text]
    return [text for text in result.get("problems", []) if "not Microsoft Graph" in text]


def _granted(state: JSON) -> list[t.Any]:
    return [
        *sorted((row["client_app_id"], str(row["principal"]), row["scope"]) for row in state["grants"]),
        *sorted((row["app_id"], row["principal"], row["app_role"]) for row in state["assignments"]),
    ]


def _comparable(result: JSON) -> JSON:
    """Without what differs from run to run."""
    text = json.dumps(
        {key: value for key, value in result.items() if key not in ("invocation", "seed")}, sort_keys=True
    )
    body: JSON = json.loads(text, object_hook=lambda one: {k: v for k, v in one.items() if k not in VOLATILE})
    return body


VOLATILE = ("id", "generated_at", "attribution", "attribution_note", "expires_at", "action")


def test_the_scenarios_send_every_request_that_the_collection_knows(world: World) -> None:
    asked: set[str] = set()
    for scenario in SCENARIOS.values():
        world.reset()
        scenario.run(world)
        asked |= {f"{one['method']} {_ID.sub('{id}', one['path'].partition('?')[0])}" for one in _to_graph(world)}
    known = re.findall(r"^\| `((?:GET|POST|PATCH|DELETE) [^`]+)` \|", (ROOT / "docs/permissions.md").read_text(), re.M)
    assert set(known) <= asked


def _to_graph(world: World) -> list[JSON]:
    return [{**one, "path": one["path"].removeprefix("/v1.0")} for one in world.simulation.journal.entries()]
