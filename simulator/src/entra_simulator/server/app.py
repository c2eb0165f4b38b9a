# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entra_simulator.errors import gateway_error
from entra_simulator.graph.call import VERSION
from entra_simulator.graph.dispatch import error_answer, http_headers
from entra_simulator.server.authority import AuthorityRoutes
from entra_simulator.server.connections import Connections
from entra_simulator.server.control import Control, json_response
from entra_simulator.server.faults import DroppedError
from entra_simulator.server.front import Front
from entra_simulator.server.simulation import Simulation

_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


class Application:
    """Routes to control, sign-in and Graph."""

    def __init__(self, simulation: Simulation, connections: Connections) -> None:
        self._simulation = simulation
        self._connections = connections
        self._front = Front(simulation)
        self._authority = AuthorityRoutes(simulation, self._front)

    def asgi(self) -> Starlette:
        """The application for the server."""
        return Starlette(
            routes=[
                *Control(self._simulation).routes(),
                *self._authority.routes(),
                Route("/{path:path}", self._graph, methods=_METHODS),
            ],
            exception_handlers={DroppedError: self._drop},
        )

    def plain_asgi(self) -> Starlette:
        """The application for what a machine asks its own metadata service, without TLS."""
        return Starlette(routes=self._authority.plain_routes(), exception_handlers={DroppedError: self._drop})

    async def _graph(self, request: Request) -> Response:
        path = request.url.path
        if path != VERSION and not path.startswith(f"{VERSION}/"):
            first = path.strip("/").partition("/")[0]
            headers = {name.lower(): value for name, value in request.headers.items()}
            result = error_answer(gateway_error(f"Invalid version: {first}"), self._simulation.clock, headers)
            result.headers = http_headers(result, headers)
        else:
            result = await self._front.graph(request)
        if result.content is not None or result.body is None:
            return Response(result.content, result.status, result.headers)
        return json_response(result.body, result.status, result.headers)

    async def _drop(self, request: Request, _error: Exception) -> Response:
        """Close the connection; the response goes nowhere."""
        self._connections.drop(request.client)
        return Response(status_code=504)
