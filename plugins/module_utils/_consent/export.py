# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a tenant has, as a declaration: given back to ``tenant_consent`` it changes nothing. PRIVATE to tenantops.entra.

Pure. A user's grant stays a user's grant: which group somebody once meant can't be seen from it.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON, ServicePrincipal


def apps(state: TenantState, app_ids: Iterable[str], group_names: Mapping[str, str]) -> tuple[list[JSON], list[str]]:
    """Declarations of those of the apps that exist, by name, and what could not be declared, one sentence each.

    :param group_names: by object id, of groups that their name alone tells from all others.
    """
    problems: list[str] = []
    known = [state.service_principals[app_id] for app_id in app_ids if app_id in state.service_principals]
    ordered = sorted(known, key=lambda app: (app.label.casefold(), app.app_id))
    entries = [_app(app, state, group_names, problems) for app in ordered]
    return entries, [visible(problem) for problem in problems]


def _app(app: ServicePrincipal, state: TenantState, group_names: Mapping[str, str], problems: list[str]) -> JSON:
    entry: JSON = {"app_id": app.app_id}
    for kind in registry.KINDS:
        entry.update(kind.exported(app, state, group_names, problems))
    return entry
