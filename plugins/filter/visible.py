# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: visible
short_description: Show what would not be seen of a text
version_added: 0.1.0
author: tenantops contributors
description:
  - Makes text that comes from a tenant safe to print. Control characters, marks that turn the direction of writing, characters without
    width and the like become C([U+202E]) and such; tabs and line breaks become blanks. So do the beginnings of commands that Azure
    Pipelines and GitHub Actions look for in a job's output.
  - The collection does so with everything that it prints by itself, such as diffs, warnings and failures. The data that modules return
    are as the tenant has them; use this filter where a playbook prints them.
positional: _input
options:
  _input:
    description: A text, or lists and mappings in which every text is to be shown.
    type: raw
    required: true
seealso:
  - plugin: tenantops.entra.to_data_yaml
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say what an app is called
  ansible.builtin.debug:
    msg: "{{ name | tenantops.entra.visible }}"
  vars:
    name: "invoice\u202Efdp.exe"
    # => invoice[U+202E]fdp.exe
"""

RETURN = r"""
_value:
  description: The same with visible text.
  type: raw
"""

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils import _text


def visible(data: object) -> t.Any:
    """Show every text in the data."""
    return _text.mapped(data, _text.visible)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"visible": visible}
