# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: consent_revocation
short_description: Declare that users must not have what they have
version_added: 0.1.0
author: tenantops contributors
description:
  - Makes of grants and assignments that were found the option O(tenantops.entra.tenant_consent#module:apps) of
    M(tenantops.entra.tenant_consent) that takes them away.
  - Only what users have by themselves is taken. Grants for all users and assignments of groups are left out.
  - Everything is named by its id, so that no name in the tenant decides what is taken, or is evaluated.
positional: _input, assignments
options:
  _input:
    description: Grants as M(tenantops.entra.delegated_permission_grant_info) returns them.
    type: list
    elements: dict
    required: true
  assignments:
    description: Assignments as M(tenantops.entra.app_role_assignment_info) returns them.
    type: list
    elements: dict
    required: true
seealso:
  - module: tenantops.entra.tenant_consent
  - module: tenantops.entra.delegated_permission_grant_info
  - module: tenantops.entra.app_role_assignment_info
"""

EXAMPLES = r"""
- name: Take from a user what was found
  tenantops.entra.tenant_consent:
    apps: "{{ granted.grants | tenantops.entra.consent_revocation(assigned.assignments) }}"
  vars:
    granted:
      grants:
        - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
          principal: {id: 5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10, type: User, name: ada@contoso.example}
    assigned:
      assignments: []
    # => - app_id: e7185a25-9df9-4d05-b779-76b04bf46424
    #      delegated_permissions:
    #        - state: absent
    #          users: [5b0c7e8a-3f7e-4a53-a0d7-1f1f3a2f9e10]
"""

RETURN = r"""
_value:
  description: The apps, sorted by their ids; empty if there is nothing to take.
  type: list
  elements: dict
"""

import typing as t
from collections import defaultdict

from ansible.errors import AnsibleFilterError

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    App: t.TypeAlias = dict[str, t.Any]


def consent_revocation(grants: object, assignments: object = None) -> list[App]:
    """Rules that take away what users have; what is wrong with the input becomes an error of the filter."""
    granted: dict[str, set[str]] = defaultdict(set)
    assigned: dict[tuple[str, str], set[str]] = defaultdict(set)
    try:
        for user, item in _of_users(grants):
            granted[str(item["app_id"])].add(user)
        for user, item in _of_users(assignments):
            assigned[str(item["app_id"]), str(item["app_role_id"])].add(user)
    except (TypeError, KeyError):
        raise AnsibleFilterError(
            "consent_revocation takes the grants that delegated_permission_grant_info returns and the assignments that "
            "app_role_assignment_info returns."
        ) from None
    apps: dict[str, App] = defaultdict(dict)
    for app_id, users in granted.items():
        # Without an API it is about every API.
        apps[app_id]["delegated_permissions"] = [{"state": "absent", "users": sorted(users)}]
    for (app_id, role_id), users in sorted(assigned.items()):
        rule = {"app_role": role_id, "state": "absent", "users": sorted(users)}
        apps[app_id].setdefault("assignments", []).append(rule)
    return [{"app_id": app_id, **rules} for app_id, rules in sorted(apps.items())]


def _of_users(items: t.Any) -> Iterator[tuple[str, Mapping[str, t.Any]]]:
    """Those that a user has, with the user's object id. Raises TypeError and KeyError for what is no such list."""
    if not isinstance(items, list):
        raise TypeError
    for item in items:
        principal = item["principal"]
        if principal is not None and principal["type"] == "User":
            yield str(principal["id"]), item


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, t.Callable[..., list[App]]]:
        return {"consent_revocation": consent_revocation}
