# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What is declared of apps, whichever module compares or applies it."""

    DOCUMENTATION = r"""
options:
  apps:
    description:
      - The apps, each once. An empty list is a declaration, too.
    type: list
    elements: dict
    required: true
    suboptions:
      app_id:
        description:
          - The application (client) id of the app. It is the same in every tenant.
          - Either this or O(apps[].managed_identity) is needed.
        type: str
      managed_identity:
        description:
          - The managed identity by its Azure resource id, because its client id is another one in each tenant.
        type: str
      name:
        description:
          - A label for results, used while the app is not in the tenant yet.
        type: str
      state:
        description:
          - V(absent) revokes everything of the app, its delegated permission grants, assignments and application permissions. What
            goes with its service principal counts against O(max_removals), too.
        type: str
        default: present
        choices:
          - present
          - absent
      remove_service_principal:
        description:
          - With O(apps[].state=absent), also delete the service principal.
        type: bool
        default: false
      account_enabled:
        description:
          - Whether users can sign in to the app. Left alone when not given.
        type: bool
      assignment_required:
        description:
          - Whether only assigned users can sign in, and nobody can consent for themselves. Left alone when not given.
        type: bool
      tags:
        description:
          - Tags that must be there. Others are kept, because Graph mixes in the tags of the app registration.
          - V(WindowsAzureActiveDirectoryIntegratedApp) makes an app that was created through the API visible among the
            portal's enterprise applications, V(HideApp) hides it from the users' My Apps.
        type: list
        elements: str
      notes:
        description:
          - A text for admins, at most 1,024 characters. An empty one clears it. Left alone when not given.
        type: str
      notification_email_addresses:
        description:
          - Who is told when a SAML signing certificate is about to expire, exactly these. Left alone when not given.
        type: list
        elements: str
      restore:
        description:
          - Restore the app's service principal from the recycle bin if it was deleted in the last 30 days, instead of
            creating another one.
        type: bool
        default: true
      force:
        description:
          - Delete the service principal even if its app is owned by Microsoft.
        type: bool
        default: false
      delegated_permissions:
        description:
          - Rules that say which scopes the app has, for whom. Left alone when not given.
        type: list
        elements: dict
        suboptions:
          scopes:
            description:
              - The scopes, at least one. To take all grants away that no rule names, leave the rule out and set O(prune=true).
              - Required with O(apps[].delegated_permissions[].state=present).
            type: list
            elements: str
          state:
            description:
              - V(absent) takes O(apps[].delegated_permissions[].scopes) away; without them it deletes the grants, and without
                O(apps[].delegated_permissions[].resource_app_id) too those on every API.
            type: str
            default: present
            choices:
              - present
              - absent
          all_users:
            description:
              - One grant for all users of the tenant (admin consent).
            type: bool
            default: false
          resource_app_id:
            description:
              - The API that the scopes belong to, by application (client) id. The default is Microsoft Graph.
            type: str
          users:
            description:
              - Users by UPN or object id. Each gets a grant of their own.
            type: list
            elements: str
          groups:
            description:
              - Groups by display name or object id. Each user in them gets a grant of their own.
            type: list
            elements: str
          nested_groups:
            description:
              - Whether users in groups within O(apps[].delegated_permissions[].groups) count.
            type: bool
            default: true
      assignments:
        description:
          - Rules that say who is assigned to the app. Left alone when not given.
        type: list
        elements: dict
        suboptions:
          app_role:
            description:
              - The role, by value or id. V(default) is the default access of an app that declares no role for users; it is
                refused for an app that does.
            type: str
            default: default
          state:
            description:
              - V(absent) takes the assignments of this role away.
            type: str
            default: present
            choices:
              - present
              - absent
          expand_groups:
            description:
              - Assign the users in O(apps[].assignments[].groups) one by one instead of the group itself.
              - Entra ID does not honour groups in an assigned group, so expand where membership is nested.
            type: bool
            default: false
          users:
            description:
              - Users by UPN or object id.
            type: list
            elements: str
          groups:
            description:
              - Groups by display name or object id.
            type: list
            elements: str
          nested_groups:
            description:
              - Whether users in groups within O(apps[].assignments[].groups) count, with O(apps[].assignments[].expand_groups=true).
            type: bool
            default: true
      application_permissions:
        description:
          - Rules that say what the app may do as itself, without any user. Left alone when not given.
        type: list
        elements: dict
        suboptions:
          app_roles:
            description:
              - The app roles, by value or id, at least one. V(default) assigns the app without a role, which an API allows that
                publishes none.
            type: list
            elements: str
            required: true
          resource_app_id:
            description:
              - The API that the roles belong to, by application (client) id. The default is Microsoft Graph.
            type: str
            default: 00000003-0000-0000-c000-000000000000
          accept_critical:
            description:
              - Whether permissions may be granted that let the app take over the tenant, such as
                C(RoleManagement.ReadWrite.Directory). The task fails without it, and says what such a permission can do.
            type: bool
            default: false
"""
