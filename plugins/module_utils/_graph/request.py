# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to Graph and its answer, as data. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import quote, urlencode

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.shapes import Success

JSON: t.TypeAlias = dict[str, t.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What to ask of Graph, whether sent alone, page by page or as an item of a batch.

    :ivar purpose: completes "Could not …" in an error message.
    :ivar path: below the version root, its segments percent-encoded already.
    :ivar query: OData options with their ``$``, unencoded.
    :ivar permissions: application permissions of which one is enough, least privileged first.
    :ivar success: how Graph answers when it does what is asked; anything else is not its answer.
    :ivar once: not to be sent again when Graph refuses it for the moment: that is the sender's to decide.
    """

    purpose: str
    method: t.Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    permissions: tuple[str, ...]
    success: Success
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: JSON | None = None
    once: bool = False

    @property
    def url(self) -> str:
        """Path and query, relative to the version root."""
        if not self.query:
            return self.path
        encoded = urlencode(self.query, quote_via=quote, safe="$,()'@")
        return f"{self.path}?{encoded}"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Graph's last word on a request, after all retries: a body, or an error.

    :ivar load: how much of a limit of Graph's is used up, 1.0 being all of it; None below 0.8, where Graph says nothing.
    """

    status: int
    body: JSON = dataclasses.field(default_factory=dict)
    error: GraphError | None = None
    load: float | None = None

    def get(self) -> JSON:
        """The body; raises the GraphError if there is one."""
        if self.error is not None:
            raise self.error
        return self.body


@dataclasses.dataclass(slots=True)
class Listing:
    """A list as far as it has been read.

    :ivar count: how many objects the whole list has, if Graph was asked for it: told with the first page.
    :ivar read: how many have been read.
    :ivar next_page: the address of the next page; None at the end.
    :ivar pages: the addresses of the pages so far.
    :ivar empty: how many pages in a row had nothing in them.
    """

    request: Request
    count: int | None = None
    read: int = 0
    next_page: str | None = None
    error: GraphError | None = None
    pages: set[str] = dataclasses.field(default_factory=set)
    empty: int = 0
    _unread: list[JSON] = dataclasses.field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Another page, or the failure to get it."""
        self.error = answer.error
        self._unread = list(answer.body.get("value", ()))
        if self.request.success.counted and not self.pages:
            self.count = answer.body.get("@odata.count")
        self.read += len(self._unread)
        self.empty = 0 if self._unread else self.empty + 1
        self.pages.add(self.next_page or self.request.url)
        self.next_page = answer.body.get("@odata.nextLink")

    def take(self) -> list[JSON]:
        """The objects of the last page, once."""
        objects, self._unread = self._unread, []
        return objects
