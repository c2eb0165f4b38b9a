# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How changes end that took more than their request. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

# Seconds between tries while Graph replicates: 63 s together.
REPLICATION_WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0)


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """How a change ended.

    :ivar instead: what was done in place of the planned change, if that differs.
    :ivar nothing: nothing had to be done any more.
    :ivar key: of the object, if it was read again in the end.
    :ivar seen: that object as it was read last, None where there is none.
    """

    change: Change
    object_id: str = ""
    instead: Change | None = None
    error: EntraError | None = None
    nothing: bool = False
    key: t.Any = None
    seen: t.Any = None


async def read_to_the_end(client: GraphClient, listing: Listing) -> list[JSON] | EntraError:
    """The objects of a list, or why they can't be read."""
    objects: list[JSON] = []
    try:
        await client.each_page(listing, objects.extend)
    except EntraError as error:
        return error
    return objects


async def settle_by_id(
    client: GraphClient,
    changes: Sequence[Change],
    listed: Callable[[t.Any], Request],
    is_its: Callable[[t.Any, JSON], bool],
    on_settled: Callable[[Settled], None],
) -> None:
    """Creates of what can't differ: only the ids are read of what is there.

    :param listed: the list that holds a change's object.
    :param is_its: whether a row of that list is the change's object.
    """
    listings = await client.first_pages([listed(change) for change in changes])
    for change, listing in zip(changes, listings, strict=True):
        rows = await read_to_the_end(client, listing)
        held = rows if isinstance(rows, list) else []
        on_settled(Settled(change, next((row["id"] for row in held if is_its(change, row)), "")))
