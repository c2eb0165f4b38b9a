# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/_simulator`: what tests use to look at the tenant and to change it. No token is needed; loopback only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entra_simulator.errors import SimulatorError
from entra_simulator.section import Section
from entra_simulator.server.simulation import Simulation


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON, compact and in UTF-8."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, None if headers else "application/json")


class Control:
    """The control endpoints of one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def routes(self) -> list[Route]:
        """The endpoints."""
        return [
            Route("/_simulator/state", self._state, methods=["GET", "PUT"]),
            Route("/_simulator/requests", self._requests, methods=["GET", "DELETE"]),
            Route("/_simulator/throttle", self._throttle, methods=["GET", "DELETE"]),
            Route("/_simulator/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/_simulator/replicas", self._replicas, methods=["GET", "POST", "DELETE"]),
            Route("/_simulator/clock", self._clock, methods=["GET", "POST"]),
            Route("/_simulator/audit", self._audit, methods=["GET"]),
            Route("/_simulator/act-as", self._act_as, methods=["POST"]),
            Route("/_simulator/consent", self._consent, methods=["POST"]),
            Route("/_simulator/claims-challenge", self._claims_challenge, methods=["POST"]),
        ]

    async def _state(self, request: Request) -> Response:
        if request.method == "PUT":
            return await self._changed(request, self._simulation.replace_state)
        return json_response(self._simulation.state())

    async def _requests(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._simulation.journal.clear()
            return Response(status_code=204)
        if request.query_params.get("summary") == "true":
            return json_response(self._simulation.journal.summary())
        return json_response(self._simulation.journal.entries())

    async def _throttle(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._simulation.throttle.clear()
            return Response(status_code=204)
        return json_response(self._simulation.throttling())

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._simulation.faults.clear()
            return Response(status_code=204)
        if request.method == "POST":
            return await self._changed(request, self._simulation.faults.add)
        return json_response(self._simulation.faults.shown())

    async def _replicas(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._simulation.replicas.clear()
            return Response(status_code=204)
        if request.method == "POST":
            return await self._changed(request, self._simulation.replicas.add)
        return json_response(self._simulation.replicas.shown())

    async def _clock(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._changed(request, self._set_clock)
        clock = self._simulation.clock
        shown = {"now": clock.stamp(), "advanced_seconds": clock.advanced_seconds, "frozen": clock.frozen}
        return json_response(shown)

    async def _audit(self, _request: Request) -> Response:
        return json_response(self._simulation.audit_log())

    async def _act_as(self, request: Request) -> Response:
        return await self._changed(request, self._simulation.act_as)

    async def _consent(self, request: Request) -> Response:
        return await self._changed(request, self._simulation.consent)

    async def _claims_challenge(self, _request: Request) -> Response:
        self._simulation.tokens.challenge()
        return Response(status_code=204)

    def _set_clock(self, body: Any) -> None:
        section = Section(body, "clock", {"advance_seconds", "frozen"})
        frozen = section.optional_flag("frozen")
        seconds = section.raw("advance_seconds") if frozen is None else section.raw("advance_seconds", 0)
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise ValueError("clock.advance_seconds: must be a number")
        self._simulation.clock.advance(seconds)
        if frozen is not None:
            self._simulation.clock.freeze(frozen)

    async def _changed(self, request: Request, change: Callable[[Any], Any]) -> Response:
        """Apply a JSON body and answer with what `change` gives; a mistake in it is a 400 with one sentence."""
        try:
            result = change(json.loads(await request.body()))
        except (SimulatorError, ValueError) as error:
            return json_response({"error": str(error)}, 400)
        return Response(status_code=204) if result is None else json_response(result)
