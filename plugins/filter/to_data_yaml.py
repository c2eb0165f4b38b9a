# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: to_data_yaml
short_description: Write data as YAML in which Ansible evaluates nothing
version_added: 0.1.0
author: tenantops contributors
description:
  - Writes data that comes from a tenant as YAML for a file that Ansible may read again. What Ansible reads from a file it evaluates as a
    template, also where it is the name that somebody gave an app.
  - Every text that could be a template is marked C(!unsafe), which all versions of ansible-core honour in variables of hosts and
    groups, in C(vars_files) and with C(-e @). A program that reads the file must know that tag.
  - The text reads back as the same data. What would not be seen, such as control characters and marks that turn the direction of
    writing, is escaped; long texts are folded so that no line has more than 160 characters.
positional: _input
options:
  _input:
    description:
      - Mappings, lists, texts, whole numbers, truth values and nulls. Keys must consist of lower case letters, digits and underscores,
        since a key can't be marked.
    type: raw
    required: true
seealso:
  - plugin: tenantops.entra.consent_declaration
    plugin_type: filter
  - plugin: tenantops.entra.visible
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Keep the grants of an app in a file
  ansible.builtin.copy:
    content: "{{ {'grants': found.grants} | tenantops.entra.to_data_yaml }}"
    dest: "{{ playbook_dir }}/grants.yml"
    mode: "0640"
  vars:
    found:
      grants:
        - app_display_name: !unsafe "Contoso {{ site }}"
          scopes: [openid, User.Read]
    # => grants:
    #      - app_display_name: !unsafe 'Contoso {{ site }}'
    #        scopes:
    #          - openid
    #          - User.Read
"""

RETURN = r"""
_value:
  description: A YAML document's text.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.plugin_utils import _yaml


def to_data_yaml(data: object) -> str:
    """Write the data; what can't be written becomes an error of the filter."""
    try:
        return _yaml.document(data)
    except _yaml.UnwritableError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"to_data_yaml": to_data_yaml}
