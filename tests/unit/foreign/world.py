# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole modules in this process against a simulated tenant in it, with somebody on the way who changes the answers."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import re
import ssl
import sys
import typing as t
from pathlib import Path

import httpx
import yaml
from ansible.module_utils import basic

from ansible_collections.tenantops.entra.plugins.module_utils._graph import pacing, trust
from entra_simulator.graph.call import Switches
from entra_simulator.server.app import Application
from entra_simulator.server.connections import Connections
from entra_simulator.server.simulation import Options, Simulation

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

JSON: t.TypeAlias = dict[str, t.Any]
URL = "https://graph.contoso.example"
SEED = Path(__file__).parents[3] / "simulator" / "seeds" / "contoso.yml"
PACKAGE = "ansible_collections.tenantops.entra.plugins"
GRAPH, OUTLOOK = "00000003-0000-0000-c000-000000000000", "e7185a25-9df9-4d05-b779-76b04bf46424"
CRM, TO_DO = "c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b", "32d752a1-8945-4600-97c9-73ed32c3627a"
TEAMS = "89d5ca9f-d63b-4885-bd30-6e7433c1540c"
BLUEPRINT, AGENT = "b10e0001-1d2e-4f3a-8b4c-5d6e7f809a1b", "b10e0002-1d2e-4f3a-8b4c-5d6e7f809a1b"
RUNNER = "b10e0003-1d2e-4f3a-8b4c-5d6e7f809a1b"
IDENTITY = (
    "/subscriptions/b10e0004-1d2e-4f3a-8b4c-5d6e7f809a1b/resourcegroups/backup/providers"
    "/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
)
ADA = "ada@contoso.example"
_TRUST = ssl.create_default_context()
_OBJECT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=/)[\w-]{43,}")

# Gets the request's number and Graph's own answer, which is asked for when it is wanted, and gives what arrives.
Way: t.TypeAlias = (
    "Callable[[int, httpx.Request, Callable[[], t.Awaitable[httpx.Response]]], t.Awaitable[httpx.Response]]"
)


async def untouched(
    _number: int, _request: httpx.Request, graph: Callable[[], t.Awaitable[httpx.Response]]
) -> httpx.Response:
    return await graph()


class World:
    """The tenant, and what was asked of it.

    :ivar way: what happens to each request on its way.
    :ivar asked: the requests that the client sent, as method and path without ids.
    """

    def __init__(self, document: JSON, *, page_limit: int = 20) -> None:
        self.document = document
        self.simulation = Simulation(document, Options(url=URL, switches=Switches(page_limit=page_limit)))
        self._application = httpx.ASGITransport(Application(self.simulation, Connections()).asgi())
        self.way: Way = untouched
        self.asked: list[str] = []

    def reset(self) -> None:
        """Puts the tenant back to what it was."""
        self.simulation.replace_state(copy.deepcopy(self.document))
        self.simulation.journal.clear()
        self.way = untouched
        self.asked.clear()

    def state(self) -> JSON:
        return self.simulation.state()

    def writes(self) -> list[JSON]:
        """What Graph carried out."""
        return [
            one
            for one in self.simulation.journal.entries()
            if one["method"] != "GET" and not one["path"].endswith("$batch") and (one["status"] or 500) < 300
        ]

    async def carry(self, request: httpx.Request) -> httpx.Response:
        number = len(self.asked)
        self.asked.append(kind(request))

        async def graph() -> httpx.Response:
            return await self._application.handle_async_request(request)

        return await self.way(number, request, graph)

    def run(self, module: str, *, check: bool = False, **options: t.Any) -> JSON:
        """A module's result. Whatever it raises but its end is raised."""
        token = self.simulation.act_as({"user": ADA})["access_token"]
        given = {"access_token": token, "graph_url": URL, **options, "_ansible_check_mode": check}
        printed = io.StringIO()
        with _arguments(given), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            importlib.import_module(f"{PACKAGE}.modules.{module}").main()
        result: JSON = json.loads(printed.getvalue())
        return result


def kind(request: httpx.Request) -> str:
    """Method and path with the query's names, without ids; of a batch, what its first item is."""
    if request.url.path.endswith("/$batch"):
        first = json.loads(request.content)["requests"][0]
        return f"$batch of {first['method']} {_OBJECT.sub('ID', first['url'].partition('?')[0])}"
    page = " page" if "$skiptoken" in str(request.url) else ""
    return f"{request.method} {_OBJECT.sub('ID', request.url.path.removeprefix('/v1.0'))}{page}"


class _OnTheWay(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await self._world.carry(request)


@contextlib.contextmanager
def _arguments(given: JSON) -> Iterator[None]:
    """As Ansible hands them to a module."""
    before = basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode(), "legacy"
    try:
        yield
    finally:
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = before


def connect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads every client to the world, and lets nobody wait."""
    make = httpx.AsyncClient
    monkeypatch.setattr(
        httpx, "AsyncClient", lambda **more: make(transport=_OnTheWay(world), base_url=more["base_url"])
    )
    # No request leaves this process, and loading the authorities takes longer than most runs.
    monkeypatch.setattr(trust, "context", lambda _connection: _TRUST)
    monkeypatch.setattr(pacing, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(pacing, "FIRST_INTERVAL", 0.0)
    for name, module in list(sys.modules.items()):
        for attribute in dir(module) if name.startswith(f"{PACKAGE}.module_utils") else ():
            if attribute.endswith("REPLICATION_WAITS"):
                monkeypatch.setattr(module, attribute, tuple(0.0 for _wait in getattr(module, attribute)))


def seed() -> JSON:
    """The example tenant with something in it: a group of 60 users who all have a grant, in pages of 20."""
    document: JSON = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    users = [f"user{number:03}@contoso.example" for number in range(1, 61)]
    apps = [OUTLOOK, TO_DO, TEAMS]
    document["service_principals"] += [{"app_id": app_id} for app_id in apps[:2]]
    document["service_principals"].append({"app_id": TEAMS, "deleted": True})
    document["applications"].append({"app_id": BLUEPRINT, "display_name": "Helpdesk agents"})
    document["service_principals"] += [
        {
            "app_id": BLUEPRINT,
            "type": "ServiceIdentity",
            "inheritable": [{"resource_app_id": GRAPH, "scopes": "allAllowed", "roles": "allAllowed"}],
        },
        {"app_id": AGENT, "display_name": "Helpdesk agent", "type": "ServiceIdentity", "blueprint": BLUEPRINT},
        {"app_id": RUNNER, "display_name": "runner", "type": "ManagedIdentity", "alternative_names": [IDENTITY]},
    ]
    document["grants"] = [
        {"client_app_id": BLUEPRINT, "resource_app_id": GRAPH, "scope": "User.Read"},
        *(
            {"client_app_id": OUTLOOK, "resource_app_id": GRAPH, "scope": "User.Read", "principal": user}
            for user in users
        ),
        {"client_app_id": TO_DO, "resource_app_id": GRAPH, "scope": "Directory.ReadWrite.All"},
        {"client_app_id": OUTLOOK, "resource_app_id": GRAPH, "scope": "openid profile"},
    ]
    document["assignments"] = [
        *({"app_id": CRM, "principal": user, "app_role": "Reader"} for user in users[:30]),
        {"app_id": OUTLOOK, "principal": "Jira users", "app_role": "default"},
        *({"app_id": GRAPH, "principal": TO_DO, "app_role": role} for role in ("Mail.Read", "User.Read.All")),
        {"app_id": GRAPH, "principal": BLUEPRINT, "app_role": "Group.Read.All"},
        {"app_id": GRAPH, "principal": RUNNER, "app_role": "Sites.Read.All"},
    ]
    return document


def once(number: int, answer: Callable[[httpx.Request, httpx.Response], httpx.Response]) -> Way:
    """The request of this number gets another answer; the first time only."""

    async def way(
        place: int, request: httpx.Request, graph: Callable[[], t.Awaitable[httpx.Response]]
    ) -> httpx.Response:
        response = await graph()
        if place != number:
            return response
        await response.aread()
        return answer(request, response)

    return way
