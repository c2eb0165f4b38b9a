# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How risky scopes are. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import application_risk_data, risk_data
from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import LEVELS, Level
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GRAPH: dict[str, Level] = {scope: level for level in LEVELS for scope in risk_data.LEVELS.get(level, "").split()}


# Before the user's own judgement of an application permission, which is another scale than that of scopes.
APPLICATION = "application/"
_GRAPH_ROLES: dict[str, Level] = {
    role: level for level in LEVELS for role in application_risk_data.LEVELS.get(level, "").split()
}


class RiskTable:
    """The level of a scope by the shipped table for Microsoft Graph, and by the user's own, which comes first.

    :param own: scope → level, for any API; or ``<resource app id>/<scope>`` → level for one API's; with ``application/``
        before it that of an application permission.
    """

    def __init__(self, own: Mapping[str, Level] | None = None) -> None:
        self._own = dict(own or {})

    @classmethod
    def read(cls, own: Mapping[str, object] | None) -> RiskTable:
        """With a module's option; raises DeclarationError for levels that do not exist."""
        problems = [
            f"risk_levels: {scope} can't be {level!r}: choose one of {', '.join(LEVELS)}."
            for scope, level in (own or {}).items()
            if level not in LEVELS
        ]
        if problems:
            raise DeclarationError(problems)
        return cls({scope: level for scope, level in (own or {}).items() if level in LEVELS})

    def level(self, resource_app_id: str, scope: str) -> Level:
        own = self._own.get(f"{resource_app_id}/{scope}") or self._own.get(scope)
        if own is not None:
            return own
        return _GRAPH.get(scope, "unknown") if resource_app_id == GRAPH_APP_ID else "unknown"

    def highest(self, scopes: Iterable[tuple[str, str]]) -> Level | None:
        """Of (resource app id, scope) pairs; None without any."""
        return self.worst(self.level(*scope) for scope in scopes)

    def application_level(self, resource_app_id: str, role: str) -> Level:
        """Of an application permission."""
        own = self._own.get(f"{APPLICATION}{resource_app_id}/{role}") or self._own.get(f"{APPLICATION}{role}")
        if own is not None:
            return own
        if tier_0(resource_app_id, role):
            return "critical"
        if resource_app_id == GRAPH_APP_ID:
            return _GRAPH_ROLES.get(role, "unknown")
        known = application_risk_data.OTHER_APIS.get(resource_app_id, {}).get(role)
        return next((level for level in LEVELS if level == known), "unknown")

    @staticmethod
    def worst(levels: Iterable[Level]) -> Level | None:
        """None without any."""
        return max(levels, key=LEVELS.index, default=None)


def tier_0(resource_app_id: str, role: str) -> str | None:
    """How an application permission lets its holder take over the tenant, completing "lets the app "; None if it doesn't."""
    return application_risk_data.TIER_0.get(resource_app_id, {}).get(role)
