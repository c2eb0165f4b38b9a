# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules on scopes, and what they come to for each grant. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import whom as whoms
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import ApiRule, AppDeclaration, Whom
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import Wanted

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import GrantKey
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PermissionRule(ApiRule):
    """Scopes of a resource for somebody. ``scopes`` None with ``remove``: whatever is granted."""

    whom: Whom
    scopes: frozenset[str] | None
    append: bool = False


def wanted_of(app: AppDeclaration, state: TenantState, kind: str) -> dict[GrantKey, tuple[Principal | None, Wanted]]:
    """By the key of each grant that the rules speak of."""
    wanted: dict[GrantKey, tuple[Principal | None, Wanted]] = {}
    for rule in app.part(kind).rules:
        # Of ten thousand users mostly the same has been said so far.
        merged: dict[Wanted, Wanted] = {}
        whom = whoms.of(rule.whom, state)
        for key in _spoken_of(rule, whom, app, state.objects.get(kind, {})):
            so_far = wanted[key][1] if key in wanted else Wanted()
            if so_far not in merged:
                merged[so_far] = _and_also(so_far, rule)
            wanted[key] = (whom[key[2]], merged[so_far])
    return wanted


def _spoken_of(
    rule: PermissionRule, whom: Collection[str | None], app: AppDeclaration, granted: Iterable[GrantKey]
) -> Iterable[GrantKey]:
    """The keys of the grants that a rule is about: on its API, or whichever there are."""
    api = rule.resource_app_id
    if api is None:
        return [key for key in granted if key[0] == app.app_id and key[2] in whom]
    return [(app.app_id, api, principal_id) for principal_id in whom]


def _and_also(wanted: Wanted, rule: PermissionRule) -> Wanted:
    if rule.remove:
        return wanted.and_taken(rule.scopes)
    return wanted.and_given(rule.scopes or frozenset(), append=rule.append)
