# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: app_role_assignment_info
short_description: Read which users and groups are assigned to apps
version_added: 0.1.0
description:
  - Returns app role assignments in the same form as M(tenantops.entra.app_role_assignment), of one app, of some users and
    groups, or both. Assignments of other apps (application permissions) are left out.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - Only assignments to this app, by application (client) id.
    type: str
  users:
    description:
      - Only assignments of these users themselves, by UPN or object id.
    type: list
    elements: str
  groups:
    description:
      - Only assignments of these groups themselves, by display name or object id.
    type: list
    elements: str
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.app_role_assignment
"""

EXAMPLES = r"""
- name: See who is assigned to an app
  tenantops.entra.app_role_assignment_info:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
  register: assigned
"""

RETURN = r"""
assignments:
  description: The assignments.
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
from ansible_collections.tenantops.entra.plugins.module_utils._module.find.assignments import assignments

SPEC = args.ArgumentSpec(
    {
        "app_id": {"type": "str"},
        "users": {"type": "list", "elements": "str"},
        "groups": {"type": "list", "elements": "str"},
    },
    required_one_of=(("app_id", "users", "groups"),),
)


def main() -> None:
    run.run_info(SPEC, assignments)


if __name__ == "__main__":
    main()
