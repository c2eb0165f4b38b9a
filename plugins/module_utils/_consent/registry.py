# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds, in the order of applying. PRIVATE to tenantops.entra.

Not in ``kinds/__init__.py``: whoever needs one kind only, as info modules do, would be sent all of them.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import (
    app_role_assignment,
    application_permission,
    delegated_permission_grant,
    service_principal,
)

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind

KINDS: tuple[Kind, ...] = (
    service_principal.KIND,
    delegated_permission_grant.KIND,
    app_role_assignment.KIND,
    application_permission.KIND,
)


def of(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)
