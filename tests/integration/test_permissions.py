# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README's table of permissions is enough for each module, and nothing in it is too much."""

from __future__ import annotations

import re
import typing as t

from integration.runner import ROOT, Task, task, tolerated
from integration.tenant import ADA, CRM, OUTLOOK, PORTAL, TEAMS, TO_DO, Tenant, grant, service_principal

SCOPES = ["openid", "User.Read"]
COLUMNS = ("always", "users", "groups")
WHOM: dict[str, dict[str, t.Any]] = {"users": {"users": [ADA]}, "groups": {"groups": ["Jira mail users"]}}


def table() -> dict[tuple[str, str], list[str]]:
    """Permissions by (module, column); those of a column include what is always needed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- permissions -->")[2]
    rows = re.findall(
        r"^\| `(\w+)`[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$", text.partition("<!-- /permissions")[0], re.MULTILINE
    )
    found = {}
    for module, *cells in rows:
        always, *more = (re.findall(r"`([\w.]+)`", cell) for cell in cells)
        found[module, "always"] = always
        found.update({(module, column): always + cell for column, cell in zip(COLUMNS[1:], more, strict=True) if cell})
    return found


def needing(module: str, column: str, app_id: str = OUTLOOK) -> Task:
    """A task of the module that needs all that the column names."""
    whom = WHOM.get(column, {})
    grants = {"scopes": SCOPES, **(whom or {"all_users": True})}
    options: dict[str, dict[str, t.Any]] = {
        "caller_info": {},
        "service_principal_info": {"app_ids": [TEAMS]},
        "delegated_permission_grant_info": {"app_id": TEAMS},
        "app_role_assignment_info": {"groups": ["Jira mail users"]},
        "tenant_consent_info": {},
        "application_permission_grant_info": {"app_id": TEAMS},
        "service_principal": {"app_id": OUTLOOK, "assignment_required": True},
        "delegated_permission_grant": {"app_id": TEAMS, **grants},
        "app_role_assignment": {"app_id": TEAMS, **whom},
        "application_permission_grant": {"app_id": TEAMS, "app_roles": ["User.Read.All"]},
        "tenant_consent": {
            "apps": [
                {
                    "app_id": app_id,
                    "delegated_permissions": [grants],
                    **({"assignments": [whom]} if whom else {}),
                }
            ]
        },
    }
    return task(module, **options[module])


def signed_in(one: Task, name: str, client_id: str) -> Task:
    """The task under an identity of its own."""
    module = next(key for key in one if key.startswith("tenantops.entra."))
    return {**one, "name": name, module: {**one[module], "client_id": client_id, "client_secret": _secret(client_id)}}


def identity(number: int, permissions: list[str]) -> dict[str, t.Any]:
    client_id = f"1de47171-0000-4000-8000-{number:012}"
    return {
        "name": f"identity{number}",
        "client_id": client_id,
        "secret": _secret(client_id),
        "permissions": permissions,
    }


def _secret(client_id: str) -> str:
    """No part of what the tenant holds, as the client id is."""
    return f"secret-of-{client_id}"


def cases(*, least: bool) -> list[tuple[Task, list[str], str]]:
    """(task, permissions, name): with all of them or, each in turn, without one of them."""
    found = []
    for (module, column), permissions in table().items():
        if (module, column) == ("app_role_assignment", "always"):
            continue  # there is nobody to assign without users and groups
        if not least:
            found.append((needing(module, column), permissions, f"{module} {column}"))
        elif (module, "groups") not in table() or column == "groups":
            # An app for each case, so that none finds its work done by the one before.
            for missing, app_id in zip(permissions, (OUTLOOK, TO_DO, PORTAL, TEAMS), strict=False):
                rest = [permission for permission in permissions if permission != missing]
                found.append((needing(module, column, app_id), rest, f"{module} {column} without {missing}"))
    return found


def run(tenant: Tenant, *, least: bool) -> list[tuple[str, bool, str]]:
    """(name, failed, message) of each case."""
    chosen = cases(least=least)
    identities = [identity(number, permissions) for number, (_task, permissions, _name) in enumerate(chosen)]
    tenant.seed(
        identities=identities,
        service_principals=[service_principal(TEAMS)],
        grants=[grant(TEAMS, "openid", ADA), grant(CRM, "openid", ADA)],
    )
    tasks = [
        tolerated(signed_in(one, name, known["client_id"]))
        for (one, _permissions, name), known in zip(chosen, identities, strict=True)
    ]
    return [(result.name, result.failed, result.message) for result in tenant.play(*tasks)]


def test_the_table_names_every_module() -> None:
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert {module for module, _column in table()} == modules


def test_the_permissions_are_enough(tenant: Tenant) -> None:
    assert [found for found in run(tenant, least=False) if found[1]] == []


def test_none_of_the_permissions_is_too_much(tenant: Tenant) -> None:
    results = run(tenant, least=True)
    assert [name for name, failed, _message in results if not failed] == []
    for name, _failed, message in results:
        assert "lacks a permission: grant it" in message, name
        assert name.rpartition(" ")[2] in message, (name, message)
