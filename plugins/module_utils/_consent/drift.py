# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""(declaration, state) → where the tenant is not as declared. PRIVATE to tenantops.entra. Pure.

There is no second planner: drift is the plan that would make the declared apps exactly as declared, and what of it the
declaration's own plan contains would be repaired by applying it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import empty_groups
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON

_STATUS = {"create": "missing", "restore": "missing", "update": "changed", "delete": "extra"}


@dataclasses.dataclass(frozen=True, slots=True)
class Drift:
    """One object that is not as declared: the change that would make it so.

    :ivar repaired: whether applying the declaration does that.
    """

    change: Change
    repaired: bool

    @property
    def status(self) -> str:
        """``missing``, ``extra`` or ``changed``."""
        return _STATUS[self.change.action]


def drift(declaration: Declaration, state: TenantState) -> tuple[list[Drift], dict[str, list[str]]]:
    """In the order of planning; and why an app could not be compared, one sentence each, by its app id.

    Raises DeclarationError naming everything that does not hold in this tenant. The state must hold all that the declared
    apps have. Nobody is extra only because a group that hides its members, or has lost them, names nobody.
    """
    own = {change.identity for change in plan(_unlimited(declaration), state).changes}
    changes: Sequence[Change] = plan(exact(declaration), state).changes
    problems: dict[str, list[str]] = {}
    for app in () if declaration.allow_empty_groups else declaration.apps:
        if found := empty_groups.incomparable(app, state, changes):
            problems[app.app_id] = found
            changes = empty_groups.without_due(app, state, changes)
    return [Drift(change, change.identity in own) for change in changes], problems


def exact(declaration: Declaration) -> Declaration:
    """The same with everything pruned that the declared apps declare a part of."""
    return dataclasses.replace(_unlimited(declaration), apps=tuple(app.exact() for app in declaration.apps))


def entry(item: Drift, state: TenantState, risks: Risks) -> JSON:
    """As data; keys that do not apply are left out."""
    change = item.change
    facts: JSON = {"status": item.status, **change.about(), **change.drift_facts(state, risks)}
    facts["repaired_by_apply"] = item.repaired
    return {name: value for name, value in facts.items() if value is not None}


def _unlimited(declaration: Declaration) -> Declaration:
    """Nothing is removed here, so nothing has to be limited."""
    return dataclasses.replace(declaration, max_removals=None, allow_empty_groups=True)
