# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever comes back, a module ends with a result or with one sentence, and tells of no more than Graph has done."""

from __future__ import annotations

import json
import typing as t

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from unit.foreign.scenarios import SCENARIOS
from unit.foreign.world import World, connect, once, seed

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from unit.foreign.world import JSON

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["id", "value", "responses", "https://graph.contoso.example/v1.0/users", "AllPrincipals", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["retry-after", "content-type", "location", "request-id", "x-ms-throttle-limit-percentage", "www-authenticate"]
    ),
    st.sampled_from(
        ["", "0", "-1", "1e999", "nan", "soon", "Fri, 27 Nov 2026 07:00:00 GMT", "application/json", "x" * 5000]
    )
    | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    max_size=3,
)
# A place in an answer, by turning left or right at each step, and what stands there instead.
CHANGES = st.lists(st.tuples(st.lists(st.integers(0, 50), max_size=6), VALUES), min_size=1, max_size=3)
RAW = st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode())


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        world = World(seed())
        connect(world, patch)
        yield world


def put(body: t.Any, path: list[int], value: t.Any) -> t.Any:
    """The JSON with another value at a place of it."""
    if not path or not isinstance(body, dict | list) or not body:
        return value
    keys = list(body) if isinstance(body, dict) else list(range(len(body)))
    key = keys[path[0] % len(keys)]
    copy: t.Any = dict(body) if isinstance(body, dict) else list(body)
    copy[key] = put(body[key], path[1:], value)
    return copy


def ends_well(world: World, name: str) -> None:
    result: JSON = SCENARIOS[name].run(world)
    if result.get("failed"):
        sentence = result["msg"]
        assert not [text for text in ("\n", "traceback", "unexpected") if text in sentence.lower()], sentence
    changes = result.get("changes", [])
    assert bool(result.get("changed")) == bool(changes)
    assert len(changes) <= len(world.writes()) + len(world.asked)


fuzzed = settings(max_examples=150)


@fuzzed
@given(st.sampled_from(sorted(SCENARIOS)), st.integers(0, 12), CHANGES)
@example("who is it", 0, [([0, 0], {"id": []})])
@example("compared", 11, [([1, 0, 3], {"user": "ada"})])
def test_graphs_json_with_something_else_in_it(
    world: World, name: str, number: int, changes: list[tuple[list[int], t.Any]]
) -> None:
    def answer(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
        body = json.loads(response.content) if response.content else {}
        for path, value in changes:
            body = put(body, path, value)
        return httpx.Response(
            response.status_code, headers={"content-type": "application/json"}, content=json.dumps(body)
        )

    world.reset()
    world.way = once(number, answer)
    ends_well(world, name)


@fuzzed
@given(st.sampled_from(sorted(SCENARIOS)), st.integers(0, 12), st.integers(200, 599), HEADERS, RAW)
@example("one user", 0, 401, {"www-authenticate": 'Bearer claims="%%%"'}, b"")
@example("one user", 2, 429, {"retry-after": "nan"}, b'{"error": {"code": "TooManyRequests"}}')
def test_any_status_with_any_content(
    world: World, name: str, number: int, status: int, headers: dict[str, str], content: bytes
) -> None:
    def answer(_request: httpx.Request, _response: httpx.Response) -> httpx.Response:
        return httpx.Response(
            status, headers=[(key.encode(), text.encode("latin-1")) for key, text in headers.items()], content=content
        )

    world.reset()
    world.way = once(number, answer)
    ends_well(world, name)
