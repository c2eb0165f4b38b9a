# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules on an API's app roles, and what they come to. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import roles
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import ApiRule, AppDeclaration

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState

# client app, API, role
PermissionKey: t.TypeAlias = tuple[str, str, str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoleRule(ApiRule):
    """App roles of an API, by value or id.

    :ivar app_roles: None with ``remove``: whatever is held.
    :ivar append: what is held of the API besides stays.
    """

    app_roles: tuple[str, ...] | None
    append: bool = False
    accept_critical: bool = False


class Wanted:
    """What an app's rules come to.

    :ivar given: keys of what is declared, with the role as declared and whether critical ones are accepted.
    """

    def __init__(self, app: AppDeclaration, state: TenantState, kind: str) -> None:
        self.given: dict[PermissionKey, tuple[str, bool]] = {}
        self.problems: list[str] = []
        # APIs with exactly the roles that are given; those of which others stay; what is taken: (API, role or None).
        self._exact: set[str] = set()
        self._appended: set[str] = set()
        self._taken: set[tuple[str | None, str | None]] = set()
        held = state.objects.get(kind, {})
        for rule in app.part(kind).rules:
            api = state.published(rule.resource_app_id)
            if rule.remove:
                for role in rule.app_roles or (None,):
                    role_id = role and roles.resolve_for_apps(role, api)[0]
                    self._taken.add((rule.resource_app_id, role_id))
                continue
            (self._appended if rule.append else self._exact).add(rule.resource_app_id)
            for role in rule.app_roles:
                role_id, problem = roles.resolve_for_apps(role, api)
                key = (app.app_id, rule.resource_app_id, role_id)
                # What can't be given any more may stay with an app that has it.
                if problem and key not in held:
                    self.problems.append(problem)
                accepted = rule.accept_critical or self.given.get(key, ("", False))[1]
                self.given[key] = (role, accepted)

    def takes(self, key: PermissionKey) -> bool:
        """Whether a rule takes a permission away that none gives."""
        if key[1] in self._exact - self._appended:
            return True
        return any(api in (None, key[1]) and role in (None, key[2]) for api, role in self._taken)
