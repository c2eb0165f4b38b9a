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
    """

    purpose: str
    method: t.Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    permissions: tuple[str, ...]
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: JSON | None = None

    @property
    def url(self) -> str:
        """Path and query, relative to the version root."""
        if not self.query:
            return self.path
        encoded = urlencode(self.query, quote_via=quote, safe="$,()'@")
        return f"{self.path}?{encoded}"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Graph's last word on a request, after all retries: a body, or an error."""

    status: int
    body: JSON = dataclasses.field(default_factory=dict)
    error: GraphError | None = None

    def get(self) -> JSON:
        """The body; raises the GraphError if there is one."""
        if self.error is not None:
            raise self.error
        return self.body


def read_answer(request: Request, status: int, headers: Mapping[str, str], body: object) -> Answer:
    """An answer from its parts, the same for a response of its own and for an item of a batch.

    :param headers: with lower-case names.
    :param body: the parsed JSON, or None where there was none.
    """
    if 200 <= status < 300:
        return Answer(status, body if isinstance(body, dict) else {})
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
            retry_after=_seconds(headers.get("retry-after")),
        ),
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


def _seconds(value: str | None) -> float | None:
    """Seconds of a Retry-After header; Graph sends a number, never a date."""
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None
