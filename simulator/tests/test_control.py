# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State, requests, faults, clock, latency, lag."""

from __future__ import annotations

import json
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, SEEDS, TODO, Tenant

from entra_simulator.server import journal
from entra_simulator.testing import running
from entra_simulator.waiting import wait_until

CREATE = {"match": {"method": "POST", "path": "/servicePrincipals$"}}
BATCH = {"requests": [{"id": "1", "method": "GET", "url": "/users?$top=1"}]}


def _rich(tenant: Tenant) -> None:
    """A tenant with everything that a state can hold."""
    jira, graph = tenant.app(JIRA), tenant.app(GRAPH)
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": "  openid  a "}
    tenant.ok("POST", "/oauth2PermissionGrants", body)
    one = {**body, "consentType": "Principal", "principalId": tenant.user("ada@contoso.example"), "scope": None}
    tenant.ok("POST", "/oauth2PermissionGrants", one)
    role = {"principalId": tenant.group("Jira users"), "resourceId": jira}
    role["appRoleId"] = "00000000-0000-0000-0000-000000000000"
    tenant.ok("POST", f"/servicePrincipals/{jira}/appRoleAssignedTo", role)
    tenant.ok("PATCH", f"/servicePrincipals/{jira}", {"notes": "n", "tags": ["t"], "accountEnabled": False})
    todo = tenant.app(TODO)
    tenant.ok("POST", "/oauth2PermissionGrants", {**body, "clientId": todo})
    tenant.ok("DELETE", f"/servicePrincipals/{todo}")
    tenant.app(TODO)


def test_state_survives_a_round_trip(tenant: Tenant) -> None:
    _rich(tenant)
    before = tenant.simulated.state()
    tenant.simulated.put_state(before)
    after = tenant.simulated.state()
    assert json.dumps(after) == json.dumps(before)
    assert after["grants"][0]["scope"] == "  openid  a "
    assert len(after["grants"]) == 3


def test_a_deleted_apps_links_survive_the_round_trip(tenant: Tenant) -> None:
    _rich(tenant)
    state = tenant.simulated.state()
    tenant.simulated.put_state(state)
    old = next(row["id"] for row in state["service_principals"] if row["deleted"])
    new = tenant.app(TODO)
    tenant.ok("DELETE", f"/servicePrincipals/{new}")
    tenant.ok("POST", f"/directory/deletedItems/{old}/restore")
    rows = tenant.every(f"/servicePrincipals/{old}/oauth2PermissionGrants")
    assert [row["scope"] for row in rows] == ["  openid  a "]


def test_a_mistake_in_a_put_changes_nothing(tenant: Tenant) -> None:
    with pytest.raises(ValueError, match=r"tenant\.id: is required"):
        tenant.simulated.put_state({"tenant": {"domain": "x"}})
    with pytest.raises(ValueError, match=r"identities\.0\.secret: is required"):
        tenant.simulated.put_state(
            {
                "tenant": tenant.initial["tenant"],
                "identities": [{"name": "new", "client_id": "dddddddd-0000-4000-8000-000000000001"}],
            }
        )
    assert tenant.simulated.state() == tenant.initial


def test_requests_hold_no_secrets(tenant: Tenant) -> None:
    secret, token = tenant.simulated.env["AZURE_CLIENT_SECRET"], tenant.simulated.token()
    tenant.ok("GET", "/users?$filter=userPrincipalName eq 'ada@contoso.example'", token=token)
    entries = tenant.simulated.requests()
    sign_in = entries[0]
    assert sign_in["body"]["client_secret"] == "(redacted)"
    assert sign_in["client_id"] == tenant.simulated.env["AZURE_CLIENT_ID"]
    assert entries[1]["path"] == "/v1.0/users?$filter=userPrincipalName eq 'ada@contoso.example'"
    text = json.dumps(entries)
    assert secret not in text
    assert token not in text
    tenant.simulated.clear_requests()
    assert tenant.simulated.requests() == []


def test_the_summary_counts_what_was_asked(tenant: Tenant) -> None:
    tenant.ok("GET", "/users?$top=1")  # signs in
    tenant.ok("POST", "/servicePrincipals", {"appId": JIRA})
    tenant.refused("POST", "/servicePrincipals", {"appId": JIRA})
    tenant.simulated.faults([{"match": {"item": True, "path": "users"}, "times": 1, "answer": {"status": 429}}])
    items = [
        {"id": "1", "method": "GET", "url": "/users?$top=1"},
        {"id": "2", "method": "GET", "url": "/groups?$top=1"},
        {"id": "3", "method": "DELETE", "url": f"/servicePrincipals(appId='{JIRA}')"},
    ]
    tenant.ok("POST", "/$batch", {"requests": items})
    assert tenant.simulated.summary() == {
        "requests": 4,
        "writes": 3,
        "throttled": 1,
        "sign_in": 1,
        "by_status": {"200": 3, "201": 1, "204": 1, "409": 1, "429": 1},
    }
    tenant.simulated.clear_requests()
    assert tenant.simulated.summary() == {"requests": 0, "writes": 0, "throttled": 0, "sign_in": 0, "by_status": {}}


def test_the_summary_counts_more_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "KEPT", 10)
    kept = journal.Journal()
    for _ in range(25):
        kept.add(journal.Exchange("GET", "/v1.0/users", status=200))
    kept.add(journal.Exchange("GET", "/v1.0/users"))
    assert len(kept.entries()) == 10
    summary = kept.summary()
    assert (summary["requests"], summary["by_status"]) == (26, {"200": 25, "none": 1})


def test_a_fault_strikes_as_often_as_asked(tenant: Tenant) -> None:
    rule = {**CREATE, "times": 2, "after": 1, "answer": {"status": 429, "retry_after": 7}}
    tenant.simulated.faults([rule])
    statuses = [tenant.call("POST", "/servicePrincipals", {"appId": app})[0] for app in (JIRA, TODO, TODO, TODO)]
    assert statuses == [201, 429, 429, 201]
    assert tenant.simulated.remaining_faults()[0]["times"] == 0
    faulty = [entry["status"] for entry in tenant.simulated.requests() if entry["fault"]]
    assert faulty == [429, 429]


def test_the_answer_of_a_fault(tenant: Tenant) -> None:
    tenant.simulated.faults([{"times": 1, "answer": {"status": 429, "retry_after": 7}}])
    sent = {"Authorization": f"Bearer {'x'}"}
    status, headers, text = tenant.simulated.send("GET", f"{tenant.simulated.url}/v1.0/users", None, sent)
    assert (status, headers["retry-after"]) == (429, "7")
    assert json.loads(text)["error"]["message"] == "Please retry again later."
    own = {"status": 400, "code": "Own", "message": "own words"}
    tenant.simulated.faults([{"match": {"path": "users"}, "times": 1, "answer": own}])
    assert tenant.refused("GET", "/users") == (400, "Own", "own words")


def test_a_fault_echoes_what_was_sent(tenant: Tenant) -> None:
    """Headers of requests and of batches, for their items too, and the fields of a form; what was not sent stays."""
    token = tenant.simulated.token()
    says = {"status": 403, "message": "no {authorization} {accept-nothing}"}
    tenant.simulated.faults([{"match": {"path": "users"}, "times": 2, "answer": says}])
    expected = f"no Bearer {token} {{accept-nothing}}"
    sent = {"Authorization": f"Bearer {token}"}
    _status, _headers, text = tenant.simulated.send("GET", f"{tenant.simulated.url}/v1.0/users", None, sent)
    assert json.loads(text)["error"]["message"] == expected
    url, body = f"{tenant.simulated.url}/v1.0/$batch", json.dumps(BATCH).encode()
    answer = tenant.simulated.send("POST", url, body, {**sent, "Content-Type": "application/json"})
    assert json.loads(answer[2])["responses"][0]["body"]["error"]["message"] == expected
    tenant.simulated.faults(
        [{"match": {"path": "/token$"}, "answer": {"status": 400, "message": "no {client_secret}"}}]
    )
    url, form = f"{tenant.simulated.url}/contoso.example/oauth2/v2.0/token", b"client_secret=Wrong%20one"
    answer = tenant.simulated.send("POST", url, form, {"Content-Type": "application/x-www-form-urlencoded"})
    assert json.loads(answer[2])["error_description"] == "no Wrong one"
    shown = json.dumps(tenant.simulated.requests())
    assert token not in shown
    assert "Wrong one" not in shown


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("applied", [False, True])
def test_lost_answers(tenant: Tenant, drop: bool, applied: bool) -> None:
    tenant.simulated.token()
    rule: dict[str, Any] = {**CREATE, "times": 1, "applied": applied, "drop": drop}
    tenant.simulated.faults([rule if drop else {**rule, "answer": {"status": 503}}])
    if drop:
        with pytest.raises((RemoteDisconnected, urllib.error.URLError, ConnectionError)):
            tenant.call("POST", "/servicePrincipals", {"appId": JIRA})
        entry = tenant.simulated.requests()[-1]
        assert (entry["status"], entry["fault"]) == (None, True)
    else:
        assert tenant.refused("POST", "/servicePrincipals", {"appId": JIRA})[0] == 503
    there = JIRA in [row["app_id"] for row in tenant.simulated.state()["service_principals"]]
    assert there is applied


def test_faults_of_items(tenant: Tenant) -> None:
    tenant.simulated.faults([{"match": {"item": True}, "times": 1, "answer": {"status": 429, "retry_after": 3}}])
    assert tenant.call("GET", "/users?$top=1")[0] == 200
    (response,) = tenant.ok("POST", "/$batch", BATCH)["responses"]
    assert (response["status"], response["headers"]["Retry-After"]) == (429, "3")
    tenant.simulated.clear_faults()
    tenant.simulated.faults([{"match": {"item": False}, "times": 1, "answer": {"status": 500}}])
    assert tenant.refused("POST", "/$batch", BATCH)[0] == 500


def test_a_dropped_item_loses_the_batch(tenant: Tenant) -> None:
    tenant.simulated.token()
    rule = {"match": {"item": True, "path": "users"}, "times": 1, "drop": True, "applied": True}
    tenant.simulated.faults([rule])
    with pytest.raises((RemoteDisconnected, urllib.error.URLError, ConnectionError)):
        tenant.call("POST", "/$batch", BATCH)
    envelope, item = tenant.simulated.requests()[-2:]
    assert (envelope["status"], item["status"]) == (None, None)


def test_faults_at_sign_in(tenant: Tenant) -> None:
    tenant.simulated.faults([{"match": {"path": "oauth2/v2.0/token"}, "times": 1, "answer": {"status": 503}}])
    with pytest.raises(KeyError):
        tenant.simulated.token()
    assert tenant.simulated.token()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({}, "faults: must be a list of rules"),
        ([{"macth": {}}], r"faults\.0\.macth: is not known; did you mean match\?"),
        ([{"match": {"path": "("}}], r"faults\.0\.match\.path: is no regular expression"),
        ([{"times": -1}], r"faults\.0\.times: must be a number from 0"),
    ],
)
def test_bad_faults(tenant: Tenant, rules: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tenant.simulated.faults(rules)
    assert tenant.simulated.remaining_faults() == []


def test_the_clock_goes_forward_only(tenant: Tenant) -> None:
    with pytest.raises(ValueError, match="negative"):
        tenant.simulated.advance(-1)


def test_a_clock_that_stands_still() -> None:
    """Only what it is advanced by counts; afterwards it goes on from the real time."""
    with running(SEEDS / "contoso.yml") as simulated:

        def shown() -> dict[str, Any]:
            clock: dict[str, Any] = json.loads(simulated.send("GET", f"{simulated.url}/_simulator/clock", None, {})[2])
            return clock

        assert shown()["frozen"] is False
        begun = shown()["now"]
        wait_until(lambda: shown()["now"] != begun)
        simulated.freeze()
        stopped = shown()
        simulated.freeze()
        assert [shown() for _ in range(5)] == [stopped] * 5
        simulated.advance(3600)
        later = shown()
        assert datetime.fromisoformat(later["now"]) - datetime.fromisoformat(stopped["now"]) == timedelta(hours=1)
        simulated.freeze(False)
        wait_until(lambda: shown()["now"] > later["now"])
        assert shown()["advanced_seconds"] == 3600


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{}", "clock.advance_seconds: is required"),
        (b'{"frozen": 1}', "clock.frozen: must be true or false"),
        (b'{"advance_seconds": "1"}', "clock.advance_seconds: must be a number"),
    ],
)
def test_bad_clocks(tenant: Tenant, body: bytes, message: str) -> None:
    status, _, text = tenant.simulated.send("POST", f"{tenant.simulated.url}/_simulator/clock", body, {})
    assert (status, json.loads(text)) == (400, {"error": message})


def test_what_is_delayed_goes_on_once_the_rules_are_removed(tenant: Tenant) -> None:
    with ThreadPoolExecutor(1) as pool:
        with tenant.simulated.holding({"match": {"path": "/users"}}) as there:
            assert not there()
            answer = pool.submit(tenant.call, "GET", "/users?$top=1")
            wait_until(there)
            assert tenant.call("GET", "/users?$top=1")[0] == 200
            assert not answer.done()
        assert answer.result()[0] == 200


def test_replication_lag() -> None:
    with running(SEEDS / "contoso.yml", replication_lag_ms=60_000) as simulated:
        simulated.freeze()
        made = simulated.graph("POST", "/servicePrincipals", {"appId": JIRA})[1]["id"]
        _, found = simulated.graph("GET", f"/servicePrincipals(appId='{GRAPH}')?$select=id")
        graph = found["id"]
        user = simulated.graph("GET", "/users/ada@contoso.example")[1]["id"]
        crm = simulated.graph("GET", f"/servicePrincipals(appId='{CRM}')?$select=id")[1]["id"]
        grant = {"clientId": made, "resourceId": graph, "consentType": "AllPrincipals", "scope": "x"}
        role = {"principalId": user, "resourceId": made, "appRoleId": "00000000-0000-0000-0000-000000000000"}

        def create(path: str, body: Any) -> tuple[int, str]:
            status, answer = simulated.graph("POST", path, body)
            return status, "" if status == 201 else answer["error"]["message"]

        assert simulated.graph("GET", f"/servicePrincipals/{made}")[0] == 404
        listed = simulated.graph("GET", f"/servicePrincipals?$filter=appId eq '{JIRA}'")[1]["value"]
        assert listed == []
        status, message = create("/oauth2PermissionGrants", grant)
        assert status == 404
        assert message.startswith(f"Resource '{made}' does not exist or one of its queried reference-property")
        reverse = {**grant, "clientId": crm, "resourceId": made}
        assert create("/oauth2PermissionGrants", reverse) == (400, "Specified resourceId was not found.")
        assert create("/users/ada@contoso.example/appRoleAssignments", role) == (
            400,
            "Not a valid reference update.",
        )
        assert create("/servicePrincipals", {"appId": JIRA})[0] == 409
        simulated.advance(60)
        assert simulated.graph("GET", f"/servicePrincipals/{made}")[0] == 200
        assert create("/oauth2PermissionGrants", grant)[0] == 201
        assert create("/users/ada@contoso.example/appRoleAssignments", role)[0] == 201


def test_latency_and_request_log(tmp_path: Path) -> None:
    """A batch waits once: if each of its items did, it could not be answered before twenty times as long."""
    log, latency = tmp_path / "requests.jsonl", 1.0
    with running(SEEDS / "contoso.yml", latency_ms=int(latency * 1000), request_log=log) as simulated:
        simulated.token()
        items = [{"id": str(n), "method": "GET", "url": "/users?$top=1"} for n in range(20)]
        begun = time.monotonic()
        assert simulated.graph("POST", "/$batch", {"requests": items})[0] == 200
        assert latency <= time.monotonic() - begun < 20 * latency
        entries = simulated.requests()
    assert [json.loads(line) for line in log.read_text().splitlines()] == entries
    assert len(entries) == 23


def test_the_latency_of_requests_side_by_side_overlaps() -> None:
    """One after the other they could not be answered before ten times as long."""
    latency = 2.0
    with running(SEEDS / "contoso.yml", latency_ms=int(latency * 1000)) as simulated, ThreadPoolExecutor(10) as pool:
        token = simulated.token()
        begun = time.monotonic()
        answers = pool.map(lambda _: simulated.graph("GET", "/users?$top=1", token=token)[0], range(10))
        assert list(answers) == [200] * 10
        assert latency <= time.monotonic() - begun < 10 * latency
