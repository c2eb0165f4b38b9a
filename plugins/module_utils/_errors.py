# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions of the collection. PRIVATE to tenantops.entra.

Each message is one sentence for the user: what, on which object, why, what to do. What it quotes may come from anybody, so it
is made visible here. They are raised anywhere below and caught in one place, ``_module.run``.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import mapped, visible

if t.TYPE_CHECKING:
    from collections.abc import Sequence


# Graph asks to repeat these; 500 is "transient" on every endpoint we use, 424 is an item of a batch that waited for
# another one.
_PASSING = frozenset({408, 424, 429, 500, 502, 503, 504})


class EntraError(Exception):
    """Base of all errors that a user can act on."""

    def __init__(self, message: str) -> None:
        self.message = visible(message)
        super().__init__(self.message)

    def result(self) -> dict[str, t.Any]:
        """What goes into the module's result besides ``msg``."""
        return {}


class ConfigurationError(EntraError):
    """The connection options are missing, contradictory or unusable."""


class AuthenticationError(EntraError):
    """No token could be had from the login endpoint."""


class ConnectionFailedError(EntraError):
    """An endpoint did not answer: unreachable, TLS not trusted, timed out."""


class DeclarationError(EntraError):
    """Declared values that are wrong or do not exist in the tenant; found before the first write."""

    def __init__(self, problems: Sequence[str]) -> None:
        unique = tuple(dict.fromkeys(map(visible, problems)))
        super().__init__(" ".join(unique))
        self.problems = unique

    def result(self) -> dict[str, t.Any]:
        return {"problems": list(self.problems)}


class RemovalLimitError(EntraError):
    """The plan takes more away than ``max_removals`` allows."""


class GraphError(EntraError):
    """Graph refused a request.

    :ivar status: HTTP status; 0 where Graph itself said nothing.
    :ivar code: Graph's error code, such as ``Authorization_RequestDenied``.
    :ivar graph_message: Graph's own text, as it came.
    :ivar request_id: Graph's id of the request, for Microsoft's support.
    :ivar permissions: for 403, the permissions of which one is missing, least privileged first.
    :ivar retry_after: seconds that Graph asked to wait, if it did.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        graph_message: str = "",
        request_id: str | None = None,
        permissions: Sequence[str] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.graph_message = graph_message
        self.request_id = request_id
        self.permissions = tuple(permissions)
        self.retry_after = retry_after

    @property
    def is_passing(self) -> bool:
        """Whether the same may go well a little later."""
        return self.http_status in _PASSING or self.code == "Directory_ConcurrencyViolation"

    @property
    def http_status(self) -> int:
        """The status that came, whoever answered."""
        return self.status

    def facts(self) -> dict[str, t.Any]:
        """The error as data, the same shape wherever it is reported."""
        facts: dict[str, t.Any] = {
            "msg": self.message,
            "status": self.http_status,
            "code": self.code,
            "graph_message": self.graph_message,
            "request_id": self.request_id,
        }
        if self.status == 403:
            facts["missing_permission"] = list(self.permissions)
        shown: dict[str, t.Any] = mapped(facts, visible)
        return shown

    def result(self) -> dict[str, t.Any]:
        return {"error": self.facts()}


class ForeignAnswerError(GraphError):
    """What answered was not Microsoft Graph, or not all of its answer: nothing can be concluded from it.

    Its ``status`` is 0, so that nobody takes a proxy's 404 for Graph's.

    :ivar answered: the HTTP status that came, if one did.
    """

    def __init__(self, message: str, *, answered: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, status=0, retry_after=retry_after)
        self.answered = answered

    @property
    def is_passing(self) -> bool:
        return True

    @property
    def http_status(self) -> int:
        return self.answered or 0


class IncompleteListError(ForeignAnswerError):
    """A list has not as many objects as Graph counts in it: something was left out, or it changed meanwhile."""
