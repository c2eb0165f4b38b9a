# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grants and assignments as Graph lists them → those of the model, with names. PRIVATE to tenantops.entra.

There may be hundreds of thousands: a page's JSON is turned into small rows at once, and texts that are the same are kept
once.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Assignment,
    AssignmentKey,
    Grant,
    GrantKey,
    Principal,
    ServicePrincipal,
    TenantState,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request
    from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory

_Row = t.TypeVar("_Row")

# Seconds.
_REPLICATION_WAITS = (1.0, 2.0, 4.0)


class GrantRow(t.NamedTuple):
    """A grant by object ids; ``user_id`` None is everybody."""

    id: str
    client_id: str
    resource_id: str
    user_id: str | None
    scope: str

    @classmethod
    def read(cls, graph: JSON) -> GrantRow:
        return cls(
            graph["id"],
            sys.intern(graph["clientId"]),
            sys.intern(graph["resourceId"]),
            graph.get("principalId"),
            sys.intern(graph.get("scope") or ""),
        )


class AssignmentRow(t.NamedTuple):
    """An assignment by object ids. Graph copies the principal's display name into it."""

    id: str
    resource_id: str
    role_id: str
    principal_id: str
    principal_type: str
    principal_name: str

    @classmethod
    def read(cls, graph: JSON) -> AssignmentRow:
        return cls(
            graph["id"],
            sys.intern(graph["resourceId"]),
            sys.intern(graph["appRoleId"]),
            graph["principalId"],
            sys.intern(graph["principalType"]),
            graph.get("principalDisplayName") or "",
        )

    @property
    def is_for_people(self) -> bool:
        """Other apps' application permissions are not ours to look at, let alone to remove."""
        return self.principal_type in ("User", "Group")


async def begin(client: GraphClient, requests: Sequence[Request]) -> list[Listing]:
    """The beginnings of lists that belong to objects which have just been read; raises GraphError.

    When Graph does not find such an object all the same, it is too new for the part of Graph that answers: asked again
    for a few seconds.
    """
    listings = await client.first_pages(requests)
    for wait in _REPLICATION_WAITS:
        missing = [place for place, listing in enumerate(listings) if listing.error and listing.error.status == 404]
        if not missing:
            break
        await asyncio.sleep(wait)
        for place, listing in zip(
            missing, await client.first_pages([requests[place] for place in missing]), strict=True
        ):
            listings[place] = listing
    for listing in listings:
        if listing.error is not None:
            raise listing.error
    return listings


async def rows(client: GraphClient, listings: Iterable[Listing], read: Callable[[JSON], _Row]) -> list[_Row]:
    """All rows of lists, which are read to their ends side by side; raises GraphError."""
    found: list[_Row] = []
    await asyncio.gather(
        *(client.each_page(listing, lambda page: found.extend(map(read, page))) for listing in listings)
    )
    return found


async def add_names(
    directory: Directory,
    state: TenantState,
    grants: Iterable[GrantRow],
    assignments: Iterable[AssignmentRow],
    *,
    everything: bool,
) -> TenantState:
    """The state with these grants and assignments.

    :param everything: also name the apps and users that the state does not know yet; otherwise grants on other
        resources are left out, because nothing speaks of them.
    """
    granted, assigned = list(grants), [row for row in assignments if row.is_for_people]
    people = _people(state)
    apps = {app.id: app_id for app_id, app in state.service_principals.items()}
    others: dict[str, ServicePrincipal] = {}
    if everything:
        app_ids = {end for row in granted for end in (row.client_id, row.resource_id)}
        user_ids = {row.user_id for row in granted if row.user_id}
        user_ids.update(row.principal_id for row in assigned if row.principal_type == "User")
        app_ids.update(row.resource_id for row in assigned)
        graph_apps, graph_users = await directory.named(app_ids - apps.keys(), user_ids - people.keys())
        others = {graph["appId"].lower(): ServicePrincipal.from_graph(graph) for graph in graph_apps.values()}
        apps.update((app.id, app_id) for app_id, app in others.items())
        people.update((key, Principal.user(graph)) for key, graph in graph_users.items())
    found_grants: dict[GrantKey, Grant] = {}
    for row in granted:
        if everything or row.resource_id in apps:
            grant = Grant(
                app_id=apps.get(row.client_id, row.client_id),
                resource_app_id=apps.get(row.resource_id, row.resource_id),
                principal=(people.get(row.user_id) or Principal(row.user_id, "User")) if row.user_id else None,
                scope=row.scope,
                id=row.id,
            )
            found_grants[grant.key] = grant
    found_assignments: dict[AssignmentKey, Assignment] = {}
    for line in assigned:
        # Users are known by UPN here where it could be read.
        principal = people.get(line.principal_id) or Principal(
            line.principal_id, line.principal_type, line.principal_name
        )
        assignment = Assignment(apps.get(line.resource_id, line.resource_id), principal, line.role_id, line.id)
        found_assignments[assignment.key] = assignment
    return dataclasses.replace(
        state,
        grants=found_grants,
        assignments=found_assignments,
        service_principals={**others, **state.service_principals},
    )


def _people(state: TenantState) -> dict[str, Principal]:
    """The users that the state knows, by object id."""
    people = {principal.id: principal for principal in state.users.values()}
    people.update((principal.id, principal) for users in state.members.values() for principal in users)
    return people
