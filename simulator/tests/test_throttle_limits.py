# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are too many: the limits as decisions, with a clock of their own."""

from __future__ import annotations

import pytest
from simulator_helpers import JIRA, TODO

from entra_simulator.graph.routes import Price
from entra_simulator.server.throttle import LIMITS, Throttle, Verdict, tenant_size

TENANT = "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10"
READ, WRITE, REPORT = Price(5, 0), Price(1, 1), Price(1, 0, 1)


class Caller:
    """Asks a throttle, at a time that only the test moves."""

    def __init__(self, factor: float = 1.0, users: int = 1000) -> None:
        self.throttle = Throttle(factor)
        self.users = users
        self.now = 1000.0

    def ask(self, price: Price, app_id: str = JIRA) -> Verdict:
        return self.throttle.admit(price, app_id, TENANT, self.users, self.now)

    def accepted(self, price: Price, times: int, app_id: str = JIRA) -> int:
        return sum(self.ask(price, app_id).accepted for _ in range(times))

    def used(self, scope: str, counts: str) -> float:
        (bucket,) = (
            bucket
            for bucket in self.throttle.shown(self.users, self.now)
            if (bucket["scope"], bucket["counts"]) == (scope, counts)
        )
        return float(bucket["used"])


@pytest.mark.parametrize(
    ("users", "size", "units"),
    [(0, "S", 3500), (49, "S", 3500), (50, "M", 5000), (500, "M", 5000), (501, "L", 8000), (100_000, "L", 8000)],
)
def test_the_size_of_the_tenant_decides_on_resource_units(users: int, size: str, units: int) -> None:
    assert tenant_size(users) == size
    caller = Caller(users=users)
    assert caller.accepted(READ, units // 5 + 3) == units // 5
    refused = caller.ask(READ)
    assert refused.headers["x-ms-throttle-scope"] == f"Tenant_Application/ReadWrite/{JIRA}/{TENANT}"
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"


@pytest.mark.parametrize("size", ["S", "M", "L"])
def test_the_documented_limits(size: str) -> None:
    units = {"S": 3500, "M": 5000, "L": 8000}[size]
    assert {(limit.scope, limit.counts): (limit.amount, limit.seconds) for limit in LIMITS[size]} == {
        ("Tenant_Application", "resource_units"): (units, 10),
        ("Tenant_Application", "writes"): (3_000, 150),
        ("Tenant_Application", "reports"): (5, 10),
        ("Application", "resource_units"): (150_000, 20),
        ("Application", "writes"): (35_000, 300),
        ("Tenant", "writes"): (18_000, 300),
    }


def test_writes_of_one_app() -> None:
    caller = Caller()
    assert caller.accepted(WRITE, 3000) == 3000
    refused = caller.ask(WRITE)
    assert not refused.accepted
    # 2 too many, with the refused one, at 20 a second.
    assert refused.headers == {
        "Retry-After": "1",
        "x-ms-throttle-limit-percentage": "1.00",
        "x-ms-throttle-scope": f"Tenant_Application/Write/{JIRA}/{TENANT}",
        "x-ms-throttle-information": "WriteLimitExceeded",
    }
    assert caller.ask(READ).accepted
    assert caller.ask(WRITE, TODO).accepted


def test_all_apps_together_have_the_writes_of_the_tenant() -> None:
    caller = Caller()
    apps = [f"c0ffee00-0000-4000-8000-00000000000{number}" for number in range(7)]
    assert [caller.accepted(WRITE, 3000, app) for app in apps] == [3000] * 6 + [0]
    refused = caller.ask(WRITE, apps[6])
    # Its own 3,000 are used up by now too, and the narrower limit is the one that is named.
    assert refused.headers["x-ms-throttle-scope"].startswith("Tenant_Application/Write/")
    eighth = caller.ask(WRITE, JIRA)
    assert eighth.headers["x-ms-throttle-scope"] == f"Tenant/Write/{JIRA}/{TENANT}"


def test_reports_of_one_app() -> None:
    caller = Caller()
    assert caller.accepted(REPORT, 5) == 5
    refused = caller.ask(REPORT)
    # (6 + 1 - 5) requests at one in two seconds, the refused one included.
    assert refused.headers["Retry-After"] == "4"
    assert refused.headers["x-ms-throttle-scope"] == f"Tenant_Application/Read/{JIRA}/{TENANT}"
    assert caller.ask(READ).accepted
    assert caller.ask(REPORT, TODO).accepted
    caller.now += 4
    assert caller.ask(REPORT).accepted


def test_a_bucket_drains_all_the_time() -> None:
    caller = Caller()
    caller.accepted(WRITE, 3000)
    caller.now += 10
    assert caller.used("Tenant_Application", "writes") == pytest.approx(2800)
    assert caller.accepted(WRITE, 250) == 200
    caller.now += 1000
    assert caller.used("Tenant_Application", "writes") == 0
    assert caller.accepted(WRITE, 3001) == 3000


def test_refused_requests_count_too_but_not_without_end() -> None:
    caller = Caller()
    caller.accepted(WRITE, 3600)
    assert caller.used("Tenant_Application", "writes") == 3600
    caller.accepted(WRITE, 5000)
    assert caller.used("Tenant_Application", "writes") == 5400
    refused = caller.ask(WRITE)
    assert refused.headers["x-ms-throttle-limit-percentage"] == "1.80"
    # (5400 + 1 - 3000) / 20
    assert refused.headers["Retry-After"] == "121"
    rejected = {
        (row["scope"], row["counts"]): row["rejected"] for row in caller.throttle.shown(caller.users, caller.now)
    }
    assert rejected["Tenant_Application", "writes"] == 5601
    assert rejected["Tenant", "writes"] == rejected["Application", "resource_units"] == 0


@pytest.mark.parametrize("factor", [1.0, 7.5, 600.0])
def test_whoever_waits_as_told_gets_in_and_no_sooner(factor: float) -> None:
    caller = Caller(factor)
    caller.accepted(WRITE, 3500)
    seconds = int(caller.ask(WRITE).headers["Retry-After"])
    asked_at = caller.now
    if seconds > 1:
        # (a copy of the question one whole second too soon)
        early = Caller(factor)
        early.accepted(WRITE, 3501)
        early.now = asked_at + seconds - 1
        assert not early.ask(WRITE).accepted
    caller.now = asked_at + seconds
    assert caller.ask(WRITE).accepted


def test_a_factor_shortens_the_periods() -> None:
    caller = Caller(10.0)
    assert caller.accepted(WRITE, 3300) == 3000
    assert caller.ask(WRITE).headers["Retry-After"] == "2"
    caller.now += 1
    assert caller.used("Tenant_Application", "writes") == pytest.approx(3101)
    (bucket,) = (row for row in caller.throttle.shown(1000, caller.now) if row["scope"] == "Tenant")
    assert (bucket["limit"], bucket["period_seconds"]) == (18_000, 30)


def test_usage_is_told_above_four_fifths() -> None:
    caller = Caller(users=100)
    told = [caller.ask(READ).headers.get("x-ms-throttle-limit-percentage") for _ in range(1000)]
    assert told[:800] == [None] * 800
    assert told[800] == "0.80"
    assert told[899:902] == ["0.90", "0.90", "0.90"]
    assert told[-1] == "1.00"
    # The most used limit counts: units are at 1.00 here, writes at nothing.
    assert caller.ask(WRITE).headers["x-ms-throttle-limit-percentage"] == "1.00"


def test_a_write_that_two_limits_refuse_names_the_writes_and_waits_for_both() -> None:
    caller = Caller(users=10)
    caller.accepted(WRITE, 4000)
    refused = caller.ask(WRITE)
    assert refused.headers["x-ms-throttle-information"] == "WriteLimitExceeded"
    # (4001 + 1 - 3000) / 20 for the writes; the units would have been back in 2 seconds.
    assert refused.headers["Retry-After"] == "51"


def test_a_clock_that_goes_back_drains_nothing() -> None:
    caller = Caller()
    caller.accepted(WRITE, 100)
    caller.now -= 50
    assert caller.used("Tenant", "writes") == 100


def test_emptied_buckets() -> None:
    caller = Caller()
    caller.accepted(WRITE, 3100)
    caller.throttle.clear()
    assert caller.throttle.shown(1000, caller.now) == []
    assert caller.ask(WRITE).accepted
