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
positional: _input
options:
  _input:
    description: The apps.
    type: list
    elements: dict
    required: true
seealso:
  - module: tenantops.entra.tenant_consent_info
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

import yaml
from ansible.errors import AnsibleFilterError


class _Indented(yaml.SafeDumper):
    """Lists stand further in than their key, as yamllint wants it by default."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def consent_declaration(apps: object) -> str:
    if not isinstance(apps, list) or not all(isinstance(app, dict) for app in apps):
        raise AnsibleFilterError("consent_declaration takes the list of apps that tenant_consent_info exports.")
    document = {"consent_apps": _plain(apps)}
    return str(
        yaml.dump(document, Dumper=_Indented, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1000)
    )


def _plain(value: object) -> object:
    """Ansible's own kinds of texts and containers as Python's."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"consent_declaration": consent_declaration}
