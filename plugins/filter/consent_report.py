# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consent_report
short_description: Write a consent report as JSON, Markdown, JUnit XML or HTML
version_added: 0.1.0
author: tenantops contributors
description:
  - Turns a consent report, that of a tenant or an overview of many, into the text of a file.
  - Every format keeps apart what apps may do on behalf of users and what they may do as themselves, without a user.
  - Nothing is asked of Microsoft. The text depends on the report and on nothing else.
positional: _input, format
options:
  _input:
    description: The report, as the collection's C(docs/report.schema.json) describes it.
    type: dict
    required: true
  format:
    description:
      - V(json) is the whole report, its keys in a fixed order.
      - V(markdown) fits into a comment on a pull request, with fewer than 65,536 characters, and into the summary of a CI job.
        Long lists are cut, and say how much is left out.
      - V(junit) is JUnit XML, with a test suite for each tenant and a test case for each declared app.
      - V(html) is one page that needs no network, to search, to filter and to print.
    type: str
    choices: [json, markdown, junit, html]
    required: true
seealso:
  - plugin: tenantops.entra.consent_overview
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the report of a tenant as a page
  ansible.builtin.copy:
    content: "{{ report | tenantops.entra.consent_report('html') }}"
    dest: "{{ inventory_hostname }}.html"
    mode: "0600"
  vars:
    report:
      schema_version: 1
      kind: tenant
      tenant: contoso
      tenant_id: contoso.example
      generated_at: "2026-11-25T02:00:00Z"
      purpose: drift
      status: as_declared
      complete: true
      problems: []
      counts: {apps: 0, missing: 0, extra: 0, changed: 0, undeclared: 0}
      apps: []
      undeclared: []
"""

RETURN = r"""
_value:
  description: The text, with a line feed at its end.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import as_html, as_json, junit, markdown, shape

FORMATS: dict[str, t.Callable[[shape.JSON], str]] = {
    "json": as_json.render,
    "markdown": markdown.render,
    "junit": junit.render,
    "html": as_html.render,
}


def consent_report(report: object, format: object = None) -> str:
    """Write the report; what is wrong with the input becomes an error of the filter."""
    if not isinstance(format, str) or format not in FORMATS:
        raise AnsibleFilterError(
            f"The format of a consent report is one of {', '.join(FORMATS)}, not '{visible(str(format))}'."
        )
    try:
        return FORMATS[format](shape.plain(report))
    except shape.ReportError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"consent_report": consent_report}
