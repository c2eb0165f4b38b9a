# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: caller_info
short_description: Tell who is signed in and which permissions are missing
version_added: 0.1.0
description:
  - Returns the tenant, the identity that the connection options sign in as, and its permissions on Microsoft Graph as the access
    token holds them, checked against what is granted at present.
  - For each module of the collection, tells whether these are enough, and otherwise the least that is missing.
  - Needs no permission itself; what it may not read is null. It fails if Microsoft Graph does not take the token.
author:
  - tenantops contributors (@tenantops)
options:
  with_users:
    description:
      - Whether tasks will name users, or remove permissions and assignments that users have.
    type: bool
    default: true
  with_groups:
    description:
      - Whether tasks will name groups.
    type: bool
    default: true
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: See who is signed in
  tenantops.entra.caller_info: {}
  register: caller

- name: Ask what is needed for apps that are approved for all users
  tenantops.entra.caller_info:
    with_users: false
    with_groups: false
  register: caller
"""

RETURN = r"""
tenant:
  description: The tenant.
  returned: success
  type: dict
  contains:
    id:
      description: Its id; null if neither token nor Graph tell it.
      type: str
      sample: 5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10
    domain:
      description: Its default domain; null if it may not be read.
      type: str
      sample: contoso.example
    display_name:
      description: Its name; null if it may not be read.
      type: str
      sample: Contoso
identity:
  description: Who is signed in.
  returned: success
  type: dict
  contains:
    type:
      description: V(app), or V(user) when an app acts for a user; null if it is not known.
      type: str
      sample: app
    client_id:
      description: The app's application (client) id; null if it is not known.
      type: str
      sample: 7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11
    object_id:
      description: Object id of the user, or else of the app's service principal; null if it is not known.
      type: str
      sample: 8d1f3c5e-6b0a-4d52-9a6e-0c9f6f1f2a11
    display_name:
      description: The app's name; null if it is not known.
      type: str
      sample: automation
    user_principal_name:
      description: The user's; null without a user.
      type: str
      sample: ada@contoso.example
permissions:
  description: What the access token allows on Microsoft Graph.
  returned: success
  type: dict
  contains:
    application:
      description:
        - Application permissions. Of a token that can't be read, those that are granted at present; null if that is not known.
      type: list
      elements: str
      sample: [Directory.Read.All]
    delegated:
      description: Scopes, of a user's token; null if the token can't be read.
      type: list
      elements: str
      sample: []
granted:
  description:
    - What is granted on Microsoft Graph at present, to the app's service principal or, if the identity is a user, to the app for
      this user; null if it may not be read, RV(problems) says why then.
  returned: success
  type: list
  elements: str
  sample: [Directory.Read.All]
stale:
  description: Where the token is not what is granted at present.
  returned: success
  type: dict
  contains:
    not_in_token:
      description: What is granted and not in the token yet; null if RV(granted) is not known.
      type: list
      elements: str
      sample: []
    revoked:
      description: What is in the token and granted no more; null if RV(granted) is not known.
      type: list
      elements: str
      sample: []
    advice:
      description: What to do about it; null if there is no difference.
      type: str
      sample: null
expires_at:
  description: When the token ends, in UTC; null if it does not tell.
  returned: success
  type: str
  sample: "2026-11-25T02:59:59Z"
modules:
  description:
    - For each module of the collection, by its name, what the identity can do. C(can_read) says whether everything
      that a task may need to read can be read, in check mode too, users and groups included (O(with_users), O(with_groups)), and
      C(can_write) whether it can also be written; that is null for modules that only read. Both are null if the
      permissions are not known.
    - C(missing) is the least that is missing for reading, C(missing_for_writing) for reading and writing,
      and C(missing_for_extras) what only some of its options take - to delete service principals, or to tell who made a tenant
      drift. C(purposes) says for each of these permissions what it is for.
    - A user's directory roles are not looked at.
  returned: success
  type: dict
  sample:
    tenant_consent:
      can_read: true
      can_write: false
      missing: []
      missing_for_writing: [AppRoleAssignment.ReadWrite.All]
      missing_for_extras: []
      purposes: {AppRoleAssignment.ReadWrite.All: [assignments]}
problems:
  description: What could not be found out, one sentence each.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: Why Microsoft Graph did not take the token, or did not answer.
  returned: when Graph refused every request
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
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import caller

SPEC = args.ArgumentSpec(
    {
        "with_users": {"type": "bool", "default": True},
        "with_groups": {"type": "bool", "default": True},
    }
)


def main() -> None:
    run.run_info(SPEC, caller.caller)


if __name__ == "__main__":
    main()
