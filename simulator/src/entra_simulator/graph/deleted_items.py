# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/directory/deletedItems`: the bin that deleted service principals lie in for 30 days."""

from __future__ import annotations

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import denied, invalid_identifier, not_found
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import SERVICE_PRINCIPAL_KNOWN, directory_object, one, service_principal
from entra_simulator.graph.filters import compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.graph.service_principals import SPEC, name_in_use
from entra_simulator.tenant.model import ServicePrincipal


def _find(world: World, call: Call) -> ServicePrincipal:
    key = call.keys[0].value
    if not ids.is_guid(key):
        raise invalid_identifier(key)
    world.store.empty_old_from_bin()
    found = world.store.bin.get(key.lower())
    if found is None:
        raise not_found(key)
    if call.own_only and found.app.owner_tenant_id != world.store.tenant.id:
        raise denied()
    return found


def list_service_principals(world: World, call: Call) -> Answer:
    """`GET /directory/deletedItems/microsoft.graph.servicePrincipal`."""
    world.store.empty_old_from_bin()
    compiled = compile_filter(call.query.get("$filter"), SPEC, call.advanced)
    names = selected(call, SERVICE_PRINCIPAL_KNOWN, "servicePrincipal")
    own = world.store.tenant.id

    def matches(record: ServicePrincipal) -> bool:
        return compiled.matches(record) and (not call.own_only or record.app.owner_tenant_id == own)

    return list_answer(
        world,
        call,
        world.store.all_binned,
        lambda record: pick(service_principal(record), names, SERVICE_PRINCIPAL_KNOWN),
        context(call, "servicePrincipals", names),
        matches,
    )


def read(world: World, call: Call) -> Answer:
    """`GET /directory/deletedItems/{id}`."""
    entity = directory_object(_find(world, call))
    return one(call, entity, "directoryObjects", "directoryObject", SERVICE_PRINCIPAL_KNOWN)


def restore(world: World, call: Call) -> Answer:
    """`POST /directory/deletedItems/{id}/restore`; refused while a newer twin of the app exists."""
    found = _find(world, call)
    if found.app_id in world.store.by_app_id:
        raise name_in_use(found.app_id)
    world.store.restore(found)
    world.record(call).app_restored(found)
    return Answer(
        200,
        {"@odata.context": context(call, "directoryObjects", None, entity=True), **directory_object(found)},
    )


def purge(world: World, call: Call) -> Answer:
    """`DELETE /directory/deletedItems/{id}`: for good, with its grants and assignments."""
    found = _find(world, call)
    world.store.purge(found)
    world.record(call).app_purged(found)
    return Answer(204)
