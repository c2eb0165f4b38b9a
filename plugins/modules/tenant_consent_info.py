# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tenant_consent_info
short_description: Export a tenant's consent state as a declaration, or tell where it is not as declared
version_added: 0.1.0
description:
  - Without O(declared), returns the live state as O(tenantops.entra.tenant_consent#module:apps) of
    M(tenantops.entra.tenant_consent); given back, it changes nothing.
  - With O(declared), compares the tenant with that declaration and returns a report of what is missing, extra or changed, and
    of apps that hold consent of any kind although nobody declared them.
author:
  - tenantops contributors (@tenantops)
options:
  declared:
    description:
      - The declaration to compare with, as O(tenantops.entra.tenant_consent#module:apps). An empty list declares that no app holds
        anything.
    type: list
    elements: dict
  undeclared:
    description:
      - With O(declared), whether to look through the whole tenant for apps that it does not name and that hold anything - delegated
        permissions, application permissions or assignments. Consent that users gave themselves is summed up by app.
    type: bool
    default: true
  attribution:
    description:
      - With O(declared), whether to look up in the tenant's audit log who made it drift. Takes the permission
        C(AuditLog.Read.All); entries are kept for 7 or 30 days, by the tenant's licence.
    type: bool
    default: false
  risk_levels:
    description:
      - Your own judgement of scopes, as O(tenantops.entra.tenant_consent#module:risk_levels).
    type: dict
    default: {}
  validate_scopes:
    description:
      - With O(declared), whether declared scopes must be published by their API.
    type: bool
    default: true
  allow_empty_groups:
    description:
      - With O(declared), whether a group in which no user is seen is meant to name nobody. By default what users may have
        through it is not told as extra; the report is incomplete instead, and says so of the group.
    type: bool
    default: false
  app_ids:
    description:
      - The apps to export. Without it, and without O(publisher_tenant_ids), all that hold anything.
    type: list
    elements: str
  publisher_tenant_ids:
    description:
      - Export all apps of these publishers, by the id of the tenant in which their apps are registered.
    type: list
    elements: str
  rehearsal:
    description:
      - Also return the state as a seed of the simulated tenant (C(entra-simulator serve --seed)), to try declarations on a copy.
        It holds the users and groups that have something, and those that O(declared) names.
    type: bool
    default: false
  pseudonymize:
    description:
      - Export users and groups under invented names.
    type: bool
    default: false
extends_documentation_fragment:
  - tenantops.entra.attributes.info
  - tenantops.entra.connection
seealso:
  - module: tenantops.entra.tenant_consent
"""

EXAMPLES = r"""
- name: Export the consent state of the tenant
  tenantops.entra.tenant_consent_info: {}
  register: live

- name: Look for drift and for what nobody declared
  tenantops.entra.tenant_consent_info:
    declared:
      - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
        name: Microsoft 365 for Jira
        delegated_permissions:
          - scopes: [openid, profile, User.Read]
            all_users: true
  register: found

- name: Make a copy of the tenant to rehearse on, with nobody's real name in it
  tenantops.entra.tenant_consent_info:
    rehearsal: true
    pseudonymize: true
  register: copy
"""

RETURN = r"""
apps:
  description:
    - The live state, as O(tenantops.entra.tenant_consent#module:apps), sorted and the same from run to run.
  returned: with an export, that is without O(declared) or with O(rehearsal)
  type: list
  elements: dict
  sample:
    - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
      name: Microsoft 365 for Jira
      account_enabled: true
      assignment_required: false
      delegated_permissions:
        - {scopes: [User.Read, openid], all_users: true}
      assignments:
        - {app_role: default, users: [lead@contoso.example]}
seed:
  description: A seed of the simulated tenant. Write it to a file with the filter P(tenantops.entra.to_data_yaml#filter).
  returned: with O(rehearsal)
  type: dict
report:
  description:
    - Where the tenant is not as declared. The documentation has its schema (C(docs/report.schema.json)); the name of the tenant
      and the purpose are added by the role that writes reports.
  returned: with O(declared), unless with O(rehearsal)
  type: dict
  contains:
    schema_version:
      description: Changes when readers have to.
      type: int
      sample: 1
    kind:
      description: V(tenant).
      type: str
      sample: tenant
    tenant_id:
      description: The tenant as given; null if it was not.
      type: str
      sample: contoso.example
    generated_at:
      description: When the report was made, in UTC.
      type: str
      sample: "2026-11-25T02:00:00Z"
    status:
      description: V(as_declared), V(drift), or V(incomplete) when a part could not be read.
      type: str
      sample: drift
    complete:
      description: Whether everything could be read.
      type: bool
      sample: true
    problems:
      description: What could not be read, one sentence each.
      type: list
      elements: str
      sample: []
    counts:
      description: How many apps are declared and undeclared, and how many objects are V(missing), V(extra) and V(changed).
      type: dict
      sample: {apps: 1, missing: 1, extra: 0, changed: 0, undeclared: 0}
    apps:
      description: The declared apps with what they are granted, who is assigned, and where they drifted.
      type: list
      elements: dict
    undeclared:
      description: Apps that have delegated permissions and are not declared, the riskiest first.
      type: list
      elements: dict
problems:
  description:
    - With an export, what could not be declared; when the task fails, what is wrong with the declared values. One sentence
      each.
  returned: with an export; when declared values are wrong or do not exist in the tenant
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

from ansible_collections.tenantops.entra.plugins.module_utils._module import args, inspect, run

SPEC = args.ArgumentSpec(
    {
        "declared": {"type": "list", "elements": "dict"},
        "undeclared": {"type": "bool", "default": True},
        "attribution": {"type": "bool", "default": False},
        **args.RISK_LEVELS,
        **args.VALIDATE_SCOPES,
        **args.ALLOW_EMPTY_GROUPS,
        "app_ids": {"type": "list", "elements": "str"},
        "publisher_tenant_ids": {"type": "list", "elements": "str"},
        "rehearsal": {"type": "bool", "default": False},
        "pseudonymize": {"type": "bool", "default": False},
    }
)


def main() -> None:
    run.run_info(SPEC, inspect.tenant_consent)


if __name__ == "__main__":
    main()
