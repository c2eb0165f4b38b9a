# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How much of a long result the modules return that declare many objects."""

    DOCUMENTATION = r"""
options:
  return_limit:
    description:
      - How many entries each list in the result has at most. The returned C(counts) always tell how many there are.
      - A task that approves an app for ten thousand users has twenty thousand changes. In the result they take memory
        and time in Ansible, registered or not; the info modules list everything at any time.
    type: int
    default: 1000
"""
