# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of requests, which tests assert on. No header with a credential and no secret gets in here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEPT = 100_000  # entries in memory; the oldest go first
_HEADERS = ("consistencylevel", "prefer")
_SHOWN_FIELDS = ("client_id", "grant_type", "scope")


@dataclass
class Exchange:
    """One request and, once there is one, its answer's status (None: the connection was closed instead).

    `path` is decoded and has its query, `/v1.0/users?$filter=…`; items of a batch get the version in front, so
    that both kinds read alike. `parent` is the number of the batch's own entry.
    """

    method: str
    path: str
    body: Any = None
    client_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    batch: bool = False
    item_id: str | None = None
    status: int | None = None
    fault: bool = False
    number: int = 0
    parent: int | None = None

    def entry(self) -> dict[str, Any]:
        """The exchange as JSON."""
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "body": self.body,
            "client_id": self.client_id,
            "headers": {name: self.headers[name] for name in _HEADERS if name in self.headers},
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

    def clear(self) -> None:
        """Forget the entries in memory; the file keeps its lines."""
        self._entries.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _note(self, exchange: Exchange) -> None:
        self._entries.append(exchange)
        if self._file is not None:
            self._file.write(json.dumps(exchange.entry(), ensure_ascii=False) + "\n")
