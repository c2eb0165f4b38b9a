# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How records look in JSON, and which of their properties a request may select.

The default sets are those of Graph v1.0; properties that this simulator keeps no value for are null or empty.
"""

from __future__ import annotations

from typing import Any

from entra_simulator.answer import Answer
from entra_simulator.errors import gateway_error
from entra_simulator.graph.call import Call
from entra_simulator.graph.listing import context, pick, selected
from entra_simulator.tenant.model import Application, Assignment, Grant, Group, ServicePrincipal, Tenant, User

_USER_MORE = (
    "accountEnabled", "ageGroup", "city", "companyName", "country", "createdDateTime", "creationType",
    "deletedDateTime", "department", "employeeId", "employeeType", "externalUserState", "mailNickname",
    "onPremisesSamAccountName", "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "otherMails",
    "proxyAddresses", "state", "usageLocation", "userType",
)  # fmt: skip
_GROUP_MORE = ("isAssignableToRole",)
_SERVICE_PRINCIPAL_MORE = (
    "agentIdentityBlueprintId",
    "createdByAppId",
    "createdDateTime",
    "customSecurityAttributes",
    "isDisabled",
)


_AGENT = "#microsoft.graph.agentIdentity"
_BLUEPRINT_PRINCIPAL = "#microsoft.graph.agentIdentityBlueprintPrincipal"


def user(record: User) -> dict[str, Any]:
    """A user with the default properties and those of `$select` that have a value here."""
    return {
        "businessPhones": [],
        "displayName": record.display_name,
        "givenName": None,
        "jobTitle": None,
        "mail": record.mail,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": None,
        "userPrincipalName": record.user_principal_name,
        "id": record.id,
        "accountEnabled": record.account_enabled,
        "userType": record.user_type,
    }


def group(record: Group) -> dict[str, Any]:
    """A security group."""
    nickname = "".join(letter for letter in record.display_name if letter.isalnum()) or "group"
    return {
        "id": record.id,
        "deletedDateTime": None,
        "classification": None,
        "createdDateTime": None,
        "creationOptions": [],
        "description": record.description,
        "displayName": record.display_name,
        "expirationDateTime": None,
        "groupTypes": [],
        "mail": None,
        "mailEnabled": False,
        "mailNickname": nickname,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesLastSyncDateTime": None,
        "onPremisesSecurityIdentifier": None,
        "onPremisesSyncEnabled": None,
        "preferredDataLocation": None,
        "preferredLanguage": None,
        "proxyAddresses": [],
        "renewedDateTime": None,
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": True,
        "securityIdentifier": None,
        "theme": None,
        "visibility": record.visibility,
        "onPremisesProvisioningErrors": [],
    }


def service_principal(record: ServicePrincipal) -> dict[str, Any]:
    """A service principal; `tags` is the union of the app's own and those set on this object.

    An agent identity and the principal of a blueprint name the types that they are of.
    """
    app = record.app
    derived: dict[str, Any] = {}
    if record.blueprint_id is not None:
        derived = {"@odata.type": _AGENT, "agentIdentityBlueprintId": record.blueprint_id}
    elif record.inheritable is not None:
        derived = {"@odata.type": _BLUEPRINT_PRINCIPAL}
    return {
        **derived,
        "id": record.id,
        "deletedDateTime": record.deleted_at,
        "accountEnabled": record.account_enabled,
        "alternativeNames": record.alternative_names,
        "appDisplayName": app.display_name,
        "appDescription": None,
        "appId": app.app_id,
        "applicationTemplateId": None,
        "appOwnerOrganizationId": app.owner_tenant_id,
        "appRoleAssignmentRequired": record.assignment_required,
        "description": record.description,
        "disabledByMicrosoftStatus": app.disabled_by_microsoft,
        "displayName": record.name,
        "homepage": record.homepage,
        "loginUrl": record.login_url,
        "logoutUrl": None,
        "notes": record.notes,
        "notificationEmailAddresses": record.notification_email_addresses,
        "preferredSingleSignOnMode": record.preferred_single_sign_on_mode,
        "preferredTokenSigningKeyThumbprint": None,
        "replyUrls": [],
        "servicePrincipalNames": [app.app_id],
        "servicePrincipalType": record.type,
        "signInAudience": "AzureADMultipleOrgs",
        "tags": record.all_tags,
        "tokenEncryptionKeyId": None,
        "samlSingleSignOnSettings": None,
        "addIns": [],
        "appRoles": app.rendered_roles,
        "info": {
            "logoUrl": None,
            "marketingUrl": None,
            "privacyStatementUrl": None,
            "supportUrl": None,
            "termsOfServiceUrl": None,
        },
        "keyCredentials": [],
        "oauth2PermissionScopes": app.rendered_scopes,
        "passwordCredentials": [],
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": {
            "addedDateTime": None,
            "displayName": None,
            "verifiedPublisherId": None,
        },
    }


def grant(record: Grant) -> dict[str, Any]:
    """A delegated permission grant; it is no directory object and has no `deletedDateTime`."""
    return {
        "clientId": record.client_id,
        "consentType": record.consent_type,
        "id": record.id,
        "principalId": record.principal_id,
        "resourceId": record.resource_id,
        "scope": record.scope,
    }


def assignment(record: Assignment, principal_name: str | None, resource_name: str | None) -> dict[str, Any]:
    """An app role assignment with the copies of the two display names."""
    return {
        "id": record.id,
        "deletedDateTime": None,
        "appRoleId": record.app_role_id,
        "createdDateTime": record.created,
        "principalDisplayName": principal_name,
        "principalId": record.principal_id,
        "principalType": record.principal_type,
        "resourceDisplayName": resource_name,
        "resourceId": record.resource_id,
    }


def organization(record: Tenant) -> dict[str, Any]:
    """The tenant as one of `GET /organization`."""
    return {
        "id": record.id,
        "deletedDateTime": None,
        "displayName": record.display_name,
        "tenantType": "AAD",
        "verifiedDomains": [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": True,
                "isInitial": True,
                "name": record.domain,
                "type": "Managed",
            }
        ],
    }


USER_DEFAULT = frozenset(user(User("", "", ""))) - {"accountEnabled", "userType"}
USER_KNOWN = USER_DEFAULT | frozenset(_USER_MORE)
GROUP_DEFAULT = frozenset(group(Group("", "")))
GROUP_KNOWN = GROUP_DEFAULT | frozenset(_GROUP_MORE)
GRANT_KNOWN = frozenset(grant(Grant("", "", "", None, "", None)))
ASSIGNMENT_KNOWN = frozenset(assignment(Assignment("", "", "", "", "", ""), None, None))
ORGANIZATION_KNOWN = frozenset(organization(Tenant("", "", "")))
SERVICE_PRINCIPAL_DEFAULT = frozenset(service_principal(ServicePrincipal("", Application("", "", ""))))
SERVICE_PRINCIPAL_KNOWN = SERVICE_PRINCIPAL_DEFAULT | frozenset(_SERVICE_PRINCIPAL_MORE)


def directory_object(record: object, *, users_visible: bool = True) -> dict[str, Any]:
    """A user, group or service principal in a mixed list: default properties and its type.

    Without a permission to read users, a user shows nothing but its id.
    """
    if isinstance(record, User):
        shown = pick(user(record), None, USER_DEFAULT)
        if not users_visible:
            shown = {name: record.id if name == "id" else None for name in shown}
        return {"@odata.type": "#microsoft.graph.user", **shown}
    if isinstance(record, Group):
        return {"@odata.type": "#microsoft.graph.group", **group(record)}
    if isinstance(record, ServicePrincipal):
        return {"@odata.type": "#microsoft.graph.servicePrincipal", **service_principal(record)}
    raise gateway_error("Resource not found for the segment.")


def one(
    call: Call, entity: dict[str, Any], name: str, type_name: str, known: frozenset[str], status: int = 200
) -> Answer:
    """The answer that holds one entity of the entity set `name`."""
    names = selected(call, known, type_name)
    defaults = USER_DEFAULT if type_name == "user" else frozenset(entity)
    body = {"@odata.context": context(call, name, names, entity=True), **pick(entity, names, defaults)}
    return Answer(status, body)
