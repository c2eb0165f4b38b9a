# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications and service principals of a seed."""

from __future__ import annotations

from entra_simulator import ids
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.tenant.agents import ALL_ALLOWED, MAX_INHERITABLE, NOTHING, Inheritable
from entra_simulator.tenant.catalog import microsoft_graph
from entra_simulator.tenant.model import GRAPH_APP_ID, Application, AppRole, Scope, ServicePrincipal
from entra_simulator.tenant.store import Store

_STATUSES = ("NotDisabled", "DisabledDueToViolationOfServicesAgreement")
_TYPES = ("Application", "ManagedIdentity", "Legacy", "ServiceIdentity", "SocialIdp")
_TEXTS = ("notes", "description", "homepage", "login_url", "preferred_single_sign_on_mode")
_LISTS = ("tags", "notification_email_addresses", "alternative_names")
_PUBLISHED = {"owner_tenant_id", "app_roles", "scopes", "disabled_by_microsoft"}
_APPLICATION = {"app_id", "display_name", "tags", *_PUBLISHED}
_SERVICE_PRINCIPAL = {
    "app_id", "id", "type", "display_name", "account_enabled", "assignment_required", "deleted",
    "blueprint", "inheritable", *_TEXTS, *_LISTS, *_PUBLISHED,
}  # fmt: skip


def add_application(store: Store, value: object, place: str) -> None:
    """Add an app of the world. Microsoft Graph may be described anew."""
    section = Section(value, place, _APPLICATION)
    app_id = section.guid("app_id")
    if store.applications.get(app_id, microsoft_graph()) is not microsoft_graph():
        raise SeedError(section.at("app_id"), f"'{app_id}' is there already")
    store.applications[app_id] = _application(store, section, app_id, tuple(section.texts("tags")))


def add_service_principal(store: Store, value: object, place: str) -> None:
    """Add an app of the tenant. One whose app the world doesn't know (any more) says itself what it is."""
    section = Section(value, place, _SERVICE_PRINCIPAL)
    app_id = section.guid("app_id")
    deleted = section.raw("deleted", False)
    if not isinstance(deleted, bool | str):
        raise SeedError(section.at("deleted"), "must be true, false or the date of deletion")
    kind = "deletedServicePrincipal" if deleted else "servicePrincipal"
    record = ServicePrincipal(
        id=section.guid("id", ids.derived_guid(store.tenant.id, kind, app_id)),
        app=_app_of(store, section, app_id),
        type=section.choice("type", _TYPES, "Application"),
        display_name=section.optional_text("display_name"),
        account_enabled=section.flag("account_enabled", True),
        assignment_required=section.flag("assignment_required", False),
    )
    for name in _TEXTS:
        setattr(record, name, section.optional_text(name))
    for name in _LISTS:
        setattr(record, name, list(section.texts(name)))
    _add_agent(store, section, record)
    if record.id in store.service_principals or record.id in store.bin:
        raise SeedError(section.at("id"), f"'{record.id}' is there already")
    if deleted:
        record.deleted_at = deleted if isinstance(deleted, str) else store.clock.stamp()
        store.add_to_bin(record)
    elif app_id in store.by_app_id:
        raise SeedError(section.at("app_id"), f"'{app_id}' has a service principal already")
    else:
        store.add_service_principal(record)


def _add_agent(store: Store, section: Section, record: ServicePrincipal) -> None:
    """What makes a service principal an agent identity, or the principal of a blueprint."""
    for name in ("blueprint", "inheritable"):
        if name in section and record.type != "ServiceIdentity":
            raise SeedError(section.at(name), f"is for the type ServiceIdentity, not {record.type}")
    if "blueprint" in section:
        if "inheritable" in section:
            raise SeedError(
                section.at("inheritable"), "can't stand beside blueprint: it belongs to the blueprint itself"
            )
        record.blueprint_id = section.guid("blueprint")
        if record.blueprint_id not in store.applications:
            raise SeedError(section.at("blueprint"), f"'{record.blueprint_id}' is not among the applications")
    if "inheritable" in section:
        place = section.at("inheritable")
        rules = [_inheritable(item, f"{place}.{number}") for number, item in enumerate(section.items("inheritable"))]
        if len({rule.resource_app_id for rule in rules}) < len(rules):
            raise SeedError(place, "names an API twice")
        if len(rules) > MAX_INHERITABLE:
            raise SeedError(place, f"has at most {MAX_INHERITABLE} APIs")
        record.inheritable = tuple(rules)


def _inheritable(item: object, place: str) -> Inheritable:
    section = Section(item, place, {"resource_app_id", "scopes", "roles"})
    kinds = (ALL_ALLOWED, NOTHING)
    return Inheritable(
        section.guid("resource_app_id", GRAPH_APP_ID),
        section.choice("scopes", kinds, ALL_ALLOWED),
        section.choice("roles", kinds, ALL_ALLOWED),
    )


def _app_of(store: Store, section: Section, app_id: str) -> Application:
    known = store.applications.get(app_id)
    if known is None and "display_name" not in section:
        raise SeedError(
            section.at("app_id"), f"'{app_id}' is not among the applications; without one a display_name is required"
        )
    for name in sorted(_PUBLISHED):
        if known is not None and name in section:
            raise SeedError(section.at(name), f"belongs to the application '{app_id}'")
    return known or _application(store, section, app_id, ())


def _application(store: Store, section: Section, app_id: str, tags: tuple[str, ...]) -> Application:
    disabled = section.choice("disabled_by_microsoft", _STATUSES) if "disabled_by_microsoft" in section else None
    return Application(
        app_id=app_id,
        display_name=section.text("display_name"),
        owner_tenant_id=section.guid("owner_tenant_id") if "owner_tenant_id" in section else None,
        tags=tags,
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
    """A role. Those of live tenants may have no value; then the id is required."""
    section = Section(item, place, {"id", "value", "display_name", "allowed_member_types", "is_enabled"})
    value = section.optional_text("value")
    role_id = section.guid("id") if value is None or "id" in section else None
    member_types = section.texts("allowed_member_types") or ["User"]
    for member_type in member_types:
        if member_type not in ("User", "Application"):
            raise SeedError(section.at("allowed_member_types"), f"'{member_type}' is neither User nor Application")
    return AppRole(
        id=role_id or ids.derived_guid(store.tenant.id, "appRole", app_id, str(value)),
        value=value,
        display_name=section.text("display_name", value or role_id),
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
