# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs that change the same grant at once: each keeps what the other does, and tells the truth.

Two hundred pairs run through the engine in this process, over HTTPS, with a random latency before and after each request;
a few more as real ansible-playbook processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._consent import report
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    GrantChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import delegated_permission_grant
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import apply, read
from entra_simulator.ids import grant_id
from entra_simulator.testing import SimulatedTenant, running
from integration.runner import Asked, task
from integration.tenant import ADA, GRAPH, OUTLOOK, Tenant, grant, scopes, service_principal

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer, Request

SEEDS = range(200)
# So many pairs at a time, and seconds that a request may take each way.
AT_A_TIME, LATENCY = 20, 0.15
RUNS = {"one": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11", "two": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a12"}
APPEND, ABSENT = {"append": True}, {"state": "absent"}


class Pair(t.NamedTuple):
    """What is there at first, what the two runs say, and what has to be there in the end."""

    before: str
    one: tuple[str, dict[str, t.Any]]
    two: tuple[str, dict[str, t.Any]]
    after: set[str]


PAIRS = [
    Pair("User.Read openid", ("Mail.Read", APPEND), ("openid", ABSENT), {"User.Read", "Mail.Read"}),
    Pair("User.Read", ("Mail.Read", APPEND), ("Calendars.Read", APPEND), {"User.Read", "Mail.Read", "Calendars.Read"}),
    # All that is left is taken away: the grant would go.
    Pair("openid", ("openid", ABSENT), ("Mail.Read", APPEND), {"Mail.Read"}),
    # Nothing is there: both create.
    Pair("", ("Mail.Read", APPEND), ("Calendars.Read", APPEND), {"Mail.Read", "Calendars.Read"}),
    Pair("User.Read openid profile", ("openid", ABSENT), ("profile", ABSENT), {"User.Read"}),
]


def pair_of(seed: int) -> Pair:
    return PAIRS[seed % len(PAIRS)]


class Slow(GraphClient):
    """A client whose requests take a random time each way."""

    chance: random.Random

    async def send(self, request: Request, *, url: str | None = None) -> Answer:
        await asyncio.sleep(self.chance.uniform(0, LATENCY))
        answer = await super().send(request, url=url)
        await asyncio.sleep(self.chance.uniform(0, LATENCY))
        return answer


@pytest.fixture(scope="module")
def crowd() -> Iterator[SimulatedTenant]:
    """One user for each pair, and two automations."""
    permissions = ["Application.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "User.ReadBasic.All"]
    seed = {
        "tenant": {"id": "7a0e8f3c-4b7d-4c55-9d0f-3f1c2b1a0d9e", "domain": "contoso.example"},
        "users": [{"generate": len(SEEDS), "prefix": "user"}],
        "applications": [
            {
                "app_id": OUTLOOK,
                "display_name": "Microsoft 365 for Jira",
                "owner_tenant_id": "9d6b7e2a-0c1f-4a38-8b11-6f1f0a9c7d52",
            }
        ],
        "service_principals": [service_principal(OUTLOOK)],
        "grants": [grant(OUTLOOK, pair_of(n).before, user(n)) for n in SEEDS if pair_of(n).before],
        "identities": [
            {"name": name, "client_id": client_id, "permissions": permissions, "secret": f"secret of {name}"}
            for name, client_id in RUNS.items()
        ],
    }
    with running(seed) as simulated:
        yield simulated


def user(number: int) -> str:
    return f"user{number + 1:03}@contoso.example"


async def run_one(client: GraphClient, whom: str, scope: str, how: dict[str, t.Any]) -> list[GrantChange]:
    """What the module does, without Ansible around it."""
    options = {
        "app_id": OUTLOOK,
        "users": [whom],
        "scopes": [scope],
        "state": "present",
        "prune": False,
        "max_removals": 100,
        "validate_scopes": True,
        "allow_empty_groups": False,
        **how,
    }
    declared = delegated_permission_grant.declaration(options)
    state = await read.read(client, declared)
    outcome = await apply.apply(client, plan(declared, state), state)
    assert outcome.failures == ()
    made = [change for change, _object_id in outcome.done if isinstance(change, GrantChange)]
    found = [grant.scopes for grant in delegated_permission_grant.KIND.objects(report.after(state, outcome)).values()]
    assert any(scope in one for one in found) is ("append" in how)
    return made


async def run_pair(clients: list[GraphClient], seed: int) -> list[list[GrantChange]]:
    chance, pair = random.Random(seed), pair_of(seed)

    async def later(client: GraphClient, scope: str, how: dict[str, t.Any]) -> list[GrantChange]:
        await asyncio.sleep(chance.uniform(0, 6 * LATENCY))
        return await run_one(client, user(seed), scope, how)

    return list(await asyncio.gather(later(clients[0], *pair.one), later(clients[1], *pair.two)))


async def run_pairs(simulated: SimulatedTenant, seeds: range) -> list[list[list[GrantChange]]]:
    async with contextlib.AsyncExitStack() as stack:
        clients: list[GraphClient] = []
        for name, client_id in RUNS.items():
            client = Slow(
                Connection(
                    tenant_id="contoso.example",
                    auth="access_token",
                    access_token=simulated.token(client_id, f"secret of {name}"),
                    graph_url=simulated.url,
                    ca_path=simulated.env["TENANTOPS_CA_PATH"],
                    concurrency=64,
                )
            )
            client.chance = random.Random(f"{name} {seeds}")
            clients.append(await stack.enter_async_context(client))
        return await asyncio.gather(*(run_pair(clients, seed) for seed in seeds))


# The SDK's transport leaves connections open until the process ends, which is that of the tests here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "seeds", [SEEDS[start : start + AT_A_TIME] for start in range(0, len(SEEDS), AT_A_TIME)], ids=str
)
def test_two_runs_at_once_lose_no_scope_and_report_what_they_did(crowd: SimulatedTenant, seeds: range) -> None:
    crowd.clear_requests()
    reports = asyncio.run(run_pairs(crowd, seeds))
    state = crowd.state()
    found = {row["principal"]: set(row["scope"].split()) for row in state["grants"]}
    users = {row["user_principal_name"]: row["id"] for row in state["users"]}
    apps = {row["app_id"]: row["id"] for row in state["service_principals"]}
    requests = crowd.requests()
    for seed, made in zip(seeds, reports, strict=True):
        pair, whom = pair_of(seed), users[user(seed)]
        its_id = grant_id(apps[OUTLOOK], apps[GRAPH], whom)
        assert found[whom] == pair.after, f"seed {seed}"
        for client_id, changes, (scope, how) in zip(RUNS.values(), made, (pair.one, pair.two), strict=True):
            (change,) = changes
            told = (change.scopes_added, change.scopes_removed)
            assert told == (([scope], []) if "append" in how else ([], [scope])), f"seed {seed}"
            own = [
                entry
                for entry in requests
                if entry["client_id"] == client_id
                and entry["method"] != "GET"
                and entry["status"] < 300
                and (its_id in entry["path"] or (entry["body"] or {}).get("principalId") == whom)
            ]
            last = own[-1]
            sent = set(last["body"]["scope"].split()) if last["body"] else set()
            assert sent == change.scopes_after, f"seed {seed}"
            methods = {"create": "POST", "update": "PATCH", "delete": "DELETE"}
            assert methods[change.action] in (last["method"], own[0]["method"]), f"seed {seed}"


# Real processes

ENDS = {"append and append": PAIRS[1], "append and absent": PAIRS[0], "absent of all and append": PAIRS[2]}


@pytest.mark.parametrize("pair", ENDS.values(), ids=list(ENDS))
def test_two_playbooks_at_once(tenant: Tenant, pair: Pair) -> None:
    """Both read before either writes: the reading right before the write, and what follows it, come out of step by chance."""
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, pair.before, ADA)])
    tenant.simulated.faults(
        [
            {"match": {"method": method, "path": "/oauth2PermissionGrants"}, "delay_ms": 300}
            for method in ("GET", "PATCH")
        ]
    )
    results: dict[str, t.Any] = {}

    def play(name: str, scope: str, how: dict[str, t.Any]) -> None:
        one = task("delegated_permission_grant", app_id=OUTLOOK, users=[ADA], scopes=[scope], **how)
        # A room of its own, for the two would use the same names of files.
        ansible = type(tenant.ansible)(tenant.room / name, tenant.ansible.environment(tenant.room / "unused"))
        ansible.room.mkdir()
        results[name] = ansible.play([one])

    threads = [
        threading.Thread(target=play, args=(name, *said)) for name, said in zip(RUNS, (pair.one, pair.two), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scopes(tenant.state())[OUTLOOK, tenant.user(ADA), GRAPH] == pair.after
    for name, (scope, how) in zip(RUNS, (pair.one, pair.two), strict=True):
        assert results[name].status == 0, results[name].text
        (change,) = results[name].only["changes"]
        told = (change["scopes_added"], change["scopes_removed"])
        assert told == (([scope], []) if "append" in how else ([], [scope]))
    assert Asked.read(tenant.simulated.requests())
