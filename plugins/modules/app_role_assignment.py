# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: app_role_assignment
short_description: Ensure which users and groups are assigned to an app
version_added: 0.1.0
description:
  - Assigns users and groups to a role of an app and removes such assignments, thousands in one task. An assignment lets
    users sign in to an app that requires it, and shows the app in their My Apps.
  - Other assignments are never touched, unless O(prune) says so.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - The application (client) id of the app whose role is assigned. Its service principal must exist; check mode takes
        it that an earlier task creates it.
    type: str
    required: true
  app_role:
    description:
      - The role, by value or id. V(default) is the default access of an app that declares no role for users; it is
        refused for an app that does.
    type: str
    default: default
  expand_groups:
    description:
      - Assign the users in O(groups) one by one instead of the group itself.
      - Entra ID does not honour groups in an assigned group, so expand where membership is nested.
    type: bool
    default: false
  users:
    description:
      - Users by UPN or object id.
    type: list
    elements: str
  groups:
    description:
      - Groups by display name or object id. Assigning groups takes an Entra ID P1 or P2 licence.
    type: list
    elements: str
  nested_groups:
    description:
      - Whether users in groups within O(groups) count, with O(expand_groups=true).
    type: bool
    default: true
  state:
    description:
      - V(absent) removes the assignments of this role.
    type: str
    default: present
    choices:
      - present
      - absent
  prune:
    description:
      - Also remove the assignments of this role to users and groups that the task does not name.
    type: bool
    default: false
  max_removals:
    description:
      - Fail before the first write if more than this many assignments would be removed.
    type: int
    default: 100
extends_documentation_fragment:
  - tenantops.entra.empty_groups
  - tenantops.entra.results
  - tenantops.entra.attributes
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.app_role_assignment_info
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: Assign a group and one more user to an app
  tenantops.entra.app_role_assignment:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    users:
      - lead@contoso.example
    groups:
      - Jira users

- name: Assign everybody in a group one by one, nested groups included
  tenantops.entra.app_role_assignment:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    groups:
      - Jira users
    expand_groups: true

- name: Remove a user's assignment
  tenantops.entra.app_role_assignment:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    users:
      - lead@contoso.example
    state: absent
"""

RETURN = r"""
assignments:
  description: The assignments that the task names, as they are afterwards; at most O(return_limit) of them.
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
summary:
  description:
    - What is taken away from whom, and who keeps access although no rule names them, one sentence each. The same in check
      mode. Empty when there is nothing of it.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: str
  sample: ["Microsoft 365 for Jira: the role default is taken from ada@contoso.example."]
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
      description: V(service_principal), V(delegated_permission_grant) or V(app_role_assignment).
      type: str
      sample: app_role_assignment
    app_id:
      description: The app.
      type: str
      sample: e7185a25-9df9-4d05-b779-76b04bf46424
    app_display_name:
      description: Its name, if it is known.
      type: str
      sample: Microsoft 365 for Jira
    app_role:
      description: For an assignment, V(default) or the role's value.
      type: str
      sample: default
    principal:
      description: The user or group.
      type: dict
      sample: {id: 5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10, type: User, name: ada@contoso.example}
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
    assignments:
      description: Assignments that the task names and that exist afterwards.
      type: int
      sample: 1
    others:
      description:
        - Assignments of the app that the task does not name and that stay, because O(prune) is not set. The summary tells them, too.
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

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import app_role_assignment
from ansible_collections.tenantops.entra.plugins.module_utils._module import args, converge

SPEC = args.ArgumentSpec(
    {
        "app_id": {"type": "str", "required": True},
        **args.ROLE,
        **args.PRINCIPALS,
        **args.STATE,
        **args.REMOVALS,
        **args.RETURN_LIMIT,
    }
)


def main() -> None:
    converge.run_state(SPEC, app_role_assignment.declaration, converge.objects_of(app_role_assignment.KIND))


if __name__ == "__main__":
    main()
