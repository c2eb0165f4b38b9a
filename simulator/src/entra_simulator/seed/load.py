# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a tenant description to a `Store`. The format is described in the README ("Seed")."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from entra_simulator import ids, permissions
from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.model import GRAPH_APP_ID, Application, AppRole, Identity, Scope, ServicePrincipal, Tenant
from entra_simulator.seed.links import add_assignments, add_grants
from entra_simulator.seed.people import add_groups, add_users
from entra_simulator.seed.section import Section
from entra_simulator.store import Store

SECTIONS = {
    "tenant", "users", "groups", "applications", "service_principals", "grants", "assignments", "identities",
}  # fmt: skip
_STATUSES = ("NotDisabled", "DisabledDueToViolationOfServicesAgreement")


def read_file(path: Path) -> Any:
    """The document in a YAML or JSON file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SeedError(str(path), f"can't be read: {reason}") from error
    try:
        # JSON first: a large state file loads a hundred times faster that way.
        return json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError:
        return _yaml(text, path)


def build(document: Any, clock: Clock, lag_seconds: float = 0.0, known: Mapping[str, str] | None = None) -> Store:
    """The tenant that a document describes.

    `known` gives the secrets of identities that are running already: then one that is new must bring its own,
    for nobody would learn a made one. Raises `SeedError`.
    """
    top = Section(document, "", SECTIONS)
    head = Section(top.raw("tenant"), "tenant", {"id", "domain", "display_name"})
    domain = head.text("domain")
    tenant = Tenant(head.guid("id"), domain, head.text("display_name", domain))
    store = Store(tenant, clock, lag_seconds)
    ranges = add_users(store, top.items("users"))
    groups = add_groups(store, top.items("groups"))
    for place, value in enumerate(top.items("applications")):
        _add_application(store, value, f"applications.{place}")
    for place, value in enumerate(top.items("service_principals")):
        _add_service_principal(store, value, f"service_principals.{place}")
    if GRAPH_APP_ID not in store.by_app_id:
        graph_id = ids.derived_guid(tenant.id, "servicePrincipal", GRAPH_APP_ID)
        store.add_service_principal(ServicePrincipal(graph_id, store.applications[GRAPH_APP_ID]))
    groups.add_members(ranges)
    seen: set[str] = set()
    for place, value in enumerate(top.items("grants")):
        add_grants(store, value, f"grants.{place}", ranges, seen)
    for place, value in enumerate(top.items("assignments")):
        add_assignments(store, value, f"assignments.{place}", ranges)
    for place, value in enumerate(top.items("identities")):
        _add_identity(store, value, f"identities.{place}", known)
    return store


def _yaml(text: str, path: Path | None = None) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else str(path or "seed")
        raise SeedError(where, f"is not valid YAML: {getattr(error, 'problem', None) or error}") from error


def _add_application(store: Store, value: object, place: str) -> None:
    section = Section(
        value,
        place,
        {"app_id", "display_name", "owner_tenant_id", "tags", "app_roles", "scopes", "disabled_by_microsoft"},
    )
    app_id = section.guid("app_id")
    if app_id in store.applications:
        raise SeedError(section.at("app_id"), f"'{app_id}' is there already")
    disabled = section.choice("disabled_by_microsoft", _STATUSES) if "disabled_by_microsoft" in section else None
    store.applications[app_id] = Application(
        app_id=app_id,
        display_name=section.text("display_name"),
        owner_tenant_id=section.guid("owner_tenant_id"),
        tags=tuple(section.texts("tags")),
        app_roles=tuple(
            _app_role(store, item, f"{section.at('app_roles')}.{number}", app_id)
            for number, item in enumerate(section.items("app_roles"))
        ),
        scopes=tuple(
            _scope(store, item, f"{section.at('scopes')}.{number}", app_id)
            for number, item in enumerate(section.items("scopes"))
        ),
        disabled_by_microsoft=disabled,
    )


def _app_role(store: Store, item: object, place: str, app_id: str) -> AppRole:
    section = Section(item, place, {"id", "value", "display_name", "allowed_member_types", "is_enabled"})
    value = section.text("value")
    member_types = section.texts("allowed_member_types") or ["User"]
    for member_type in member_types:
        if member_type not in ("User", "Application"):
            raise SeedError(section.at("allowed_member_types"), f"'{member_type}' is neither User nor Application")
    return AppRole(
        id=section.guid("id", ids.derived_guid(store.tenant.id, "appRole", app_id, value)),
        value=value,
        display_name=section.text("display_name", value),
        allowed_member_types=tuple(member_types),
        is_enabled=section.flag("is_enabled", True),
    )


def _scope(store: Store, item: object, place: str, app_id: str) -> Scope:
    section = Section(item, place, {"id", "value", "type", "is_enabled"})
    value = section.text("value")
    return Scope(
        id=section.guid("id", ids.derived_guid(store.tenant.id, "scope", app_id, value)),
        value=value,
        type=section.choice("type", ("User", "Admin"), "User"),
        is_enabled=section.flag("is_enabled", True),
    )


def _add_service_principal(store: Store, value: object, place: str) -> None:
    texts = ("notes", "description", "homepage", "login_url", "preferred_single_sign_on_mode")
    lists = ("tags", "notification_email_addresses")
    section = Section(
        value, place, {"app_id", "id", "account_enabled", "assignment_required", "deleted", *texts, *lists}
    )
    app_id = section.guid("app_id")
    if app_id not in store.applications:
        raise SeedError(section.at("app_id"), f"'{app_id}' is not among the applications")
    deleted = section.raw("deleted", False)
    if not isinstance(deleted, bool | str):
        raise SeedError(section.at("deleted"), "must be true, false or the date of deletion")
    kind = "deletedServicePrincipal" if deleted else "servicePrincipal"
    record = ServicePrincipal(
        id=section.guid("id", ids.derived_guid(store.tenant.id, kind, app_id)),
        app=store.applications[app_id],
        account_enabled=section.flag("account_enabled", True),
        assignment_required=section.flag("assignment_required", False),
    )
    for name in texts:
        setattr(record, name, section.optional_text(name))
    for name in lists:
        setattr(record, name, list(section.texts(name)))
    if record.id in store.service_principals or record.id in store.bin:
        raise SeedError(section.at("id"), f"'{record.id}' is there already")
    if deleted:
        record.deleted_at = deleted if isinstance(deleted, str) else store.clock.stamp()
        store.add_to_bin(record)
    elif app_id in store.by_app_id:
        raise SeedError(section.at("app_id"), f"'{app_id}' has a service principal already")
    else:
        store.add_service_principal(record)


def _add_identity(store: Store, value: object, place: str, known: Mapping[str, str] | None) -> None:
    section = Section(value, place, {"name", "client_id", "permissions", "secret"})
    client_id = section.guid("client_id")
    if client_id in store.identities:
        raise SeedError(section.at("client_id"), f"'{client_id}' is there already")
    held = section.texts("permissions")
    for number, permission in enumerate(held):
        if permission not in permissions.known():
            raise SeedError(
                f"{section.at('permissions')}.{number}",
                f"'{permission}' is not an application permission of Microsoft Graph",
            )
    fixed = section.optional_text("secret")
    if fixed is None and known is not None and client_id not in known:
        raise SeedError(section.at("secret"), "is required for an identity that the simulator did not start with")
    made = (known or {}).get(client_id) or secrets.token_urlsafe(30)
    store.identities[client_id] = Identity(
        name=section.text("name"),
        client_id=client_id,
        permissions=tuple(held),
        secret=fixed or made,
        fixed=fixed is not None,
    )
