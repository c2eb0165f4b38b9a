# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent screen does once somebody accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from entra_simulator import ids
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.tenant.audit.log import Actor
from entra_simulator.tenant.audit.record import Recorder
from entra_simulator.tenant.model import GRAPH_APP_ID, Assignment, Grant, Scope, ServicePrincipal, User
from entra_simulator.tenant.store import Store

OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
_ACTOR = "Azure ESTS Service"  # the log calls every user so who consents
_TAG = "WindowsAzureActiveDirectoryIntegratedApp"
_KEYS = {"user", "app_id", "resource_app_id", "scope", "consent_type", "admin"}


@dataclass(frozen=True)
class Consent:
    """A checked request for consent; `for_all` is consent on behalf of the organization."""

    user: User
    client_app_id: str
    resource: ServicePrincipal
    scopes: list[str]
    for_all: bool
    admin: bool


def consent(store: Store, body: object) -> dict[str, Any]:
    """Carry out a request of the control endpoint; gives the ids of what it is about.

    The app becomes known to the tenant, its grant has the scopes that it had and those asked for, and a user who
    consented alone is assigned to the app. Raises `SeedError` on what no screen would have offered.
    """
    asked = _checked(store, body)
    recorder = Recorder(
        store.audit,
        Actor(asked.user.id, _ACTOR, asked.client_app_id, asked.user.user_principal_name),
        ids.new_guid(),
    )
    client = _client(store, asked, recorder)
    before, after = _granted(store, asked, client, recorder)
    if not asked.for_all:
        _assign(store, asked.user, client, recorder)
    recorder.consented(client, before, after, admin=asked.admin, for_all=asked.for_all)
    return {
        "service_principal_id": client.id,
        "grant_id": after.id,
        "correlation_id": recorder.correlation_id,
    }


def _checked(store: Store, body: object) -> Consent:
    section = Section(body, "consent", _KEYS)
    user = store.find_user(section.text("user"))
    if user is None:
        raise SeedError(section.at("user"), f"there is no user '{section.text('user')}'")
    for_all = section.choice("consent_type", ("AllPrincipals", "Principal"), "Principal") == "AllPrincipals"
    admin = section.flag("admin", for_all)
    if for_all and not admin:
        raise SeedError(section.at("admin"), "only an administrator consents for all users")
    app_id = section.guid("app_id")
    known = store.by_app_id.get(app_id)
    if known is None and app_id not in store.applications:
        raise SeedError(section.at("app_id"), f"'{app_id}' is not among the applications")
    if known is not None and not known.account_enabled:
        raise SeedError(section.at("app_id"), f"'{known.name}' is disabled, it gets no consent screen")
    if known is not None and known.assignment_required and not for_all:
        raise SeedError(section.at("app_id"), f"'{known.name}' requires assignment: users can't consent to it")
    resource_app_id = section.guid("resource_app_id", GRAPH_APP_ID)
    resource = store.by_app_id.get(resource_app_id)
    if resource is None:
        raise SeedError(section.at("resource_app_id"), f"'{resource_app_id}' has no service principal in the tenant")
    scopes = list(dict.fromkeys(section.text("scope").split()))
    published = {scope.value: scope for scope in resource.app.scopes if scope.is_enabled}
    for value in scopes:
        _check_scope(section.at("scope"), value, published.get(value), resource, admin=admin)
    return Consent(user, app_id, resource, scopes, for_all, admin)


def _check_scope(place: str, value: str, scope: Scope | None, resource: ServicePrincipal, *, admin: bool) -> None:
    if scope is None and value not in OPENID_SCOPES:
        raise SeedError(place, f"'{resource.name}' publishes no scope '{value}'")
    if scope is not None and scope.type == "Admin" and not admin:
        raise SeedError(place, f"'{value}' needs the consent of an administrator")


def _client(store: Store, asked: Consent, recorder: Recorder) -> ServicePrincipal:
    """The app's service principal. A screen makes a missing one, with the tag that the portal lists it by."""
    found = store.by_app_id.get(asked.client_app_id)
    if found is None:
        found = store.new_service_principal(store.applications[asked.client_app_id])
        found.tags = [_TAG]
        recorder.app_added(found)
    return found


def _granted(store: Store, asked: Consent, client: ServicePrincipal, recorder: Recorder) -> tuple[Grant | None, Grant]:
    """The grant as it was and as it is. Screens put a blank in front of the first scope."""
    principal_id = None if asked.for_all else asked.user.id
    grant_id = ids.grant_id(client.id, asked.resource.id, principal_id)
    consent_type = "AllPrincipals" if asked.for_all else "Principal"
    found = store.links.grants.get(grant_id)
    if found is None:
        scope = "".join(f" {value}" for value in asked.scopes)
        made = Grant(grant_id, client.id, consent_type, principal_id, asked.resource.id, scope)
        store.links.add_grant(made)
        recorder.grant_added(made, asked.resource)
        return None, made
    before = Grant(grant_id, client.id, consent_type, principal_id, asked.resource.id, found.scope)
    held = (found.scope or "").split()
    missing = [value for value in asked.scopes if value not in held]
    if missing:
        found.scope = (found.scope or "") + "".join(f" {value}" for value in missing)
        recorder.grant_changed(found, asked.resource, before.scope)
    return before, found


def _assign(store: Store, user: User, client: ServicePrincipal, recorder: Recorder) -> None:
    """Default access to the app, unless the user has some, or the app knows roles of its own only."""
    for holder in store.links.assignments_of.get(user.id, ()):
        if holder.resource_id == client.id:
            return
    if not client.app.assignable_role(ids.ZERO_GUID, "User"):
        return
    made = Assignment(
        id=ids.assignment_id(user.id),
        app_role_id=ids.ZERO_GUID,
        created=store.clock.stamp(),
        principal_id=user.id,
        principal_type="User",
        resource_id=client.id,
    )
    store.links.add_assignment(made)
    recorder.assignment_added(made, user, client)
