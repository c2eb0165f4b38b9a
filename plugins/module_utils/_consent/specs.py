# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces of argument specs that kinds and modules share. PRIVATE to tenantops.entra. Data only."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import DEFAULT_ROLE

Options: t.TypeAlias = dict[str, dict[str, t.Any]]

STRINGS: dict[str, t.Any] = {"type": "list", "elements": "str"}
STATE: Options = {"state": {"type": "str", "default": "present", "choices": ["present", "absent"]}}
PRINCIPALS: Options = {"users": STRINGS, "groups": STRINGS, "nested_groups": {"type": "bool", "default": True}}
ALL_USERS: Options = {"all_users": {"type": "bool", "default": False}}
ROLE: Options = {
    "app_role": {"type": "str", "default": DEFAULT_ROLE},
    "expand_groups": {"type": "bool", "default": False},
}


def rules(name: str, options: Options) -> Options:
    """Of an entry of ``apps``: an option that holds rules."""
    return {name: {"type": "list", "elements": "dict", "options": options}}
