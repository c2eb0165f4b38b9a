# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an agent identity inherits from its blueprint's service principal: read only, all at once, no query options."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from entra_simulator.answer import Answer
from entra_simulator.errors import not_found, unsupported_query
from entra_simulator.graph import assignments, grants, service_principals
from entra_simulator.graph.call import Call, World
from entra_simulator.graph.entities import grant
from entra_simulator.graph.listing import context
from entra_simulator.tenant.agents import ALL_ALLOWED, NEVER_INHERITED, Inheritable
from entra_simulator.tenant.model import ServicePrincipal


def list_assignments(world: World, call: Call) -> Answer:
    """`GET /servicePrincipals/{key}/inheritedAppRoleAssignments`: the roles, with the ids of the blueprint's own rows."""
    agent, blueprint = _checked(world, call)
    if blueprint is None:
        return _answer(call, assignments.NAME, [])
    kept = {rule.resource_app_id for rule in _rules(blueprint) if rule.roles == ALL_ALLOWED}
    rows = world.store.links.assignments_of.get(blueprint.id, ())
    return _answer(
        call,
        assignments.NAME,
        [
            {**assignments.entity(world, row), "principalId": agent.id, "principalDisplayName": agent.name}
            for row in rows
            if (resource := world.store.service_principals[row.resource_id]).app_id in kept
            and not any(role.id == row.app_role_id and role.value in NEVER_INHERITED for role in resource.app.app_roles)
        ],
    )


def list_grants(world: World, call: Call) -> Answer:
    """`GET /servicePrincipals/{key}/inheritedOauth2PermissionGrants`: the grants for all users; those of one stay out."""
    agent, blueprint = _checked(world, call)
    if blueprint is None:
        return _answer(call, grants.NAME, [])
    kept = {rule.resource_app_id for rule in _rules(blueprint) if rule.scopes == ALL_ALLOWED}
    rows = world.store.links.grants_by["clientId"].get(blueprint.id, ())
    return _answer(
        call,
        grants.NAME,
        [
            {**grant(row), "clientId": agent.id}
            for row in rows
            if row.principal_id is None and world.store.service_principals[row.resource_id].app_id in kept
        ],
    )


def _checked(world: World, call: Call) -> tuple[ServicePrincipal, ServicePrincipal | None]:
    """The agent identity of the path, and its blueprint's service principal if the tenant has it.

    Raises Graph's 404 for a service principal that is no agent identity.
    """
    for name in call.query:
        if name.startswith("$"):
            raise unsupported_query(f"The query option '{name}' is not supported here.")
    agent = service_principals.find(world, call, call.keys[0])
    if agent.blueprint_id is None:
        raise not_found(call.keys[0].value)
    return agent, world.store.find_app(agent.blueprint_id)


def _rules(blueprint: ServicePrincipal) -> Iterable[Inheritable]:
    return blueprint.inheritable or ()


def _answer(call: Call, name: str, rows: list[dict[str, Any]]) -> Answer:
    return Answer(200, {"@odata.context": context(call, name, None), "value": rows})
