# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups → the users in them. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import functools
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal
from ansible_collections.tenantops.entra.plugins.module_utils._errors import IncompleteListError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import people

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Whom
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

    # (id, name, whether groups in it count)
    Group: t.TypeAlias = tuple[str, str, bool]

# How often a group is read that has not as many members as Graph counts: somebody may have joined or left meanwhile.
TRIES = 3


class Members:
    """The users in the groups that stand for them, as far as they have been read."""

    def __init__(self, client: GraphClient, groups: Iterable[Group]) -> None:
        self._client = client
        self._wanted = list(dict.fromkeys(groups))
        self._listings: dict[Group, Listing] = {}
        self._users: dict[tuple[str, bool], list[Principal]] = {
            (group_id, nested): [] for group_id, _name, nested in self._wanted
        }

    @classmethod
    def of(cls, client: GraphClient, whoms: Iterable[Whom], groups: Mapping[str, JSON]) -> Members:
        """:param groups: the groups that exist, by the key they were declared with."""
        return cls(
            client,
            (
                (groups[key]["id"], key, whom.nested_groups)
                for whom in whoms
                if whom.expand_groups
                for key in whom.groups
                if key in groups
            ),
        )

    async def begin(self) -> None:
        """Reads the first page of each group; raises GraphError."""
        listings = await self._client.first_pages(list(map(_request, self._wanted)))
        self._listings = dict(zip(self._wanted, listings, strict=True))
        for group, listing in self._listings.items():
            if listing.error is None:
                self._add(group, listing.take())
            elif not isinstance(listing.error, IncompleteListError):
                raise listing.error

    @property
    def is_complete(self) -> bool:
        return all(listing.next_page is None and listing.error is None for listing in self._listings.values())

    async def read_rest(self) -> None:
        """Reads the further pages; raises GraphError."""
        await asyncio.gather(*(self._read_rest(group, listing) for group, listing in self._listings.items()))

    async def _read_rest(self, group: Group, listing: Listing) -> None:
        """Never fewer than Graph counts: whoever is left out of a group may lose what it gives."""
        for left in reversed(range(TRIES)):
            try:
                await self._client.each_page(listing, functools.partial(self._add, group))
            except IncompleteListError:
                if not left:
                    raise
            else:
                return
            self._users[group[0], group[2]].clear()
            (listing,) = await self._client.first_pages([_request(group)])

    def users(self) -> dict[tuple[str, bool], tuple[Principal, ...]]:
        """By the group's id and whether nested groups count."""
        return {key: tuple(users) for key, users in self._users.items()}

    def _add(self, group: Group, page: Iterable[JSON]) -> None:
        group_id, _name, nested = group
        self._users[group_id, nested].extend(map(Principal.user, page))


def _request(group: Group) -> Request:
    group_id, name, nested = group
    return people.members(name, group_id, nested=nested)
