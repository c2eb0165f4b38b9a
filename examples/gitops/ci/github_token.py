# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetch this GitHub job's OIDC token into the file that AZURE_FEDERATED_TOKEN_FILE names, for this user only.

The job needs the permission id-token: write. The token lives for five minutes: call this right before signing in.
"""

from __future__ import annotations

import json
import os
import urllib.parse
import urllib.request
from pathlib import Path

AUDIENCE = "api://AzureADTokenExchange"


def main() -> None:
    query = urllib.parse.urlencode({"audience": AUDIENCE})
    request = urllib.request.Request(
        f"{os.environ['ACTIONS_ID_TOKEN_REQUEST_URL']}&{query}",
        headers={"Authorization": f"Bearer {os.environ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        token = json.load(answer)["value"]
    print(f"::add-mask::{token}")
    path = Path(os.environ["AZURE_FEDERATED_TOKEN_FILE"])
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(token)


if __name__ == "__main__":
    main()
