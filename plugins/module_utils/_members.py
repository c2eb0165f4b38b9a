# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups → the users in them. PRIVATE to tenantops.entra."""

from __future__ import annotations

import asyncio
import functools
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Principal
from ansible_collections.tenantops.entra.plugins.module_utils._graph import people

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Whom
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing

    # (id, name, whether groups in it count)
    Group: t.TypeAlias = tuple[str, str, bool]


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
        requests = [people.members(name, group_id, nested=nested) for group_id, name, nested in self._wanted]
        self._listings = dict(zip(self._wanted, await self._client.first_pages(requests), strict=True))
        for group, listing in self._listings.items():
            if listing.error is not None:
                raise listing.error
            self._add(group, listing.take())

    @property
    def is_complete(self) -> bool:
        return all(listing.next_page is None for listing in self._listings.values())

    async def read_rest(self) -> None:
        """Reads the further pages; raises GraphError."""
        await asyncio.gather(
            *(
                self._client.each_page(listing, functools.partial(self._add, group))
                for group, listing in self._listings.items()
            )
        )

    def users(self) -> dict[tuple[str, bool], tuple[Principal, ...]]:
        """By the group's id and whether nested groups count."""
        return {key: tuple(users) for key, users in self._users.items()}

    def _add(self, group: Group, page: Iterable[JSON]) -> None:
        group_id, _name, nested = group
        self._users[group_id, nested].extend(map(Principal.user, page))
