# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users and groups. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata, shapes
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request

if t.TYPE_CHECKING:
    from collections.abc import Sequence


USERS_READ = ("User.ReadBasic.All", "User.Read.All", "Directory.Read.All")
GROUPS_READ = ("Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
MEMBERS_READ = ("GroupMember.ReadBasic.All", "GroupMember.Read.All", "Directory.Read.All")

_USER = "id,userPrincipalName,displayName"
_GROUP = "id,displayName,visibility"
# An OData cast is an "advanced query": it needs this header and $count=true, on every page.
_ADVANCED = {"ConsistencyLevel": "eventual"}
_USER_CAST = "microsoft.graph.user"


def users_named(names: Sequence[str]) -> Request:
    """Up to 15 users by UPN."""
    return _users("userPrincipalName", names)


def users_by_id(object_ids: Sequence[str]) -> Request:
    """Up to 15 users by object id. ``directoryObjects/getByIds`` takes more, and a far larger permission."""
    return _users("id", object_ids)


def groups_named(names: Sequence[str]) -> Request:
    """All groups of up to 15 display names, which are not unique."""
    return _groups("displayName", names)


def groups_by_id(object_ids: Sequence[str]) -> Request:
    """Up to 15 groups by object id."""
    return _groups("id", object_ids)


def members(name: str, group_id: str, *, nested: bool) -> Request:
    """The users in a group, directly or through groups in it; members of other kinds are left out by Graph."""
    relation = "transitiveMembers" if nested else "members"
    return Request(
        f"read the members of the group {name}",
        "GET",
        f"/groups/{odata.segment(group_id)}/{relation}/{_USER_CAST}",
        MEMBERS_READ,
        shapes.counted(shapes.USER),
        {"$count": "true", "$select": _USER, "$top": odata.LARGEST_PAGE},
        _ADVANCED,
    )


def _users(name: str, keys: Sequence[str]) -> Request:
    return Request(
        f"read {_first_of('the user', keys)}",
        "GET",
        "/users",
        USERS_READ,
        shapes.many(shapes.USER),
        {"$filter": odata.one_of(name, keys), "$select": _USER},
    )


def _groups(name: str, keys: Sequence[str]) -> Request:
    return Request(
        f"look for {_first_of('the group', keys)}",
        "GET",
        "/groups",
        GROUPS_READ,
        shapes.many(shapes.GROUP),
        {"$filter": odata.one_of(name, keys), "$select": _GROUP},
    )


def _first_of(noun: str, keys: Sequence[str]) -> str:
    return f"{noun} {keys[0]}{f' and {len(keys) - 1} more' if len(keys) > 1 else ''}"
