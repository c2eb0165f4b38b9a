# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catalogue_problem
short_description: Say what is wrong with a choice from a vendor's catalogue
version_added: 0.1.0
author: tenantops contributors
description:
  - Returns the sentence with which P(tenantops.entra.catalogue_apps#filter) or P(tenantops.entra.catalogue_links#filter)
    would refuse the same input, so that a task can fail with nothing but that sentence.
  - The input is judged as one for P(tenantops.entra.catalogue_apps#filter) if O(access) is given, otherwise as one for
    P(tenantops.entra.catalogue_links#filter).
extends_documentation_fragment:
  - tenantops.entra.catalogue
  - tenantops.entra.catalogue.access
  - tenantops.entra.catalogue.links
positional: _input, features
options:
  access:
    required: false
seealso:
  - plugin: tenantops.entra.catalogue_apps
    plugin_type: filter
  - plugin: tenantops.entra.catalogue_links
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse a choice that the catalogue does not offer
  ansible.builtin.fail:
    msg: "{{ problem }}"
  when: problem | length > 0
  vars:
    problem: "{{ catalogue | tenantops.entra.catalogue_problem(features, access='all_users') }}"
    features: [calendar]
    catalogue:
      name: Contoso Tickets
      apps:
        office:
          name: Contoso Tickets for Outlook
          app_id: b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11
      features:
        calendar:
          title: Calendar
          app: office
          scopes: [Calendars.Read]
    # => skipped; with the feature "calender" it fails:
    #    Unknown feature 'calender' (did you mean 'calendar'?): choose from calendar.
"""

RETURN = r"""
_value:
  description: The sentence, or empty text if nothing is wrong.
  type: str
"""

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue import approval


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"catalogue_problem": approval.catalogue_problem}
