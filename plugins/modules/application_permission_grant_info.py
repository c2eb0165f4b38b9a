# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: application_permission_grant_info
short_description: Read which application permissions apps have
version_added: 0.1.0
description:
  - Returns application permissions in the same form as M(tenantops.entra.application_permission_grant) - what apps, managed
    identities and agent identities may do without any user - of one app, of all apps on one API, or of one app on one API.
  - What an agent identity inherits from its blueprint's principal is there, too, and marked.
author:
  - tenantops contributors (@tenantops)
options:
  app_id:
    description:
      - Only those of this app, by application (client) id.
    type: str
  managed_identity:
    description:
      - Only those of this managed identity, by its Azure resource id.
    type: str
  resource_app_id:
    description:
      - Only those on this API, by application (client) id. Given alone, of all apps but those that inherit them.
    type: str
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.application_permission_grant
"""

EXAMPLES = r"""
- name: See which apps act on Microsoft Graph without any user
  tenantops.entra.application_permission_grant_info:
    resource_app_id: 00000003-0000-0000-c000-000000000000
  register: held
"""

RETURN = r"""
application_permissions:
  description: The application permissions.
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
problems:
  description: What could not be read of what an agent identity inherits, or what is wrong with the options, one sentence each.
  returned: always
  type: list
  elements: str
  sample: []
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
from ansible_collections.tenantops.entra.plugins.module_utils._module.find.application_permissions import (
    application_permissions,
)

SPEC = args.ArgumentSpec(
    {**args.WHICH_APP, "resource_app_id": {"type": "str"}},
    mutually_exclusive=(("app_id", "managed_identity"),),
    required_one_of=(("app_id", "managed_identity", "resource_app_id"),),
)


def main() -> None:
    run.run_info(SPEC, application_permissions)


if __name__ == "__main__":
    main()
