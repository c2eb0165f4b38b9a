# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Natural keys → directory objects, as Graph describes them. PRIVATE to tenantops.entra.

All is looked up in lists filtered by 15 keys each, 20 such lists to a batch: 300 users a request. What a list does not
hold is absent; a list that can't be read is raised as GraphError.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph import odata
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import people, service_principals

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Request


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Service principals by app id, declared users and groups by the key they were declared with.

    :ivar problems: (key, problem) for users and groups that do not exist or are not unique.
    """

    service_principals: dict[str, JSON]
    users: dict[str, JSON]
    groups: dict[str, JSON]
    problems: tuple[tuple[str, str], ...]


class Directory:
    """Looks objects up for one run."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def find(self, app_ids: Iterable[str], users: Iterable[str], groups: Iterable[str]) -> Found:
        """Service principals by app id, users by UPN or object id, groups by object id or display name: in one go."""
        user_keys, group_keys = list(dict.fromkeys(users)), list(dict.fromkeys(groups))
        user_ids, upns = _split(user_keys)
        group_ids, names = _split(group_keys)
        listed = await self._client.objects_of(
            [
                _in_lists(service_principals.service_principals, app_ids),
                _in_lists(people.users_by_id, user_ids),
                _in_lists(people.users_named, upns),
                _in_lists(people.groups_by_id, group_ids),
                _in_lists(people.groups_named, names),
            ]
        )
        apps, by_id, by_upn, groups_by_id, groups_by_name = listed
        known_users = _index(by_id, "id") | _index(by_upn, "userPrincipalName")
        known_groups = _index(groups_by_id, "id") | _index(groups_by_name, "displayName")
        problems: list[tuple[str, str]] = []
        found_users: dict[str, JSON] = {}
        for key in user_keys:
            if hits := known_users.get(key.casefold()):
                found_users[key] = hits[0]
            else:
                problems.append((key, f"There is no user {key!r} in this tenant."))
        found_groups: dict[str, JSON] = {}
        for key in group_keys:
            hits = known_groups.get(key.casefold(), [])
            if len(hits) == 1:
                found_groups[key] = hits[0]
            elif not hits:
                problems.append((key, f"There is no group {key!r} in this tenant."))
            else:
                ids = ", ".join(sorted(graph["id"] for graph in hits))
                problems.append(
                    (key, f"{len(hits)} groups are named {key!r}: give the id of the one you mean ({ids}).")
                )
        return Found(_by_app_id(apps), found_users, found_groups, tuple(problems))

    async def service_principals(self, app_ids: Iterable[str]) -> dict[str, JSON]:
        """Service principals by app id; those that do not exist have no entry."""
        return _by_app_id(await self._client.objects(_in_lists(service_principals.service_principals, app_ids)))

    async def deleted_service_principals(self, app_ids: Iterable[str]) -> dict[str, JSON]:
        """Service principals in the recycle bin by app id; of several, the one deleted last."""
        requests = [service_principals.deleted_service_principal(app_id) for app_id in sorted(set(app_ids))]
        deleted = await self._client.objects(requests)
        return _by_app_id(sorted(deleted, key=lambda graph: str(graph.get("deletedDateTime") or "")))

    async def resources(self, object_ids: Iterable[str]) -> dict[str, JSON]:
        """Service principals by object id, with what they publish."""
        found = await self._client.objects(_in_lists(service_principals.resources_by_id, object_ids))
        return {graph["id"]: graph for graph in found}

    async def group_names(self, group_ids: Iterable[str]) -> dict[str, str]:
        """The display names of groups by object id, of those whose name no other group has."""
        groups = await self._client.objects(_in_lists(people.groups_by_id, group_ids))
        namesakes = _index(
            await self._client.objects(_in_lists(people.groups_named, {graph["displayName"] for graph in groups})),
            "displayName",
        )
        names = {graph["id"]: str(graph["displayName"]) for graph in groups}
        return {key: name for key, name in names.items() if len(namesakes.get(name.casefold(), ())) == 1}

    async def named(
        self, object_ids: Iterable[str], user_ids: Iterable[str]
    ) -> tuple[dict[str, JSON], dict[str, JSON]]:
        """Service principals and users by object id, as far as naming them takes; deleted ones have no entry."""
        apps, users = await self._client.objects_of(
            [
                _in_lists(service_principals.service_principals_by_id, object_ids),
                _in_lists(people.users_by_id, user_ids),
            ]
        )
        return {graph["id"]: graph for graph in apps}, {graph["id"]: graph for graph in users}


def _split(keys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Object ids, and names."""
    ids: list[str] = []
    names: list[str] = []
    for key in keys:
        (ids if odata.is_guid(key) else names).append(key)
    return ids, names


def _in_lists(endpoint: Callable[[Sequence[str]], Request], keys: Iterable[str]) -> list[Request]:
    wanted = sorted(set(keys))
    size = odata.LARGEST_IN_LIST
    return [endpoint(wanted[start : start + size]) for start in range(0, len(wanted), size)]


def _index(objects: Iterable[JSON], name: str) -> dict[str, list[JSON]]:
    """By the value of a property, whatever its case, as Graph's filters compare."""
    index: dict[str, list[JSON]] = {}
    for graph in objects:
        index.setdefault(str(graph.get(name) or "").casefold(), []).append(graph)
    return index


def _by_app_id(objects: Iterable[JSON]) -> dict[str, JSON]:
    return {graph["appId"].lower(): graph for graph in objects}
