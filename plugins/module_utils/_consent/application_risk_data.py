# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How risky application permissions are: data. PRIVATE to tenantops.entra."""

from __future__ import annotations

LEVELS: dict[str, str] = {"high": "Mail.Read"}
TIER_0: dict[str, dict[str, str]] = {
    "00000003-0000-0000-c000-000000000000": {
        "Directory.ReadWrite.All": "add itself to groups that hold roles",
        "AppRoleAssignment.ReadWrite.All": "grant itself, or any other app, every application permission",
    }
}
OTHER_APIS: dict[str, dict[str, str]] = {}
