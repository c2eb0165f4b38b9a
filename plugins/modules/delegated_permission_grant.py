# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: delegated_permission_grant
short_description: Ensure which delegated permissions an app has, for whom
version_added: 0.1.0
description:
  - Grants, changes and revokes the delegated permissions (scopes) that an app has on an API on behalf of its users, for
    everybody or for thousands of single users in one task.
  - Existing grants are found and adopted, whoever made them. A grant that the task names ends with exactly O(scopes), so
    others that it has are taken away; O(append=true) keeps them. Grants that the task does not name are never touched,
    unless O(prune) says so.
  - With O(append=true), and with O(state=absent) and O(scopes), each grant is read again right before its change and once
    more after it, until it holds, so that tasks which run at the same time do not undo each other.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - The application (client) id of the app that is granted permissions. Its service principal must exist; check mode
        takes it that an earlier task creates it.
    type: str
    required: true
  resource_app_id:
    description:
      - The API that the scopes belong to, by application (client) id. The default is Microsoft Graph; with O(state=absent) and no
        O(scopes) it is every API.
    type: str
  scopes:
    description:
      - The scopes, at least one. O(state=absent) takes grants away.
      - Required with O(state=present).
    type: list
    elements: str
  all_users:
    description:
      - One grant for all users of the tenant (admin consent).
    type: bool
    default: false
  users:
    description:
      - Users by UPN or object id. Each gets a grant of their own.
    type: list
    elements: str
  groups:
    description:
      - Groups by display name or object id. Each user in them gets a grant of their own.
    type: list
    elements: str
  nested_groups:
    description:
      - Whether users in groups within O(groups) count.
    type: bool
    default: true
  state:
    description:
      - V(absent) takes O(scopes) away and deletes grants that have none left; without O(scopes) it deletes the grants, and without
        O(resource_app_id) too those on every API.
    type: str
    default: present
    choices:
      - present
      - absent
  append:
    description:
      - V(false) means exactly O(scopes), so what is granted besides is taken away; V(true) keeps it.
    type: bool
    default: false
  prune:
    description:
      - Also delete the grants of this app on this API that the task does not name.
    type: bool
    default: false
  max_removals:
    description:
      - Fail before the first write if more than this many grants would be deleted or lose scopes.
      - It holds as well for grants that only turn up while writing, because another run made them or Graph had not shown
        them before.
    type: int
    default: 100
  validate_scopes:
    description:
      - Check that the API publishes the scopes and has them enabled. Graph itself stores any text.
    type: bool
    default: true
extends_documentation_fragment:
  - tenantops.entra.empty_groups
  - tenantops.entra.results
  - tenantops.entra.attributes
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.delegated_permission_grant_info
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: Approve an app for all users
  tenantops.entra.delegated_permission_grant:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    scopes: [openid, profile, email, offline_access, User.Read, Mail.ReadWrite.Shared]
    all_users: true

- name: Approve an app for the users in a group and one more
  tenantops.entra.delegated_permission_grant:
    app_id: 89d5ca9f-d63b-4885-bd30-6e7433c1540c
    scopes: [openid, profile, email, offline_access, User.Read, Chat.ReadWrite]
    users:
      - lead@contoso.example
    groups:
      - Jira users

- name: Take one scope away from everybody's grant
  tenantops.entra.delegated_permission_grant:
    app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    scopes: [Mail.ReadWrite.Shared]
    all_users: true
    state: absent
"""

RETURN = r"""
grants:
  description: The grants that the task names, as they are afterwards; at most O(return_limit) of them.
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
      description: V(service_principal), V(delegated_permission_grant) or V(app_role_assignment).
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
          APIs than Microsoft Graph.
      type: str
      sample: medium
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
    grants:
      description: Grants that the task names and that exist afterwards.
      type: int
      sample: 1
    others:
      description:
        - Grants of the app that the task does not name and that stay, because O(prune) is not set. The summary tells them, too.
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

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import delegated_permission_grant
from ansible_collections.tenantops.entra.plugins.module_utils._module import args, converge

SPEC = args.ArgumentSpec(
    {
        "app_id": {"type": "str", "required": True},
        "scopes": {"type": "list", "elements": "str"},
        "append": {"type": "bool", "default": False},
        "resource_app_id": {"type": "str"},
        **args.ALL_USERS,
        **args.PRINCIPALS,
        **args.STATE,
        **args.REMOVALS,
        **args.RETURN_LIMIT,
        **args.VALIDATE_SCOPES,
    }
)


def main() -> None:
    converge.run_state(
        SPEC, delegated_permission_grant.declaration, converge.objects_of(delegated_permission_grant.KIND)
    )


if __name__ == "__main__":
    main()
