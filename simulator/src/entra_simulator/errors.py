# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that this package raises itself, and the sentences that Graph uses in more than one place.

Messages are those of live services; the README lists each with the situation it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_PRIVILEGES = "Insufficient privileges to complete the operation."
INVALID_PROPERTIES = "One or more properties are invalid."
INVALID_REFERENCE = "Not a valid reference update."


class SimulatorError(Exception):
    """Something the person who started the simulator has to change: one sentence."""


class SeedError(SimulatorError):
    """A tenant description that can't be used; the message begins with the place in it."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)


class GraphError(Exception):
    """An answer of Graph other than success."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        inner: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = dict(headers or {})
        self.inner = dict(inner or {})

    def body(self, date: str, request_id: str, client_request_id: str) -> dict[str, Any]:
        """The JSON body; `date` has no zone."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = self.details
        error["innerError"] = {
            **self.inner,
            "date": date,
            "request-id": request_id,
            "client-request-id": client_request_id,
        }
        return {"error": error}


def bad_request(message: str) -> GraphError:
    """The directory refuses the content of a request."""
    return GraphError(400, "Request_BadRequest", message)


def gateway_error(message: str) -> GraphError:
    """The gateway before the directory refuses: the request isn't valid OData."""
    return GraphError(400, "BadRequest", message)


def unsupported_query(message: str) -> GraphError:
    """A valid query that the directory doesn't answer."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def denied(message: str = NO_PRIVILEGES) -> GraphError:
    """The caller's token lacks a permission."""
    return GraphError(403, "Authorization_RequestDenied", message)


def not_found(name: str) -> GraphError:
    """Absent, or not replicated yet: Graph uses one sentence for both."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects are not present.",
    )


def invalid_identifier(name: str) -> GraphError:
    """A key that is no GUID where only a GUID can stand."""
    return bad_request(f"Invalid object identifier '{name}'.")


def too_many_requests() -> GraphError:
    """Throttled."""
    inner = {"code": "429", "message": "Please retry after", "status": "429"}
    return GraphError(429, "TooManyRequests", "Please retry again later.", inner=inner)


def method_not_allowed() -> GraphError:
    """The path exists, the method on it doesn't."""
    return GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")


def invalid_value(name: str, resource: str) -> GraphError:
    """A property of the wrong type, or too long."""
    return bad_request(f"Invalid value specified for property '{name}' of resource '{resource}'.")
