# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who made the tenant drift, from its audit log. PRIVATE to tenantops.entra.

The log is asked once for each app and each API of which something drifted. What it does not tell (no permission, entries too
old) is said with the drift and fails nothing.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import tokens
from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import people

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.drift import Drift
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON

# So many entries are told for each drifted object, the newest first.
TOLD = 3
# Activities that concern a kind of object, by how their names begin, in lower case.
_ACTIVITIES = {
    "service_principal": (
        "add service principal",
        "update service principal",
        "remove service principal",
        "restore",
        "hard delete",
    ),
    "delegated_permission_grant": (
        "add delegated permission grant",
        "remove delegated permission grant",
        "consent to application",
    ),
    "app_role_assignment": ("add app role assignment", "remove app role assignment"),
}


async def attribute(client: GraphClient, state: TenantState, drifts: Iterable[tuple[Drift, JSON]]) -> None:
    """Adds ``attribution``, or ``attribution_note`` saying why there is none, to each entry."""
    pairs = list(drifts)
    objects = {}
    for drift, _entry in pairs:
        for app_id in (drift.change.app_id, drift.change.resource_app_id):
            known = state.service_principals.get(app_id or "")
            if known is not None:
                objects[known.id] = known.label
    entries: list[JSON] = []
    for object_id, label in objects.items():
        listing = (await client.first_pages([people.audit_entries(label, object_id)]))[0]
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
    if not str(told.get("activityDisplayName", "")).lower().startswith(_ACTIVITIES[change.kind]):
        return False
    mentioned = _mentioned(told)
    ends = [state.service_principals[app_id].id for app_id in _ends(drift) if app_id in state.service_principals]
    if not all(end in mentioned for end in ends):
        return False
    if change.principal is None:
        return True
    return change.principal.id in mentioned or (
        change.kind == "delegated_permission_grant" and _grants_just_that(told, change)
    )


def _grants_just_that(told: JSON, change: Change) -> bool:
    """Whether an entry that does not say for which user is of a grant with the scopes found now.

    Entries of new and changed grants leave the user out.
    """
    new = {
        str(changed.get("displayName")): str(changed.get("newValue") or "").strip('"')
        for target in told.get("targetResources") or ()
        for changed in target.get("modifiedProperties") or ()
    }
    return (
        "DelegatedPermissionGrant.PrincipalId" not in new
        and new.get("DelegatedPermissionGrant.ConsentType") == change.consent_type
        and tokens(new.get("DelegatedPermissionGrant.Scope", "")) == change.scopes_before
    )


def _ends(drift: Drift) -> list[str]:
    """The apps that an entry must mention: a grant's entry names the API and the client, others the app alone."""
    return [app_id for app_id in (drift.change.app_id, drift.change.resource_app_id) if app_id]


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
