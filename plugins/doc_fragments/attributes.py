# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation that all modules share: what they can do."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of state modules; C(INFO) of those that only read."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what would change, without changing anything.
    support: full
  diff_mode:
    description: Shows what changes, or would change, when run with C(--diff).
    support: full
  idempotent:
    description: Run again in the same way, it changes nothing.
    support: full
  action_group:
    description: Use C(group/tenantops.entra.tenant) in C(module_defaults) to set the connection once for a play.
    support: full
    membership:
      - tenantops.entra.tenant
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what would change, without changing anything.
    support: full
    details:
      - This module reads only.
  diff_mode:
    description: Shows what changes, or would change, when run with C(--diff).
    support: N/A
    details:
      - This module reads only.
  idempotent:
    description: Run again in the same way, it changes nothing.
    support: full
    details:
      - This module reads only.
  action_group:
    description: Use C(group/tenantops.entra.tenant) in C(module_defaults) to set the connection once for a play.
    support: full
    membership:
      - tenantops.entra.tenant
"""
