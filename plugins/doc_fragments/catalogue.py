# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the filters on a vendor's catalogue have in common. PRIVATE to tenantops.entra."""

    # What is chosen of a catalogue
    DOCUMENTATION = r"""
options:
  _input:
    description:
      - The catalogue, the content of a file such as C(roles/m365_for_jira/files/microsoft_365_for_jira.yml) of this collection.
      - The README of role P(tenantops.entra.m365_for_jira#role) describes its keys.
    type: dict
    required: true
  features:
    description:
      - The chosen features, each by its name or as a mapping. At least one.
      - The keys of a mapping are C(name), C(options), C(users) and C(groups). Its C(options) are added to O(options); its
        C(users) and C(groups), if one of the two is there, stand in place of the common ones.
      - A feature may be listed more than once, so that its options differ for different users.
      - A text is taken apart at its commas. This holds for every list of names here.
    type: list
    elements: raw
    required: true
  options:
    description: Names of options; each goes to all chosen features that have it, and one of them must.
    type: list
    elements: str
    default: []
"""

    # For whom the features are approved
    ACCESS = r"""
options:
  access:
    description: How, and for whom, the features are approved.
    type: str
    required: true
    choices:
      all_users: One tenant-wide grant for each client.
      per_user: A grant and an assignment of the default role for each user, members of groups included.
      assigned: One tenant-wide grant for each client, which only assigned users and groups can sign in to.
      review: The service principals and no grant.
  users:
    description: User principal names or object ids. For O(access=per_user) and O(access=assigned).
    type: list
    elements: str
    default: []
  groups:
    description: Display names or object ids of groups. For O(access=per_user) and O(access=assigned).
    type: list
    elements: str
    default: []
  nested_groups:
    description: Whether members of groups in O(groups) count too. For O(access=per_user).
    type: bool
    default: true
  assignment_required:
    description: Whether only assigned users can sign in. Left alone if not given; always true for O(access=assigned).
    type: bool
  visible:
    description: Whether to tag the service principals so that the portal lists them. False leaves the tags alone.
    type: bool
    default: true
"""

    # What links look like
    LINKS = r"""
options:
  per_app:
    description: Whether to unite the features that share a client in one link.
    type: bool
    default: false
  redirect_uri:
    description: Where the administrator is sent to afterwards; by default what the catalogue says.
    type: str
  state:
    description: Text that the redirect carries back; by default what the catalogue says. Left out of the link if empty.
    type: str
  tenant:
    description: Id or domain of the tenant, or V(organizations) to let the administrator's sign-in decide.
    type: str
    default: organizations
  cloud:
    description: The Microsoft cloud of the tenant; decides the sign-in host.
    type: str
    choices: [public, us_government, us_government_dod, china]
    default: public
  authority_host:
    description: A sign-in host to use instead of that of O(cloud), as host name or as C(https) URL without a path.
    type: str
"""
