# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the audit log through Graph: filters, order, pages, permission, delay, retention, throttling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, NOBODY, SEEDS, TODO, Tenant

from entra_simulator.clock import Clock
from entra_simulator.tenant.audit import log as audit_log
from entra_simulator.tenant.audit.log import Activity, Actor, AuditLog, Entry, Target
from entra_simulator.tenant.rows import START, NewestFirst, Ordered
from entra_simulator.testing import running

PATH = "/auditLogs/directoryAudits"
DAY = 86_400
Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ask(tenant: Tenant) -> Ask:
    """A short history, and what a filter finds of it: two apps by the automation, a grant and a disabling by Ada."""
    jira, todo, graph = tenant.app(JIRA), tenant.app(TODO), tenant.app(GRAPH)
    ada = tenant.simulated.act_as("ada@contoso.example")
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": "openid"}
    tenant.ok("POST", "/oauth2PermissionGrants", body, token=ada)
    tenant.ok("PATCH", f"/servicePrincipals/{todo}", {"accountEnabled": False}, token=ada)

    def found(text: str) -> list[dict[str, Any]]:
        return tenant.every(f"{PATH}?$filter={quote(text)}", token=ada)

    return found


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["activityDisplayName"].partition(" ")[0] for row in rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("activityDisplayName eq 'add service principal'", ["Add", "Add"]),
        ("startswith(activityDisplayName,'Update')", ["Update"]),
        ("loggedByService eq 'Core Directory'", ["Update", "Add", "Add", "Add"]),
        ("loggedByService eq 'PIM'", []),
        ("initiatedBy/app/displayName eq 'automation'", ["Add", "Add"]),
        ("initiatedBy/user/userPrincipalName eq 'Ada@contoso.example'", ["Update", "Add"]),
        ("startswith(initiatedBy/user/userPrincipalName,'lead')", []),
        ("targetResources/any(t:t/displayName eq 'Microsoft Graph')", ["Add"]),
        ("targetResources/any(t: startswith(t/displayName, 'Microsoft T'))", ["Update", "Add"]),
        ("activityDateTime ge 2020-01-01 and activityDateTime le 2020-01-02T00:00:00Z", []),
        ("activityDateTime ge 2020-01-01T00:00:00.1234567Z and startswith(activityDisplayName,'Up')", ["Update"]),
        ("initiatedBy/user/id eq '{ada}'", ["Update", "Add"]),
        ("initiatedBy/user/id eq '{jira}'", []),
        ("targetResources/any(x:x/id eq '{jira}')", ["Add", "Add"]),
        ("targetResources/any(x:x/id eq '{jira}') and initiatedBy/user/id eq '{ada}'", ["Add"]),
        ("targetResources/any(x:x/id eq '{jira}') and targetResources/any(y:y/id eq '{todo}')", []),
        ("targetResources/any(x:x/id eq '{jira}' or x/id eq '{todo}')", ["Update", "Add", "Add", "Add"]),
        ("targetResources/any(x:x/id eq '" + NOBODY + "')", []),
    ],
)
def test_filters(tenant: Tenant, ask: Ask, text: str, names: list[str]) -> None:
    ids = {"ada": tenant.user("ada@contoso.example"), "jira": tenant.app(JIRA), "todo": tenant.app(TODO)}
    for name, object_id in ids.items():
        text = text.replace(f"{{{name}}}", object_id)
    assert _names(ask(text)) == names


def test_filters_that_go_by_an_entry(ask: Ask) -> None:
    rows = ask("loggedByService eq 'Core Directory'")
    second = rows[1]
    for text in (f"correlationId eq '{second['correlationId']}'", f"activityDateTime eq {second['activityDateTime']}"):
        assert ask(text) == [second]
    later = ask(f"activityDateTime ge {second['activityDateTime']}")
    earlier = ask(f"activityDateTime le {second['activityDateTime']}")
    assert (later, earlier) == (rows[:2], rows[1:])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=category eq 'x'", "Request_UnsupportedQuery"),
        ("$filter=activityDateTime gt 2020-01-01T00:00:00Z", "Request_UnsupportedQuery"),
        ("$filter=activityDateTime ge 'x'", "BadRequest"),
        ("$filter=activityDateTime ge 2020-13-01T00:00:00Z", "BadRequest"),
        ("$filter=correlationId eq 5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", "BadRequest"),
        ("$filter=nonsense eq 'x'", "BadRequest"),
        ("$filter=initiatedBy/nonsense eq 'x'", "BadRequest"),
        ("$filter=targetResources/any()", "Request_UnsupportedQuery"),
        ("$filter=targetResources/all(t:t/id eq 'x')", "Request_UnsupportedQuery"),
        ("$filter=targetResources/any(t:x/id eq 'x')", "BadRequest"),
        ("$filter=targetResources/any(t:id eq 'x')", "BadRequest"),
        ("$filter=targetResources/any(t:t/nonsense eq 'x')", "BadRequest"),
        ("$filter=nonsense/any(t:t/id eq 'x')", "Request_UnsupportedQuery"),
        ("$orderby=category", "Request_UnsupportedQuery"),
        ("$orderby=activityDateTime up", "Request_UnsupportedQuery"),
        ("$top=1000", "Request_UnsupportedQuery"),
        ("$expand=x", "NotSimulated"),
    ],
)
def test_what_is_refused(tenant: Tenant, query: str, code: str) -> None:
    token = tenant.simulated.act_as("ada@contoso.example")
    assert tenant.refused("GET", f"{PATH}?{query}", token=token)[1] == code
    assert tenant.refused("GET", "/users?$orderby=displayName", token=token)[1] == "NotSimulated"


def test_order_and_pages(tenant: Tenant, ask: Ask) -> None:
    token = tenant.simulated.act_as("ada@contoso.example")
    newest = tenant.every(f"{PATH}?$orderby=activityDateTime desc", token=token)
    assert _names(newest) == ["Update", "Add", "Add", "Add"]
    assert tenant.every(f"{PATH}?$orderby=activityDateTime", token=token) == newest[::-1]
    first = tenant.ok("GET", f"{PATH}?$top=3", token=token)
    assert first["value"] == newest[:3]
    tenant.ok("DELETE", f"/servicePrincipals(appId='{TODO}')")  # newer than the first page, so on none behind it
    rest = tenant.ok("GET", first["@odata.nextLink"], token=token)
    assert rest["value"] == newest[3:]
    assert "@odata.nextLink" not in rest
    token_of_page = first["@odata.nextLink"].partition("$skiptoken=")[2]
    other = f"{PATH}?$orderby=activityDateTime asc&$skiptoken={token_of_page}"
    assert tenant.refused("GET", other, token=token)[1] == "Directory_ExpiredPageToken"


def test_one_entry_and_a_selection(tenant: Tenant, ask: Ask) -> None:
    token = tenant.simulated.act_as("ada@contoso.example")
    entry = ask("startswith(activityDisplayName,'Update')")[0]
    found = tenant.ok("GET", f"{PATH}/{entry['id']}", token=token)
    assert found.pop("@odata.context").endswith("$metadata#auditLogs/directoryAudits/$entity")
    assert found == entry
    for key in (entry["id"][:-1] + "9", "Directory_x", NOBODY):
        assert tenant.refused("GET", f"{PATH}/{key}", token=token)[:2] == (404, "Request_ResourceNotFound")
    (chosen,) = tenant.ok("GET", f"{PATH}?$top=1&$select=id,activityDisplayName", token=token)["value"]
    assert chosen == {"id": entry["id"], "activityDisplayName": "Update service principal"}
    assert tenant.refused("GET", f"{PATH}?$select=nonsense", token=token)[1] == "BadRequest"


def test_the_permission(tenant: Tenant) -> None:
    assert tenant.refused("GET", PATH)[:2] == (403, "Authorization_RequestDenied")
    assert tenant.refused("GET", PATH, token=tenant.holding("Directory.Read.All"))[0] == 403
    assert tenant.ok("GET", PATH, token=tenant.holding("AuditLog.Read.All"))["value"] == []
    assert tenant.refused("DELETE", PATH)[0] == 405


def test_delay_and_retention() -> None:
    with running(SEEDS / "contoso.yml", audit_delay_ms=120_000, audit_retention_days=7) as simulated:
        simulated.freeze()

        def count() -> int:
            token = simulated.act_as("ada@contoso.example")
            return len(simulated.graph("GET", PATH, token=token)[1]["value"])

        simulated.graph("POST", "/servicePrincipals", {"appId": JIRA})
        assert count() == 0
        simulated.advance(121)
        assert count() == 1
        simulated.advance(7 * DAY - 200)
        simulated.graph("PATCH", f"/servicePrincipals(appId='{CRM}')", {"notes": "n"})
        assert count() == 1
        simulated.advance(121)
        assert count() == 1
        assert len(simulated.audit_log()) == 2


def test_thirty_days_by_default(passing_time: Tenant) -> None:
    simulated = passing_time.simulated
    passing_time.app(JIRA)
    for days, count in ((29.9, 1), (0.2, 0)):
        simulated.advance(days * DAY)
        token = simulated.act_as("ada@contoso.example")
        assert len(passing_time.ok("GET", PATH, token=token)["value"]) == count


def test_five_requests_in_ten_seconds() -> None:
    with running(SEEDS / "contoso.yml", throttle="documented") as simulated:
        simulated.freeze()
        token = simulated.act_as("ada@contoso.example")
        items = [{"id": str(number), "method": "GET", "url": PATH} for number in range(10)]
        responses = simulated.graph("POST", "/$batch", {"requests": items}, token=token)[1]["responses"]
        assert [response["status"] for response in responses] == [200] * 5 + [429] * 5
        refused = responses[-1]
        assert refused["headers"]["x-ms-throttle-scope"].startswith("Tenant_Application/Read/")
        assert int(refused["headers"]["Retry-After"]) >= 2
        status, answer = simulated.graph("GET", PATH, token=token)
        assert (status, answer["error"]["code"]) == (429, "TooManyRequests")
        assert simulated.graph("GET", "/users?$top=1", token=token)[0] == 200
        simulated.advance(10)
        assert simulated.graph("GET", PATH, token=token)[0] == 200


def test_the_log_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "KEPT", 10)
    monkeypatch.setattr(audit_log, "_AT_ONCE", 5)
    log, clock = AuditLog(Clock()), Clock()
    actor, activity = Actor("a", "a", "a"), Activity("Do", "Do")
    for number in range(23):
        targets = (Target("same", "User"), Target(f"other{number}", "User"))
        log.add(Entry(activity, actor, "c", clock.now(), targets))
    kept = [entry.seq for entry in log.entries]
    assert kept == list(range(11, 24))
    assert [entry.seq for entry in log.about("SAME")] == kept
    assert len(log.about("other0")) == 0
    assert log.find("Directory_c_SIM00_3") is None
    assert log.find("Directory_c_SIM00_11") is not None


def test_the_other_way_round() -> None:
    rows: Ordered[Entry] = Ordered()
    for number in range(1, 7):
        rows.append(Entry(Activity("", ""), Actor("", "", ""), "", Clock().now(), (), number))
    rows.remove(next(rows.before(6)))
    newest = NewestFirst(rows)
    marks = [mark for mark, _ in newest.after(START)]
    assert [entry.seq for _, entry in newest.after(START)] == [6, 4, 3, 2, 1]
    assert marks == sorted(marks)
    assert [entry.seq for _, entry in newest.after(marks[1])] == [3, 2, 1]
    assert len(newest) == 5
