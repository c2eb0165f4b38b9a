# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/requests.md tells what each module sends: each of its rows is played, up to a thousand users."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from entra_simulator.testing import running
from integration.runner import ROOT, Task, task
from integration.tenant import GRAPH, OUTLOOK, Tenant, service_principal

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.runner import Result

MOST = 1000
GRANT, ASSIGN, ITSELF, MANY = (
    "delegated_permission_grant",
    "app_role_assignment",
    "application_permission_grant",
    "tenant_consent",
)
SCOPES = {"scopes": ["openid", "User.Read"]}
ROLES = {"app_roles": ["User.Read.All", "Group.Read.All"]}
# A managed identity, whose app id is another one in each tenant.
RUNNER = "b10e0003-1d2e-4f3a-8b4c-5d6e7f809a1b"
RUNNER_ID = (
    "/subscriptions/b10e0004-1d2e-4f3a-8b4c-5d6e7f809a1b/resourcegroups/backup/providers"
    "/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
)


class Row(t.NamedTuple):
    """One line of the table; no number of users where it does not matter."""

    what: str
    users: int | None
    everything: int
    nothing: int


def table() -> list[Row]:
    text = (ROOT / "docs" / "requests.md").read_text(encoding="utf-8")
    lines = text.partition("<!-- requests -->")[2].partition("<!-- /requests -->")[0].strip().splitlines()[2:]
    rows = []
    for line in lines:
        what, users, everything, nothing = (cell.strip().replace(",", "") for cell in line.strip("|").split("|"))
        rows.append(Row(what, int(users) if users.isdigit() else None, int(everything), int(nothing)))
    return rows


def of(tenant: Tenant, row: Row) -> Task:
    """The task that a row describes."""
    count = row.users or 0
    whom: dict[str, t.Any] = {"users": [user["user_principal_name"] for user in tenant.initial["users"][:count]]}
    if "groups`" in row.what:
        whom = {"groups": [f"Group of {count or 20}"]}
    if row.what.startswith(f"`{GRANT}`"):
        how = {"append": "`append`" in row.what, "state": "absent" if "absent" in row.what else "present"}
        return task(
            GRANT, app_id=OUTLOOK, **SCOPES, **how, **({"all_users": True} if "all_users" in row.what else whom)
        )
    if row.what.startswith(f"`{ASSIGN}`"):
        return task(ASSIGN, app_id=OUTLOOK, **whom, expand_groups="expand_groups" in row.what)
    if row.what.startswith(f"`{ITSELF}`"):
        who = {"managed_identity": RUNNER_ID} if "managed_identity" in row.what else {"app_id": OUTLOOK}
        return task(ITSELF, **who, **({"state": "absent"} if "absent" in row.what else ROLES))
    if row.what == f"`{MANY}`: the app and its application permissions":
        return task(MANY, apps=[{"app_id": OUTLOOK, "application_permissions": [ROLES]}])
    if row.what.startswith(f"`{MANY}`"):
        rules = {
            "delegated_permissions": [{**SCOPES, **whom}],
            "assignments": [{**whom, "expand_groups": True}],
        }
        return task(MANY, apps=[{"app_id": OUTLOOK, **rules}])
    if "absent" in row.what:
        return task("service_principal", app_id=OUTLOOK, state="absent")
    return task("service_principal", app_id=OUTLOOK, tags=["HideApp"])


def there(tenant: Tenant, row: Row) -> dict[str, list[dict[str, t.Any]]]:
    """What the tenant has before the task of a row."""
    if row.what.startswith((f"`{MANY}`", "`service_principal`")) and "absent" not in row.what:
        return {}
    scope = "profile" if "more scopes" in row.what else "openid User.Read profile" if "absent" in row.what else None
    users = [user["id"] for user in tenant.initial["users"][: row.users or 0]]
    grants = [{"client_app_id": OUTLOOK, "principal": user, "scope": scope} for user in users if scope]
    held = ROLES["app_roles"] if row.what.startswith(f"`{ITSELF}`") and "absent" in row.what else []
    return {
        "service_principals": [
            service_principal(OUTLOOK),
            service_principal(RUNNER, display_name="runner", type="ManagedIdentity", alternative_names=[RUNNER_ID]),
        ],
        "grants": grants,
        "assignments": [{"app_id": GRAPH, "principal": OUTLOOK, "app_role": role} for role in held],
    }


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A tenant of a thousand users, and groups of several sizes."""
    seed = {
        "tenant": {"id": "7a0e8f3c-4b7d-4c55-9d0f-3f1c2b1a0d9e", "domain": "contoso.example"},
        "users": [{"generate": MOST, "prefix": "user"}],
        "groups": [
            {"display_name": f"Group of {size}", "members": [{"generated": "user", "first": 1, "last": size}]}
            for size in (20, 100, MOST)
        ],
        "applications": [
            {
                "app_id": OUTLOOK,
                "display_name": "Microsoft 365 for Jira",
                "owner_tenant_id": "9d6b7e2a-0c1f-4a38-8b11-6f1f0a9c7d52",
            }
        ],
        "identities": [
            {
                "name": "automation",
                "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11",
                "permissions": [
                    "Application.ReadWrite.All",
                    "DelegatedPermissionGrant.ReadWrite.All",
                    "AppRoleAssignment.ReadWrite.All",
                    "User.ReadBasic.All",
                    "GroupMember.Read.All",
                ],
            }
        ],
    }
    with contextlib.ExitStack() as stack:
        simulated = stack.enter_context(running(seed))
        yield Tenant(simulated, simulated.state(), tmp_path_factory.mktemp("crowd"))


@pytest.mark.parametrize(
    "row", [row for row in table() if (row.users or 0) <= MOST], ids=lambda row: f"{row[0]} {row[1]}"
)
def test_a_task_sends_what_is_documented(row: Row, crowd: Tenant) -> None:
    crowd.seed(**there(crowd, row))
    one = of(crowd, row)
    done, again = crowd.play(one, one)
    assert (len(done.round_trips), len(again.round_trips)) == (row.everything, row.nothing)
    assert (done.changed, again.changed, again.writes) == (True, False, [])
    assert done["counts"]["changes"] == len(done.writes)
    # One token each.
    assert [sign_ins(result) for result in (done, again)] == [1, 1]


def sign_ins(result: Result) -> int:
    return sum(entry["path"].partition("?")[0].endswith("/oauth2/v2.0/token") for entry in result.requests)


@pytest.mark.parametrize(
    "row", [row for row in table() if (row.users or 0) > MOST], ids=lambda row: f"{row[0]} {row[1]}"
)
def test_the_larger_rows_follow_the_rules(row: Row) -> None:
    users = row.users or 0
    pages = -(-users // 999)
    # The app and the group, its members, the app's creation and the look into the bin.
    assert row.everything == 1 + pages + 2 + 2 * users // 20
    # The two lists begin in one batch.
    assert row.nothing == 1 + pages + 1 + 2 * (pages - 1)


def test_one_user_more_takes_three_requests_whatever_the_number_of_the_others(crowd: Tenant) -> None:
    first = crowd.initial["users"][0]["user_principal_name"]
    others = [user["id"] for user in crowd.initial["users"][1:]]
    crowd.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[{"client_app_id": OUTLOOK, "principal": user, "scope": "openid User.Read"} for user in others],
        assignments=[{"app_id": OUTLOOK, "principal": user, "app_role": "default"} for user in others],
    )
    rules = {"delegated_permissions": [{**SCOPES, "users": [first]}], "assignments": [{"users": [first]}]}
    done = crowd.play(task(MANY, apps=[{"app_id": OUTLOOK, **rules}])).only
    assert done.round_trips == ["POST /$batch"] * 3
    assert len(done.writes) == 2


def test_long_lists_in_the_result_are_cut_and_counted(crowd: Tenant) -> None:
    """In check mode and out of it the same entries, in the same order."""
    crowd.seed(service_principals=[service_principal(OUTLOOK)])
    wanted = {"app_id": OUTLOOK, "groups": ["Group of 100"], **SCOPES}
    few = task(GRANT, **wanted, return_limit=3)
    predicted, made, none = crowd.play(
        {**few, "check_mode": True}, few, task(GRANT, **wanted, return_limit=0, state="absent")
    )
    for result in (predicted, made):
        assert result["counts"] == {"changes": 100, "failures": 0, "grants": 100, "others": 0}
        assert [change["principal"]["name"] for change in result["changes"]] == [
            f"user{number:04}@contoso.example" for number in (1, 2, 3)
        ]
        assert [item["principal"] for item in result["grants"]] == [change["principal"] for change in result["changes"]]
    assert (none["changes"], none["grants"], none["counts"]) == (
        [],
        [],
        {"changes": 100, "failures": 0, "grants": 0, "others": 0},
    )
