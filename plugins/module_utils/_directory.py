# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Natural keys → directory objects, as Graph describes them. PRIVATE to tenantops.entra.

Only Graph's own "not found" counts as absent; every other refusal is raised as GraphError.
"""

from __future__ import annotations

import asyncio
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints, odata
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Answer

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """Declared users and groups by the key they were declared with, and (key, problem) for the others."""

    users: dict[str, JSON]
    groups: dict[str, JSON]
    problems: tuple[tuple[str, str], ...]


class Directory:
    """Looks objects up for one run."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def service_principals(self, app_ids: Iterable[str]) -> dict[str, JSON]:
        """Service principals by app id; those that do not exist have no entry."""
        found = await self._in_lists(endpoints.service_principals, app_ids)
        return {graph["appId"].lower(): graph for graph in found}

    async def service_principals_by_id(self, object_ids: Iterable[str]) -> dict[str, JSON]:
        """Names of service principals by object id."""
        found = await self._in_lists(endpoints.service_principals_by_id, object_ids)
        return {graph["id"]: graph for graph in found}

    async def deleted_service_principals(self, app_ids: Iterable[str]) -> dict[str, JSON]:
        """Service principals in the recycle bin by app id; of several, the one deleted last."""
        wanted = sorted(set(app_ids))
        if not wanted:
            return {}
        lists = await self._client.pages_many([endpoints.deleted_service_principal(app_id) for app_id in wanted])
        deleted: dict[str, JSON] = {}
        for app_id, found in zip(wanted, lists, strict=True):
            if objects := _objects(found):
                deleted[app_id] = max(objects, key=lambda graph: str(graph.get("deletedDateTime") or ""))
        return deleted

    async def principals(self, users: Iterable[str], groups: Iterable[str]) -> Found:
        """Users by UPN or object id, groups by object id or display name, all in one go."""
        user_keys, group_keys = list(dict.fromkeys(users)), list(dict.fromkeys(groups))
        requests = [endpoints.user(key) for key in user_keys] + [
            endpoints.group(key) if odata.is_guid(key) else endpoints.groups_named(key) for key in group_keys
        ]
        answers = await self._client.send_many(requests) if requests else []
        problems: list[tuple[str, str]] = []
        found_users: dict[str, JSON] = {}
        for key, answer in zip(user_keys, answers[: len(user_keys)], strict=True):
            if (graph := _unless_missing(answer)) is not None:
                found_users[key] = graph
            else:
                problems.append((key, f"There is no user {key!r} in this tenant."))
        found_groups: dict[str, JSON] = {}
        places = range(len(user_keys), len(requests))
        for key, place in zip(group_keys, places, strict=True):
            candidates = await self._candidates(requests[place], answers[place])
            if len(candidates) == 1:
                found_groups[key] = candidates[0]
            elif not candidates:
                problems.append((key, f"There is no group {key!r} in this tenant."))
            else:
                ids = ", ".join(sorted(graph["id"] for graph in candidates))
                problems.append(
                    (
                        key,
                        f"{len(candidates)} groups are named {key!r}: give the id of the one you mean ({ids}).",
                    )
                )
        return Found(found_users, found_groups, tuple(problems))

    async def users_by_id(self, object_ids: Iterable[str]) -> dict[str, JSON]:
        """Users by object id; deleted ones have no entry."""
        wanted = sorted(set(object_ids))
        answers = await self._client.send_many([endpoints.user(key) for key in wanted]) if wanted else []
        found = {key: _unless_missing(answer) for key, answer in zip(wanted, answers, strict=True)}
        return {key: graph for key, graph in found.items() if graph is not None}

    async def members(self, groups: Iterable[tuple[str, str, bool]]) -> dict[tuple[str, bool], list[JSON]]:
        """The users in groups, given as (id, name, nested), by (id, nested)."""
        wanted = list(dict.fromkeys(groups))
        lists = await asyncio.gather(
            *(self._client.pages(endpoints.members(name, group_id, nested=nested)) for group_id, name, nested in wanted)
        )
        return {(group_id, nested): users for (group_id, _name, nested), users in zip(wanted, lists, strict=True)}

    async def _candidates(self, request: Request, answer: Answer) -> list[JSON]:
        """The groups that an answer names: one by its id, or all of a name, which may go on on further pages."""
        body = _unless_missing(answer)
        if body is None:
            return []
        return [body] if "value" not in body else await self._client.pages(request, body)

    async def _in_lists(self, endpoint: Callable[[Sequence[str]], Request], keys: Iterable[str]) -> list[JSON]:
        wanted = sorted(set(keys))
        size = endpoints.LARGEST_IN_LIST
        requests = [endpoint(wanted[start : start + size]) for start in range(0, len(wanted), size)]
        lists = await self._client.pages_many(requests) if requests else []
        return [graph for found in lists for graph in _objects(found)]


def _objects(found: list[JSON] | Answer) -> list[JSON]:
    return list(found.get().get("value", [])) if isinstance(found, Answer) else found


def _unless_missing(answer: Answer) -> JSON | None:
    """The body; None for Graph's "not found". Raises GraphError for anything else."""
    if answer.error is not None and answer.error.status == 404 and answer.error.code == "Request_ResourceNotFound":
        return None
    return answer.get()
