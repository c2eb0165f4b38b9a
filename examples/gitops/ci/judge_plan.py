# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell a plan with changes from one that could not be made: both end ansible-playbook with the same code.

Ends with 0 if there is a complete report on every tenant of the inventory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

OVERVIEW = Path("consent-reports", "overview.json")


def main() -> int:
    listing = subprocess.run(["ansible-inventory", "--list"], stdout=subprocess.PIPE, check=True)
    hosts = {host for group in json.loads(listing.stdout).values() for host in group.get("hosts", [])}
    if not OVERVIEW.exists():
        print("No plan was made; see above.")
        return 1
    tenants = {report["tenant"]: report["status"] for report in json.loads(OVERVIEW.read_bytes())["tenants"]}
    bad = sorted(host for host in hosts if tenants.get(host) not in ("as_declared", "drift"))
    if bad:
        print(f"The plan misses something of: {', '.join(bad)}; see above.")
        return 1
    print("The plan is complete. It has changes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
