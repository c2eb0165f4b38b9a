# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""App roles of an API, as apps may hold them. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import DEFAULT_ROLE, DEFAULT_ROLE_ID
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import hint

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal


def plain(role: str) -> str:
    """One spelling of a declared role: the zero id is no role."""
    return DEFAULT_ROLE if role == DEFAULT_ROLE_ID else role


def resolve_for_apps(role: str, api: ServicePrincipal | None) -> tuple[str, str | None]:
    """The id of a declared role, and why it can't be given to an app.

    An API that is not there yet can't be asked for its roles: the declared text stands for the id then.
    """
    if api is None:
        return (DEFAULT_ROLE_ID if role == DEFAULT_ROLE else role), None
    selectable = [known.value or known.id for known in api.roles if known.enabled and known.for_apps]
    if role == DEFAULT_ROLE:
        if selectable:
            return DEFAULT_ROLE_ID, (
                f"{api.label} publishes application permissions, so an app can't be assigned to it without one: name it."
            )
        return DEFAULT_ROLE_ID, None
    known = next((known for known in api.roles if role == known.value or role.lower() == known.id.lower()), None)
    if known is None:
        return role, f"{api.label} publishes no application permission {role!r}{hint(role, selectable)}"
    if not known.for_apps:
        return known.id, f"The role {role!r} of {api.label} is for users and groups, and can't be given to an app."
    if not known.enabled:
        return known.id, f"The application permission {role!r} of {api.label} is disabled there and can't be granted."
    return known.id, None
