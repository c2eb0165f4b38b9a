# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a path to a route: segments, keys in parentheses, casts with and without `microsoft.`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from entra_simulator.errors import GraphError, gateway_error, method_not_allowed
from entra_simulator.graph.call import Call, Key
from entra_simulator.graph.routes import ROUTES, WILD, Route

_WITH_KEY = re.compile(r"(?P<name>[A-Za-z][\w.]*)\((?:(?P<key>\w+)\s*=\s*)?(?P<value>.*)\)", re.DOTALL)


@dataclass
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    wild: _Node | None = None
    methods: dict[str, Route] = field(default_factory=dict)


def _tree() -> _Node:
    root = _Node()
    for route in ROUTES:
        node = root
        for part in route.path.split("/"):
            if part == WILD:
                node.wild = node.wild or _Node()
                node = node.wild
            else:
                node = node.children.setdefault(part.lower(), _Node())
        node.methods[route.method] = route
    return root


_ROOT = _tree()


def split_path(raw_path: str) -> list[str | Key]:
    """The decoded segments of an encoded path; `users('a')` gives the two segments `users` and a key."""
    parts: list[str | Key] = []
    for raw in raw_path.strip("/").split("/"):
        text = unquote(raw)
        match = _WITH_KEY.fullmatch(text)
        if match is None:
            parts.append(text)
            continue
        value = match["value"]
        if len(value) > 1 and value[0] == value[-1] == "'":
            value = value[1:-1].replace("''", "'")
        parts += [match["name"], Key(value, match["key"])]
    return parts


def find_route(call: Call) -> Route:
    """The route of a call; sets `call.keys`. Raises what Graph's gateway answers to unknown paths."""
    node, keys = _ROOT, []
    for part in split_path(call.raw_path):
        child = node.children.get(_static_name(part)) if isinstance(part, str) else None
        if child is None and node.wild is not None and not (isinstance(part, str) and part.startswith("$")):
            child = node.wild
            keys.append(part if isinstance(part, Key) else Key(part))
        if child is None:
            raise _no_segment(part)
        node = child
    if not node.methods:
        raise _no_segment(call.path.rstrip("/").rsplit("/", 1)[-1])
    if call.method not in node.methods:
        raise method_not_allowed()
    call.keys = keys
    return node.methods[call.method]


def _static_name(part: str) -> str:
    name = part.lower()
    return f"microsoft.{name}" if name.startswith("graph.") else name


def _no_segment(part: str | Key) -> GraphError:
    text = part if isinstance(part, str) else f"('{part.value}')"
    return gateway_error(f"Resource not found for the segment '{text}'.")
