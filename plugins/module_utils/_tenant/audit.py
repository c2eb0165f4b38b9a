# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who made the tenant drift, from its audit log. PRIVATE to tenantops.entra.

The log is asked once for each app and each API of which something drifted. What it does not tell (no permission, entries too
old) is said with the drift and fails nothing.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import directory_audits
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import registry

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.drift import Drift
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON

# So many entries are told for each drifted object, the newest first.
TOLD = 3


async def attribute(client: GraphClient, state: TenantState, drifts: Iterable[tuple[Drift, JSON]]) -> None:
    """Adds ``attribution``, or ``attribution_note`` saying why there is none, to each entry."""
    pairs = list(drifts)
    objects = {}
    for drift, _entry in pairs:
        for app_id in registry.of(drift.change.kind).ends_of(drift.change):
            known = state.service_principals.get(app_id)
            if known is not None:
                objects[known.id] = known.label
    entries: list[JSON] = []
    for object_id, label in objects.items():
        listing = (await client.first_pages([directory_audits.audit_entries(label, object_id)]))[0]
        if listing.error is not None:
            _note(pairs, listing.error)
            return
        entries.extend(listing.take())
    newest = sorted({entry["id"]: entry for entry in entries}.values(), key=_time, reverse=True)
    for drift, entry in pairs:
        found = [told for told in newest if _concerns(told, drift, state)][:TOLD]
        if found:
            entry["attribution"] = [_told(told) for told in found]
        else:
            entry["attribution_note"] = "The audit log has no entry about this: it may be too old, or not there yet."


def _note(pairs: Iterable[tuple[Drift, JSON]], error: GraphError) -> None:
    for _drift, entry in pairs:
        entry["attribution_note"] = error.message


def _concerns(told: JSON, drift: Drift, state: TenantState) -> bool:
    """Whether an entry is about a drifted object: the kind of activity, the apps, and the principal if it has one."""
    change = drift.change
    kind = registry.of(change.kind)
    if not str(told.get("activityDisplayName", "")).lower().startswith(kind.activities):
        return False
    mentioned = _mentioned(told)
    known = [state.service_principals.get(app_id) for app_id in kind.ends_of(change)]
    return all(app.id in mentioned for app in known if app) and kind.concerns(change, mentioned, told)


def _mentioned(told: JSON) -> str:
    """All ids in an entry's targets and their properties."""
    texts: list[str] = []
    for target in told.get("targetResources") or ():
        texts.append(str(target.get("id")))
        for changed in target.get("modifiedProperties") or ():
            texts += [str(changed.get("oldValue")), str(changed.get("newValue"))]
    return " ".join(texts).lower()


def _told(told: JSON) -> JSON:
    by = told.get("initiatedBy") or {}
    user, app = by.get("user") or {}, by.get("app") or {}
    actor = user.get("userPrincipalName") or user.get("displayName") or app.get("displayName") or app.get("appId")
    return {
        "time": _time(told),
        "actor": actor or "unknown",
        "actor_type": "user" if user else "app",
        "activity": told.get("activityDisplayName"),
        "id": told["id"],
    }


def _time(told: JSON) -> str:
    return str(told.get("activityDateTime") or "")
