# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated tenant to run playbooks against."""

from __future__ import annotations

import copy
import typing as t

from integration.runner import JSON, Ansible, Result, Run, Task

if t.TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from entra_simulator.testing import SimulatedTenant

GRAPH = "00000003-0000-0000-c000-000000000000"
OUTLOOK = "e7185a25-9df9-4d05-b779-76b04bf46424"
TO_DO = "32d752a1-8945-4600-97c9-73ed32c3627a"
TEAMS = "89d5ca9f-d63b-4885-bd30-6e7433c1540c"
PORTAL = "a47ed889-74d6-4acf-b5c8-b1172696eb70"
# The tenant's own app: in the tenant from the start, with roles and scopes.
CRM = "c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b"
NOBODY = "dddddddd-0000-4000-8000-000000000000"
ADA, LEAD = "ada@contoso.example", "lead@contoso.example"
ONEIL, GUEST = "o'neil@contoso.example", "bob_fabrikam.example#EXT#@contoso.example"

# (client app, principal's id or None, resource app)
GrantKey: t.TypeAlias = tuple[str, str | None, str]


class Tenant:
    """One tenant, put back to what its seed says before each test."""

    def __init__(self, simulated: SimulatedTenant, initial: JSON, room: Path) -> None:
        self.simulated = simulated
        self.initial = copy.deepcopy(initial)
        self.room = room
        self.ansible = Ansible(room, {**simulated.env, **observed(simulated)})
        self.seed()

    def seed(self, **sections: list[JSON]) -> None:
        """The initial content and, in these sections, more of it. Requests and faults are forgotten."""
        self.simulated.clear_faults()
        document = {**self.initial, **{name: [*self.initial[name], *more] for name, more in sections.items()}}
        self.simulated.put_state(document)
        self.simulated.clear_requests()

    def play(self, *tasks: Task, warns: Sequence[str] = (), fails: bool = False, **more: t.Any) -> Run:
        """Runs tasks as one play, which must end as expected and warn of just what is expected."""
        return expect(self.ansible.play(tasks, **more), warns=warns, fails=fails)

    def playbook(
        self, name: str, *arguments: str, warns: Sequence[str] = (), fails: bool = False, **variables: t.Any
    ) -> Run:
        """Runs a playbook of the collection."""
        run = self.ansible.run(f"tenantops.entra.{name}", *arguments, variables=variables)
        return expect(run, warns=warns, fails=fails)

    def state(self) -> JSON:
        return self.simulated.state()

    def user(self, upn: str) -> str:
        """A user's object id."""
        return next(str(user["id"]) for user in self.initial["users"] if user["user_principal_name"] == upn)

    def users(self, count: int, first: int = 1) -> list[str]:
        """UPNs of generated users."""
        return [f"user{number:03}@contoso.example" for number in range(first, first + count)]

    def groups(self, name: str) -> list[str]:
        """The object ids of the groups of a name."""
        return [str(group["id"]) for group in self.initial["groups"] if group["display_name"] == name]


def observed(simulated: SimulatedTenant) -> dict[str, str]:
    """What the recording plugin needs to see requests and state."""
    return {
        "ENTRA_TESTS_CONTROL": f"{simulated.url}/_simulator",
        "ENTRA_TESTS_CA_PATH": simulated.env["TENANTOPS_CA_PATH"],
    }


def expect(run: Run, *, warns: Sequence[str], fails: bool) -> Run:
    """Asserts on the exit code, and that the warnings are just these."""
    assert run.status == (2 if fails else 0), run.text
    for expected in warns:
        assert any(expected in " ".join(warning.split()) for result in run for warning in result.warnings), run.text
    squeezed = ["".join(expected.split()) for expected in warns]
    unexpected = [warning for warning in run.warnings if not any(text in "".join(warning.split()) for text in squeezed)]
    assert not unexpected, unexpected
    return run


# Content of a tenant


def service_principal(app_id: str, **more: t.Any) -> JSON:
    return {"app_id": app_id, **more}


def grant(app_id: str, scope: str, principal: str | None = None, resource: str = GRAPH) -> JSON:
    return {
        "client_app_id": app_id,
        "resource_app_id": resource,
        "scope": scope,
        **({"principal": principal} if principal else {}),
    }


def assignment(app_id: str, principal: str, role: str = "default") -> JSON:
    return {"app_id": app_id, "principal": principal, "app_role": role}


def grants(state: JSON) -> dict[GrantKey, str]:
    """The scope text of each grant."""
    return {(row["client_app_id"], row["principal"], row["resource_app_id"]): row["scope"] for row in state["grants"]}


def scopes(state: JSON) -> dict[GrantKey, set[str]]:
    """The scopes of each grant."""
    return {key: set(text.split()) for key, text in grants(state).items()}


def assigned(state: JSON, app_id: str) -> list[tuple[str, str]]:
    """Who is assigned to an app, in which role, by ids."""
    return sorted((row["principal"], row["app_role"]) for row in state["assignments"] if row["app_id"] == app_id)


def app_ids(state: JSON) -> set[str]:
    """The apps that have a service principal, apart from Microsoft Graph and the tenant's own."""
    return {row["app_id"] for row in state["service_principals"] if not row["deleted"]} - {GRAPH, CRM}


# Results

# What only Graph knows of a service principal before it exists.
_GRAPH_KNOWS = ("id", "display_name", "owner_tenant_id", "service_principal_type", "app_roles")


def predictable(result: Result) -> JSON:
    """A result without what check mode can't know: ids, and properties of apps that are not in the tenant yet."""
    data = copy.deepcopy({key: value for key, value in result.data.items() if key not in ("diff", "warnings")})
    data.pop("invocation", None)
    for key in ("grants", "assignments", "application_permissions"):
        for item in data.get(key, []):
            del item["id"], item["app_display_name"]
    for item in [data.get("service_principal"), *data.get("service_principals", [])]:
        for name in _GRAPH_KNOWS if item else ():
            del item[name]
    return data
