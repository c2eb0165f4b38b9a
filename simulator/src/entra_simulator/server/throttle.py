# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throttling with the limits that Microsoft documents for identity and access. Decisions only: the time is passed in.

A limit is a bucket that each request fills by its price and that drains all the time, by the limit per period.
Refused requests fill it too, up to 1.8 times the limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from entra_simulator.graph.routes import Price

UNITS, WRITES, REPORTS = "resource_units", "writes", "reports"
OVERFLOW = 1.8  # usage never counts for more, in parts of the limit
TELLING = 0.8  # usage above it is told with each answer
_SLACK = 1e-6  # draining adds up fractions


@dataclass(frozen=True)
class Limit:
    """`amount` per `seconds`, for one app in the tenant, one app, or the tenant (`scope`, in Graph's words)."""

    scope: str
    counts: str
    amount: int
    seconds: float

    @property
    def information(self) -> str:
        """What Graph says was exceeded."""
        return "WriteLimitExceeded" if self.counts == WRITES else "ResourceUnitLimitExceeded"

    @property
    def kind(self) -> str:
        """Which requests count: the second part of `x-ms-throttle-scope`."""
        return {WRITES: "Write", REPORTS: "Read", UNITS: "ReadWrite"}[self.counts]

    def of(self, price: Price) -> int:
        """What a request of a price takes from this limit."""
        return {WRITES: price.writes, REPORTS: price.reports, UNITS: price.units}[self.counts]


# In the order in which a refusal names them.
_WRITE_LIMITS = (
    Limit("Tenant_Application", WRITES, 3_000, 150.0),
    Limit("Application", WRITES, 35_000, 300.0),
    Limit("Tenant", WRITES, 18_000, 300.0),
)
_REPORTS = Limit("Tenant_Application", REPORTS, 5, 10.0)
_APP_UNITS = Limit("Application", UNITS, 150_000, 20.0)
LIMITS = {
    size: (*_WRITE_LIMITS, _REPORTS, Limit("Tenant_Application", UNITS, units, 10.0), _APP_UNITS)
    for size, units in (("S", 3_500), ("M", 5_000), ("L", 8_000))
}


def tenant_size(users: int) -> str:
    """S, M or L by the number of users."""
    if users < 50:
        return "S"
    return "M" if users <= 500 else "L"


@dataclass
class Bucket:
    """The usage of one limit at the second `at`."""

    used: float = 0.0
    at: float = 0.0
    rejected: int = 0

    def level(self, limit: Limit, now: float, factor: float) -> float:
        """The usage now."""
        return max(0.0, self.used - max(0.0, now - self.at) * factor * limit.amount / limit.seconds)


@dataclass(frozen=True)
class Verdict:
    """Whether a request is let through, and the headers that its answer carries."""

    accepted: bool = True
    headers: dict[str, str] = field(default_factory=dict)


class Throttle:
    """The buckets of all callers. Periods are `factor` times shorter than documented."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._buckets: dict[tuple[str, str, str, str], Bucket] = {}

    def admit(self, price: Price, app_id: str, tenant_id: str, users: int, now: float) -> Verdict:
        """Decide on one request of an app, in a tenant of so many users, at the second `now`; counts it."""
        counted = [
            (limit, self._bucket(limit, app_id, tenant_id))
            for limit in LIMITS[tenant_size(users)]
            if limit.of(price) > 0
        ]
        for limit, bucket in counted:
            bucket.used, bucket.at = bucket.level(limit, now, self.factor), now
        exceeded = [pair for pair in counted if not _fits(*pair, price)]
        for limit, bucket in counted:
            bucket.used = min(bucket.used + limit.of(price), limit.amount * OVERFLOW)
        headers = {}
        highest = max((bucket.used / limit.amount for limit, bucket in counted), default=0.0)
        if highest > TELLING:
            headers["x-ms-throttle-limit-percentage"] = f"{highest:.2f}"
        if not exceeded:
            return Verdict(True, headers)
        for _, bucket in exceeded:
            bucket.rejected += 1
        named = exceeded[0][0]
        headers["Retry-After"] = str(max(self._wait(*pair, price) for pair in exceeded))
        headers["x-ms-throttle-scope"] = f"{named.scope}/{named.kind}/{app_id}/{tenant_id}"
        headers["x-ms-throttle-information"] = named.information
        return Verdict(False, headers)

    def shown(self, users: int, now: float) -> list[dict[str, Any]]:
        """The buckets as JSON, in the order of their first request."""
        limits = {(limit.scope, limit.counts): limit for limit in LIMITS[tenant_size(users)]}
        return [
            {
                "scope": scope,
                "counts": counts,
                "app_id": app_id or None,
                "tenant_id": tenant_id or None,
                "limit": limit.amount,
                "period_seconds": limit.seconds / self.factor,
                "used": round(bucket.level(limit, now, self.factor), 3),
                "rejected": bucket.rejected,
            }
            for (scope, counts, app_id, tenant_id), bucket in self._buckets.items()
            for limit in [limits[scope, counts]]
        ]

    def clear(self) -> None:
        """Empty all buckets and forget what was refused."""
        self._buckets.clear()

    def _bucket(self, limit: Limit, app_id: str, tenant_id: str) -> Bucket:
        app = "" if limit.scope == "Tenant" else app_id
        tenant = "" if limit.scope == "Application" else tenant_id
        return self._buckets.setdefault((limit.scope, limit.counts, app, tenant), Bucket())

    def _wait(self, limit: Limit, bucket: Bucket, price: Price) -> int:
        """Whole seconds until the request fits, if nobody asks in the meantime."""
        over = bucket.used + limit.of(price) - limit.amount
        return max(1, math.ceil(over * limit.seconds / limit.amount / self.factor - _SLACK))


def _fits(limit: Limit, bucket: Bucket, price: Price) -> bool:
    return bucket.used + limit.of(price) <= limit.amount + _SLACK
