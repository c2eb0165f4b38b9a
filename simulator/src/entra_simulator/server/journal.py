# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of requests, which tests assert on. No header with a credential and no secret gets in here."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_simulator.graph.batch import is_batch
from entra_simulator.graph.call import VERSION

KEPT = 100_000  # entries in memory; the oldest go first
_HEADERS = ("consistencylevel", "prefer")
_SHOWN_FIELDS = ("claims", "client_assertion_type", "client_id", "grant_type", "scope")


@dataclass(slots=True)
class Exchange:
    """One request and, once there is one, its answer's status (None: the connection was closed instead).

    `path` is decoded and has its query, `/v1.0/users?$filter=…`; items of a batch get the version in front, so
    that both kinds read alike. `parent` is the number of the batch's own entry. `sign_in` tells requests to the
    authority from those to Graph. `sent` is what a fault may echo, by name: headers and fields of forms; it is not kept.
    """

    method: str
    path: str
    body: Any = None
    client_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    item_id: str | None = None
    status: int | None = None
    fault: bool = False
    sign_in: bool = False
    number: int = 0
    parent: int | None = None

    @property
    def envelope(self) -> bool:
        """Whether it is a batch."""
        return not self.batch and is_batch(self.method, self.path.partition("?")[0].removeprefix(VERSION))

    def entry(self) -> dict[str, Any]:
        """The exchange as JSON."""
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "body": self.body,
            "client_id": self.client_id,
            "headers": dict(self.headers),
            "batch": self.batch,
            "parent": self.parent,
            "item_id": self.item_id,
            "fault": self.fault,
        }


def redacted(form: Mapping[str, str]) -> dict[str, str]:
    """A sign-in form without its secrets."""
    return {name: value if name in _SHOWN_FIELDS else "(redacted)" for name, value in form.items()}


class Journal:
    """What was asked, in the order of the answers; the items of a batch stand behind their batch."""

    def __init__(self, file: Path | None = None) -> None:
        self._entries: deque[Exchange] = deque(maxlen=KEPT)
        self._number = 0
        self._counts: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._file = file.open("a", encoding="utf-8") if file else None

    def add(self, exchange: Exchange, items: list[Exchange] | None = None) -> None:
        """Note an exchange, and the items of a batch behind it."""
        self._number += 1
        exchange.number = self._number
        self._note(exchange)
        for item in items or []:
            self._number += 1
            item.number, item.parent = self._number, exchange.number
            self._note(item)
        if self._file is not None:
            self._file.flush()

    def entries(self) -> list[dict[str, Any]]:
        """All entries as JSON."""
        return [exchange.entry() for exchange in self._entries]

    def summary(self) -> dict[str, Any]:
        """How many there were since the last `clear`, those no longer kept included."""
        names = ("requests", "writes", "throttled", "sign_in")
        return {**{name: self._counts[name] for name in names}, "by_status": dict(sorted(self._statuses.items()))}

    def clear(self) -> None:
        """Forget the entries in memory and the counts; the file keeps its lines."""
        self._entries.clear()
        self._counts.clear()
        self._statuses.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _note(self, exchange: Exchange) -> None:
        # Only what is shown is kept: a hundred thousand times all headers would be hundreds of megabytes.
        exchange.headers = {name: exchange.headers[name] for name in _HEADERS if name in exchange.headers}
        exchange.sent = {}
        self._entries.append(exchange)
        self._count(exchange)
        if self._file is not None:
            self._file.write(json.dumps(exchange.entry(), ensure_ascii=False) + "\n")

    def _count(self, exchange: Exchange) -> None:
        if exchange.sign_in:
            self._counts["sign_in"] += 1
            return
        if not exchange.batch:
            self._counts["requests"] += 1
        if exchange.method != "GET" and not exchange.envelope:
            self._counts["writes"] += 1
        if exchange.status == 429:
            self._counts["throttled"] += 1
        self._statuses[str(exchange.status or "none")] += 1
