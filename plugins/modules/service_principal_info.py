# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_principal_info
short_description: Read the service principals of apps
version_added: 0.1.0
description:
  - Returns the service principals of apps in a tenant, in the same form as M(tenantops.entra.service_principal).
author:
  - tenantops contributors (@tenantops)
options:
  app_ids:
    description:
      - The application (client) ids of the apps. Those without a service principal are left out of the result.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.service_principal
"""

EXAMPLES = r"""
- name: See whether an app is in the tenant
  tenantops.entra.service_principal_info:
    app_ids:
      - e7185a25-9df9-4d05-b779-76b04bf46424
  register: apps
"""

RETURN = r"""
service_principals:
  description: The service principals that exist, in the order asked for.
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

from ansible_collections.tenantops.entra.plugins.module_utils._module import args, run
from ansible_collections.tenantops.entra.plugins.module_utils._module.find.service_principals import service_principals

SPEC = args.ArgumentSpec({"app_ids": {"type": "list", "elements": "str", "required": True}})


def main() -> None:
    run.run_info(SPEC, service_principals)


if __name__ == "__main__":
    main()
