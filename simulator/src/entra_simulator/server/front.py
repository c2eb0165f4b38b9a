# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of every request: decode, delay, faults, throttling, answer, request list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request

from entra_simulator.answer import Answer
from entra_simulator.authority.tokens import TokenError
from entra_simulator.errors import GraphError, gateway_error, too_many_requests
from entra_simulator.graph import batch, dispatch
from entra_simulator.graph.call import VERSION, Call, split_query
from entra_simulator.server.faults import DroppedError
from entra_simulator.server.journal import Exchange, redacted
from entra_simulator.server.simulation import Simulation


class Front:
    """Answers requests to Graph and to the sign-in endpoints of one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def sign_in(self, request: Request, perform: Callable[[dict[str, str]], Awaitable[Answer]]) -> Answer:
        """A request on the way to a token; `perform` gets the decoded form, which is empty without one."""
        form = split_query((await request.body()).decode("utf-8", "replace"))
        exchange = Exchange(
            request.method,
            _decoded_target(request),
            redacted(form) or None,
            form.get("client_id"),
            sent={**_headers(request), **form},
            sign_in=True,
        )

        return await self._carried_out(exchange, partial(perform, form), [])

    async def graph(self, request: Request) -> Answer:
        """A request to Graph, with the headers of its answer."""
        headers = _headers(request)
        exchange = Exchange(request.method, _decoded_target(request), headers=headers, sent=headers)
        items: list[Exchange] = []
        raw_body = await request.body()
        result = await self._carried_out(
            exchange, partial(self._graph_answer, request, headers, raw_body, exchange, items), items
        )
        result.headers = dispatch.http_headers(result, headers)
        return result

    async def _carried_out(
        self, exchange: Exchange, perform: Callable[[], Awaitable[Answer]], items: list[Exchange]
    ) -> Answer:
        if self._simulation.options.latency_ms:
            await asyncio.sleep(self._simulation.options.latency_ms / 1000)
        try:
            result = await self._simulation.faults.around(exchange, perform)
            exchange.status = result.status
        finally:
            self._simulation.journal.add(exchange, items)
        return result

    async def _graph_answer(
        self,
        request: Request,
        headers: dict[str, str],
        raw_body: bytes,
        exchange: Exchange,
        items: list[Exchange],
    ) -> Answer:
        simulation = self._simulation
        try:
            try:
                caller = simulation.tokens.verify(headers.get("authorization", ""), simulation.store.tenant)
            except TokenError as refused:
                raise refused.as_graph_error() from refused
            exchange.client_id = caller.client_id
            exchange.body = _json(raw_body)
            call = Call(
                method=request.method,
                raw_path=_raw_path(request)[len(VERSION) :],
                query=split_query(request.url.query),
                headers=headers,
                body=exchange.body,
                caller=caller,
                base_url=base_url(request),
            )
            if not batch.is_batch(call.method, call.path):
                return self._answer(call)
            parts = batch.parse(call)
        except GraphError as error:
            return dispatch.error_answer(error, simulation.clock, headers)
        return await self._batch_answer(parts, items, headers)

    async def _batch_answer(self, parts: list[batch.Item], items: list[Exchange], headers: dict[str, str]) -> Answer:
        exchanges = {
            part.id: Exchange(
                part.call.method,
                f"{VERSION}{unquote(part.call.raw_path)}{_query_text(part.url)}",
                part.call.body,
                part.call.caller.client_id,
                part.call.headers,
                {**headers, **part.call.headers},
                batch=True,
                item_id=part.id,
            )
            for part in parts
        }
        items += exchanges.values()
        dropped = False

        async def perform(part: batch.Item) -> Answer:
            nonlocal dropped
            exchange = exchanges[part.id]
            try:
                result = await self._simulation.faults.around(exchange, partial(self._item_answer, part))
            except DroppedError:
                # One item can't be left unanswered: the answer of the whole batch is lost.
                dropped = True
                return Answer(504)
            exchange.status = result.status
            return result

        result = await batch.run(parts, perform)
        for response in result.body["responses"]:
            if response["status"] == 424:
                exchanges[response["id"]].status = 424
        if dropped:
            raise DroppedError
        return result

    async def _item_answer(self, part: batch.Item) -> Answer:
        return self._answer(part.call)

    def _answer(self, call: Call) -> Answer:
        """The answer to a direct request or to an item, unless it is one too many."""
        simulation = self._simulation
        routed = dispatch.routed(call)
        verdict = simulation.admit(call.caller, routed.price)
        if verdict.accepted:
            result = dispatch.answer(simulation.world_of(call), call, routed.target)
        else:
            result = dispatch.error_answer(too_many_requests(), simulation.clock, call.headers)
        result.headers.update({"x-ms-resource-unit": str(routed.price.units), **verdict.headers})
        return result


def base_url(request: Request) -> str:
    """The simulator's address as the client knows it."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _raw_path(request: Request) -> str:
    """The path as sent: decoding it before it is split would lose what `%2F` and `%23` stand for."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode("utf-8")
    return raw.decode("latin-1").partition("?")[0]


def _decoded_target(request: Request) -> str:
    return unquote(_raw_path(request)) + _query_text(f"?{request.url.query}")


def _query_text(url: str) -> str:
    query = url.partition("#")[0].partition("?")[2]
    return f"?{unquote(query.replace('+', ' '))}" if query else ""


def _json(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError as error:
        raise gateway_error(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
            "valid JSON format."
        ) from error
