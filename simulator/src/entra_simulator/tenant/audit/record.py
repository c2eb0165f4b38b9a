# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the audit log tells of each kind of change: activity, targets and modified properties as live tenants have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_simulator.tenant.audit.log import Activity, Actor, AuditLog, Change, Entry, Target
from entra_simulator.tenant.model import Assignment, Grant, Group, ServicePrincipal, User

_ADD_APP = Activity("Add service principal", "Add")
_UPDATE_APP = Activity("Update service principal", "Update")
_REMOVE_APP = Activity("Remove service principal", "Delete")
_RESTORE_APP = Activity("Restore service principal", "Restore")
_PURGE_APP = Activity("Hard delete service principal", "Delete")
_ADD_GRANT = Activity("Add delegated permission grant", "Assign")
_REMOVE_GRANT = Activity("Remove delegated permission grant", "Unassign")
_CONSENT = Activity("Consent to application", "Assign")
# An assignment is filed under its principal's kind.
_ADD_ROLE = {
    User: Activity("Add app role assignment grant to user", "Assign", "UserManagement"),
    Group: Activity("Add app role assignment grant to group", "Assign", "GroupManagement"),
    ServicePrincipal: Activity("Add app role assignment to service principal", "Assign"),
}
_REMOVE_ROLE = {
    "User": Activity("Remove app role assignment from user", "Unassign", "UserManagement"),
    "Group": Activity("Remove app role assignment from group", "Unassign", "GroupManagement"),
    "ServicePrincipal": Activity("Remove app role assignment from service principal", "Unassign"),
}
Principal = User | Group | ServicePrincipal


class Recorder:
    """Writes what one actor does in one request; its entries share the `correlation_id`."""

    def __init__(self, log: AuditLog, actor: Actor, correlation_id: str) -> None:
        self._log = log
        self._actor = actor
        self.correlation_id = correlation_id

    def app_added(self, app: ServicePrincipal) -> None:
        """A service principal was created."""
        properties = {
            "AccountEnabled": app.account_enabled,
            "AppPrincipalId": app.app_id,
            "DisplayName": app.name,
            "ServicePrincipalName": app.app_id,
        }
        self._app(_ADD_APP, app, [Change(name, [], [value]) for name, value in properties.items()])

    def app_updated(self, app: ServicePrincipal, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Properties were written; both mappings are by Graph's names. Only what is different is told."""
        self._app(
            _UPDATE_APP,
            app,
            [
                Change(name[0].upper() + name[1:], _listed(before[name]), _listed(value))
                for name, value in after.items()
                if value != before[name]
            ],
        )

    def app_removed(self, app: ServicePrincipal) -> None:
        """A service principal went into the bin."""
        self._app(_REMOVE_APP, app)

    def app_restored(self, app: ServicePrincipal) -> None:
        """A service principal came out of the bin."""
        self._app(_RESTORE_APP, app)

    def app_purged(self, app: ServicePrincipal) -> None:
        """A service principal is gone for good."""
        self._app(_PURGE_APP, app)

    def grant_added(self, grant: Grant, resource: ServicePrincipal) -> None:
        """A grant was created."""
        self._grant(_ADD_GRANT, grant, resource, Change("DelegatedPermissionGrant.Scope", None, grant.scope), None)

    def grant_changed(self, grant: Grant, resource: ServicePrincipal, old_scope: str | None) -> None:
        """A grant has another scope: the log calls that an addition too."""
        scope = Change("DelegatedPermissionGrant.Scope", old_scope, grant.scope)
        self._grant(_ADD_GRANT, grant, resource, scope, grant.consent_type)

    def grant_removed(self, grant: Grant, resource: ServicePrincipal) -> None:
        """A grant was deleted."""
        scope = Change("DelegatedPermissionGrant.Scope", grant.scope, None)
        self._grant(_REMOVE_GRANT, grant, resource, scope, grant.consent_type)

    def assignment_added(self, assignment: Assignment, principal: Principal, resource: ServicePrincipal) -> None:
        """An app role was assigned."""
        self._write(
            _ADD_ROLE[type(principal)],
            _app_target(
                resource,
                [
                    *(Change(name, None, value) for name, value in _role(assignment, resource)),
                    Change("AppRoleAssignment.CreatedDateTime", None, assignment.created),
                    Change("AppRoleAssignment.LastModifiedDateTime", None, assignment.created),
                    *_principal_changes(principal),
                ],
            ),
            _principal_target(principal),
        )

    def assignment_removed(
        self, assignment: Assignment, principal: Principal | None, resource: ServicePrincipal
    ) -> None:
        """An assignment was deleted; of an orphaned one there is no principal any more."""
        kind, object_id = assignment.principal_type, assignment.principal_id
        known = _principal_changes(principal) if principal else [Change(f"{kind}.ObjectID", None, object_id)]
        changes = [*(Change(name, value, None) for name, value in _role(assignment, resource)), *known]
        target = _principal_target(principal) if principal else Target(object_id, kind)
        self._write(_REMOVE_ROLE[kind], _app_target(resource, changes), target)

    def consented(
        self, client: ServicePrincipal, before: Grant | None, after: Grant, *, admin: bool, for_all: bool
    ) -> None:
        """Somebody accepted a consent screen; it comes beside the entries of the grant itself."""
        context = {
            "IsAdminConsent": str(admin),
            "IsAppOnly": "False",
            "OnBehalfOfAll": str(for_all),
            "Tags": ", ".join(client.all_tags),
        }
        old = f"[{_permissions(before)}]" if before else "[]"
        changes = [Change(f"ConsentContext.{name}", None, value) for name, value in context.items()]
        changes.append(Change("ConsentAction.Permissions", None, f"{old} => [{_permissions(after)}]; "))
        self._write(_CONSENT, _app_target(client, changes))

    def _app(self, activity: Activity, app: ServicePrincipal, changes: Iterable[Change] = ()) -> None:
        told = list(changes)
        if activity in (_ADD_APP, _UPDATE_APP):
            told.append(Change("Included Updated Properties", None, ", ".join(change.name for change in told)))
        self._write(activity, _app_target(app, told))

    def _grant(
        self, activity: Activity, grant: Grant, resource: ServicePrincipal, scope: Change, old_type: str | None
    ) -> None:
        """The resource comes first. Of the client there is only the object id, and an addition names no user."""
        new_type = None if activity is _REMOVE_GRANT else grant.consent_type
        changes = [scope, Change("DelegatedPermissionGrant.ConsentType", old_type, new_type)]
        if activity is _REMOVE_GRANT and grant.principal_id is not None:
            changes.append(Change("DelegatedPermissionGrant.PrincipalId", grant.principal_id, None))
        changes.append(Change("ServicePrincipal.ObjectID", None, grant.client_id))
        changes += [Change(f"ServicePrincipal.{name}", None, None) for name in ("DisplayName", "AppId", "Name")]
        self._write(activity, _app_target(resource, changes), Target(grant.client_id, "ServicePrincipal"))

    def _write(self, activity: Activity, *targets: Target) -> None:
        self._log.add(Entry(activity, self._actor, self.correlation_id, self._log.clock.now(), targets))


def _listed(value: Any) -> list[Any]:
    """The directory's own values are lists, those of one value too."""
    if isinstance(value, list):
        return list(value)
    return [] if value is None else [value]


def _app_target(app: ServicePrincipal, changes: Iterable[Change]) -> Target:
    names = Change("TargetId.ServicePrincipalNames", None, app.app_id)
    return Target(app.id, "ServicePrincipal", app.name, changes=(*changes, names))


def _principal_target(principal: Principal) -> Target:
    if isinstance(principal, User):
        return Target(principal.id, "User", user_name=principal.user_principal_name)
    if isinstance(principal, Group):
        return Target(principal.id, "Group", principal.display_name)
    return Target(principal.id, "ServicePrincipal", principal.name)


def _principal_changes(principal: Principal) -> list[Change]:
    if isinstance(principal, User):
        told = {"User.ObjectID": principal.id, "User.UPN": principal.user_principal_name, "User.PUID": None}
    elif isinstance(principal, Group):
        told = {"Group.ObjectID": principal.id, "Group.DisplayName": principal.display_name}
    else:
        told = {
            "ServicePrincipal.ObjectID": principal.id,
            "ServicePrincipal.DisplayName": principal.name,
            "ServicePrincipal.AppId": principal.app_id,
            "ServicePrincipal.Name": principal.app_id,
        }
    return [Change(name, None, value) for name, value in told.items()]


def _role(assignment: Assignment, resource: ServicePrincipal) -> list[tuple[str, str]]:
    """A role's id, value and name; default access, and a role that the app declares no more, have only the id."""
    known = next((role for role in resource.app.app_roles if role.id == assignment.app_role_id), None)
    return [
        ("AppRole.Id", assignment.app_role_id),
        ("AppRole.Value", (known.value or "") if known else ""),
        ("AppRole.DisplayName", known.display_name if known else ""),
    ]


def _permissions(grant: Grant) -> str:
    return (
        f"[Id: {grant.id}, ClientId: {grant.client_id}, PrincipalId: {grant.principal_id or ''}, "
        f"ResourceId: {grant.resource_id}, ConsentType: {grant.consent_type}, Scope: {grant.scope or ''}, "
        "CreatedDateTime: , LastModifiedDateTime ]"
    )
