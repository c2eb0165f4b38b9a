# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consent_declaration
short_description: Write exported apps as YAML to commit
version_added: 0.1.0
author: tenantops contributors
description:
  - Writes the apps that M(tenantops.entra.tenant_consent_info) exported as the variable C(consent_apps), in the order they come in
    and in the form that linters ask for, so that a diff in Git shows just what changed.
  - Names and other texts of a tenant stay data. What could be a template is marked C(!unsafe), so that Ansible evaluates nothing when it
    reads the file, as variables of a host, in C(vars_files) or with C(-e @); see P(tenantops.entra.to_data_yaml#filter).
positional: _input
options:
  _input:
    description: The apps.
    type: list
    elements: dict
    required: true
seealso:
  - module: tenantops.entra.tenant_consent_info
  - plugin: tenantops.entra.to_data_yaml
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show an export as a file would have it
  ansible.builtin.debug:
    msg: "{{ apps | tenantops.entra.consent_declaration }}"
  vars:
    apps:
      - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
        delegated_permissions:
          - {scopes: [openid, User.Read], all_users: true}
    # => consent_apps:
    #      - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    #        delegated_permissions:
    #          - scopes:
    #              - openid
    #              - User.Read
    #            all_users: true
"""

RETURN = r"""
_value:
  description: A YAML document's text.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.plugin_utils import _yaml


def consent_declaration(apps: object) -> str:
    if not isinstance(apps, list) or not all(isinstance(app, dict) for app in apps):
        raise AnsibleFilterError("consent_declaration takes the list of apps that tenant_consent_info exports.")
    try:
        return _yaml.document({"consent_apps": apps})
    except _yaml.UnwritableError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"consent_declaration": consent_declaration}
