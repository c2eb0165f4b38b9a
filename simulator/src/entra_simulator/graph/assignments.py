# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App role assignments, seen from the resource (`appRoleAssignedTo`) or a principal (`appRoleAssignments`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import (
    INVALID_PROPERTIES,
    INVALID_REFERENCE,
    GraphError,
    bad_request,
    not_found,
)
from entra_simulator.graph import groups, service_principals, users
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import ASSIGNMENT_KNOWN, assignment, one
from entra_simulator.graph.filters import Field, FilterSpec, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.model import Assignment, ServicePrincipal
from entra_simulator.tenant.rows import Merged, Ordered, Rows
from entra_simulator.tenant.store import DirectoryObject

NAME = "appRoleAssignments"
_TYPE = "appRoleAssignment"
Side = Callable[[World, Call], tuple[DirectoryObject, Rows[Assignment]]]


def resource_side(world: World, call: Call) -> tuple[DirectoryObject, Rows[Assignment]]:
    """The app of the path and the assignments of its roles."""
    owner = service_principals.find(world, call, call.keys[0])
    return owner, world.store.links.assignments_to.get(owner.id, Ordered())


def client_side(world: World, call: Call) -> tuple[DirectoryObject, Rows[Assignment]]:
    """The app of the path and the roles it holds on other apps."""
    owner = service_principals.find(world, call, call.keys[0])
    return owner, world.store.links.assignments_of.get(owner.id, Ordered())


def group_side(world: World, call: Call) -> tuple[DirectoryObject, Rows[Assignment]]:
    """The group of the path and its assignments."""
    owner = groups.find(world, call.keys[0])
    return owner, world.store.links.assignments_of.get(owner.id, Ordered())


def user_side(world: World, call: Call) -> tuple[DirectoryObject, Rows[Assignment]]:
    """The user of the path and its assignments, those of the groups it is a direct member of included."""
    owner = users.find(world, call.keys[0])
    index = world.store.links.assignments_of
    holders = [owner.id, *world.store.groups_of.get(owner.id, [])]
    return owner, Merged([index[holder] for holder in holders if holder in index])


def entity(world: World, row: Assignment) -> dict[str, Any]:
    """An assignment as Graph shows it."""
    return assignment(row, *_names(world, row))


def list_answer_of(side: Side) -> Callable[[World, Call], Answer]:
    """`GET …/appRoleAssignedTo` or `GET …/appRoleAssignments`."""

    def handler(world: World, call: Call) -> Answer:
        _, rows = side(world, call)
        spec = FilterSpec(
            "AppRoleAssignment",
            {
                "resourceId": Field(lambda row: row.resource_id, "guid"),
                "principalDisplayName": Field(
                    lambda row: _names(world, row)[0], operators=frozenset({"eq", "startswith"})
                ),
            },
            ASSIGNMENT_KNOWN,
        )
        compiled = compile_filter(call.query.get("$filter"), spec, call.advanced)
        names = selected(call, ASSIGNMENT_KNOWN, _TYPE)
        return list_answer(
            world,
            call,
            rows,
            lambda row: pick(entity(world, row), names, ASSIGNMENT_KNOWN),
            context(call, NAME, names),
            compiled.matches if compiled.narrowing else None,
        )

    return handler


def create_under(side: Side) -> Callable[[World, Call], Answer]:
    """`POST …/appRoleAssignedTo` or `POST …/appRoleAssignments`.

    Under a service principal the body alone decides, as live tenants do it; a user or group must be the
    principal of the body.
    """

    def handler(world: World, call: Call) -> Answer:
        owner, _ = side(world, call)
        principal, resource, role_id = _checked(world, call.json_object())
        if not isinstance(owner, ServicePrincipal) and principal is not owner:
            raise bad_request(INVALID_REFERENCE)
        member_type = "Application" if isinstance(principal, ServicePrincipal) else "User"
        if not resource.app.assignable_role(role_id, member_type):
            raise bad_request(f"Permission being assigned was not found on application '{resource.app_id}'.")
        links = world.store.links
        if (principal.id, resource.id, role_id) in links.assignment_keys:
            raise _duplicate(world)
        created = Assignment(
            id=ids.assignment_id(principal.id),
            app_role_id=role_id,
            created=world.store.clock.stamp(),
            principal_id=principal.id,
            principal_type=type(principal).__name__,
            resource_id=resource.id,
        )
        links.add_assignment(created)
        world.record(call).assignment_added(created, principal, resource)
        body = {"@odata.context": context(call, NAME, None, entity=True), **entity(world, created)}
        return Answer(201, body)

    return handler


def read_under(side: Side) -> Callable[[World, Call], Answer]:
    """`GET …/{id}` of one assignment."""

    def handler(world: World, call: Call) -> Answer:
        owner, _ = side(world, call)
        found = _under(world, call, owner, side)
        if found is None:
            raise not_found(call.keys[1].value)
        return one(call, entity(world, found), NAME, _TYPE, ASSIGNMENT_KNOWN)

    return handler


def delete_under(side: Side) -> Callable[[World, Call], Answer]:
    """`DELETE …/{id}`; under another parent than its own an assignment isn't found, and that is a 400."""

    def handler(world: World, call: Call) -> Answer:
        owner, _ = side(world, call)
        found = _under(world, call, owner, side)
        if found is None:
            raise bad_request("EntitlementGrant being updated or deleted is not found.")
        store = world.store
        store.links.remove_assignment(found)
        resource = store.service_principals[found.resource_id]
        world.record(call).assignment_removed(found, _principal(world, found), resource)
        return Answer(204)

    return handler


def refuse_top_level(_world: World, _call: Call) -> Answer:
    """`/appRoleAssignments` is an entity set that can't be used."""
    raise bad_request("Direct queries to this resource type are not supported.")


def _under(world: World, call: Call, owner: DirectoryObject, side: Side) -> Assignment | None:
    key = call.keys[1].value
    if not ids.is_assignment_id(key):
        raise bad_request("Invalid resource identifier for EntitlementGrant.")
    found = world.store.links.assignments.get(key)
    if found is None:
        return None
    parent = found.resource_id if side is resource_side else found.principal_id
    return found if parent == owner.id else None


def _checked(world: World, body: dict[str, Any]) -> tuple[DirectoryObject, ServicePrincipal, str]:
    for name in body:
        if name not in ASSIGNMENT_KNOWN:
            raise bad_request(f"Property {name} does not exist as a declared property or extension property.")
    wanted = [body.get(name) for name in ("principalId", "resourceId", "appRoleId")]
    if not all(ids.is_guid(value) for value in wanted):
        raise bad_request(INVALID_PROPERTIES)
    principal_id, resource_id, role_id = (str(value).lower() for value in wanted)
    principal = world.store.find_object(principal_id)
    resource = world.store.find_service_principal(resource_id)
    if principal is None or resource is None:
        raise bad_request(INVALID_REFERENCE)
    return principal, resource, role_id


def _duplicate(world: World) -> GraphError:
    if world.switches.duplicates == "common":
        return bad_request("Permission being assigned already exists on the object")
    return GraphError(409, "Request_MultipleObjectsWithSameKeyValue", "EntitlementGrant entry already exists.")


def _names(world: World, row: Assignment) -> tuple[str | None, str | None]:
    """The display names of principal and resource."""
    resource = world.store.service_principals.get(row.resource_id)
    return _display_name(_principal(world, row)), _display_name(resource)


def _principal(world: World, row: Assignment) -> DirectoryObject | None:
    """Whom an assignment is for; none if it is orphaned."""
    store, key = world.store, row.principal_id
    return store.users.get(key) or store.groups.get(key) or store.service_principals.get(key)


def _display_name(record: DirectoryObject | None) -> str | None:
    if record is None:
        return None
    return record.name if isinstance(record, ServicePrincipal) else record.display_name
