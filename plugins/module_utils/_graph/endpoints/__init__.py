# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request to Graph, one file for each kind of object, with the permissions that it takes. PRIVATE to tenantops.entra.

Application permissions of which one is enough stand least privileged first. The documentation's permission table is checked
against them.
"""
