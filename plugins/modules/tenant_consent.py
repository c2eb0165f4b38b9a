# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_consent
short_description: Ensure the declared consent state of many apps
version_added: 0.1.0
description:
  - Brings the service principals, delegated permission grants, app role assignments and application permissions of many apps to
    what is declared, planned and applied in one process.
  - A grant that a rule names ends with exactly the scopes of its rules; others that it has are taken away.
  - The application permissions of an app on an API that a rule names end with exactly those of its rules, too.
  - The rules of one app add up, so a user who is named by two rules, or by a rule and through a group, gets the union.
author:
  - tenantops contributors (@tenantops)
options:
  prune:
    description:
      - Also remove grants, assignments and application permissions of the declared apps that no rule names, for apps that declare
        O(apps[].delegated_permissions), O(apps[].assignments) or O(apps[].application_permissions) respectively. Other apps are
        never touched.
    type: bool
    default: false
  max_removals:
    description:
      - Fail before the first write if more than this many grants, assignments and application permissions would be deleted or lose
        scopes.
      - It holds as well for grants that only turn up while writing, because another run made them or Graph had not shown
        them before.
    type: int
    default: 100
  validate_scopes:
    description:
      - Check that the API publishes the scopes and has them enabled. Graph itself stores any text.
    type: bool
    default: true
  risk_levels:
    description:
      - Your own judgement of scopes, before the shipped table of Microsoft Graph's. Keys are scopes, such as V(Mail.Read), or
        scopes of one API, such as V(00000003-0000-0000-c000-000000000000/Mail.Read); values are V(low), V(medium), V(high),
        V(critical) or V(unknown). With V(application/) before it a key is about an application permission, such as
        V(application/Mail.Read).
    type: dict
    default: {}
extends_documentation_fragment:
  - tenantops.entra.apps
  - tenantops.entra.empty_groups
  - tenantops.entra.results
  - tenantops.entra.attributes
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.service_principal
  - module: tenantops.entra.delegated_permission_grant
  - module: tenantops.entra.app_role_assignment
  - module: tenantops.entra.application_permission_grant
"""

EXAMPLES = r"""
- name: Declare the consent state of two apps
  tenantops.entra.tenant_consent:
    apps:
      - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
        name: Microsoft 365 for Jira
        assignment_required: true
        delegated_permissions:
          - scopes: [openid, profile, User.Read]
            all_users: true
          - scopes: [Mail.ReadWrite.Shared]
            groups: [Jira mail users]
        assignments:
          - groups: [Jira mail users]
          - users: [lead@contoso.example]
        application_permissions:
          - app_roles: [Group.Read.All]
          - app_roles: [Application.ReadWrite.All]
            accept_critical: true
      - app_id: 32d752a1-8945-4600-97c9-73ed32c3627a
        state: absent
        remove_service_principal: true
"""

RETURN = r"""
service_principals:
  description: The service principals of the declared apps as they are afterwards, those that exist.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Object id in this tenant; null in check mode for one that does not exist yet.
      type: str
      sample: 8d1f3c5e-6b0a-4d52-9a6e-0c9f6f1f2a11
    app_id:
      description: Application (client) id.
      type: str
      sample: e7185a25-9df9-4d05-b779-76b04bf46424
    display_name:
      description: The app's name; null in check mode for one that does not exist yet.
      type: str
      sample: Microsoft 365 for Jira
    account_enabled:
      description: Whether users can sign in to the app.
      type: bool
      sample: true
    assignment_required:
      description: Whether only assigned users can sign in.
      type: bool
      sample: false
    tags:
      description: Tags of the service principal and of its app registration.
      type: list
      elements: str
      sample: [WindowsAzureActiveDirectoryIntegratedApp]
    notes:
      description: The notes, empty if there are none.
      type: str
      sample: Approved under CHG-1042
    notification_email_addresses:
      description: Who is told when a SAML signing certificate is about to expire.
      type: list
      elements: str
      sample: []
    owner_tenant_id:
      description: The tenant that the app is registered in; null in check mode for one that does not exist yet.
      type: str
      sample: 6f2a7d3e-1f64-4a6e-9b0e-5f0a3c1d7e21
    service_principal_type:
      description: V(Application), V(ManagedIdentity) and so on; null in check mode for one that does not exist yet.
      type: str
      sample: Application
    disabled_by_microsoft:
      description: Why Microsoft has disabled the app; null if it has not.
      type: str
      sample: null
    app_roles:
      description: The roles that the app declares.
      type: list
      elements: dict
      sample: []
      contains:
        id:
          description: The role's id.
          type: str
        value:
          description: The role's name in tokens.
          type: str
        enabled:
          description: Whether the role can be given.
          type: bool
        for_users:
          description: Whether the role can be given to users and groups.
          type: bool
        for_apps:
          description: Whether the role can be given to apps, as an application permission.
          type: bool
grants:
  description: The grants that the rules name, as they are afterwards; at most O(return_limit) of them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Graph's id of the grant; null in check mode for one that does not exist yet.
      type: str
      sample: l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk
    app_id:
      description: The app that may act (client).
      type: str
      sample: e7185a25-9df9-4d05-b779-76b04bf46424
    app_display_name:
      description: Its name in this tenant; null if it is not known.
      type: str
      sample: Microsoft 365 for Jira
    resource_app_id:
      description: The API that it may call.
      type: str
      sample: 00000003-0000-0000-c000-000000000000
    resource_display_name:
      description: Its name in this tenant; null if it is not known.
      type: str
      sample: Microsoft Graph
    consent_type:
      description: V(AllPrincipals) for all users, V(Principal) for one.
      type: str
      sample: Principal
    principal:
      description: The user or group; null for all users.
      type: dict
      sample: {id: 5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10, type: User, name: ada@contoso.example}
      contains:
        id:
          description: Object id.
          type: str
        type:
          description: V(User) or V(Group).
          type: str
        name:
          description: UPN of a user, display name of a group; null if it could not be read.
          type: str
    scopes:
      description: The scopes, sorted.
      type: list
      elements: str
      sample: [User.Read, openid]
assignments:
  description: The assignments that the rules name, as they are afterwards; at most O(return_limit) of them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Graph's id of the assignment; null in check mode for one that does not exist yet.
      type: str
      sample: ilwMWn4_U0qg1x8fOi-eECr6q3mVnd9Gl3e4GJjZQ1I
    app_id:
      description: The app whose role is assigned.
      type: str
      sample: e7185a25-9df9-4d05-b779-76b04bf46424
    app_display_name:
      description: Its name in this tenant; null if it is not known.
      type: str
      sample: Microsoft 365 for Jira
    principal:
      description: The user or group; null for all users.
      type: dict
      sample: {id: 5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10, type: User, name: ada@contoso.example}
      contains:
        id:
          description: Object id.
          type: str
        type:
          description: V(User) or V(Group).
          type: str
        name:
          description: UPN of a user, display name of a group; null if it could not be read.
          type: str
    app_role:
      description: V(default), or the role's value.
      type: str
      sample: default
    app_role_id:
      description: The role's id.
      type: str
      sample: 00000000-0000-0000-0000-000000000000
application_permissions:
  description: The application permissions that the rules name, as they are afterwards; at most O(return_limit) of them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Graph's id of the assignment; null in check mode for one that does not exist yet.
      type: str
      sample: ilwMWn4_U0qg1x8fOi-eECr6q3mVnd9Gl3e4GJjZQ1I
    app_id:
      description: The app that holds it.
      type: str
      sample: 5f1c8c2e-3b0a-4f0e-9a53-7d1d2b8f6a41
    app_display_name:
      description: Its name in this tenant; null if it is not known.
      type: str
      sample: Nightly directory sync
    resource_app_id:
      description: The API that it may call.
      type: str
      sample: 00000003-0000-0000-c000-000000000000
    resource_display_name:
      description: Its name in this tenant; null if it is not known.
      type: str
      sample: Microsoft Graph
    app_role:
      description: The role's value, or its id where it has none; V(default) for an assignment without a role.
      type: str
      sample: Group.Read.All
    app_role_id:
      description: The role's id; null in check mode on an API that is not in the tenant yet.
      type: str
      sample: 5b567255-7703-4780-807c-7be8301ae99b
    inherited:
      description: Whether an agent identity has it from its blueprint's principal, and not by itself.
      type: bool
      sample: false
summary:
  description:
    - What is taken away from whom, and who keeps access although no rule names them, one sentence each. The same in check
      mode. Empty when there is nothing of it.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: str
  sample: ["1 other keeps their grants of Microsoft 365 for Jira, which no rule names: prune: true takes them away."]
changes:
  description:
    - What was changed or, in check mode, would be, one entry for each object. Keys that do not apply are left out.
    - At most O(return_limit) entries.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(restore) (from the recycle bin), V(update) or V(delete).
      type: str
      sample: create
    kind:
      description: V(service_principal), V(delegated_permission_grant), V(app_role_assignment) or V(application_permission).
      type: str
      sample: delegated_permission_grant
    app_id:
      description: The app.
      type: str
      sample: e7185a25-9df9-4d05-b779-76b04bf46424
    app_display_name:
      description: Its name, if it is known.
      type: str
      sample: Microsoft 365 for Jira
    properties:
      description: For a service principal, the options that change, each with its value before and after.
      type: dict
      sample: {assignment_required: {before: false, after: true}}
    resource_app_id:
      description: For a grant, the API.
      type: str
      sample: 00000003-0000-0000-c000-000000000000
    consent_type:
      description: For a grant, V(AllPrincipals) or V(Principal).
      type: str
      sample: AllPrincipals
    scopes_added:
      description: For a grant, the scopes that are granted by this change.
      type: list
      elements: str
      sample: [Mail.Send.Shared]
    scopes_removed:
      description: For a grant, the scopes that are taken away by this change.
      type: list
      elements: str
      sample: []
    admin_consent_required:
      description: For a grant, whether an added scope needs an admin's consent by the API's own word.
      type: bool
      sample: false
    admin_scopes:
      description: For a grant, the added scopes that need an admin's consent by the API's own word.
      type: list
      elements: str
      sample: []
    risk:
      description:
        - For a grant, the highest risk among the added scopes, V(low), V(medium), V(high) or V(critical); V(unknown) for other
          APIs than Microsoft Graph, unless O(risk_levels) says otherwise. For an application permission its own, on another scale.
      type: str
      sample: medium
    resource_display_name:
      description: For an application permission, the API's name, if it is known.
      type: str
      sample: Microsoft Graph
    tier_0:
      description: How an application permission lets the app take over the tenant, if it does.
      type: str
      sample: "Lets the app grant itself, or any other app, every application permission."
    app_role:
      description: For an assignment or an application permission, V(default) or the role's value, or its id.
      type: str
      sample: default
    principal:
      description: The user or group.
      type: dict
      sample: {id: 5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10, type: User, name: ada@contoso.example}
    goes_along:
      description: For a service principal that is deleted, how many grants and assignments go with it and are no changes here.
      type: dict
      sample: {grants: 60, assignments: 3}
      contains:
        grants:
          description: Its delegated permission grants on other apps, and theirs on it.
          type: int
        assignments:
          description: What is assigned to it, users and groups included, and what it is assigned to.
          type: int
counts:
  description: How many there are, whatever O(return_limit) leaves of the lists.
  returned: always, unless the options or the tenant stand against the declaration
  type: dict
  contains:
    changes:
      description: Changes that were made or, in check mode, would be.
      type: int
      sample: 1
    failures:
      description: Changes that Graph refused.
      type: int
      sample: 0
    grants:
      description: Grants that the task names and that exist afterwards.
      type: int
      sample: 1
    assignments:
      description: Assignments that the task names and that exist afterwards.
      type: int
      sample: 1
    application_permissions:
      description: Application permissions that the rules name and that exist afterwards.
      type: int
      sample: 1
    others:
      description:
        - Grants, assignments and application permissions of the app that the rules do not name and that stay,
          because O(prune) is not set. The summary tells them, too.
        - It is null if not all of the app's were read. Of up to 20 named principals only theirs are; where these come from groups,
          those of all others are read beside them if they fit on a page.
      type: int
      sample: 0
failures:
  description:
    - Changes that Graph refused. The others were made; running again finishes the rest.
  returned: when at least one change failed
  type: list
  elements: dict
  contains:
    change:
      description: The change, as in RV(changes).
      type: dict
    msg:
      description: What went wrong and what to do.
      type: str
    status:
      description: HTTP status.
      type: int
    code:
      description: Graph's error code.
      type: str
    graph_message:
      description: Graph's own message.
      type: str
    request_id:
      description: Graph's id of the request, for Microsoft's support; null if it gave none.
      type: str
    missing_permission:
      description: With status 403, the application permissions of which one is missing, least privileged first.
      type: list
      elements: str
problems:
  description: What is wrong with the declared values, one sentence each.
  returned: when declared values are wrong, or do not exist in the tenant
  type: list
  elements: str
  sample: [There is no user 'nobody@contoso.example' in this tenant.]
error:
  description: Why Graph refused a request without which nothing could be done.
  returned: when Graph refused to tell the state of the tenant
  type: dict
  contains:
    msg:
      description: What went wrong and what to do.
      type: str
    status:
      description: HTTP status; V(0) when the connection was lost.
      type: int
    code:
      description: Graph's error code.
      type: str
    graph_message:
      description: Graph's own message.
      type: str
    request_id:
      description: Graph's id of the request, for Microsoft's support; null if it gave none.
      type: str
    missing_permission:
      description: With status 403, the application permissions of which one is missing, least privileged first.
      type: list
      elements: str
"""

from ansible_collections.tenantops.entra.plugins.module_utils._consent import declare
from ansible_collections.tenantops.entra.plugins.module_utils._module import apps, args, converge

SPEC = args.ArgumentSpec(
    {
        **apps.apps_option(),
        **args.REMOVALS,
        **args.RETURN_LIMIT,
        **args.VALIDATE_SCOPES,
        **args.RISK_LEVELS,
    }
)


def main() -> None:
    converge.run_state(SPEC, declare.tenant_consent, converge.everything)


if __name__ == "__main__":
    main()
