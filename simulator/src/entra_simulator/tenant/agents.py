# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent identities, and what their blueprint lets them inherit."""

from __future__ import annotations

from dataclasses import dataclass

ALL_ALLOWED, NOTHING = "allAllowed", "none"
MAX_INHERITABLE = 10  # APIs of one blueprint
# App roles of a blueprint's own work, which no agent identity gets
NEVER_INHERITED = frozenset({"AgentIdentity.CreateAsManager", "AgentIdUser.ReadWrite.IdentityParentedBy"})


@dataclass(frozen=True, slots=True)
class Inheritable:
    """What the agent identities of a blueprint inherit of one API: `allAllowed` or `none` of its scopes and app roles."""

    resource_app_id: str
    scopes: str
    roles: str
