# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/auditLogs/directoryAudits`: read only, newest first unless asked otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from entra_simulator.answer import Answer
from entra_simulator.clock import written
from entra_simulator.errors import not_found, unsupported_query
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import one
from entra_simulator.graph.filters import Collection, Field, FilterSpec, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.audit.log import SERVICE, Activity, Actor, Entry, Target
from entra_simulator.tenant.rows import NewestFirst, Ordered, Rows

OPTIONS = frozenset({"$orderby"})
_NAME = "auditLogs/directoryAudits"
_TYPE = "directoryAudit"
_TARGETS = "targetResources"
_TEXT = frozenset({"eq", "startswith"})


def entity(entry: Entry) -> dict[str, Any]:
    """An entry as Graph shows it."""
    return {
        "id": entry.id,
        "category": entry.activity.category,
        "correlationId": entry.correlation_id,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": entry.activity.name,
        "activityDateTime": written(entry.at),
        "loggedByService": SERVICE,
        "operationType": entry.activity.operation,
        "initiatedBy": _initiated_by(entry.actor),
        "targetResources": [_target(target) for target in entry.targets],
        "additionalDetails": [],
    }


def list_all(world: World, call: Call) -> Answer:
    """`GET /auditLogs/directoryAudits`."""
    compiled = compile_filter(call.query.get("$filter"), _SPEC, call.advanced)
    names = selected(call, _KNOWN, _TYPE)
    log = world.store.audit
    wanted = compiled.equal.get(f"{_TARGETS}/id", [])
    rows = log.about(wanted[0]) if len(wanted) == 1 else log.entries
    return list_answer(
        world,
        call,
        _ordered(call, rows),
        lambda entry: pick(entity(entry), names, _KNOWN),
        context(call, _NAME, names),
        lambda entry: log.visible(entry) and compiled.matches(entry),
    )


def read(world: World, call: Call) -> Answer:
    """`GET /auditLogs/directoryAudits/{id}`."""
    key = call.keys[0].value
    found = world.store.audit.find(key)
    if found is None:
        raise not_found(key)
    return one(call, entity(found), _NAME, _TYPE, _KNOWN)


def _ordered(call: Call, rows: Ordered[Entry]) -> Rows[Entry]:
    name, _, direction = call.query.get("$orderby", "activityDateTime desc").strip().partition(" ")
    if name != "activityDateTime" or direction.strip() not in ("", "asc", "desc"):
        raise unsupported_query(f"Unsupported sort property '{name}' for 'DirectoryAudit'.")
    return NewestFirst(rows) if direction.strip() == "desc" else rows


def _initiated_by(actor: Actor) -> dict[str, Any]:
    if actor.user_name is None:
        return {
            "user": None,
            "app": {
                "appId": actor.app_id,
                "displayName": actor.display_name,
                "servicePrincipalId": actor.object_id,
                "servicePrincipalName": None,
            },
        }
    return {
        "user": {
            "id": actor.object_id,
            "displayName": actor.display_name,
            "userPrincipalName": actor.user_name,
            "ipAddress": "127.0.0.1",
            "userType": None,
            "homeTenantId": None,
            "homeTenantName": None,
        },
        "app": None,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "displayName": target.display_name,
        "type": target.type,
        "userPrincipalName": target.user_name,
        "groupType": "azureAD" if target.type == "Group" else None,
        "modifiedProperties": [
            {"displayName": change.name, "oldValue": _value(change.old), "newValue": _value(change.new)}
            for change in target.changes
        ],
    }


def _value(value: Any) -> str | None:
    """JSON within the JSON."""
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _user(entry: Entry, name: str) -> Any:
    return getattr(entry.actor, name) if entry.actor.user_name is not None else None


def _app(entry: Entry, name: str) -> Any:
    return getattr(entry.actor, name) if entry.actor.user_name is None else None


_EXAMPLE = Entry(Activity("", ""), Actor("", None, ""), "", datetime.fromtimestamp(0, UTC), ())
_KNOWN = frozenset(entity(_EXAMPLE))
_SPEC = FilterSpec(
    "DirectoryAudit",
    {
        "activityDateTime": Field(lambda entry: entry.at, "date", frozenset({"eq", "ge", "le"})),
        "activityDisplayName": Field(lambda entry: entry.activity.name, operators=_TEXT),
        "correlationId": Field(lambda entry: entry.correlation_id),
        "loggedByService": Field(lambda _: SERVICE),
        "initiatedBy/user/id": Field(lambda entry: _user(entry, "object_id")),
        "initiatedBy/user/displayName": Field(lambda entry: _user(entry, "display_name")),
        "initiatedBy/user/userPrincipalName": Field(lambda entry: _user(entry, "user_name"), operators=_TEXT),
        "initiatedBy/app/appId": Field(lambda entry: _app(entry, "app_id")),
        "initiatedBy/app/displayName": Field(lambda entry: _app(entry, "display_name")),
    },
    _KNOWN,
    collections={
        _TARGETS: Collection(
            lambda entry: entry.targets,
            FilterSpec(
                "TargetResource",
                {
                    "id": Field(lambda target: target.id),
                    "displayName": Field(lambda target: target.display_name, operators=_TEXT),
                },
            ),
        )
    },
)
