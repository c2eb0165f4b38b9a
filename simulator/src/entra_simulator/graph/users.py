# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`/users`: read only. A user is found by object id or, whatever its case, by user principal name."""

from __future__ import annotations

from entra_simulator.answer import Answer
from entra_simulator.errors import gateway_error, not_found
from entra_simulator.graph.call import Call, Key, World
from entra_simulator.graph.entities import USER_DEFAULT, USER_KNOWN, one, user
from entra_simulator.graph.filters import Field, FilterSpec, compile_filter
from entra_simulator.graph.listing import context, list_answer, pick, selected
from entra_simulator.tenant.model import User
from entra_simulator.tenant.rows import Merged, Rows

_TEXT = frozenset({"eq", "ne", "in", "startswith", "endswith"})
_ALL = frozenset({"eq", "ne", "in"})
SPEC = FilterSpec(
    "User",
    {
        "id": Field(lambda row: row.id, operators=frozenset({"eq", "in"})),
        "userPrincipalName": Field(lambda row: row.user_principal_name, operators=_TEXT),
        "mail": Field(lambda row: row.mail, operators=_TEXT),
        "displayName": Field(lambda row: row.display_name, operators=_TEXT - {"endswith"}),
        "accountEnabled": Field(lambda row: row.account_enabled, "bool", _ALL),
        "userType": Field(lambda row: row.user_type, operators=_ALL),
    },
    USER_KNOWN,
)


def find(world: World, key: Key) -> User:
    """The user of a path key. Raises Graph's 404."""
    if key.name not in (None, "id", "userPrincipalName"):
        raise gateway_error(f"Resource not found for the segment 'users({key.name}='{key.value}')'.")
    found = world.store.find_user(key.value)
    if found is None:
        raise not_found(key.value)
    return found


def read(world: World, call: Call) -> Answer:
    """`GET /users/{id or user principal name}`."""
    return one(call, user(find(world, call.keys[0])), "users", "user", USER_KNOWN)


def list_all(world: World, call: Call) -> Answer:
    """`GET /users`."""
    compiled = compile_filter(call.query.get("$filter"), SPEC, call.advanced)
    names = selected(call, USER_KNOWN, "user")
    return list_answer(
        world,
        call,
        _candidates(world, compiled.equal),
        lambda record: pick(user(record), names, USER_DEFAULT),
        context(call, "users", names),
        compiled.matches if compiled.narrowing else None,
    )


def _candidates(world: World, equal: dict[str, list[str]]) -> Rows[User]:
    store = world.store
    for name, index in (("id", store.users), ("userPrincipalName", store.users_by_upn)):
        if name in equal:
            return Merged([[index[key] for key in equal[name] if key in index]])
    if "mail" in equal:
        return Merged([store.users_by_mail[key] for key in equal["mail"] if key in store.users_by_mail])
    return store.all_users
