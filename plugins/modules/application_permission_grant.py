# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_permission_grant
short_description: Ensure which application permissions an app has
version_added: 0.1.0
description:
  - Grants and revokes application permissions - app roles of an API that an app holds itself, so that it acts without any user - of
    an app, a managed identity or an agent identity. For a managed identity there is no consent screen and no page of the portal.
  - Existing ones are found and adopted, whoever granted them. The app ends with exactly O(app_roles) of the API, so others that it
    holds of this API are taken away; O(append=true) keeps them. Those of other APIs are never touched, unless O(prune) says so.
  - What an agent identity inherits from its blueprint's principal is not its own, and is never removed.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - The application (client) id of the app. Its service principal must exist; check mode takes it that an earlier task creates
        it.
      - Either this or O(managed_identity) is needed.
    type: str
  managed_identity:
    description:
      - The managed identity by its Azure resource id, because its client id is another one in each tenant.
    type: str
  resource_app_id:
    description:
      - The API, by application (client) id. The default is Microsoft Graph; with O(state=absent) and no O(app_roles) it is every
        API.
    type: str
  app_roles:
    description:
      - The app roles, by value or id, at least one. V(default) assigns the app without a role, which an API allows that publishes
        none.
      - Required with O(state=present).
    type: list
    elements: str
  accept_critical:
    description:
      - Whether permissions may be granted that let the app take over the tenant, such as C(RoleManagement.ReadWrite.Directory). The
        task fails without it, and says what such a permission can do.
    type: bool
    default: false
  state:
    description:
      - V(absent) takes O(app_roles) away; without O(app_roles) all application permissions.
    type: str
    default: present
    choices:
      - present
      - absent
  append:
    description:
      - V(false) means exactly O(app_roles) of this API; V(true) keeps what the app holds besides.
    type: bool
    default: false
  prune:
    description:
      - Also revoke the app's application permissions on other APIs.
    type: bool
    default: false
  max_removals:
    description:
      - Fail before the first write if more than this many application permissions would be revoked.
    type: int
    default: 100
  risk_levels:
    description:
      - Your own judgement of application permissions, before the shipped table of Microsoft Graph's. Keys are such as
        V(application/Mail.Read), or for one API V(application/00000003-0000-0000-c000-000000000000/Mail.Read); values are V(low),
        V(medium), V(high), V(critical) or V(unknown).
    type: dict
    default: {}
extends_documentation_fragment:
  - tenantops.entra.results
  - tenantops.entra.attributes
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.application_permission_grant_info
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: Let an app read all groups without any user
  tenantops.entra.application_permission_grant:
    app_id: c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b
    app_roles: [Group.Read.All]

- name: Let an app manage apps, which lets it take over the tenant
  tenantops.entra.application_permission_grant:
    app_id: c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b
    app_roles: [Application.ReadWrite.All]
    accept_critical: true
    append: true

- name: Take away all that an app may do as itself, on every API
  tenantops.entra.application_permission_grant:
    app_id: c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b
    state: absent
"""

RETURN = r"""
application_permissions:
  description: The application permissions that the task names, as they are afterwards; at most O(return_limit) of them.
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
    - What is taken away, and what the app keeps although no rule names it, one sentence each. The same in check mode. Empty when
      there is nothing of it.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: str
  sample: ["Nightly directory sync loses 1 application permission on Microsoft Graph: Mail.Read."]
changes:
  description:
    - What was changed or, in check mode, would be, one entry for each object. Keys that do not apply are left out.
    - At most O(return_limit) entries.
  returned: always, unless the options or the tenant stand against the declaration
  type: list
  elements: dict
  contains:
    action:
      description: V(create) or V(delete).
      type: str
      sample: create
    kind:
      description: V(application_permission).
      type: str
      sample: application_permission
    app_id:
      description: The app.
      type: str
      sample: 5f1c8c2e-3b0a-4f0e-9a53-7d1d2b8f6a41
    app_display_name:
      description: Its name, if it is known.
      type: str
      sample: Nightly directory sync
    resource_app_id:
      description: The API.
      type: str
      sample: 00000003-0000-0000-c000-000000000000
    resource_display_name:
      description: Its name, if it is known.
      type: str
      sample: Microsoft Graph
    app_role:
      description: For an assignment or an application permission, V(default) or the role's value, or its id.
      type: str
      sample: Group.Read.All
    risk:
      description:
        - V(low), V(medium), V(high) or V(critical) on the scale of application permissions, which reach everybody's data;
          V(unknown) for those that nobody has judged.
      type: str
      sample: high
    tier_0:
      description: How the permission lets the app take over the tenant, if it does.
      type: str
      sample: "Lets the app grant itself, or any other app, every application permission."
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
    application_permissions:
      description: Application permissions that the task names and that exist afterwards.
      type: int
      sample: 1
    others:
      description: Application permissions of the app that the task does not name and that stay, because O(prune) is not set.
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

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import application_permission
from ansible_collections.tenantops.entra.plugins.module_utils._module import args, converge

SPEC = args.ArgumentSpec(
    {
        **args.WHICH_APP,
        "resource_app_id": {"type": "str"},
        "app_roles": {"type": "list", "elements": "str"},
        "accept_critical": {"type": "bool", "default": False},
        **args.STATE,
        "append": {"type": "bool", "default": False},
        "prune": {"type": "bool", "default": False},
        **args.MAX_REMOVALS,
        **args.RISK_LEVELS,
        **args.RETURN_LIMIT,
    },
    mutually_exclusive=(("app_id", "managed_identity"),),
    required_one_of=(("app_id", "managed_identity"),),
)


def main() -> None:
    converge.run_state(SPEC, application_permission.declaration, converge.objects_of(application_permission.KIND))


if __name__ == "__main__":
    main()
