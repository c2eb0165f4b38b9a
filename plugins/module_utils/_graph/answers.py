# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came back → Graph's answer, or that it is none. PRIVATE to tenantops.entra.

Log-in pages of networks, proxies that inspect TLS, and gateways answer 200 with a page, redirect to one, or cut a body.
Only what Graph documents for a request (``shapes``) and Graph's own error document count; nothing else is ever read as an
empty list, as done, or as "not found".
"""

from __future__ import annotations

import json
import math
import typing as t
from urllib.parse import urlsplit

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    ForeignAnswerError,
    GraphError,
    IncompleteListError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.shapes import Success

# What content is that is no JSON.
NOT_JSON = object()
# Graph may answer empty pages in the middle of a list, but not for ever.
MOST_EMPTY_PAGES = 100


def parse(content: bytes) -> object:
    """JSON; None where there is no content, NOT_JSON where it is something else."""
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return NOT_JSON


class AnswerReader:
    """Reads answers, alike those of requests sent alone and those of items in a batch.

    :param root: Graph's URL with the version.
    """

    def __init__(self, root: str) -> None:
        self._host = urlsplit(root).netloc
        self._origin = _origin(root)

    def read(
        self,
        request: Request,
        status: int,
        headers: Mapping[str, str],
        body: object,
        *,
        page: str | None = None,
        alone: bool = False,
    ) -> Answer:
        """An answer from its parts.

        :param headers: with lower-case names.
        :param body: as ``parse`` gives it.
        :param page: the address of the page, if it is a further one.
        :param alone: it is a response of its own, so it has to say itself that it is JSON.
        """
        load = _number(headers.get("x-ms-throttle-limit-percentage"))
        document = _error_document(body)
        if status >= 400 and document is not None:
            return Answer(status, error=_refused(request, status, headers, document), load=load)
        if status == request.success.status:
            wrong = self._wrong(request.success, body, headers if alone else None, page)
            if wrong is None:
                return Answer(status, body if isinstance(body, dict) else {}, load=load)
        elif 300 <= status < 400:
            wrong = f"it leads to {_shown_origin(headers.get('location', ''))}"
        elif status >= 400:
            wrong = "it is not Graph's description of an error"
        else:
            wrong = f"status {request.success.status} is what Graph answers"
        return self.foreign(request, wrong, status=status, headers=headers)

    def foreign(
        self, request: Request, wrong: str, *, status: int | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """That it is not Graph's answer. :param wrong: completes "…, but"."""
        headers = headers or {}
        kind = headers.get("content-type", "").partition(";")[0].strip() or "no content type"
        told = f"{self._host} answered {status} with {kind}" if status else f"{self._host} answered"
        message = (
            f"Could not {request.purpose}: {told}, which is not Microsoft Graph's answer ({wrong}): look for a proxy, a "
            "gateway or a log-in page on the way, then run again."
        )
        retry_after = _number(headers.get("retry-after"))
        return Answer(0, error=ForeignAnswerError(message, answered=status, retry_after=retry_after))

    def check_list(self, listing: Listing) -> None:
        """Gives a list its error when its pages, each of them proper, are not a proper list together."""
        request = listing.request
        if listing.error is not None:
            return
        if listing.next_page is not None:
            if listing.next_page in listing.pages:
                listing.error = self.foreign(request, "its pages lead round in a circle").error
            elif listing.empty > MOST_EMPTY_PAGES:
                listing.error = self.foreign(request, "its pages are empty and never end").error
        elif listing.count is not None and listing.read != listing.count:
            listing.error = IncompleteListError(
                f"Could not {request.purpose}: {self._host} counts {listing.count:,} and gave {listing.read:,}; if that goes "
                "on, look for a proxy or a gateway that cuts answers."
            )

    def _wrong(self, success: Success, body: object, headers: Mapping[str, str] | None, page: str | None) -> str | None:
        """Why the body of a success is none."""
        if success.shape is None:
            return "there is content" if body else None
        kind = "" if headers is None else headers.get("content-type", "").lower().partition(";")[0].strip()
        if not isinstance(body, dict):
            return f"it is not JSON with {success.wanted}"
        if headers is not None and kind != "application/json":
            return "it does not say that it is JSON"
        if not success.is_list:
            return _wrong_object(success, body)
        objects = body.get("value")
        if not isinstance(objects, list):
            return "it has no list 'value'"
        for value in objects:
            if wrong := _wrong_object(success, value):
                return wrong
        count = body.get("@odata.count")
        if success.counted and page is None and (type(count) is not int or count < 0):
            return "it lacks the count that was asked for"
        return self._wrong_link(body["@odata.nextLink"], page) if "@odata.nextLink" in body else None

    def _wrong_link(self, link: object, page: str | None) -> str | None:
        """Only Graph itself is followed: a token goes along, and what is answered is believed."""
        if not isinstance(link, str):
            return "the address of its next page is no text"
        if _origin(link) != self._origin:
            return f"its next page is at {_shown_origin(link)}"
        return "its next page is itself" if link == page else None


def _wrong_object(success: Success, value: t.Any) -> str | None:
    if success.shape is None:
        return None
    if fault := success.shape.fault(value):
        return f"it has {fault}"
    for name, text in success.where.items():
        found = value.get(name)
        if found != text and str(found or "").casefold() != text.casefold():
            return f"it has another {name} than was asked for"
    return None


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no https address, or names a user."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not url.isprintable():
        return None
    return parts.scheme, parts.hostname, port or 443


def _shown_origin(url: str) -> str:
    """Where an address leads, without what only it and its reader should know."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not parts.netloc:
        return "an address without a host"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"[:200]


def _error_document(body: object) -> JSON | None:
    """Graph's error: it always has a code; the message may be empty."""
    document = body.get("error") if isinstance(body, dict) else None
    if not isinstance(document, dict):
        return None
    code = document.get("code")
    return document if isinstance(code, str) and code else None


def _refused(request: Request, status: int, headers: Mapping[str, str], document: JSON) -> GraphError:
    message = document.get("message")
    if isinstance(message, dict):
        message = message.get("value")
    inner = document.get("innerError") or document.get("innererror")
    request_id = (inner.get("request-id") if isinstance(inner, dict) else None) or headers.get("request-id")
    return refusal(
        request,
        status=status,
        code=str(document["code"]),
        graph_message=message if isinstance(message, str) else "",
        request_id=request_id if isinstance(request_id, str) else None,
        retry_after=_number(headers.get("retry-after")),
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
        f"Could not {request.purpose}: Graph answered {status} {code}: {said}{advice}.",
        status=status,
        code=code,
        graph_message=graph_message,
        request_id=request_id,
        permissions=request.permissions,
        retry_after=retry_after,
    )


def _number(value: object) -> float | None:
    """The number in a header; Graph's Retry-After is seconds, never a date."""
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None
