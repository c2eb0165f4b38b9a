# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_principal
short_description: Ensure that an app has a service principal in a tenant
version_added: 0.1.0
description:
  - Creates, restores, updates or deletes the service principal (enterprise application) of an app, which is what can be
    reviewed, restricted, granted permissions and assigned to users.
  - Options that are not given are left alone.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - The application (client) id of the app. It is the same in every tenant.
    type: str
    required: true
  state:
    description:
      - V(absent) moves the service principal to the recycle bin, with its grants and assignments. These count against
        O(max_removals), so the permission to read grants is needed, too.
    type: str
    default: present
    choices:
      - present
      - absent
  account_enabled:
    description:
      - Whether users can sign in to the app. Left alone when not given.
    type: bool
  assignment_required:
    description:
      - Whether only assigned users can sign in, and nobody can consent for themselves. Left alone when not given.
    type: bool
  tags:
    description:
      - Tags that must be there. Others are kept, because Graph mixes in the tags of the app registration.
      - V(WindowsAzureActiveDirectoryIntegratedApp) makes an app that was created through the API visible among the
        portal's enterprise applications, V(HideApp) hides it from the users' My Apps.
    type: list
    elements: str
  notes:
    description:
      - A text for admins, at most 1,024 characters. An empty one clears it. Left alone when not given.
    type: str
  notification_email_addresses:
    description:
      - Who is told when a SAML signing certificate is about to expire, exactly these. Left alone when not given.
    type: list
    elements: str
  restore:
    description:
      - Restore the app's service principal from the recycle bin if it was deleted in the last 30 days, instead of
        creating another one.
    type: bool
    default: true
  force:
    description:
      - Delete the service principal even if its app is owned by Microsoft.
    type: bool
    default: false
  max_removals:
    description:
      - Fail before the first write if more than this many objects would go with O(state=absent), which are the service
        principal, its grants on other apps and theirs on it, and assignments in both directions.
    type: int
    default: 100
extends_documentation_fragment:
  - tenantops.entra.attributes
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.service_principal_info
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: Create an app for review, visible in the portal
  tenantops.entra.service_principal:
    app_id: 89d5ca9f-d63b-4885-bd30-6e7433c1540c
    tags:
      - WindowsAzureActiveDirectoryIntegratedApp

- name: Let only assigned users sign in
  tenantops.entra.service_principal:
    app_id: 89d5ca9f-d63b-4885-bd30-6e7433c1540c
    assignment_required: true
    notes: Approved under CHG-1042

- name: Remove an app
  tenantops.entra.service_principal:
    app_id: 89d5ca9f-d63b-4885-bd30-6e7433c1540c
    state: absent
"""

RETURN = r"""
service_principal:
  description: The service principal as it is afterwards; null when there is none.
  returned: success
  type: dict
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
summary:
  description:
    - What is taken away from whom, and who keeps access although no rule names them, one sentence each. The same in check
      mode. Empty when there is nothing of it.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: str
  sample: ["Microsoft 365 for Jira loses its service principal. 60 grants and 3 assignments go with it."]
changes:
  description:
    - What was changed or, in check mode, would be, one entry for each object. Keys that do not apply are left out.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: dict
  contains:
    action:
      description: V(create), V(restore) (from the recycle bin), V(update) or V(delete).
      type: str
      sample: create
    kind:
      description: V(service_principal), V(delegated_permission_grant) or V(app_role_assignment).
      type: str
      sample: service_principal
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
  description: How many there are.
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

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import service_principal
from ansible_collections.tenantops.entra.plugins.module_utils._module import args, converge

SPEC = args.ArgumentSpec(
    {
        "app_id": {"type": "str", "required": True},
        **args.STATE,
        **service_principal.OPTIONS,
        **args.MAX_REMOVALS,
    }
)


def main() -> None:
    converge.run_state(SPEC, service_principal.declaration, converge.one_service_principal)


if __name__ == "__main__":
    main()
