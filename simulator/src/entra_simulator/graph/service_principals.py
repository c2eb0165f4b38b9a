# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/servicePrincipals`: create, upsert, read, change, delete."""

from __future__ import annotations

from typing import Any

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import GraphError, bad_request, denied, gateway_error, invalid_identifier, not_found
from entra_simulator.graph.call import Call, Key, World
from entra_simulator.graph.entities import SERVICE_PRINCIPAL_KNOWN, one, service_principal
from entra_simulator.graph.filters import Collection, Field, FilterSpec, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.graph.properties import apply_properties, check_properties, written_properties
from entra_simulator.tenant.model import ServicePrincipal
from entra_simulator.tenant.rows import Merged, Rows
from entra_simulator.tenant.store import Store

_ALL = frozenset({"eq", "ne", "in"})
_TEXT = _ALL | {"startswith"}
SPEC = FilterSpec(
    "ServicePrincipal",
    {
        "id": Field(lambda sp: sp.id, operators=frozenset({"eq", "in"})),
        "appId": Field(lambda sp: sp.app_id, operators=_ALL),
        "displayName": Field(lambda sp: sp.name, operators=_TEXT | {"endswith"}),
        "accountEnabled": Field(lambda sp: sp.account_enabled, "bool", _ALL),
        "appOwnerOrganizationId": Field(
            lambda sp: sp.app.owner_tenant_id, "guid", frozenset({"eq", "ne", "in"}), advanced=True
        ),
        "servicePrincipalType": Field(lambda sp: sp.type, operators=frozenset({"eq", "in"})),
        "disabledByMicrosoftStatus": Field(lambda sp: sp.app.disabled_by_microsoft, operators=_ALL),
    },
    SERVICE_PRINCIPAL_KNOWN,
    collections={
        "alternativeNames": Collection(
            lambda sp: sp.alternative_names,
            FilterSpec(
                "ServicePrincipal",
                {"": Field(lambda name: name, operators=frozenset({"eq", "ge", "le", "startswith"}))},
            ),
        )
    },
)


def find(world: World, call: Call, key: Key) -> ServicePrincipal:
    """The service principal of a path key: object id or `appId='…'`. Raises Graph's 404.

    A caller who may only touch its own apps doesn't get those of other tenants.
    """
    if key.name not in (None, "id", "appId"):
        raise gateway_error(f"Resource not found for the segment 'servicePrincipals({key.name}='{key.value}')'.")
    if key.name == "appId":
        found = world.store.find_app(key.value)
    elif ids.is_guid(key.value):
        found = world.store.find_service_principal(key.value)
    else:
        raise invalid_identifier(key.value)
    if found is None:
        raise not_found(key.value)
    if call.own_only and not _is_own(world.store, found):
        raise denied()
    return found


def list_all(world: World, call: Call) -> Answer:
    """`GET /servicePrincipals`."""
    compiled = compile_filter(call.query.get("$filter"), SPEC, call.advanced)
    names = selected(call, SERVICE_PRINCIPAL_KNOWN, "servicePrincipal")
    store = world.store

    def matches(record: ServicePrincipal) -> bool:
        return (
            store.visible(record) is not None
            and compiled.matches(record)
            and (not call.own_only or _is_own(store, record))
        )

    return list_answer(
        world,
        call,
        _candidates(store, compiled.equal),
        lambda record: pick(service_principal(record), names, SERVICE_PRINCIPAL_KNOWN),
        context(call, "servicePrincipals", names),
        matches,
    )


def read(world: World, call: Call) -> Answer:
    """`GET /servicePrincipals/{key}`."""
    found = find(world, call, call.keys[0])
    return one(call, service_principal(found), "servicePrincipals", "servicePrincipal", SERVICE_PRINCIPAL_KNOWN)


def create(world: World, call: Call) -> Answer:
    """`POST /servicePrincipals`."""
    body = call.json_object()
    app_id = body.pop("appId", None)
    return _create(world, call, app_id, body)


def change(world: World, call: Call) -> Answer:
    """`PATCH /servicePrincipals/{key}`; by app id and with `Prefer: create-if-missing` it is an upsert.

    201 with the object says that it was created, 204 that it was there and now has the properties sent.
    """
    key = call.keys[0]
    body = call.json_object()
    if key.name == "appId":
        if str(body.get("appId", key.value)).lower() == key.value.lower():
            body.pop("appId", None)
        if call.prefers("create-if-missing") and world.store.find_app(key.value) is None:
            return _create(world, call, key.value, body)
    found = find(world, call, key)
    check_properties(body)
    before = written_properties(found, body)
    apply_properties(found, body)
    world.record(call).app_updated(found, before, written_properties(found, body))
    return Answer(204)


def delete(world: World, call: Call) -> Answer:
    """`DELETE /servicePrincipals/{key}`: a soft delete."""
    found = find(world, call, call.keys[0])
    world.store.delete(found)
    world.record(call).app_removed(found)
    return Answer(204)


def _create(world: World, call: Call, app_id: Any, body: dict[str, Any]) -> Answer:
    store = world.store
    app = store.applications.get(app_id.lower()) if isinstance(app_id, str) else None
    if call.own_only and (app is None or app.owner_tenant_id != store.tenant.id):
        raise denied(
            "When using this permission, the backing application of the service principal being created must in "
            "the local tenant"
        )
    if app is None:
        raise _no_backing_application(app_id)
    check_properties(body)
    if app.app_id in store.by_app_id:
        raise name_in_use(app.app_id)
    created = store.new_service_principal(app)
    apply_properties(created, body)
    world.record(call).app_added(created)
    entity = service_principal(created)
    return Answer(201, {"@odata.context": context(call, "servicePrincipals", None, entity=True), **entity})


def name_in_use(app_id: str) -> GraphError:
    """A second service principal of one app."""
    return GraphError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "The service principal cannot be created, updated, or restored because the service principal name "
        f"{app_id} is already in use.",
    )


def _no_backing_application(app_id: Any) -> GraphError:
    error = bad_request(f"The appId '{app_id}' of the service principal does not reference a valid application object.")
    error.details = [{"code": "NoBackingApplicationObject", "target": "appId", "message": error.message}]
    return error


def _is_own(store: Store, record: ServicePrincipal) -> bool:
    return record.app.owner_tenant_id == store.tenant.id


def _candidates(store: Store, equal: dict[str, list[str]]) -> Rows[ServicePrincipal]:
    """The fewest records that can match: by key if the filter names keys."""
    for name, index in (("appId", store.by_app_id), ("id", store.service_principals)):
        if name in equal:
            return Merged([[index[key] for key in equal[name] if key in index]])
    return store.all_service_principals
