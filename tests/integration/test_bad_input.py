# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input: one clear sentence for each, before any write. All cases are tasks of one play."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from integration.runner import Result, Task, task, tolerated
from integration.tenant import ADA, CRM, NOBODY, OUTLOOK, TEAMS, Tenant, service_principal

if t.TYPE_CHECKING:
    from entra_simulator.testing import SimulatedTenant

GRANT, ASSIGN, ITSELF, APP, MANY = (
    "delegated_permission_grant",
    "app_role_assignment",
    "application_permission_grant",
    "service_principal",
    "tenant_consent",
)
ARCHIVE = "aaaaaaaa-0000-4000-8000-000000000003"


@dataclasses.dataclass(frozen=True)
class Case:
    """A task, and what its message must say."""

    name: str
    task: Task
    says: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def case(name: str, module: str, *says: str, environment: dict[str, str] | None = None, **options: t.Any) -> Case:
    one = {**task(module, **options), "name": name}
    return Case(name, {**one, "environment": environment} if environment else one, says)


def says(result: Result, one: Case) -> None:
    """Asserts that a task failed with the sentence of its case, and with nothing that users can't read."""
    assert result.failed
    for words in one.says:
        assert words in result.message
    assert result.message.endswith((".", "?"))
    assert "\n" not in result.message
    for noise in ("Traceback", "Error(", "object at 0x", "Error:", "..", ";."):
        assert noise not in result.message
    assert "Traceback" not in str(result.data)


def grant_case(name: str, *says: str, **options: t.Any) -> Case:
    return case(name, GRANT, *says, **{"app_id": OUTLOOK, "users": [ADA], "scopes": ["openid"], **options})


def assign_case(name: str, *says: str, **options: t.Any) -> Case:
    return case(name, ASSIGN, *says, **{"app_id": CRM, "app_role": "Reader", "users": [ADA], **options})


def itself_case(name: str, *says: str, **options: t.Any) -> Case:
    return case(name, ITSELF, *says, **{"app_id": OUTLOOK, "app_roles": ["User.Read.All"], **options})


CASES = [
    # Scopes
    grant_case(
        "a scope with a typo",
        "Microsoft Graph publishes no scope 'OnlineMeeting.ReadWrite.All'; did you mean OnlineMeetings.ReadWrite?",
        scopes=["OnlineMeeting.ReadWrite.All"],
    ),
    grant_case("scopes joined by a comma", "'User.Read,openid' contains a comma", scopes=["User.Read,openid"]),
    grant_case("scopes joined by a space", "'User.Read openid' contains white space", scopes=["User.Read openid"]),
    grant_case(
        "a scope in other case", "publishes no scope 'user.read'; did you mean User.Read?", scopes=["user.read"]
    ),
    grant_case("an empty scope", "A scope is empty", scopes=[""]),
    grant_case(
        "a scope that the API has disabled",
        "The scope 'Archive.Purge' of Archive is disabled there",
        resource_app_id=ARCHIVE,
        scopes=["Archive.Purge"],
    ),
    grant_case(
        "scopes too long together",
        f"The scopes of Microsoft 365 for Jira on Microsoft Graph for {ADA} are 4201 characters long",
        "at most 3850",
        validate_scopes=False,
        scopes=[f"{letter * 2100}" for letter in "ab"],
    ),
    grant_case("scopes left out", "scopes is required with state: present", scopes=None),
    grant_case("no scopes to append", "scopes is empty: that says nothing with append", scopes=[], append=True),
    grant_case(
        "no scopes to take away", "scopes is empty: that says nothing with state: absent", scopes=[], state="absent"
    ),
    # Apps
    grant_case("an app id that is no GUID", "app_id must be an application (client) id", "'my-app'", app_id="my-app"),
    grant_case("an API's id that is no GUID", "resource_app_id must be", "'graph'", resource_app_id="graph"),
    grant_case(
        "an app and an API that are not in the tenant",
        f"No service principal exists for {ARCHIVE[:-1]}4, {NOBODY}",
        app_id=NOBODY,
        resource_app_id=f"{ARCHIVE[:-1]}4",
    ),
    case("an app that exists nowhere", APP, "no application has this id", "Check app_id.", app_id=NOBODY),
    case("no app ids", "service_principal_info", "app_ids is empty", app_ids=[]),
    case(
        "two entries for one app",
        MANY,
        "apps[0] and apps[2] are both for",
        apps=[{"app_id": OUTLOOK}, {"app_id": TEAMS}, {"app_id": OUTLOOK.upper()}],
    ),
    case(
        "permissions of an app that is to be absent",
        MANY,
        "apps[0].state is absent, so it can't declare assignments or application_permissions.",
        apps=[
            {
                "app_id": OUTLOOK,
                "state": "absent",
                "assignments": [{"users": [ADA]}],
                "application_permissions": [{"app_roles": ["User.Read.All"]}],
            }
        ],
    ),
    case("notes that are too long", APP, "notes is longer than the 1024 characters", app_id=CRM, notes="x" * 1025),
    # Users and groups
    grant_case(
        "an unknown user", "There is no user 'nobody@contoso.example' in this tenant.", users=["nobody@contoso.example"]
    ),
    grant_case("an unknown group", "There is no group 'Nobody' in this tenant.", users=None, groups=["Nobody"]),
    grant_case("a group's unknown id", f"There is no group '{NOBODY}' in this tenant.", users=None, groups=[NOBODY]),
    assign_case("empty lists", "names nobody: give users or groups", users=[], groups=[]),
    grant_case("nobody at all", "names nobody: give all_users: true, users or groups", users=None),
    case("nobody to look for", "app_role_assignment_info", "names nobody", users=[], groups=[]),
    grant_case("an empty name", "users has an empty entry", users=[" "]),
    grant_case("prune with absent", "prune goes with state: present only", state="absent", prune=True),
    # Roles
    assign_case(
        "the default role of an app with roles",
        "Contoso CRM declares roles for users",
        "set app_role to one of Reader, Writer",
        app_role="default",
    ),
    assign_case("an unknown role", "has no role 'Admin': set app_role to one of Reader, Writer", app_role="Admin"),
    assign_case("a disabled role", "can't give to users the role 'Retired'", app_role="Retired"),
    assign_case("a role for apps", "can't give to users the role 'Sync'", app_role="Sync"),
    assign_case("an empty role", "app_role is empty", app_role=""),
    # Application permissions
    itself_case(
        "an application permission with a typo",
        "Microsoft Graph publishes no application permission 'User.Reed.All'; did you mean User.Read.All?",
        app_roles=["User.Reed.All"],
    ),
    itself_case(
        "a scope for an application permission",
        "Microsoft Graph publishes no application permission 'openid'",
        app_roles=["openid"],
    ),
    itself_case(
        "a role for users alone",
        "The role 'Reader' of Contoso CRM is for users and groups",
        resource_app_id=CRM,
        app_roles=["Reader"],
    ),
    itself_case("an empty role of an API", "app_roles has an empty entry", app_roles=[" "]),
    itself_case("no roles to grant", "app_roles is empty: name at least one", app_roles=[]),
    itself_case("roles left out", "app_roles is required with state: present", app_roles=None),
    itself_case(
        "what takes over the tenant",
        "RoleManagement.ReadWrite.Directory on Microsoft Graph lets Microsoft 365 for Jira ",
        "set accept_critical: true",
        app_roles=["RoleManagement.ReadWrite.Directory"],
    ),
    itself_case(
        "an app that acts as itself and is not there", f"No service principal exists for {NOBODY}", app_id=NOBODY
    ),
    case(
        "the name of a managed identity",
        ITSELF,
        "managed_identity must be an Azure resource id",
        managed_identity="runner",
        app_roles=["User.Read.All"],
    ),
]


@pytest.fixture(scope="module")
def results(
    simulated: SimulatedTenant, initial: dict[str, t.Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Result]:
    """What each case came to, by its name."""
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("bad"))
    archive = {
        "app_id": ARCHIVE,
        "display_name": "Archive",
        "owner_tenant_id": initial["tenant"]["id"],
        "scopes": [{"value": "Archive.Purge", "is_enabled": False}],
    }
    tenant.seed(applications=[archive], service_principals=[service_principal(OUTLOOK), service_principal(ARCHIVE)])
    run = tenant.play(*[tolerated(one.task) for one in CASES])
    return {result.name: result for result in run}


@pytest.mark.parametrize("one", CASES, ids=str)
def test_bad_input_is_refused_in_one_sentence(one: Case, results: dict[str, Result]) -> None:
    result = results[one.name]
    says(result, one)
    # The app that exists nowhere is known to Graph alone: it is asked, and says no.
    assert result.writes == (["POST /servicePrincipals"] if one.name == "an app that exists nowhere" else [])


def test_two_groups_of_one_name_are_refused_with_their_ids(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    wanted = {"app_id": OUTLOOK, "scopes": ["openid"]}
    ids = sorted(tenant.groups("Duplicates"))
    refused, chosen = tenant.play(
        tolerated(task(GRANT, **wanted, groups=["Duplicates"])), task(GRANT, **wanted, groups=[ids[0]])
    )
    assert refused.message == (
        f"2 groups are named 'Duplicates': give the id of the one you mean ({ids[0]}, {ids[1]})."
    )
    assert refused.writes == []
    assert len(chosen["changes"]) == 1


def test_all_that_is_wrong_is_named_at_once(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    declared = {
        "app_id": OUTLOOK,
        "delegated_permissions": [{"scopes": ["User.Reed", "openid"], "users": [ADA, "nobody@contoso.example"]}],
        "assignments": [{"groups": ["Nobody", "Duplicates"], "app_role": "Admin"}],
    }
    by_form = {"app_id": "x", "delegated_permissions": [{"scopes": ["a,b"]}]}
    in_tenant, in_options = tenant.play(tolerated(task(MANY, apps=[declared])), tolerated(task(MANY, apps=[by_form])))
    assert len(in_tenant["problems"]) == 5
    for words in ("User.Reed", "nobody@contoso.example", "'Nobody'", "2 groups", "'Admin'"):
        assert words in in_tenant.message
    assert len(in_options["problems"]) == 3
    assert "apps[0].delegated_permissions[0] names nobody" in in_options.message
    assert (in_tenant.writes, in_options.asked) == ([], [])
