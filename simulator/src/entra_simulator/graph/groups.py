# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/groups` and their members, direct and transitive: read only."""

from __future__ import annotations

from typing import Any

from entra_simulator import ids
from entra_simulator.answer import Answer
from entra_simulator.errors import invalid_identifier, not_found, unsupported_query
from entra_simulator.graph import users
from entra_simulator.graph.call import Call, Key, World
from entra_simulator.graph.entities import (
    GROUP_KNOWN,
    SERVICE_PRINCIPAL_KNOWN,
    USER_DEFAULT,
    USER_KNOWN,
    directory_object,
    group,
    one,
    user,
)
from entra_simulator.graph.filters import Field, FilterSpec, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.model import Group, ServicePrincipal, User
from entra_simulator.tenant.permissions import may_see_hidden, may_see_users
from entra_simulator.tenant.rows import Merged, Present, Rows
from entra_simulator.tenant.store import DirectoryObject, Members

_SPEC = FilterSpec(
    "Group",
    {
        "id": Field(lambda row: row.id, operators=frozenset({"eq", "in"})),
        "displayName": Field(lambda row: row.display_name, operators=frozenset({"eq", "ne", "in", "startswith"})),
        "securityEnabled": Field(lambda _: True, "bool", frozenset({"eq", "ne"})),
        "mailEnabled": Field(lambda _: False, "bool", frozenset({"eq", "ne"})),
    },
    GROUP_KNOWN,
)
_NO_FILTER = FilterSpec("DirectoryObject", {}, USER_KNOWN | GROUP_KNOWN)
_CASTS: dict[str, tuple[type[DirectoryObject], str, str]] = {
    "microsoft.graph.user": (User, "user", "users"),
    "microsoft.graph.group": (Group, "group", "groups"),
    "microsoft.graph.serviceprincipal": (ServicePrincipal, "servicePrincipal", "servicePrincipals"),
}


def find(world: World, key: Key) -> Group:
    """The group of a path key, which is always an object id."""
    if not ids.is_guid(key.value):
        raise invalid_identifier(key.value)
    found = world.store.groups.get(key.value.lower())
    if found is None:
        raise not_found(key.value)
    return found


def read(world: World, call: Call) -> Answer:
    """`GET /groups/{id}`."""
    return one(call, group(find(world, call.keys[0])), "groups", "group", GROUP_KNOWN)


def list_all(world: World, call: Call) -> Answer:
    """`GET /groups`. Display names are not unique."""
    compiled = compile_filter(call.query.get("$filter"), _SPEC, call.advanced)
    names = selected(call, GROUP_KNOWN, "group")
    return list_answer(
        world,
        call,
        _candidates(world, compiled.equal),
        lambda record: pick(group(record), names, GROUP_KNOWN),
        context(call, "groups", names),
        compiled.matches if compiled.narrowing else None,
    )


def list_members(world: World, call: Call) -> Answer:
    """`GET /groups/{id}/members`: direct members of all kinds, or of one with a cast."""
    return _members(world, call, transitive=False)


def list_transitive_members(world: World, call: Call) -> Answer:
    """`GET /groups/{id}/transitiveMembers`: members of nested groups too, each once."""
    return _members(world, call, transitive=True)


def _members(world: World, call: Call, *, transitive: bool) -> Answer:
    """Those that the caller may see: who may not see hidden ones gets 200 all the same."""
    group, sees_all = find(world, call.keys[0]), may_see_hidden(call.caller.permissions)
    bare = not sees_all and world.switches.hidden_members == "bare"
    members = world.store.members(group, transitive=transitive, hidden=sees_all or bare)
    shown = {*world.store.members(group, transitive=transitive, hidden=False).every} if bare else set()
    cast = call.path.rstrip("/").rsplit("/", 1)[-1].lower()
    cast = cast if cast.startswith("microsoft.") else f"microsoft.{cast}"
    wanted, type_name, set_name = _CASTS.get(cast, (None, "directoryObject", "directoryObjects"))
    if wanted is not None and not call.advanced:
        raise unsupported_query(
            "Request with an OData cast is not supported because the required parameters might be missing. Try "
            "adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to "
            "https://aka.ms/graph-docs/advanced-queries for more information"
        )
    spec = users.SPEC if wanted is User else _NO_FILTER
    compiled = compile_filter(call.query.get("$filter"), spec, call.advanced)
    known = USER_KNOWN | GROUP_KNOWN | SERVICE_PRINCIPAL_KNOWN
    names = selected(call, USER_KNOWN if wanted is User else known, type_name)
    users_visible = may_see_users(call.caller.permissions)

    def render(record: DirectoryObject) -> dict[str, Any]:
        if bare and record.id not in shown:
            kind = {} if wanted else {"@odata.type": directory_object(record)["@odata.type"]}
            return pick({**kind, "id": record.id}, names, frozenset({"id"}))
        if wanted is User and isinstance(record, User) and users_visible:
            return pick(user(record), names, USER_DEFAULT)
        entity = directory_object(record, users_visible=users_visible)
        if isinstance(record, User) and users_visible and names:
            entity.update(user(record))
        return pick(entity, names, frozenset(entity))

    return list_answer(
        world,
        call,
        _rows(world, members, wanted),
        render,
        context(call, set_name, names),
        compiled.matches if compiled.narrowing else None,
    )


def _rows(world: World, members: Members, wanted: type[DirectoryObject] | None) -> Rows[DirectoryObject]:
    """The members of one kind, or all; what was deleted or has not replicated yet is left out."""
    store = world.store
    if wanted is User:
        return Present(members.users, store.users.get)
    if wanted is Group:
        return Present(members.groups, store.groups.get)
    if wanted is ServicePrincipal:
        return Present(members.others, store.find_service_principal, members.others)
    return Present(members.every, store.find_object, members.others)


def _candidates(world: World, equal: dict[str, list[str]]) -> Rows[Group]:
    store = world.store
    if "displayName" in equal:
        found = [store.groups_by_name[name] for name in equal["displayName"] if name in store.groups_by_name]
        return Merged(found)
    return store.all_groups
