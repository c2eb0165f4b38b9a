# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List answers: query options, pages, nextLinks."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from entra_simulator.answer import Answer
from entra_simulator.errors import GraphError, gateway_error, unsupported_query
from entra_simulator.graph.call import VERSION, Call, Switches, World
from entra_simulator.tenant.rows import START, Rows
from entra_simulator.tenant.store import Store

DEFAULT_PAGE = 100
MAX_PAGE = 999
_ANSWERED = frozenset({"$select", "$top", "$count", "$filter", "$skiptoken", "$format"})
_NOT_SIMULATED = frozenset({"$orderby", "$expand", "$search", "$apply"})
_TYPE = "@odata.type"
Render = Callable[[Any], dict[str, Any]]


def check_options(call: Call, more: frozenset[str] = frozenset()) -> None:
    """Refuse query options that Graph refuses, and say so of those that only this simulator lacks.

    `more` are those that this one list answers.
    """
    for name in call.query:
        if name in more:
            continue
        if name == "$skip":
            raise GraphError(400, "Request_BadRequest", "'$skip' is not supported by the service.")
        if name == "$search" and call.path.strip("/").lower() == "oauth2permissiongrants":
            # Graph fails here, and says so as a server error.
            raise GraphError(500, "Service_InternalServerError", "Encountered an internal server error.")
        if name in _NOT_SIMULATED:
            raise GraphError(501, "NotSimulated", f"The simulated tenant does not answer {name}.")
        if name.startswith("$") and name not in _ANSWERED:
            raise gateway_error(f"The query parameter '{name}' is not supported.")


def selected(call: Call, known: frozenset[str], type_name: str) -> list[str] | None:
    """The properties of `$select`; None without it. Unknown ones are refused."""
    text = call.query.get("$select")
    if not text:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise gateway_error(f"Could not find a property named '{name}' on type 'microsoft.graph.{type_name}'.")
    return names


def pick(entity: dict[str, Any], names: list[str] | None, defaults: frozenset[str]) -> dict[str, Any]:
    """The selected properties, or those returned by default; the type in mixed lists always."""
    if names is None:
        if entity.keys() <= defaults:
            return entity
        return {name: value for name, value in entity.items() if name in defaults or name == _TYPE}
    chosen = {_TYPE: entity[_TYPE]} if _TYPE in entity else {}
    for name in names:
        chosen[name] = entity.get(name)
    return chosen


def context(call: Call, name: str, names: list[str] | None, *, entity: bool = False) -> str:
    """The `@odata.context` of an answer."""
    shape = f"({','.join(names)})" if names else ""
    return f"{call.base_url}{VERSION}/$metadata#{name}{shape}{'/$entity' if entity else ''}"


def page_size(call: Call, world: World) -> int:
    """Rows per page: `$top` (1 to 999) or 100, within the simulator's own limit."""
    text = call.query.get("$top", str(DEFAULT_PAGE))
    if not text.isdecimal():
        raise gateway_error(f"Invalid value '{text}' for $top query option found.")
    if not 1 <= int(text) <= MAX_PAGE:
        raise unsupported_query(f"Invalid page size specified: '{text}'. Must be between 1 and {MAX_PAGE} inclusive.")
    return min(int(text), world.switches.page_limit)


def list_answer(
    world: World,
    call: Call,
    rows: Rows[Any],
    render: Render,
    context_url: str,
    matches: Callable[[Any], bool] | None = None,
) -> Answer:
    """Cut one page from `rows`. `matches` None means that every row counts, which makes counting free."""
    size = page_size(call, world)
    token = call.query.get("$skiptoken")
    mark = START if token is None else _mark(world, call, token)
    body: dict[str, Any] = {"@odata.context": context_url}
    if call.advanced and token is None:
        body["@odata.count"] = len(rows) if matches is None else sum(1 for _, row in rows.after(START) if matches(row))
    if token is None and world.switches.sparse_pages:
        size = 0
    found: list[dict[str, Any]] = []
    for next_mark, row in rows.after(mark):
        if matches is None or matches(row):
            if len(found) == size:
                body["@odata.nextLink"] = _next_link(world, call, mark)
                break
            found.append(render(row))
            mark = next_mark
    body["value"] = found
    return Answer(200, body)


def has_token_of(store: Store, call: Call) -> bool:
    """Whether the request goes on with a list that began in this tenant."""
    try:
        _mark(World(store, Switches()), call, call.query["$skiptoken"])
    except GraphError:
        return False
    return True


def _next_link(world: World, call: Call, mark: int) -> str:
    options = {name: value for name, value in call.query.items() if name != "$skiptoken"}
    options["$skiptoken"] = _token(world, call, mark)
    query = urlencode(options, safe="$(),':@", quote_via=quote)
    return f"{call.base_url}{VERSION}{call.raw_path}?{query}"


def _token(world: World, call: Call, mark: int) -> str:
    plain = f"{mark}.{_seal(world, call, mark)}"
    return base64.urlsafe_b64encode(plain.encode("ascii")).decode("ascii").rstrip("=")


def _mark(world: World, call: Call, token: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        text, _, seal = plain.partition(".")
        mark = int(text)
    except ValueError:
        mark, seal = START, ""
    if seal != _seal(world, call, mark):
        raise GraphError(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    return mark


def _seal(world: World, call: Call, mark: int) -> str:
    """Binds a token to its list: path, filter, order and the loaded state. Others get the error of an old token."""
    query = f"{call.query.get('$filter', '')}|{call.query.get('$orderby', '')}"
    what = f"{world.store.generation}|{call.path.lower()}|{query}|{mark}"
    return hashlib.sha256(what.encode("utf-8")).hexdigest()[:16]
