# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short words for what most tests do, and the apps of the example tenant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from entra_simulator.testing import SimulatedTenant

SEEDS = Path(__file__).parent.parent / "seeds"
JIRA = "e7185a25-9df9-4d05-b779-76b04bf46424"
TODO = "32d752a1-8945-4600-97c9-73ed32c3627a"
CRM = "c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b"
GRAPH = "00000003-0000-0000-c000-000000000000"
NOBODY = "dddddddd-0000-4000-8000-000000000000"


class Tenant:
    """Short words for what most tests do."""

    def __init__(self, simulated: SimulatedTenant, initial: dict[str, Any]) -> None:
        self.simulated = simulated
        self.initial = initial

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """One request as the automation."""
        return self.simulated.graph(method, path, body, **more)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """One request that must succeed: its body."""
        status, answer = self.call(method, path, body, **more)
        assert status < 300, answer
        return answer

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str, str]:
        """One request that must fail: status, code and message."""
        status, answer = self.call(method, path, body, **more)
        assert status >= 400, answer
        error = answer["error"]
        assert {"date", "request-id", "client-request-id"} <= set(error["innerError"])
        return status, error["code"], error["message"]

    def every(self, path: str, **more: Any) -> list[Any]:
        """All rows of a list, page after page."""
        rows: list[Any] = []
        link: str | None = path
        while link:
            page = self.ok("GET", link, **more)
            rows += page["value"]
            link = page.get("@odata.nextLink")
        return rows

    def app(self, app_id: str) -> str:
        """The object id of an app's service principal, created if need be."""
        found = self.ok("GET", f"/servicePrincipals?$filter=appId eq '{app_id}'&$select=id")["value"]
        if found:
            return str(found[0]["id"])
        return str(self.ok("POST", "/servicePrincipals", {"appId": app_id})["id"])

    def user(self, upn: str) -> str:
        """The object id of a user."""
        return str(self.ok("GET", f"/users/{upn}?$select=id")["id"])

    def group(self, name: str) -> str:
        """The object id of the first group of a name."""
        return str(self.ok("GET", f"/groups?$filter=displayName eq '{name}'&$select=id")["value"][0]["id"])

    def holding(self, *permissions: str) -> str:
        """The token of an identity with just these permissions."""
        document = self.simulated.state()
        client_id = "7e57ab1e-0003-4a2b-9c3d-1f2e3d4c5b6a"
        others = [item for item in document["identities"] if item["client_id"] != client_id]
        identity = {"name": "probe", "client_id": client_id, "permissions": permissions, "secret": "s3cret"}
        self.simulated.put_state({**document, "identities": [*others, identity]})
        return self.simulated.token(client_id, "s3cret")
