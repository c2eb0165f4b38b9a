# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`$batch`: up to twenty requests in one, side by side or as one full sequence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from entra_simulator.answer import Answer
from entra_simulator.errors import GraphError, gateway_error
from entra_simulator.graph.call import Call, split_query

MAX_ITEMS = 20
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"})


@dataclass(frozen=True)
class Item:
    """One checked item. `url` is as sent, relative to the version."""

    id: str
    url: str
    call: Call
    depends_on: str | None


def is_batch(method: str, path: str) -> bool:
    """Whether a request is a batch."""
    return method == "POST" and path.strip("/").lower() == "$batch"


def parse(envelope: Call) -> list[Item]:
    """The items of a batch. Raises the 400 that a malformed envelope gets as a whole."""
    body = envelope.body
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not requests:
        raise gateway_error("Invalid batch payload format.")
    if len(requests) > MAX_ITEMS:
        raise GraphError(
            400,
            "MaximumValueExceeded",
            f"Number of batch request steps exceeds the maximum value of {MAX_ITEMS}.",
        )
    items = [_item(envelope, request) for request in requests]
    _check_ids(items)
    _check_order(items)
    return items


async def run(items: list[Item], perform: Callable[[Item], Awaitable[Answer]]) -> Answer:
    """Answer all items; in a sequence a failed one makes those behind it 424.

    Items of a sequence wait for each other, others are answered side by side.
    """
    if items[0].depends_on is None and len(items) > 1 and items[1].depends_on is not None:
        answers = await _in_sequence(items, perform)
    else:
        answers = await asyncio.gather(*(perform(item) for item in items))
    return Answer(200, {"responses": [_response(*pair) for pair in zip(items, answers, strict=True)]})


async def _in_sequence(items: list[Item], perform: Callable[[Item], Awaitable[Answer]]) -> list[Answer]:
    answers: list[Answer] = []
    for item in items:
        if answers and answers[-1].status >= 400:
            answers.append(_failed_dependency())
        else:
            answers.append(await perform(item))
    return answers


def _failed_dependency() -> Answer:
    message = "The request was not executed because a request it depends on failed."
    return Answer(424, {"error": {"code": "FailedDependency", "message": message}})


def _response(item: Item, answer: Answer) -> dict[str, Any]:
    headers = {"Cache-Control": "no-cache", "OData-Version": "4.0", **answer.headers}
    response: dict[str, Any] = {"id": item.id, "status": answer.status, "headers": headers}
    if answer.content is not None:
        response["body"] = answer.content.decode("utf-8", "replace")
    elif answer.body is not None:
        headers["Content-Type"] = "application/json"
        response["body"] = answer.body
    return response


def _item(envelope: Call, request: Any) -> Item:
    if not isinstance(request, dict):
        raise gateway_error("Invalid batch payload format.")
    item_id, method, url = (request.get(name) for name in ("id", "method", "url"))
    if not isinstance(item_id, str) or not isinstance(method, str) or not isinstance(url, str):
        raise gateway_error("Invalid batch payload format.")
    if method.upper() not in _METHODS:
        raise gateway_error(f"Invalid batch payload format. Request {item_id} has the method '{method}'.")
    sent = request.get("headers") or {}
    if not isinstance(sent, dict):
        raise gateway_error("Invalid batch payload format.")
    headers = {str(name).lower(): str(value) for name, value in sent.items()}
    body = request.get("body")
    if body is not None and "content-type" not in headers:
        raise gateway_error(f"Write request id : {item_id} does not contain Content-Type header or body.")
    # As in any URL, what follows a # is a fragment and never reaches the directory.
    path, _, query = url.partition("#")[0].partition("?")
    call = Call(
        method=method.upper(),
        raw_path="/" + path.strip("/"),
        query=split_query(query),
        headers=headers,
        body=body,
        caller=envelope.caller,
        base_url=envelope.base_url,
    )
    return Item(item_id, url, call, _dependency(request.get("dependsOn")))


def _dependency(value: Any) -> str | None:
    if not value:
        return None
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise gateway_error("Invalid batch payload format. A request can depend on one other request.")
    return value[0].lower()


def _check_ids(items: list[Item]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id.lower() in seen:
            raise gateway_error(f"Request Id(s) must be unique: '{item.id}'.")
        seen.add(item.id.lower())


def _check_order(items: list[Item]) -> None:
    """Either nobody depends on anything, or each request on the one before it."""
    if all(item.depends_on is None for item in items):
        return
    expected = [None, *(item.id.lower() for item in items[:-1])]
    if [item.depends_on for item in items] != expected:
        raise gateway_error(
            "Invalid batch payload format. Requests must all be independent, or each depend on the one before it."
        )
