# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: delegated_permission_grant_info
short_description: Read which delegated permissions apps have, for whom
version_added: 0.1.0
description:
  - Returns delegated permission grants in the same form as M(tenantops.entra.delegated_permission_grant), of one app, of
    some users, or both.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - Only grants of this app, by application (client) id.
    type: str
  resource_app_id:
    description:
      - Only grants on this API, by application (client) id.
    type: str
  users:
    description:
      - Only grants of these users, by UPN or object id. The grant for all users is not among them.
    type: list
    elements: str
  groups:
    description:
      - Only grants of the users in these groups, by display name or object id.
    type: list
    elements: str
  nested_groups:
    description:
      - Whether users in groups within O(groups) count.
    type: bool
    default: true
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.delegated_permission_grant
"""

EXAMPLES = r"""
- name: See who may use an app with which permissions
  tenantops.entra.delegated_permission_grant_info:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
  register: approved

- name: See what a user has consented to
  tenantops.entra.delegated_permission_grant_info:
    users:
      - ada@contoso.example
"""

RETURN = r"""
grants:
  description: The grants.
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
from ansible_collections.tenantops.entra.plugins.module_utils._module.find.grants import grants

SPEC = args.ArgumentSpec(
    {"app_id": {"type": "str"}, "resource_app_id": {"type": "str"}, **args.PRINCIPALS},
    required_one_of=(("app_id", "users", "groups"),),
)


def main() -> None:
    run.run_info(SPEC, grants)


if __name__ == "__main__":
    main()
