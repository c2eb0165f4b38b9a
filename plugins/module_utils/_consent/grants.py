# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A grant, and a change of one. PRIVATE to tenantops.entra. Pure: the data of kind ``delegated_permission_grant``."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import scopes as scope_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent import wording
from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    GIVE,
    TAKE,
    ApiChange,
    Side,
    TenantState,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    JSON,
    Principal,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import tokens
from ansible_collections.tenantops.entra.plugins.module_utils._consent.wanted import UNTOUCHED, Wanted

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks

ALL_PRINCIPALS = "AllPrincipals"
PRINCIPAL = "Principal"

# client app, resource app, user (None: all users)
GrantKey: t.TypeAlias = tuple[str, str, str | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """A delegated permission grant. ``scope`` is Graph's text as it stands, with whatever spacing it has."""

    app_id: str
    resource_app_id: str
    principal: Principal | None
    scope: str
    id: str = ""

    @property
    def scopes(self) -> frozenset[str]:
        return tokens(self.scope)

    @property
    def key(self) -> GrantKey:
        return (self.app_id, self.resource_app_id, self.principal.id if self.principal else None)

    @property
    def consent_type(self) -> str:
        return PRINCIPAL if self.principal else ALL_PRINCIPALS


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GrantChange(ApiChange):
    """:ivar wanted: what is wanted of the grant's scopes, whatever it turns out to have.
    :ivar unchecked: whether the API had no service principal yet that could be asked for its scopes.
    :ivar admin_scopes: added scopes that need an admin's consent; None if that is not known.
    """

    kind = "delegated_permission_grant"
    scopes_before: frozenset[str] = frozenset()
    scopes_after: frozenset[str] = frozenset()
    wanted: Wanted = UNTOUCHED
    unchecked: bool = False
    admin_scopes: tuple[str, ...] | None = None

    @property
    def scopes_added(self) -> list[str]:
        return sorted(self.scopes_after - self.scopes_before)

    @property
    def scopes_removed(self) -> list[str]:
        return sorted(self.scopes_before - self.scopes_after)

    @property
    def consent_type(self) -> str:
        return PRINCIPAL if self.principal else ALL_PRINCIPALS

    @property
    def key(self) -> GrantKey:
        return (self.app_id, self.resource_app_id, self.principal.id if self.principal else None)

    @property
    def step(self) -> int:
        removes_only = self.action == "delete" or (self.takes_away and not self.scopes_added)
        return TAKE if removes_only else GIVE

    @property
    def place(self) -> tuple[str, ...]:
        who = self.principal
        return (self.resource_app_id, who.name.casefold() if who else "", who.id if who else "")

    @property
    def takes_away(self) -> bool:
        return self.action == "delete" or bool(self.scopes_removed)

    @property
    def keeps_others(self) -> bool:
        """Whether it holds only for what was read last: others' scopes are kept."""
        return self.wanted.keeps_others

    def put(self, objects: dict[t.Any, t.Any], apps: dict[str, ServicePrincipal], object_id: str) -> None:
        scope = " ".join(sorted(self.scopes_after))
        objects[self.key] = Grant(self.app_id, self.resource_app_id, self.principal, scope, object_id)
        if self.action == "delete":
            del objects[self.key]

    @property
    def subject(self) -> str:
        whom = self.principal.label if self.principal else "all users"
        return f"{self.app_label} on {self.api_label} for {whom}"

    def about(self) -> JSON:
        return {
            "kind": self.kind,
            "app_id": self.app_id,
            "app_display_name": self.app_display_name,
            "resource_app_id": self.resource_app_id,
            "consent_type": self.consent_type,
            "principal": self.principal.facts() if self.principal else None,
        }

    def facts(self, risks: Risks) -> JSON:
        added = self.scopes_added
        known = added and self.admin_scopes is not None
        return {
            "action": self.action,
            **self.about(),
            "admin_consent_required": bool(self.admin_scopes) if known else None,
            "scopes_added": added,
            "scopes_removed": self.scopes_removed,
            "admin_scopes": list(self.admin_scopes or ()) if known else None,
            "risk": risks.highest((self.resource_app_id, scope) for scope in added),
        }

    def drift_facts(self, state: TenantState, risks: Risks) -> JSON:
        resource = state.service_principals.get(self.resource_app_id)
        touched = self.scopes_before ^ self.scopes_after
        return {
            "resource_display_name": self.resource_display_name,
            "scopes_missing": self.scopes_added,
            "scopes_extra": self.scopes_removed,
            "admin_scopes": list(scope_rules.needing_admin(touched, resource) or ()),
            "risk": risks.highest((self.resource_app_id, scope) for scope in touched),
        }

    @property
    def alike(self) -> tuple[t.Any, ...]:
        who = self.principal.type if self.principal else None
        return (self.resource_app_id, self.scopes_before, self.scopes_after, who)

    def lines(self, group: Sequence[GrantChange], side: Side, risks: Risks) -> list[str]:
        heading, *names = wording.heading([change.principal for change in group])
        scopes = self.scopes_before if side == "before" else self.scopes_after
        return [
            f"permissions on {self.api_label} for {heading}",
            *names,
            *(f"  - {scope}{self._warning(scope, risks)}" for scope in sorted(scopes)),
        ]

    def _warning(self, scope: str, risks: Risks) -> str:
        """What to think of before a scope is added."""
        if scope in self.scopes_before:
            return ""
        level = risks.level(self.resource_app_id, scope)
        notes = [f"{level} risk"] if level in ("medium", "high", "critical") else []
        notes += ["needs an admin's consent"] if scope in (self.admin_scopes or ()) else []
        return f" ({', '.join(notes)})" if notes else ""

    @property
    def lost(self) -> tuple[t.Any, ...]:
        return (self.resource_app_id, tuple(self.scopes_removed))

    def loss(self, group: Sequence[GrantChange]) -> str:
        whom = wording.names([change.principal for change in group])
        scopes = self.scopes_removed
        if not scopes:
            return f"{self.app_label} loses a grant without scopes on {self.api_label} for {whom}."
        number = wording.count(len(scopes), "scope")
        return f"{self.app_label} loses {number} on {self.api_label} for {whom}: {wording.listed(scopes)}."
