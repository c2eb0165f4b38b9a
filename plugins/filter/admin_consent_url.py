# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: admin_consent_url
short_description: Build an admin consent link
version_added: 0.1.0
author: tenantops contributors
description:
  - Builds the link on which an administrator approves the scopes of an app for a whole tenant, on the consent page of the
    Microsoft identity platform, version 2.0.
  - The link is for tenants in which automation may not consent. Nothing is asked of Microsoft to build it.
positional: _input, scopes
options:
  _input:
    description: Client id of the app.
    type: str
    required: true
  scopes:
    description:
      - The scopes to be approved, exactly these. A scope that is said twice appears once.
      - Scopes of an API other than Microsoft Graph begin with the API's identifier URI and a slash.
    type: list
    elements: str
    required: true
  redirect_uri:
    description:
      - Where the administrator is sent to afterwards. Must be one of the redirect URIs that the app has registered, character
        by character.
      - An V(https) URL without a fragment; V(http) only on V(localhost).
    type: str
    required: true
  tenant:
    description:
      - Id or domain of the tenant, or V(organizations) to let the administrator's sign-in decide.
      - V(common) does not work on this page and is refused.
    type: str
    default: organizations
  state:
    description: Text that the redirect carries back. Left out of the link if empty.
    type: str
  cloud:
    description: The Microsoft cloud of the tenant; decides the sign-in host.
    type: str
    choices: [public, us_government, us_government_dod, china]
    default: public
  authority_host:
    description: A sign-in host to use instead of that of O(cloud), as host name or as C(https) URL without a path.
    type: str
seealso:
  - plugin: tenantops.entra.catalogue_links
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the link that approves an app for one tenant
  ansible.builtin.debug:
    msg: >-
      {{ 'b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11' | tenantops.entra.admin_consent_url(
           ['openid', 'profile', 'User.Read'],
           redirect_uri='https://app.contoso.example/consented',
           tenant='contoso.example',
           state='ticket 4711') }}
    # => https://login.microsoftonline.com/contoso.example/v2.0/adminconsent?client_id=b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11
    #    &state=ticket%204711&redirect_uri=https%3A%2F%2Fapp.contoso.example%2Fconsented&scope=openid%20profile%20User.Read

- name: Show the same link for a tenant of the United States government
  ansible.builtin.debug:
    msg: >-
      {{ 'b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11' | tenantops.entra.admin_consent_url(
           ['openid', 'profile', 'User.Read'],
           redirect_uri='https://app.contoso.example/consented',
           cloud='us_government') }}
"""

RETURN = r"""
_value:
  description: The link.
  type: str
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue import consent_url
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible


def admin_consent_url(client_id: object, scopes: object = None, redirect_uri: object = None, **place: t.Any) -> str:
    """Build the link; what is wrong with the input becomes an error of the filter."""
    try:
        return consent_url.admin_consent_url(client_id, scopes, redirect_uri=redirect_uri, **place)
    except ValueError as error:
        raise AnsibleFilterError(visible(str(error))) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        return {"admin_consent_url": admin_consent_url}
