# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request to Graph and its answer, as data. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import quote, urlencode

from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError

if t.TYPE_CHECKING:
    from collections.abc import Mapping

JSON: t.TypeAlias = dict[str, t.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What to ask of Graph, whether sent alone, page by page or as an item of a batch.

    :ivar purpose: completes "Could not …" in an error message.
    :ivar path: below the version root, its segments percent-encoded already.
    :ivar query: OData options with their ``$``, unencoded.
    :ivar permissions: application permissions of which one is enough, least privileged first.
    :ivar once: not to be sent again when Graph refuses it for the moment: that is the sender's to decide.
    """

    purpose: str
    method: t.Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    permissions: tuple[str, ...]
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

    :ivar count: how many objects the whole list has, if Graph was asked and told it.
    :ivar next_page: the address of the next page; None at the end.
    """

    request: Request
    count: int | None = None
    next_page: str | None = None
    error: GraphError | None = None
    _unread: list[JSON] = dataclasses.field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Another page, or the failure to get it."""
        self.error = answer.error
        self.count = answer.body.get("@odata.count", self.count)
        self.next_page = answer.body.get("@odata.nextLink")
        self._unread = list(answer.body.get("value", ()))

    def take(self) -> list[JSON]:
        """The objects of the last page, once."""
        objects, self._unread = self._unread, []
        return objects


def read_answer(request: Request, status: int, headers: Mapping[str, str], body: object) -> Answer:
    """An answer from its parts, the same for a response of its own and for an item of a batch.

    :param headers: with lower-case names.
    :param body: the parsed JSON, or None where there was none.
    """
    load = _number(headers.get("x-ms-throttle-limit-percentage"))
    if 200 <= status < 300:
        return Answer(status, body if isinstance(body, dict) else {}, load=load)
    document = body.get("error") if isinstance(body, dict) else None
    error: JSON = document if isinstance(document, dict) else {}
    message = error.get("message") or ""
    if isinstance(message, dict):
        message = message.get("value") or ""
    inner = error.get("innerError") or error.get("innererror") or {}
    return Answer(
        status,
        error=refusal(
            request,
            status=status,
            code=str(error.get("code") or ""),
            graph_message=str(message),
            request_id=inner.get("request-id") or headers.get("request-id"),
            retry_after=_number(headers.get("retry-after")),
        ),
        load=load,
    )


def refusal(
    request: Request,
    *,
    status: int,
    code: str,
    graph_message: str,
    request_id: str | None,
    retry_after: float | None,
) -> GraphError:
    """The GraphError for a refused request, in one sentence with what to do where that is known."""
    said = graph_message.strip().rstrip(".") or "no message"
    reason = f"Graph answered {status} {code}: {said}" if code else f"Graph answered {status}"
    if status == 401:
        advice = "; the access token was not accepted: check that it is for Microsoft Graph and has not expired"
    elif status == 403:
        needed = " or ".join(request.permissions)
        advice = (
            f"; the automation's app registration lacks a permission: grant it {needed} as an application permission"
        )
    elif status == 429:
        advice = "; Graph kept throttling: lower concurrency, or run again later to finish the rest"
    elif status >= 500:
        advice = "; Graph kept failing: run again later to finish the rest"
    else:
        advice = ""
    return GraphError(
        f"Could not {request.purpose}: {reason}{advice}.",
        status=status,
        code=code,
        graph_message=graph_message,
        request_id=request_id,
        permissions=request.permissions,
        retry_after=retry_after,
    )


def _number(value: str | None) -> float | None:
    """The number in a header; Graph's Retry-After is seconds, never a date."""
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None
