# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions of the collection. PRIVATE to tenantops.entra.

Each message is one sentence for the user: what, on which object, why, what to do. What it quotes may come from anybody, so it
is made visible here. They are raised anywhere below and caught in one place, ``_run``.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import mapped, visible

if t.TYPE_CHECKING:
    from collections.abc import Sequence


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

    :ivar status: HTTP status.
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

    def facts(self) -> dict[str, t.Any]:
        """The error as data, the same shape wherever it is reported."""
        facts: dict[str, t.Any] = {
            "msg": self.message,
            "status": self.status,
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
