# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of the authority, of the providers that the simulator plays, and of pipelines and machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entra_simulator.answer import Answer
from entra_simulator.authority.issuers import PATH
from entra_simulator.authority.managed_identity import APP_SERVICE, VIRTUAL_MACHINE
from entra_simulator.authority.pipelines import ADDRESSES
from entra_simulator.errors import SimulatorError
from entra_simulator.server.control import json_response
from entra_simulator.server.front import Front, base_url
from entra_simulator.server.simulation import Simulation
from entra_simulator.tenant.model import AZURE_PIPELINES, GITHUB_ACTIONS


class AuthorityRoutes:
    """The endpoints for signing in to one simulation."""

    def __init__(self, simulation: Simulation, front: Front) -> None:
        self._simulation = simulation
        self._front = front

    def routes(self) -> list[Route]:
        """The endpoints that are reached over TLS."""
        return [
            Route("/common/discovery/instance", self._instance),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
            Route("/{tenant}/discovery/v2.0/keys", self._keys),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route(ADDRESSES[GITHUB_ACTIONS], self._github_actions),
            Route(ADDRESSES[AZURE_PIPELINES], self._azure_pipelines, methods=["POST"]),
            Route(f"{PATH}/{{name}}/.well-known/openid-configuration", self._provider_configuration),
            Route(f"{PATH}/{{name}}/jwks", self._provider_keys),
            Route(f"{PATH}/{{name}}/token", self._provider_token, methods=["POST"]),
        ]

    def plain_routes(self) -> list[Route]:
        """The endpoints of the machine, which has no certificate for them."""
        return [Route(APP_SERVICE, self._app_service), Route(VIRTUAL_MACHINE, self._virtual_machine)]

    async def _instance(self, request: Request) -> Response:
        return await self._answered(request, lambda: self._simulation.sign_in.instance(base_url(request)))

    async def _configuration(self, request: Request) -> Response:
        simulation, tenant = self._simulation, request.path_params["tenant"]
        return await self._answered(
            request, lambda: simulation.sign_in.configuration(simulation.store, tenant, base_url(request))
        )

    async def _keys(self, request: Request) -> Response:
        simulation, tenant = self._simulation, request.path_params["tenant"]
        return await self._answered(
            request, lambda: simulation.sign_in.keys(simulation.store, tenant, base_url(request))
        )

    async def _token(self, request: Request) -> Response:
        simulation, tenant = self._simulation, request.path_params["tenant"]
        authorization = request.headers.get("authorization", "")

        async def perform(form: dict[str, str]) -> Answer:
            return await simulation.sign_in.token(simulation.store, tenant, base_url(request), form, authorization)

        result = await self._front.sign_in(request, perform)
        headers = {"Content-Type": "application/json; charset=utf-8", **result.headers}
        return json_response(result.body, result.status, headers)

    async def _github_actions(self, request: Request) -> Response:
        simulation, authorization = self._simulation, request.headers.get("authorization", "")
        audience = request.query_params.get("audience", "")
        return await self._answered(
            request, lambda: simulation.pipelines.github(simulation.store, authorization, audience)
        )

    async def _azure_pipelines(self, request: Request) -> Response:
        simulation, authorization = self._simulation, request.headers.get("authorization", "")
        connection = request.query_params.get("serviceConnectionId", "")
        return await self._answered(
            request, lambda: simulation.pipelines.azure(simulation.store, authorization, connection)
        )

    async def _app_service(self, request: Request) -> Response:
        simulation = self._simulation
        return await self._answered(
            request,
            lambda: simulation.managed_identity.app_service(
                simulation.store, request.query_params, dict(request.headers)
            ),
        )

    async def _virtual_machine(self, request: Request) -> Response:
        simulation = self._simulation
        return await self._answered(
            request,
            lambda: simulation.managed_identity.virtual_machine(
                simulation.store, request.query_params, dict(request.headers)
            ),
        )

    async def _answered(self, request: Request, perform: Callable[[], Answer]) -> Response:
        """The answer to a request that comes with no form."""

        async def answer(_form: dict[str, str]) -> Answer:
            return perform()

        result = await self._front.sign_in(request, answer)
        return json_response(result.body, result.status, {"Content-Type": "application/json", **result.headers})

    # Providers are a control of tests: their requests are in no list, and no fault strikes them.

    async def _provider_configuration(self, request: Request) -> Response:
        return _provided(lambda: self._simulation.issuers.configuration(request.path_params["name"]))

    async def _provider_keys(self, request: Request) -> Response:
        return _provided(lambda: self._simulation.issuers.jwks(request.path_params["name"]))

    async def _provider_token(self, request: Request) -> Response:
        body = await request.body()
        return _provided(lambda: self._simulation.issuers.asked(request.path_params["name"], json.loads(body)))


def _provided(make: Callable[[], dict[str, Any]]) -> Response:
    try:
        return json_response(make())
    except (SimulatorError, ValueError) as error:
        return json_response({"error": str(error)}, 400)
