# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request to Graph and what it is answered from, alike for direct requests and for items of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from entra_simulator import ids
from entra_simulator.errors import gateway_error
from entra_simulator.tenant.audit.record import Recorder
from entra_simulator.tenant.permissions import Caller
from entra_simulator.tenant.store import Store

VERSION = "/v1.0"


@dataclass(frozen=True)
class Key:
    """A key in a path: `/users/KEY`, `/users('KEY')` or, with a name, `/servicePrincipals(appId='KEY')`."""

    value: str
    name: str | None = None


@dataclass
class Call:
    """One request to Graph, decoded.

    `path` is the decoded path behind the version, `segments` its parts, `headers` have lower-case names, `body`
    is the parsed JSON (None without one). `base_url` has no version. `keys` are filled in by the router, and so
    is `own_only`: the caller may touch only apps of this tenant.
    """

    method: str
    raw_path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: Caller
    base_url: str
    keys: list[Key] = field(default_factory=list)
    own_only: bool = False

    @property
    def path(self) -> str:
        """The decoded path without the version."""
        return unquote(self.raw_path)

    @property
    def correlation_id(self) -> str:
        """What the audit log names the request by: the caller's own id of it, or a new one."""
        given = self.headers.get("client-request-id", "")
        return given.lower() if ids.is_guid(given) else ids.new_guid()

    @property
    def eventual(self) -> bool:
        """Whether the caller accepts eventual consistency, which advanced queries need."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    @property
    def advanced(self) -> bool:
        """Whether both conditions of an advanced query are met."""
        return self.eventual and self.query.get("$count", "").lower() == "true"

    def json_object(self) -> dict[str, Any]:
        """The body as an object, without OData annotations (`@odata.type` and the like are ignored)."""
        if not isinstance(self.body, dict):
            raise gateway_error(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
                "valid JSON format."
            )
        return {name: value for name, value in self.body.items() if "@odata." not in name}

    def prefers(self, preference: str) -> bool:
        """Whether the Prefer header names `preference`."""
        wishes = self.headers.get("prefer", "").replace(";", ",").split(",")
        return preference in (wish.strip().lower() for wish in wishes)


@dataclass(frozen=True)
class World:
    """What handlers work on: the tenant and the switches that change Graph's answers."""

    store: Store
    switches: Switches

    def record(self, call: Call) -> Recorder:
        """What tells the audit log of a change that `call` has made."""
        return Recorder(self.store.audit, call.caller.actor, call.correlation_id)


@dataclass(frozen=True)
class Switches:
    """Where live tenants differ, a switch chooses. The defaults are the commoner behaviour.

    * `duplicates`: `common` answers a duplicate grant with 409 and a duplicate assignment with 400; `other` the
      other documented way round.
    * `hidden_members`: to a caller who may not see them, `missing` leaves the members of a group that hides them out,
      `bare` shows nothing of them but their ids.
    * `page_limit`: no page is longer, whatever `$top` says.
    * `sparse_pages`: every list begins with an empty page that has a nextLink.
    """

    duplicates: str = "common"
    hidden_members: str = "missing"
    page_limit: int = 999
    sparse_pages: bool = False


def split_query(text: str) -> dict[str, str]:
    """A query string as options; a name given twice keeps the last value."""
    return dict(parse_qsl(text, keep_blank_values=True))
