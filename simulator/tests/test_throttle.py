# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttling as clients see it: direct requests, items of batches, control. Nothing drains but by the test's will."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from simulator_helpers import JIRA, SEEDS, TODO, Tenant

from entra_simulator.testing import SimulatedTenant, running

JSON = {"Content-Type": "application/json"}
NONE = "00000000-0000-4000-8000-000000000001"
AUTOMATION = "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a"
READER = "7e57ab1e-0002-4a2b-9c3d-1f2e3d4c5b6a"


@pytest.fixture(scope="module")
def throttled_server() -> Iterator[SimulatedTenant]:
    with running(SEEDS / "contoso.yml", throttle="documented") as simulated:
        simulated.freeze()
        yield simulated


@pytest.fixture
def throttled(throttled_server: SimulatedTenant) -> Tenant:
    throttled_server.clear_faults()
    throttled_server.clear_throttle()
    throttled_server.clear_requests()
    return Tenant(throttled_server, {})


def _writes(tenant: Tenant, count: int = 20) -> list[dict[str, Any]]:
    """A batch of writes that fail, which the limits count like any other: the responses."""
    item = {"method": "DELETE", "url": f"/servicePrincipals/{NONE}"}
    items = [{"id": str(number), **item} for number in range(count)]
    responses: list[dict[str, Any]] = tenant.ok("POST", "/$batch", {"requests": items})["responses"]
    return responses


def _use_up_writes(tenant: Tenant) -> tuple[int, list[dict[str, Any]]]:
    """Write until it is a good deal too much: the number of writes let through, and the last batch's responses."""
    passed = refused = 0
    responses: list[dict[str, Any]] = []
    for _ in range(1000):
        responses = _writes(tenant)
        accepted = sum(response["status"] == 404 for response in responses)
        passed += accepted
        refused += len(responses) - accepted
        if refused > 100:
            break
    return passed, responses


def _sent(tenant: Tenant, method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
    headers = {"Authorization": f"Bearer {tenant.simulated.token()}", **JSON}
    data = None if body is None else json.dumps(body).encode("utf-8")
    status, answered, text = tenant.simulated.send(method, f"{tenant.simulated.url}/v1.0{path}", data, headers)
    return status, answered, json.loads(text) if text else None


def test_writes_over_the_limit(throttled: Tenant) -> None:
    passed, responses = _use_up_writes(throttled)
    assert passed == 3000
    refused = next(response for response in responses if response["status"] == 429)
    assert int(refused["headers"]["Retry-After"]) >= 1
    scope, kind, app_id, tenant_id = refused["headers"]["x-ms-throttle-scope"].split("/")
    assert (scope, kind, app_id) == ("Tenant_Application", "Write", AUTOMATION)
    assert tenant_id == throttled.simulated.env["AZURE_TENANT_ID"]
    assert refused["headers"]["x-ms-throttle-information"] == "WriteLimitExceeded"
    assert 0.99 <= float(refused["headers"]["x-ms-throttle-limit-percentage"]) <= 1.8
    error = refused["body"]["error"]
    assert (error["code"], error["message"]) == ("TooManyRequests", "Please retry again later.")
    inner = error["innerError"]
    assert (inner["code"], inner["status"], inner["message"]) == ("429", "429", "Please retry after")
    assert {"date", "request-id"} <= set(inner)

    entries = throttled.simulated.requests()
    assert [entry["status"] for entry in entries if entry["status"] == 429 and not entry["batch"]] == []
    assert sum(entry["status"] == 429 for entry in entries) == throttled.simulated.summary()["throttled"] > 0


def test_a_refused_request_changes_nothing(throttled: Tenant) -> None:
    before = throttled.simulated.state()
    _use_up_writes(throttled)
    status, headers, answer = _sent(throttled, "POST", "/servicePrincipals", {"appId": JIRA})
    assert (status, answer["error"]["code"]) == (429, "TooManyRequests")
    assert int(headers["retry-after"]) >= 1
    assert headers["x-ms-throttle-information"] == "WriteLimitExceeded"
    assert headers["x-ms-throttle-scope"].startswith("Tenant_Application/Write/")
    assert headers["x-ms-resource-unit"] == "1"
    assert throttled.simulated.state() == before
    # Reads have limits of their own.
    status, headers, _ = _sent(throttled, "GET", "/users?$top=1")
    assert status == 200


def test_time_gives_the_limit_back(throttled: Tenant) -> None:
    _use_up_writes(throttled)
    _, headers, _ = _sent(throttled, "POST", "/servicePrincipals", {"appId": TODO})
    # (the refused one counts too)
    throttled.simulated.advance(int(headers["retry-after"]) - 1)
    assert throttled.call("POST", "/servicePrincipals", {"appId": TODO})[0] == 429
    throttled.simulated.advance(2)
    assert throttled.call("POST", "/servicePrincipals", {"appId": TODO})[0] == 201


def test_each_app_has_its_own_limit(throttled: Tenant) -> None:
    _use_up_writes(throttled)
    secret = throttled.simulated.env["ENTRA_SIMULATOR_SECRET_READER"]
    token = throttled.simulated.token(READER, secret)
    # May not, and is told so: it is not one too many.
    assert throttled.call("DELETE", f"/servicePrincipals/{NONE}", token=token)[0] == 403


def test_reads_over_the_limit(throttled: Tenant) -> None:
    url = f"/groups/{throttled.group('Duplicates')}/transitiveMembers"
    items = [{"id": str(number), "method": "GET", "url": url} for number in range(20)]
    throttled.simulated.clear_throttle()
    told: list[float] = []
    passed = 0
    refused: list[dict[str, Any]] = []
    for _ in range(500):
        responses = throttled.ok("POST", "/$batch", {"requests": items})["responses"]
        passed += sum(response["status"] == 200 for response in responses)
        shares = [response["headers"].get("x-ms-throttle-limit-percentage") for response in responses]
        told += [float(share) for share in shares if share]
        refused = [response for response in responses if response["status"] == 429]
        if refused:
            break
    # 105 users: 5,000 units in 10 seconds, and a page costs 5.
    assert passed == 1000
    assert min(told) == 0.8
    assert 1 <= max(told) <= 1.8
    assert refused[0]["headers"]["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    assert refused[0]["headers"]["x-ms-throttle-scope"].startswith("Tenant_Application/ReadWrite/")
    assert refused[0]["headers"]["x-ms-resource-unit"] == "5"


def test_the_buckets_are_shown_and_emptied(throttled: Tenant) -> None:
    throttled.ok("GET", "/users?$top=100")
    _writes(throttled, 3)
    shown = throttled.simulated.throttle()
    assert (shown["throttle"], shown["factor"], shown["tenant_size"]) == ("documented", 1, "M")
    buckets = {(row["scope"], row["counts"]): row for row in shown["buckets"]}
    own = buckets["Tenant_Application", "resource_units"]
    assert (own["limit"], own["period_seconds"], own["rejected"]) == (5000, 10, 0)
    assert (own["app_id"], own["tenant_id"]) == (AUTOMATION, throttled.simulated.env["AZURE_TENANT_ID"])
    assert own["used"] == 5  # 2 for the page, 3 for the writes, and nothing for the batch itself
    assert buckets["Tenant", "writes"]["used"] == 3
    throttled.simulated.advance(0.1)
    drained = {(row["scope"], row["counts"]): row["used"] for row in throttled.simulated.throttle()["buckets"]}
    assert drained["Tenant_Application", "resource_units"] == 0
    assert drained["Tenant_Application", "writes"] == 1  # 20 a second
    assert buckets["Tenant", "writes"]["app_id"] is None
    assert buckets["Application", "writes"]["tenant_id"] is None
    throttled.simulated.clear_throttle()
    assert throttled.simulated.throttle()["buckets"] == []


def test_requests_without_a_valid_token_and_malformed_batches_cost_nothing(throttled: Tenant) -> None:
    assert throttled.call("GET", "/users", token="x")[0] == 401
    assert throttled.call("POST", "/$batch", {"requests": []})[0] == 400
    assert throttled.simulated.throttle()["buckets"] == []


def test_a_fault_is_stronger(throttled: Tenant) -> None:
    _use_up_writes(throttled)
    before = throttled.simulated.throttle()["buckets"][0]["rejected"]
    rule = {"match": {"path": "servicePrincipals"}, "times": 1, "answer": {"status": 503, "retry_after": 9}}
    throttled.simulated.faults([rule])
    status, headers, _ = _sent(throttled, "POST", "/servicePrincipals", {"appId": JIRA})
    assert (status, headers["retry-after"]) == (503, "9")
    assert throttled.simulated.throttle()["buckets"][0]["rejected"] == before


def test_shorter_periods() -> None:
    with running(SEEDS / "contoso.yml", throttle="documented", throttle_factor=10) as simulated:
        simulated.freeze()
        tenant = Tenant(simulated, {})
        _, responses = _use_up_writes(tenant)
        (bucket,) = (row for row in simulated.throttle()["buckets"] if row["scope"] == "Tenant")
        assert bucket["period_seconds"] == 30
        seconds = int(responses[-1]["headers"]["Retry-After"])
        assert seconds == 1
        simulated.advance(seconds)
        assert tenant.call("POST", "/servicePrincipals", {"appId": JIRA})[0] == 201


def test_no_limits_unless_asked_for(tenant: Tenant) -> None:
    for _ in range(160):
        _writes(tenant)
    assert tenant.simulated.summary()["throttled"] == 0
    shown = tenant.simulated.throttle()
    assert (shown["throttle"], shown["buckets"]) == ("none", [])
