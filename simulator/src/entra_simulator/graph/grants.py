# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/oauth2PermissionGrants`: delegated permission grants."""

from __future__ import annotations

from typing import Any

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import (
    INVALID_PROPERTIES,
    GraphError,
    bad_request,
    gateway_error,
    invalid_identifier,
    invalid_value,
    not_found,
    unsupported_query,
)
from entra_simulator.graph import service_principals, users
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import GRANT_KNOWN, grant, one
from entra_simulator.graph.filters import Field, Filter, FilterSpec, Predicate, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.model import Grant, ServicePrincipal
from entra_simulator.tenant.rows import Ordered, Rows

MAX_SCOPE = 3850  # characters
_RESOURCE = "OAuth2PermissionGrant"
NAME = "oauth2PermissionGrants"
_TYPE = "oAuth2PermissionGrant"
_SPEC = FilterSpec(
    _RESOURCE,
    {
        "clientId": Field(lambda row: row.client_id),
        "consentType": Field(lambda row: row.consent_type),
        "principalId": Field(lambda row: row.principal_id),
        "resourceId": Field(lambda row: row.resource_id),
    },
    GRANT_KNOWN,
    lambda name: unsupported_query(f"Filter is invalid. {name}"),
)


def list_all(world: World, call: Call) -> Answer:
    """`GET /oauth2PermissionGrants`.

    A client that doesn't exist is a 404 with an empty name, not an empty list.
    """
    compiled = compile_filter(call.query.get("$filter"), _SPEC, call.advanced)
    for client_id in compiled.equal.get("clientId", []):
        if world.store.find_service_principal(client_id) is None:
            raise not_found("")
    # One indexed property alone: every row of the index matches, and there may be a hundred thousand.
    matches = compiled.matches if compiled.narrowing and not compiled.exact else None
    return _answer(world, call, _candidates(world, compiled), matches)


def list_of_client(world: World, call: Call) -> Answer:
    """`GET /servicePrincipals/{key}/oauth2PermissionGrants`: grants whose client this app is."""
    client = service_principals.find(world, call, call.keys[0])
    return _answer(world, call, _indexed(world, "clientId", client.id), _matches(call))


def list_of_user(world: World, call: Call) -> Answer:
    """`GET /users/{key}/oauth2PermissionGrants`: grants for just this user."""
    user = users.find(world, call.keys[0])
    return _answer(world, call, _indexed(world, "principalId", user.id), _matches(call))


def refuse_write(_world: World, _call: Call) -> Answer:
    """Grants under a user or a service principal are references: they can be read there, not written."""
    raise gateway_error(
        "Write requests are only supported on contained entities or navigation properties with bindings."
    )


def read(world: World, call: Call) -> Answer:
    """`GET /oauth2PermissionGrants/{id}`."""
    return one(call, grant(_find(world, call)), NAME, _TYPE, GRANT_KNOWN)


def create(world: World, call: Call) -> Answer:
    """`POST /oauth2PermissionGrants`. The scope is stored as sent; nobody compares it with the resource."""
    body = call.json_object()
    client_id, resource_id, principal_id = _checked(body)
    store = world.store
    if store.find_service_principal(client_id) is None:
        raise not_found(client_id)
    resource = store.find_service_principal(resource_id)
    if resource is None:
        raise bad_request("Specified resourceId was not found.")
    if principal_id is not None and principal_id not in store.users:
        raise not_found(principal_id)
    grant_id = ids.grant_id(client_id, resource_id, principal_id)
    if grant_id in store.links.grants:
        raise _duplicate(world)
    created = Grant(grant_id, client_id, body["consentType"], principal_id, resource_id, body.get("scope"))
    store.links.add_grant(created)
    world.record(call).grant_added(created, resource)
    return Answer(201, {"@odata.context": context(call, NAME, None, entity=True), **grant(created)})


def change(world: World, call: Call) -> Answer:
    """`PATCH /oauth2PermissionGrants/{id}`: the scope, and nothing else, is replaced."""
    found = _find(world, call)
    body = call.json_object()
    for name in body:
        if name != "scope":
            raise bad_request(f"Property cannot be updated: {name}")
    if "scope" in body:
        _check_scope(body["scope"])
        before, found.scope = found.scope, body["scope"]
        world.record(call).grant_changed(found, _resource(world, found), before)
    return Answer(204)


def delete(world: World, call: Call) -> Answer:
    """`DELETE /oauth2PermissionGrants/{id}`: for good, there is no bin for grants."""
    found = _find(world, call)
    world.store.links.remove_grant(found)
    world.record(call).grant_removed(found, _resource(world, found))
    return Answer(204)


def _find(world: World, call: Call) -> Grant:
    key = call.keys[0].value
    if ids.is_guid(key):
        raise unsupported_query("Filter is invalid. id")
    if not ids.is_grant_id(key):
        raise invalid_identifier(key)
    found = world.store.links.grants.get(key)
    if found is None:
        raise not_found(key)
    return found


def _resource(world: World, row: Grant) -> ServicePrincipal:
    return world.store.service_principals[row.resource_id]


def _checked(body: dict[str, Any]) -> tuple[str, str, str | None]:
    """Client, resource and principal of a new grant (lower case). Raises on anything amiss in the body."""
    for name in body:
        if name not in GRANT_KNOWN:
            raise bad_request(f"Property {name} does not exist as a declared property or extension property.")
    principal_id = body.get("principalId")
    wanted = [body.get("clientId"), body.get("resourceId"), *([principal_id] if principal_id is not None else [])]
    if not all(ids.is_guid(value) for value in wanted):
        raise bad_request(INVALID_PROPERTIES)
    consent_type = body.get("consentType")
    if consent_type not in ("AllPrincipals", "Principal"):
        raise invalid_value("consentType", _RESOURCE)
    if (principal_id is not None) != (consent_type == "Principal"):
        raise bad_request(INVALID_PROPERTIES)
    _check_scope(body.get("scope"))
    client, resource, *principal = (str(value).lower() for value in wanted)
    return client, resource, principal[0] if principal else None


def _check_scope(scope: Any) -> None:
    if scope is not None and (not isinstance(scope, str) or len(scope) > MAX_SCOPE):
        raise invalid_value("scope", _RESOURCE)


def _duplicate(world: World) -> GraphError:
    message = "Permission entry already exists."
    if world.switches.duplicates == "common":
        return GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message)
    return bad_request(message)


def _matches(call: Call) -> Predicate | None:
    compiled = compile_filter(call.query.get("$filter"), _SPEC, call.advanced)
    return compiled.matches if compiled.narrowing else None


def _indexed(world: World, name: str, key: str) -> Rows[Grant]:
    rows: Rows[Grant] = world.store.links.grants_by[name].get(key, Ordered())
    return rows


def _candidates(world: World, compiled: Filter) -> Rows[Grant]:
    """The shortest of the indexes that the filter names."""
    indexes = []
    for name, values in compiled.equal.items():
        key = {"allprincipals": "AllPrincipals", "principal": "Principal"}.get(values[0], values[0])
        indexes.append(_indexed(world, name, key))
    return min(indexes, key=len, default=world.store.links.all_grants)


def _answer(world: World, call: Call, rows: Rows[Grant], matches: Predicate | None) -> Answer:
    names = selected(call, GRANT_KNOWN, _TYPE)
    return list_answer(
        world, call, rows, lambda row: pick(grant(row), names, GRANT_KNOWN), context(call, NAME, names), matches
    )
