# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a `Store` to a document that `load` turns into the same tenant again: ids, dates and blanks included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from entra_simulator import ids
from entra_simulator.tenant.catalog import microsoft_graph
from entra_simulator.tenant.model import Application, Assignment, Grant, Identity, ServicePrincipal, User
from entra_simulator.tenant.store import Store


def dump(store: Store) -> dict[str, Any]:
    """The whole tenant. Secrets that the simulator made are left out: a start makes new ones."""
    return {
        "tenant": {
            "id": store.tenant.id,
            "domain": store.tenant.domain,
            "display_name": store.tenant.display_name,
        },
        "users": [_user(record) for record in store.all_users],
        "groups": [
            {
                "display_name": group.display_name,
                "id": group.id,
                "description": group.description,
                "visibility": group.visibility,
                "members": group.members,
            }
            for group in store.all_groups
        ],
        "applications": [_application(app) for app in store.applications.values() if app is not microsoft_graph()],
        "service_principals": [
            _service_principal(store, record)
            for part in (store.all_service_principals, store.all_binned)
            for record in part
        ],
        "grants": [_grant(store, grant) for grant in _grants(store)],
        "assignments": [_assignment(store, assignment) for assignment in _assignments(store)],
        "identities": [_identity(identity) for identity in store.identities.values()],
        **_hosts(store),
    }


def _identity(identity: Identity) -> dict[str, Any]:
    """Keys of certificates that the simulator made are left out like secrets."""
    shown: dict[str, Any] = {
        "name": identity.name,
        "client_id": identity.client_id,
        "permissions": list(identity.permissions),
    }
    if identity.fixed:
        shown["secret"] = identity.secret
    if identity.secret_expires is not None:
        shown["secret_expires"] = identity.secret_expires.isoformat()
    if identity.certificates:
        shown["certificates"] = [
            {"generate": True, "valid_until": item.x509.not_valid_after_utc.isoformat()} if item.generated else item.pem
            for item in identity.certificates
        ]
    if identity.federated_credentials:
        shown["federated_credentials"] = [
            {"issuer": item.issuer, "subject": item.subject, "audience": item.audience}
            for item in identity.federated_credentials
        ]
    return shown


def _hosts(store: Store) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if store.pipelines:
        shown["pipelines"] = {
            kind: {
                "subject": job.subject,
                **({"service_connection_id": job.service_connection_id} if job.service_connection_id else {}),
            }
            for kind, job in store.pipelines.items()
        }
    if store.managed_identities:
        machine = store.managed_identities
        shown["managed_identities"] = {
            "system_assigned": machine.system_assigned,
            "user_assigned": list(machine.user_assigned),
        }
    return shown


def _user(record: User) -> dict[str, Any]:
    return {
        "user_principal_name": record.user_principal_name,
        "display_name": record.display_name,
        "id": record.id,
        "mail": record.mail,
        "account_enabled": record.account_enabled,
        "user_type": record.user_type,
    }


def _application(app: Application) -> dict[str, Any]:
    return {
        "app_id": app.app_id,
        "display_name": app.display_name,
        "tags": list(app.tags),
        **_published(app),
    }


def _published(app: Application) -> dict[str, Any]:
    return {
        "owner_tenant_id": app.owner_tenant_id,
        "app_roles": [
            {
                "id": role.id,
                "value": role.value,
                "display_name": role.display_name,
                "allowed_member_types": list(role.allowed_member_types),
                "is_enabled": role.is_enabled,
            }
            for role in app.app_roles
        ],
        "scopes": [
            {"id": scope.id, "value": scope.value, "type": scope.type, "is_enabled": scope.is_enabled}
            for scope in app.scopes
        ],
        "disabled_by_microsoft": app.disabled_by_microsoft,
    }


def _service_principal(store: Store, record: ServicePrincipal) -> dict[str, Any]:
    unknown = record.app_id not in store.applications
    return {
        "app_id": record.app_id,
        "id": record.id,
        "type": record.type,
        "display_name": record.name if unknown else record.display_name,
        "account_enabled": record.account_enabled,
        "assignment_required": record.assignment_required,
        "tags": record.tags,
        "notes": record.notes,
        "description": record.description,
        "homepage": record.homepage,
        "login_url": record.login_url,
        "preferred_single_sign_on_mode": record.preferred_single_sign_on_mode,
        "notification_email_addresses": record.notification_email_addresses,
        "alternative_names": record.alternative_names,
        "deleted": record.deleted_at or False,
        **_agent(record),
        **(_published(record.app) if unknown else {}),
    }


def _agent(record: ServicePrincipal) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if record.blueprint_id is not None:
        shown["blueprint"] = record.blueprint_id
    if record.inheritable is not None:
        shown["inheritable"] = [
            {"resource_app_id": rule.resource_app_id, "scopes": rule.scopes, "roles": rule.roles}
            for rule in record.inheritable
        ]
    return shown


def _grants(store: Store) -> Iterator[Grant]:
    yield from store.links.all_grants
    for hidden in store.links.hidden.values():
        yield from hidden.grants


def _assignments(store: Store) -> Iterator[Assignment]:
    yield from sorted(store.links.assignments.values(), key=lambda assignment: assignment.seq)
    for hidden in store.links.hidden.values():
        yield from hidden.assignments


def _grant(store: Store, grant: Grant) -> dict[str, Any]:
    return {
        "client_app_id": _reference(store, grant.client_id),
        "resource_app_id": _reference(store, grant.resource_id),
        "consent_type": grant.consent_type,
        "principal": grant.principal_id,
        "scope": grant.scope,
        **({"orphaned": True} if grant.principal_id is not None and grant.principal_id not in store.users else {}),
    }


def _assignment(store: Store, assignment: Assignment) -> dict[str, Any]:
    role = "default" if assignment.app_role_id == ids.ZERO_GUID else assignment.app_role_id
    return {
        "app_id": _reference(store, assignment.resource_id),
        "principal": assignment.principal_id,
        "app_role": role,
        "id": assignment.id,
        "created_date_time": assignment.created,
        **({"orphaned": True, "principal_type": assignment.principal_type} if assignment.orphaned else {}),
    }


def _reference(store: Store, object_id: str) -> str:
    """The app id, or the object id for one in the bin: it may share its app id with a newer one."""
    live = store.service_principals.get(object_id)
    return live.app_id if live else object_id
