# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: catalogue_links
short_description: Turn features of a vendor's catalogue into admin consent links
version_added: 0.1.0
author: tenantops contributors
description:
  - Builds the links on which an administrator approves the chosen features of a vendor's catalogue for all users.
  - For tenants in which automation may not consent. Nothing is asked of Microsoft to build them.
  - For whom O(features) are chosen plays no part.
extends_documentation_fragment:
  - tenantops.entra.catalogue
  - tenantops.entra.catalogue.links
positional: _input, features
seealso:
  - plugin: tenantops.entra.admin_consent_url
    plugin_type: filter
  - plugin: tenantops.entra.catalogue_problem
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the link for a feature with an option
  ansible.builtin.debug:
    msg: "{{ catalogue | tenantops.entra.catalogue_links(['calendar'], options=['rooms'], tenant='contoso.example') }}"
  vars:
    catalogue:
      name: Contoso Tickets
      base_scopes: [openid, profile]
      links:
        redirect_uri: https://tickets.contoso.example/consented
      apps:
        office:
          name: Contoso Tickets for Outlook
          app_id: b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11
      features:
        calendar:
          title: Calendar
          app: office
          scopes: [Calendars.Read]
          options:
            rooms: [Place.Read.All]
    # => [{"title": "Calendar (rooms)",
    #      "features": ["calendar"],
    #      "app_name": "Contoso Tickets for Outlook",
    #      "app_id": "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11",
    #      "scopes": ["openid", "profile", "Calendars.Read", "Place.Read.All"],
    #      "url": "https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?client_id=…"}]
"""

RETURN = r"""
_value:
  description: The links, in the order of the catalogue.
  type: list
  elements: dict
  contains:
    title:
      description: The features' titles, each with its options.
      type: str
    features:
      description: Names of the features that the link approves.
      type: list
      elements: str
    app_name:
      description: Name of the app.
      type: str
    app_id:
      description: Client id of the app.
      type: str
    scopes:
      description: The scopes that the link approves.
      type: list
      elements: str
    url:
      description: The link.
      type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue import approval
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible


def catalogue_links(catalogue: object, features: object, **choice: t.Any) -> list[dict[str, t.Any]]:
    """Build the links; what is wrong with the input becomes an error of the filter."""
    try:
        return approval.catalogue_links(catalogue, features, **choice)
    except ValueError as error:
        raise AnsibleFilterError(visible(str(error))) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., list[dict[str, t.Any]]]]:
        return {"catalogue_links": catalogue_links}
