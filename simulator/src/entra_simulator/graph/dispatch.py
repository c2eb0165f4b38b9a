# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call through permission check and handler to an answer, errors included."""

from __future__ import annotations

import json
import sys
import traceback
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from entra_simulator.answer import Answer
from entra_simulator.clock import Clock
from entra_simulator.errors import GraphError
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.listing import check_options
from entra_simulator.graph.router import find_route
from entra_simulator.graph.routes import Price, Route
from entra_simulator.tenant.permissions import check, only_own_apps

JSON_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_DIAGNOSTIC = json.dumps(
    {
        "ServerInfo": {
            "DataCenter": "Simulated",
            "Slice": "E",
            "Ring": "1",
            "ScaleUnit": "000",
            "RoleInstance": "SIMULATED",
        }
    }
)


@dataclass(frozen=True)
class Routed:
    """Where a call goes, or why it goes nowhere; and what it costs, whatever comes of it."""

    target: Route | GraphError
    price: Price


def routed(call: Call) -> Routed:
    """The route and the price of a call other than `$batch`."""
    try:
        route = find_route(call)
    except GraphError as error:
        return Routed(error, Price(1, int(call.method != "GET")))
    return Routed(route, route.price(call))


def answer(world: World, call: Call, target: Route | GraphError) -> Answer:
    """The answer to a routed call."""
    try:
        if isinstance(target, GraphError):
            raise target
        check(target.operation, call.caller.permissions)
        check_options(call, target.options)
        call.own_only = only_own_apps(target.operation, call.caller.permissions)
        return target.handler(world, call)
    except GraphError as error:
        return error_answer(error, world.store.clock, call.headers)
    except Exception:  # a defect of the simulator must be seen, and must not stop it
        traceback.print_exc(file=sys.stderr)
        failure = GraphError(500, "Service_InternalServerError", "Encountered an internal server error.")
        return error_answer(failure, world.store.clock, call.headers)


def error_answer(error: GraphError, clock: Clock, request_headers: Mapping[str, str]) -> Answer:
    """An error as an answer."""
    request_id = str(uuid.uuid4())
    body = error.body(clock.error_stamp(), request_id, request_headers.get("client-request-id") or request_id)
    return Answer(error.status, body, {"request-id": request_id, **error.headers})


def http_headers(result: Answer, request_headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that Graph sends with every answer, over those of the answer itself."""
    request_id = result.headers.get("request-id") or str(uuid.uuid4())
    headers = {
        "Cache-Control": "no-cache",
        "request-id": request_id,
        "client-request-id": request_headers.get("client-request-id") or request_id,
        "x-ms-ags-diagnostic": _DIAGNOSTIC,
        "OData-Version": "4.0",
        **result.headers,
    }
    if result.content is None and result.body is not None:
        headers["Content-Type"] = JSON_TYPE
    return headers
