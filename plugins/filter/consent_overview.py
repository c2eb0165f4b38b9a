# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consent_overview
short_description: Sum the consent reports of tenants up
version_added: 0.1.0
author: tenantops contributors
description:
  - Makes one consent report over all tenants of a run. Its status is the worst of theirs, its counts are their sums.
  - V(failed) is worse than V(incomplete), that is worse than V(drift), and that is worse than V(as_declared).
positional: _input
options:
  _input:
    description: The tenants' reports, at least one, each of another tenant. They keep their order.
    type: list
    elements: dict
    required: true
  purpose:
    description: V(drift) for a report on what is, V(plan) for one on what applying would change.
    type: str
    choices: [drift, plan]
    required: true
  generated_at:
    description: When the report is made, such as V(2026-11-25T02:00:00Z).
    type: str
    required: true
seealso:
  - plugin: tenantops.entra.consent_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what is to be known of all tenants
  ansible.builtin.debug:
    msg: "{{ overview | tenantops.entra.consent_report('markdown') }}"
  vars:
    overview: "{{ [report] | tenantops.entra.consent_overview(purpose='drift', generated_at='2026-11-25T02:00:09Z') }}"
    report:
      schema_version: 1
      kind: tenant
      tenant: contoso
      tenant_id: contoso.example
      generated_at: "2026-11-25T02:00:00Z"
      purpose: drift
      status: failed
      complete: false
      problems: [Signing in failed.]
      counts: {apps: 0, missing: 0, extra: 0, changed: 0, undeclared: 0}
      apps: []
      undeclared: []
"""

RETURN = r"""
_value:
  description: The overview, as the collection's C(docs/report.schema.json) describes it.
  type: dict
  contains:
    schema_version:
      description: Always V(1).
      type: int
    kind:
      description: Always V(overview).
      type: str
    generated_at:
      description: As given.
      type: str
    purpose:
      description: As given.
      type: str
    status:
      description: The worst of the tenants' statuses.
      type: str
    counts:
      description: The sums of the tenants' counts.
      type: dict
    tenants:
      description: The reports as given.
      type: list
      elements: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import overview, shape


def consent_overview(reports: object, purpose: object = None, generated_at: object = None) -> shape.JSON:
    """Sum up; what is wrong with the input becomes an error of the filter."""
    try:
        return overview.overview(reports, purpose, generated_at)
    except shape.ReportError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., shape.JSON]]:
        return {"consent_overview": consent_overview}
