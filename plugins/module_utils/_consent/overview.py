# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an app has, summed up for reports. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Level
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable


def app(state: TenantState, app_id: str, risks: RiskTable) -> JSON:
    """How it is set up, what it is granted, who is assigned to it, and how risky the riskiest of that is."""
    found: JSON = {"app_id": app_id}
    levels: list[Level] = []
    for kind in registry.KINDS:
        own = kind.overview(app_id, state, risks)
        levels += kind.risk(own, risks)
        found.update(own)
    return {**found, "risk": risks.worst(levels)}
