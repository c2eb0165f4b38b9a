# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants and app role assignments of a seed."""

from __future__ import annotations

import uuid

from entra_simulator import ids
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.seed.people import Generated, find_principals
from entra_simulator.tenant.model import GRAPH_APP_ID, Assignment, Grant, Group, ServicePrincipal, User
from entra_simulator.tenant.store import Store

SEED_DATE = "2026-01-01T00:00:00.0000000Z"  # of assignments without a date of their own
_TYPES = {User: "User", Group: "Group", ServicePrincipal: "ServicePrincipal"}


def add_grants(store: Store, value: object, place: str, ranges: dict[str, Generated], seen: set[str]) -> None:
    """Add one grant, or one for each of a range of users, with its scope letter for letter.

    `seen` holds the ids of those before.
    """
    section = Section(
        value,
        place,
        {"client_app_id", "resource_app_id", "consent_type", "principal", "principals", "orphaned", "scope"},
    )
    client = _service_principal(store, section.text("client_app_id"), section.at("client_app_id"))
    resource = _service_principal(store, section.text("resource_app_id", GRAPH_APP_ID), section.at("resource_app_id"))
    principals = find_principals(store, section, ranges)
    derived = "AllPrincipals" if principals is None else "Principal"
    if section.choice("consent_type", ("AllPrincipals", "Principal"), derived) != derived:
        raise SeedError(section.at("consent_type"), f"must be {derived} here")
    scope = section.optional_text("scope")
    whom: list[str | None] = [None] if principals is None else [*principals]
    for principal_id in whom:
        if principal_id is not None and principal_id not in store.users and not section.flag("orphaned", False):
            raise SeedError(section.at("principal"), "must be a user")
        grant_id = ids.grant_id(client.id, resource.id, principal_id)
        if grant_id in seen:
            raise SeedError(place, "the same client, resource and principal have a grant already")
        seen.add(grant_id)
        store.links.place_grant(Grant(grant_id, client.id, derived, principal_id, resource.id, scope), store.exists)


def add_assignments(store: Store, value: object, place: str, ranges: dict[str, Generated]) -> None:
    """Add one assignment, or one for each of a range of users; the role is `default`, a role's value or its id."""
    section = Section(
        value,
        place,
        {
            "app_id", "principal", "principals", "principal_type", "orphaned", "app_role", "id",
            "created_date_time",
        },
    )  # fmt: skip
    resource = _service_principal(store, section.text("app_id"), section.at("app_id"))
    principals = find_principals(store, section, ranges, apps=True)
    if principals is None:
        raise SeedError(section.at("principal"), "is required")
    if "id" in section and "principals" in section:
        raise SeedError(section.at("id"), "can't stand beside principals: each assignment has its own")
    role_id = _role_id(resource, section.text("app_role", "default"), section.at("app_role"))
    created = section.text("created_date_time", SEED_DATE)
    orphaned = section.flag("orphaned", False)
    if "principal_type" in section and not orphaned:
        raise SeedError(section.at("principal_type"), "is for an orphaned assignment; otherwise the principal tells it")
    for principal_id in principals:
        tail = uuid.UUID(ids.derived_guid(store.tenant.id, "assignment", principal_id, resource.id, role_id))
        assignment_id = section.text("id", ids.assignment_id(principal_id, tail))
        if not ids.is_assignment_id(assignment_id):
            raise SeedError(section.at("id"), f"'{assignment_id}' is not the id of an assignment")
        assignment = Assignment(
            id=assignment_id,
            app_role_id=role_id,
            created=created,
            principal_id=principal_id,
            principal_type=_principal_type(store, section, principal_id),
            resource_id=resource.id,
            orphaned=orphaned,
        )
        if assignment.key in store.links.assignment_keys or assignment.id in store.links.assignments:
            raise SeedError(place, "the same principal has the same role already")
        store.links.place_assignment(assignment, store.exists)


def _service_principal(store: Store, key: str, place: str) -> ServicePrincipal:
    """By app id; where one of the bin shares it, by object id."""
    folded = key.lower()
    found = store.by_app_id.get(folded) or store.service_principals.get(folded) or store.bin.get(folded)
    found = found or next((record for record in store.bin.values() if record.app_id == folded), None)
    if found is None:
        raise SeedError(place, f"'{key}' has no service principal in the tenant")
    return found


def _role_id(resource: ServicePrincipal, role: str, place: str) -> str:
    if role in ("default", ids.ZERO_GUID):
        return ids.ZERO_GUID
    for known in resource.app.app_roles:
        if role in (known.value, known.id):
            return known.id
    if ids.is_guid(role):
        return role.lower()  # live tenants keep assignments of roles that an app declares no more
    raise SeedError(place, f"the app '{resource.name}' has no role '{role}'")


def _principal_type(store: Store, section: Section, object_id: str) -> str:
    if section.flag("orphaned", False):
        return section.choice("principal_type", tuple(_TYPES.values()), "User")
    record = store.users.get(object_id) or store.groups.get(object_id)
    return _TYPES[type(record)] if record is not None else "ServicePrincipal"
