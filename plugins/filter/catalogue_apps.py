# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catalogue_apps
short_description: Turn features of a vendor's catalogue into apps for tenant_consent
version_added: 0.1.0
author: tenantops contributors
description:
  - Builds the option O(tenantops.entra.tenant_consent#module:apps) of M(tenantops.entra.tenant_consent) from the features
    that are chosen of a vendor's catalogue, and for whom.
  - Features that share a client become one app whose grant has the scopes of all of them; for each user, those of the
    features that the user has.
  - The result depends neither on the order of O(features) nor on that of O(options).
extends_documentation_fragment:
  - tenantops.entra.catalogue
  - tenantops.entra.catalogue.access
positional: _input, features
seealso:
  - plugin: tenantops.entra.catalogue_problem
    plugin_type: filter
  - plugin: tenantops.entra.catalogue_links
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the apps that approve two features for a group, and an optional part for one user more
  ansible.builtin.debug:
    msg: >-
      {{ catalogue | tenantops.entra.catalogue_apps(
           ['mail', {'name': 'calendar', 'options': ['rooms'], 'users': ['lead@contoso.example']}],
           access='per_user',
           groups=['Ticket users']) }}
  vars:
    catalogue:
      name: Contoso Tickets
      base_scopes: [openid, profile]
      apps:
        office:
          name: Contoso Tickets for Outlook
          app_id: b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11
      features:
        mail:
          title: Mail
          app: office
          scopes: [Mail.Read]
        calendar:
          title: Calendar
          app: office
          scopes: [Calendars.Read]
          options:
            rooms: [Place.Read.All]
    # => [{"app_id": "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11",
    #      "name": "Contoso Tickets for Outlook",
    #      "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
    #      "delegated_permissions": [
    #        {"scopes": ["openid", "profile", "Mail.Read"], "groups": ["Ticket users"], "nested_groups": true},
    #        {"scopes": ["openid", "profile", "Calendars.Read", "Place.Read.All"], "users": ["lead@contoso.example"]}],
    #      "assignments": [
    #        {"users": ["lead@contoso.example"], "groups": ["Ticket users"], "expand_groups": true,
    #         "nested_groups": true, "app_role": "default"}]}]
"""

RETURN = r"""
_value:
  description: The apps, one for each client, in the order of the catalogue.
  type: list
  elements: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue import approval
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible


def catalogue_apps(catalogue: object, features: object, **choice: t.Any) -> list[dict[str, t.Any]]:
    """Build the apps; what is wrong with the input becomes an error of the filter."""
    try:
        return approval.catalogue_apps(catalogue, features, **choice)
    except ValueError as error:
        raise AnsibleFilterError(visible(str(error))) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., list[dict[str, t.Any]]]]:
        return {"catalogue_apps": catalogue_apps}
