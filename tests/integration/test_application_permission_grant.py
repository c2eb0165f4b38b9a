# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules application_permission_grant and application_permission_grant_info, through ansible-playbook.

The rules one by one are tested in tests/unit/state/test_acting_as_itself.py, on the same tenant.
"""

from __future__ import annotations

import json
import typing as t
from collections import Counter

import pytest
import yaml

from entra_simulator.testing import running
from integration.documented import is_documented
from integration.runner import ROOT, checked, task, tolerated
from integration.tenant import GRAPH, Tenant, predictable

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.runner import JSON, Result, Run, Task

GRANT, INFO, MANY = "application_permission_grant", "application_permission_grant_info", "tenant_consent"
READ_APPS, BATCH = "GET /servicePrincipals", "POST /$batch"
READ_BIN = "GET /directory/deletedItems/microsoft.graph.servicePrincipal"
HELD = "GET /servicePrincipals/{id}/appRoleAssignments"
CREATE_APP = "POST /servicePrincipals"
CREATE, DELETE = (
    "POST /servicePrincipals/{id}/appRoleAssignedTo",
    "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{id}",
)
# Of the seed: an app with users, a managed identity, an API that has no service principal yet, and one that has.
WIKI, RUNNER, LEDGER, ORDERS = (f"a99e000{number}-5b1c-4d2e-8f3a-7c6d5e4f3a2b" for number in (3, 4, 7, 8))
PROVISIONING = "a99e0001-5b1c-4d2e-8f3a-7c6d5e4f3a2b"
DATA = ROOT / "simulator" / "src" / "entra_simulator" / "data"
SEED = ROOT / "simulator" / "seeds" / "app-only.yml"
# The roles of Microsoft Graph and of the seed's own APIs by id.
VALUES = {
    role["id"]: role["value"]
    for publisher in (
        json.loads((DATA / "graph-application-roles.json").read_text(encoding="utf-8")),
        *yaml.safe_load(SEED.read_text(encoding="utf-8"))["applications"],
    )
    for role in publisher.get("app_roles", ())
}
DIFF = f"""\
Contoso Wiki ({WIKI})
  application permissions on Microsoft Graph, without any user
    - Group.Read.All (high risk)
    - User.Read.All (high risk)
"""


@pytest.fixture(scope="module")
def acting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A tenant of apps that act as themselves."""
    with running(SEED) as simulated:
        yield Tenant(simulated, simulated.state(), tmp_path_factory.mktemp("acting"))


@pytest.fixture
def tenant(acting: Tenant) -> Tenant:
    acting.seed()
    return acting


def play(tenant: Tenant, *tasks: Task) -> Run:
    """Signed in by defaults of the action group alone: the secret of the environment is none."""
    known = tenant.simulated.env
    defaults = {"client_id": known["AZURE_CLIENT_ID"], "client_secret": known["AZURE_CLIENT_SECRET"]}
    return tenant.play(
        *tasks, env={"AZURE_CLIENT_SECRET": "none"}, module_defaults={"group/tenantops.entra.tenant": defaults}
    )


def identity(tenant: Tenant) -> str:
    """The Azure resource id of the managed identity."""
    (found,) = [row for row in tenant.initial["service_principals"] if row["app_id"] == RUNNER]
    return next(str(name) for name in found["alternative_names"] if name.startswith("/subscriptions/"))


def held(state: JSON, app_id: str) -> set[tuple[str, str]]:
    """(API, role) that an app holds, by app id and the role's value."""
    (holder,) = [row["id"] for row in state["service_principals"] if row["app_id"] == app_id]
    return {(row["app_id"], VALUES[row["app_role"]]) for row in state["assignments"] if row["principal"] == holder}


def told(result: Result) -> set[tuple[str, str]]:
    return {(one["resource_app_id"], one["app_role"]) for one in result["application_permissions"]}


def changes(result: Result) -> list[tuple[str, str, str]]:
    return [(one["action"], one["resource_app_id"], one["app_role"]) for one in result["changes"]]


def test_walk_from_the_first_grant_to_the_last_revocation(tenant: Tenant) -> None:
    give = task(GRANT, app_id=WIKI, app_roles=["User.Read.All", "Group.Read.All"])
    change = task(GRANT, app_id=WIKI.upper(), app_roles=["User.Read.All", "Sites.Read.All"])
    elsewhere = task(GRANT, app_id=WIKI, resource_app_id=ORDERS, app_roles=["Orders.Read.All"])
    revoke = task(GRANT, app_id=WIKI, state="absent")
    run = play(
        tenant,
        checked(give),
        give,
        give,
        checked(change),
        change,
        change,
        elsewhere,
        task(INFO, app_id=WIKI),
        checked(revoke),
        revoke,
        revoke,
    )
    give_check, given, given_again, change_check, changed, changed_again, on_orders, info, *rest = run
    revoke_check, revoked, revoked_again = rest
    before = tenant.initial

    assert is_documented(GRANT, give_check)
    # The app and the API, then what the app holds; the writes in one batch.
    assert give_check.round_trips == [READ_APPS, HELD]
    assert (give_check.writes, give_check.state["assignments"]) == ([], before["assignments"])
    assert Counter(given.round_trips) == Counter([READ_APPS, HELD, BATCH])
    assert given.writes == [CREATE, CREATE]
    assert predictable(given) == predictable(give_check)
    assert changes(given) == [("create", GRAPH, "Group.Read.All"), ("create", GRAPH, "User.Read.All")]
    assert give_check.diff == {"before": "", "after": DIFF}
    assert held(given.state, WIKI) == {(GRAPH, "User.Read.All"), (GRAPH, "Group.Read.All")} == told(given)
    assert all(one["id"] and one["app_role_id"] for one in given["application_permissions"])
    assert {one["id"] for one in give_check["application_permissions"]} == {None}

    assert (given_again.changed, given_again["changes"], given_again.writes) == (False, [], [])
    assert given_again.round_trips == [READ_APPS, HELD]
    assert given_again["application_permissions"] == given["application_permissions"]

    assert change_check.writes == []
    # What replaces something is there before the other goes.
    assert changed.writes == [CREATE, DELETE]
    assert predictable(changed) == predictable(change_check)
    assert changes(changed) == [("create", GRAPH, "Sites.Read.All"), ("delete", GRAPH, "Group.Read.All")]
    assert held(changed.state, WIKI) == {(GRAPH, "User.Read.All"), (GRAPH, "Sites.Read.All")}
    assert (changed_again.changed, changed_again.writes) == (False, [])

    assert on_orders.writes == [CREATE]
    assert on_orders["counts"]["others"] == 2
    assert is_documented(INFO, info)
    assert (info.changed, info.writes) == (False, [])
    assert told(info) == held(info.state, WIKI)
    assert [one for one in info["application_permissions"] if one["resource_app_id"] == ORDERS] == on_orders[
        "application_permissions"
    ]

    assert revoke_check.writes == []
    assert revoked.writes == [DELETE] * 3
    assert predictable(revoked) == predictable(revoke_check)
    assert (revoked["application_permissions"], held(revoked.state, WIKI)) == ([], set())
    assert (revoked_again.changed, revoked_again.writes) == (False, [])
    # Neither who is assigned to the app, nor what others hold, is touched by any of it.
    assert revoked_again.state["assignments"] == before["assignments"]


def test_a_managed_identity_and_an_api_that_the_same_run_brings(tenant: Tenant) -> None:
    by_resource = {"managed_identity": identity(tenant)}
    give = task(GRANT, **by_resource, app_roles=["Files.Read.All"], append=True)
    ledger = [
        {"app_id": LEDGER},
        {
            **by_resource,
            "application_permissions": [
                {"app_roles": ["Files.Read.All"]},
                {"resource_app_id": LEDGER, "app_roles": ["Ledger.Read.All", "Ledger.Write.All"]},
            ],
        },
    ]
    bring = task(MANY, apps=ledger)
    wrong = task(
        MANY, apps=[ledger[0], {"app_id": WIKI, "application_permissions": [{"app_roles": ["User.Reed.All"]}]}]
    )
    risky = task(GRANT, app_id=WIKI, app_roles=["RoleManagement.ReadWrite.Directory"])
    revoke = task(MANY, apps=[{**by_resource, "state": "absent"}, {"app_id": PROVISIONING, "state": "absent"}])
    run = play(
        tenant,
        checked(give),
        give,
        give,
        task(INFO, **by_resource),
        tolerated(wrong),
        tolerated(risky),
        checked(bring),
        bring,
        bring,
        checked(revoke),
        revoke,
        revoke,
        tolerated(task(GRANT, managed_identity="backup-runner", app_roles=["Files.Read.All"])),
    )
    give_check, given, given_again, info, refused, critical, *rest = run
    bring_check, brought, brought_again, revoke_check, revoked, revoked_again, unknown = rest

    assert give_check.writes == []
    # The identity by its resource id first, since its app id is another one in each tenant.
    assert given_again.round_trips == [READ_APPS, READ_APPS, HELD]
    assert given.writes == [CREATE]
    assert predictable(given) == predictable(give_check)
    assert [one["app_id"] for one in given["changes"]] == [RUNNER]
    assert held(given.state, RUNNER) == {(GRAPH, "Sites.Read.All"), (GRAPH, "Files.Read.All")}
    assert (given_again.changed, given_again.writes) == (False, [])
    assert told(info) == held(given.state, RUNNER)

    assert "publishes no application permission 'User.Reed.All'; did you mean User.Read.All?" in refused.message
    assert "set accept_critical: true" in critical.message
    assert "Azure resource id" in unknown.message
    assert [(one.failed, one.writes) for one in (refused, critical, unknown)] == [(True, [])] * 3

    assert is_documented(MANY, bring_check)
    assert (bring_check.writes, bring_check.warnings) == ([], [])
    assert Counter(bring_check.reads)[READ_BIN] == 1
    # The API before what is granted on it; what the rules do not name of Microsoft Graph goes last.
    assert brought.writes == [CREATE_APP, CREATE, CREATE, DELETE]
    assert brought["changes"] == bring_check["changes"]
    assert held(brought.state, RUNNER) == {
        (GRAPH, "Files.Read.All"),
        (LEDGER, "Ledger.Read.All"),
        (LEDGER, "Ledger.Write.All"),
    }
    assert (brought_again.changed, brought_again["changes"], brought_again.writes) == (False, [], [])

    assert revoke_check.writes == []
    assert predictable(revoked) == predictable(revoke_check)
    assert Counter(revoked.writes) == {DELETE: 4, "DELETE /oauth2PermissionGrants/{id}": 1}
    assert (held(revoked.state, RUNNER), held(revoked.state, PROVISIONING)) == (set(), set())
    assert (revoked_again.changed, revoked_again.writes) == (False, [])
    kept = {row["id"] for row in revoked.state["assignments"]}
    assert {row["id"] for row in tenant.initial["assignments"]} - kept == {
        row["id"] for row in tenant.initial["assignments"] if row["principal"] in holders(tenant, RUNNER, PROVISIONING)
    }


def holders(tenant: Tenant, *app_ids: str) -> set[str]:
    return {row["id"] for row in tenant.initial["service_principals"] if row["app_id"] in app_ids}
