# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of differences that a report tells in words of their own. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds import (
    app_role_assignment,
    application_permission,
    delegated_permission_grant,
    service_principal,
    unknown,
)

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Kind
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

KINDS: dict[str, Kind] = {
    "service_principal": service_principal.KIND,
    "delegated_permission_grant": delegated_permission_grant.KIND,
    "app_role_assignment": app_role_assignment.KIND,
    "application_permission": application_permission.KIND,
}


def of(facts: JSON) -> Kind:
    """That of a difference."""
    return KINDS.get(facts["kind"], unknown.KIND)
