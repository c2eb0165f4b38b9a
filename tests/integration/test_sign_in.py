# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signing in from each source to a tenant that checks as Entra ID does: what works, and one sentence for what doesn't."""

from __future__ import annotations

import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest

from entra_simulator.testing import running
from entra_simulator.waiting import wait_until
from integration.runner import Result, Run, task, tolerated
from integration.sign_in_attempts import APP, REFUSED, WORKING, Attempt, certificate, secret
from integration.sign_in_world import (
    SEED,
    TOKEN,
    Proxy,
    World,
    sign_ins,
    silent_address,
    tokens_asked,
    with_environment,
)
from integration.tenant import OUTLOOK

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from integration.sign_in_attempts import Environment

GRANT = "delegated_permission_grant"
# One for where the keys are, one for the provider's token, one for Entra's.
MOST_REQUESTS = 3


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(SEED) as simulated:
        yield World(simulated, tmp_path_factory.mktemp("sign-in"))


@pytest.fixture(scope="module")
def run(world: World) -> Run:
    """All attempts, one after the other, in one play."""
    # Ansible shows a failure with the lines in front of its task: not those that hold another one's secrets.
    apart = {"name": "apart", "ansible.builtin.meta": "noop"}
    tasks = [one for attempt in (*WORKING, *REFUSED) for one in (apart, tolerated(attempt.task(world)))]
    return world.play(*tasks)


@pytest.fixture(scope="module")
def results(run: Run) -> dict[str, Result]:
    return {result.name: result for result in run}


@pytest.mark.parametrize("one", WORKING, ids=str)
def test_a_source_signs_in(one: Attempt, results: dict[str, Result]) -> None:
    result = results[one.name]
    assert not result.failed, result.message
    assert {entry["client_id"] for entry in result.requests if entry["path"].startswith("/v1.0/")} == {one.client_id}
    assert len(tokens_asked(result)) <= 1
    assert len(sign_ins(result)) <= MOST_REQUESTS


@pytest.mark.parametrize("one", REFUSED, ids=str)
def test_what_is_refused_is_one_sentence(one: Attempt, results: dict[str, Result]) -> None:
    """How long it may take is counted in tests/unit/sign_in."""
    result = results[one.name]
    assert result.failed
    for words in one.says:
        assert words in result.message
    assert result.message.endswith(".")
    assert "\n" not in result.message
    for noise in ("Traceback", "Error(", "object at 0x", "..", "Trace ID", "Correlation ID", "Timestamp"):
        assert noise not in result.message
    assert len(sign_ins(result)) <= MOST_REQUESTS
    assert result.asked == []


def test_nothing_secret_is_shown(run: Run, world: World) -> None:
    assert not [hidden for hidden in world.secrets() if hidden in run.text]
    assert TOKEN.search(run.text) is None
    assert "PRIVATE KEY" not in run.text


def test_an_endpoint_for_managed_identities_that_is_silent(world: World) -> None:
    """As on a machine outside Azure, where a firewall drops what goes to the endpoint's address."""
    with silent_address() as address:
        one = task(APP, app_ids=[OUTLOOK], auth="managed_identity")
        silent = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": address}
        result = world.play(tolerated(with_environment(one, silent))).only
    assert result.failed
    assert (
        f"Signing in with managed_identity failed: {address} could not be reached: it did not answer" in result.message
    )


def test_through_a_proxy_that_requires_credentials(world: World) -> None:
    one = task(APP, app_ids=[OUTLOOK])
    host = world.simulated.url.removeprefix("https://")
    with Proxy() as proxy:
        tried = {
            name: {**secret(world), "HTTPS_PROXY": url}
            for name, url in (
                ("right", proxy.url),
                ("none", f"http://{proxy.address}"),
                ("wrong", f"http://automation:wrong@{proxy.address}"),
            )
        }
        passed, *refused = world.play(
            *[tolerated(with_environment(one, environment)) for environment in tried.values()]
        )
        assert not passed.failed, passed.message
        assert len(passed.asked) >= 1
        assert set(proxy.tunnels) == {host}
        assert len(proxy.tunnels) >= 2  # to sign in, and to Graph
        assert proxy.refused <= 2 * MOST_REQUESTS
    for result in refused:
        assert result.failed
        assert result.requests == []
        assert (
            f"could not be reached through the proxy http://{proxy.address}: the proxy wants credentials"
            in result.message
        )
        assert "client_secret" in result.message
        assert result.message.endswith(".")
        assert "automation:" not in result.message


def test_a_claims_challenge_is_answered(world: World) -> None:
    """What Graph wants since the token was issued is asked of Entra ID, once, and the run goes on."""
    simulated = world.simulated
    simulated.clear_requests()
    with ThreadPoolExecutor(1) as pool:
        # The first request to Graph has its token, and waits until the challenge is there.
        with simulated.holding({"match": {"path": "^/v1.0/"}}) as there:
            run = pool.submit(world.play, with_environment(task(APP, app_ids=[OUTLOOK]), secret(world)))
            wait_until(lambda: there() or run.done())
            simulated.claims_challenge()
        result = run.result().only
    assert not result.failed, result.message
    first, second = tokens_asked(result)
    assert '"nbf"' not in str(first["body"].get("claims"))
    assert '"nbf"' in second["body"]["claims"]
    assert [asked.status for asked in result.asked].count(401) == 1
    assert result.asked[-1].status == 200


def test_a_ready_token_cannot_answer_a_claims_challenge(world: World) -> None:
    token = world.simulated.token(challengeable=True)
    world.simulated.claims_challenge()
    result = world.play(tolerated(task(APP, app_ids=[OUTLOOK], access_token=token))).only
    assert result.failed
    assert "no longer takes access_token" in result.message
    assert "claims challenge" in result.message
    assert sign_ins(result) == []
    assert len(result.asked) == 1


@pytest.mark.parametrize("rule", [{"answer": {"status": 503}}, {"drop": True}], ids=["busy", "closed connections"])
def test_endpoints_in_trouble_are_not_asked_without_end(world: World, rule: dict[str, t.Any]) -> None:
    """Each in its own way to sign in: Entra ID, GitHub, Azure Pipelines, a service and a virtual machine."""
    broken: dict[str, Environment] = {
        "/oauth2/v2.0/token": secret,
        "/idtoken": lambda world: world.github(),
        "/oidctoken": lambda world: world.azure_pipelines(),
    }
    machines: dict[str, Environment] = {
        "/msi/token": lambda world: world.service(),
        "/metadata/identity/": lambda world: world.virtual_machine(),
    }
    world.simulated.faults([{"match": {"path": path}, **rule} for path in (*broken, *machines)])
    try:
        tasks = [with_environment(task(APP, app_ids=[OUTLOOK]), make(world)) for make in broken.values()]
        named = task(APP, app_ids=[OUTLOOK], auth="managed_identity")
        tasks += [with_environment(named, make(world)) for make in machines.values()]
        run = world.play(*[tolerated(one) for one in tasks])
    finally:
        world.simulated.clear_faults()
    for path, source, result in zip(
        (*broken, *machines),
        ("client_secret", "github_actions", "azure_pipelines", "managed_identity", "managed_identity"),
        run,
        strict=True,
    ):
        assert result.failed
        assert source in result.message or (source == "github_actions" and "GitHub" in result.message)
        assert result.message.endswith(".")
        asked = [entry for entry in sign_ins(result) if path in entry["path"]]
        assert 1 <= len(asked) <= MOST_REQUESTS


def test_a_run_outlives_its_token(tmp_path: Path) -> None:
    # A token is renewed in the middle of its life: a request may be ten seconds late.
    lifetime = 20
    with running(SEED, token_lifetime_s=lifetime, latency_ms=1200) as simulated:
        world = World(simulated, tmp_path)
        users = [f"user{number:03}@contoso.example" for number in range(1, 201)]
        one = task(GRANT, app_id=OUTLOOK, users=users, scopes=["openid"], concurrency=1)
        present = task("service_principal", app_id=OUTLOOK)
        begun = time.monotonic()
        _, result = world.play(with_environment(present, secret(world)), with_environment(one, secret(world)))
        took = time.monotonic() - begun
        assert not result.failed, result.message
        assert len(simulated.state()["grants"]) == len(users)
    asked = tokens_asked(result)
    assert 2 <= len(asked) <= took / (lifetime / 2) + 1
    # It is renewed before it ends, so nothing is refused.
    assert {item.status for item in result.asked} <= {200, 201}


def test_one_token_for_a_run(world: World) -> None:
    users = [f"user{number:03}@contoso.example" for number in range(1, 61)]
    present = with_environment(task("service_principal", app_id=OUTLOOK), secret(world))
    one = with_environment(task(GRANT, app_id=OUTLOOK, users=users, scopes=["openid"]), secret(world))
    _, result = world.play(present, one)
    assert len(result.round_trips) > 3
    assert len(tokens_asked(result)) == 1


@pytest.mark.parametrize("host", ["::1", "localhost"])
def test_other_addresses_of_this_machine(tmp_path: Path, host: str) -> None:
    """IPv6 among them, in brackets as URLs have it."""
    with running(SEED, host=host) as simulated:
        world = World(simulated, tmp_path)
        assert simulated.url.startswith("https://[::1]:" if host == "::1" else "https://localhost:")
        attempts = [secret(world), certificate("AUTOMATION")(world), world.github(), world.service()]
        run = world.play(*[with_environment(task(APP, app_ids=[OUTLOOK]), environment) for environment in attempts])
        assert [result.failed for result in run] == [False] * len(attempts), run.text
        options = {
            "graph_url": simulated.url,
            "authority_host": simulated.url,
            "ca_path": world.env["TENANTOPS_CA_PATH"],
        }
        bare = {"AZURE_AUTHORITY_HOST": "", "TENANTOPS_GRAPH_URL": "", "TENANTOPS_CA_PATH": "", **secret(world)}
        assert not world.play(with_environment(task(APP, app_ids=[OUTLOOK], **options), bare)).only.failed
