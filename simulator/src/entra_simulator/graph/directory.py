# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests about the directory as a whole: objects by id, the tenant."""

from __future__ import annotations

from typing import Any

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import GraphError, bad_request, gateway_error, invalid_identifier
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import (
    GROUP_KNOWN,
    ORGANIZATION_KNOWN,
    SERVICE_PRINCIPAL_KNOWN,
    USER_KNOWN,
    directory_object,
    organization,
    user,
)
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.model import Group, ServicePrincipal, User
from entra_simulator.tenant.rows import Fixed

MAX_IDS = 1000
_TYPES = {"user": User, "group": Group, "serviceprincipal": ServicePrincipal}


def get_by_ids(world: World, call: Call) -> Answer:
    """`POST /directoryObjects/getByIds`: a POST that reads. Ids of nothing, or of another type, are left out."""
    body = call.json_object()
    wanted, types = body.get("ids"), body.get("types", ["directoryObject"])
    if not isinstance(wanted, list) or not wanted or not isinstance(types, list):
        raise bad_request("Invalid value specified for property 'ids' of resource 'DirectoryObject'.")
    if len(wanted) > MAX_IDS:
        raise bad_request(f"Too many ids specified: {len(wanted)}. Max allowed: {MAX_IDS}.")
    for object_id in wanted:
        if not ids.is_guid(object_id):
            raise invalid_identifier(str(object_id))
    every = "directoryobject" in (str(name).lower() for name in types)
    classes = tuple(_TYPES[str(name).lower()] for name in types if str(name).lower() in _TYPES)
    names = selected(call, USER_KNOWN | GROUP_KNOWN | SERVICE_PRINCIPAL_KNOWN, "directoryObject")
    value = []
    for object_id in dict.fromkeys(str(item).lower() for item in wanted):
        record = world.store.find_object(object_id)
        if record is not None and (every or isinstance(record, classes)):
            entity: dict[str, Any] = directory_object(record)
            if isinstance(record, User) and names:
                entity.update(user(record))
            value.append(pick(entity, names, frozenset(entity)))
    return Answer(200, {"@odata.context": context(call, "directoryObjects", names), "value": value})


def list_organization(world: World, call: Call) -> Answer:
    """`GET /organization`: the tenant, in a list of one."""
    names = selected(call, ORGANIZATION_KNOWN, "organization")
    return list_answer(
        world,
        call,
        Fixed([world.store.tenant]),
        lambda record: pick(organization(record), names, ORGANIZATION_KNOWN),
        context(call, "organization", names),
    )


def refuse_me(_world: World, call: Call) -> Answer:
    """`/me` has no meaning without a signed-in user, and with one it isn't simulated."""
    if call.caller.actor.user_name is not None:
        raise GraphError(501, "NotSimulated", "The simulated tenant does not answer /me.")
    raise gateway_error("/me request is only valid with delegated authentication flow.")
