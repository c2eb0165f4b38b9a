# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module caller_info, and the preflight of the playbooks that asks it first."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from integration.runner import JSON, Run, Task, checked, task, tolerated
from integration.tenant import ADA, GRAPH, LEAD, OUTLOOK, TEAMS, Tenant, expect, grant, service_principal

CALLER = "caller_info"
WRITING = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"]
ALL = [*WRITING, "User.ReadBasic.All", "GroupMember.Read.All"]
READING = ["Directory.Read.All"]
OWN = "0b1ec700-0001-4000-8000-000000000000"
TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}")
APPS = [
    {
        "app_id": OUTLOOK,
        "delegated_permissions": [{"scopes": ["openid", "User.Read"], "groups": ["Jira mail users"]}],
        "assignments": [{"users": [LEAD]}],
    }
]


def client(number: int) -> str:
    return f"ca11e400-0000-4000-8000-{number:012}"


def secret(number: int) -> str:
    return f"a-secret-of-number-{number}"


def identities(*permissions: list[str]) -> list[JSON]:
    """Who may sign in."""
    return [
        {"name": f"identity{number}", "client_id": client(number), "secret": secret(number), "permissions": held}
        for number, held in enumerate(permissions)
    ]


def signed_in(number: int, **options: t.Any) -> Task:
    return task(CALLER, client_id=client(number), client_secret=secret(number), **options)


def registered(*roles: str, **more: t.Any) -> JSON:
    """Sections of a seed in which identity 0 has a service principal with application permissions."""
    return {
        "applications": [{"app_id": client(0), "display_name": "Automation", **more}],
        "service_principals": [service_principal(client(0), id=OWN)],
        "assignments": [{"app_id": GRAPH, "principal": OWN, "app_role": role} for role in roles],
    }


def test_who_is_signed_in_with_which_permissions(tenant: Tenant) -> None:
    tenant.seed(identities=identities(READING), **registered("AuditLog.Read.All", *READING))
    found, predicted = tenant.play(signed_in(0), checked(signed_in(0)))
    assert found["tenant"] == {
        "id": tenant.simulated.env["AZURE_TENANT_ID"],
        "domain": "contoso.example",
        "display_name": "Contoso",
    }
    assert found["identity"] == {
        "type": "app",
        "client_id": client(0),
        "object_id": OWN,
        "display_name": "identity0",
        "user_principal_name": None,
    }
    assert found["permissions"] == {"application": READING, "delegated": []}
    assert found["granted"] == ["AuditLog.Read.All", *READING]
    assert (found["stale"]["not_in_token"], found["stale"]["revoked"]) == (["AuditLog.Read.All"], [])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["expires_at"])
    assert found["problems"] == []
    assert (found.changed, found.writes, found.round_trips) == (False, [], ["POST /$batch"])
    assert len([entry for entry in found.requests if entry["path"].endswith("/token")]) == 1
    for key in ("identity", "permissions", "granted", "modules", "problems"):
        assert predicted[key] == found[key]


def test_each_permission_that_is_missing_is_named(tenant: Tenant) -> None:
    """And with what is named, the module works: test_permissions plays that."""
    tenant.seed(identities=identities(ALL, [], READING, *[[one for one in ALL if one != name] for name in ALL]))
    enough, nothing, reader, *without = tenant.play(*[signed_in(number) for number in range(3 + len(ALL))])
    module = enough["modules"]["tenant_consent"]
    assert (module["can_read"], module["can_write"], module["missing_for_writing"]) == (True, True, [])
    assert {name: (one["can_read"], one["can_write"]) for name, one in reader["modules"].items()} == {
        "app_role_assignment": (True, False),
        "app_role_assignment_info": (True, None),
        "application_permission_grant": (True, False),
        "application_permission_grant_info": (True, None),
        "caller_info": (True, None),
        "delegated_permission_grant": (True, False),
        "delegated_permission_grant_info": (True, None),
        "service_principal": (True, False),
        "service_principal_info": (True, None),
        "tenant_consent": (True, False),
        "tenant_consent_info": (True, None),
    }
    assert reader["modules"]["tenant_consent"]["missing_for_writing"] == WRITING
    assert reader["modules"]["application_permission_grant"]["missing_for_writing"] == WRITING[2:]
    assert nothing["modules"]["tenant_consent"]["missing"] == READING
    assert nothing["modules"]["tenant_consent"]["missing_for_writing"] == ALL
    assert nothing["granted"] is None
    for name, result in zip(ALL, without, strict=True):
        assert result["modules"]["tenant_consent"]["missing_for_writing"] == [name]


def test_a_permission_that_was_taken_away_is_still_in_the_token(tenant: Tenant) -> None:
    tenant.seed(identities=identities(["User.ReadBasic.All", *READING]), **registered(*READING))
    found = tenant.play(signed_in(0)).only
    assert found["stale"]["revoked"] == ["User.ReadBasic.All"]
    assert found["stale"]["advice"].startswith("Sign in anew: ")


def from_environment(**options: t.Any) -> Task:
    return task(CALLER, access_token="{{ lookup('ansible.builtin.env', 'THE_TOKEN') }}", **options)


def test_a_users_token(tenant: Tenant) -> None:
    own = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
    microsoft = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
    scopes = ["Directory.Read.All", "Organization.Read.All"]
    tenant.seed(
        applications=[{"app_id": own, "display_name": "Command line", "owner_tenant_id": microsoft}],
        service_principals=[service_principal(own)],
        grants=[grant(own, "openid Mail.Read", ADA), grant(own, "Mail.Send", LEAD)],
    )
    token = tenant.simulated.act_as(ADA, scopes)
    found = tenant.play(from_environment(), env={"THE_TOKEN": token}).only
    assert found["identity"] == {
        "type": "user",
        "client_id": own,
        "object_id": tenant.user(ADA),
        "display_name": "Microsoft Graph Command Line Tools",
        "user_principal_name": ADA,
    }
    assert found["permissions"] == {"application": [], "delegated": scopes}
    assert found["granted"] == ["Mail.Read", "openid"]
    assert (found["stale"]["not_in_token"], found["stale"]["revoked"]) == (["Mail.Read"], [])
    assert found["modules"]["tenant_consent"]["missing_for_writing"] == WRITING
    assert "directory roles are not looked at" in found["problems"][0]
    assert found.round_trips == ["POST /$batch", "GET /oauth2PermissionGrants"]


def test_the_token_is_nowhere(tenant: Tenant) -> None:
    token = tenant.simulated.token()
    forged = token[:-8] + "AAAAAAAA"
    run = tenant.play(
        from_environment(),
        tolerated(task(CALLER, access_token="{{ lookup('ansible.builtin.env', 'FORGED') }}")),
        task(CALLER),
        arguments=["-vvvv"],
        env={
            "THE_TOKEN": token,
            "FORGED": forged,
            "ANSIBLE_INJECT_INVOCATION": "1",
            "ANSIBLE_LOG_PATH": str(tenant.room / "ansible.log"),
        },
    )
    assert [result.failed for result in run] == [False, True, False]
    assert "401 InvalidAuthenticationToken" in run[1].message
    texts = [run.text, *(path.read_text("utf-8", "replace") for path in tenant.room.rglob("*") if path.is_file())]
    assert len(texts) > 3
    for text in texts:
        assert TOKEN.search(text) is None
        assert not [part for part in token.split(".") if part in text]


# Preflight


def play(
    tenant: Tenant, name: str, held: list[str], *arguments: str, fails: bool = False, **variables: t.Any
) -> tuple[Run, str]:
    """Runs a playbook with its preflight as an identity that holds these permissions; with all that was said, in one line."""
    state = tenant.state()
    tenant.simulated.put_state({**state, "identities": [*tenant.initial["identities"], *identities(held)]})
    tenant.simulated.clear_requests()
    done = tenant.ansible.run(
        f"tenantops.entra.{name}",
        *arguments,
        variables={
            "preflight": True,
            "consent_apps": APPS,
            "consent_report_dir": str(tenant.room / "reports"),
            **variables,
        },
        env={"AZURE_CLIENT_ID": client(0), "AZURE_CLIENT_SECRET": secret(0)},
    )
    return expect(done, warns=[], fails=fails), " ".join(done.stdout.split())


def askers(run: Run) -> set[str]:
    """The tasks that asked Graph something."""
    return {result.name for result in run if result.asked}


LOOK = "Preflight | Look what this identity may do"


def test_apply_fails_before_anything_with_all_that_is_missing(tenant: Tenant) -> None:
    run, said = play(tenant, "apply", ["User.ReadBasic.All", *READING], fails=True)
    assert (
        f"This identity (identity0, {client(0)}) lacks what tenant_consent needs to write: "
        "Application.ReadWrite.All (apps), DelegatedPermissionGrant.ReadWrite.All (grants), "
        "AppRoleAssignment.ReadWrite.All (assignments): grant them as application permissions, or run with --check."
    ) in said
    assert askers(run) == {LOOK}
    assert [asked for result in run for asked in result.writes] == []
    assert [result.round_trips for result in run if result.asked] == [["POST /$batch"]]


def test_one_is_called_one_and_check_mode_is_no_way_out_of_a_read(tenant: Tenant) -> None:
    _run, said = play(tenant, "apply", [name for name in ALL if name != "GroupMember.Read.All"], fails=True)
    assert "needs to write: GroupMember.Read.All (groups): grant it as an application permission." in said
    assert "--check" not in said.partition("grant it")[2]


def test_what_the_declaration_does_not_name_is_not_asked_for(tenant: Tenant) -> None:
    everybody = [{"app_id": OUTLOOK, "delegated_permissions": [{"scopes": ["openid"], "all_users": True}]}]
    run, _said = play(tenant, "apply", WRITING, consent_apps=everybody)
    assert [result["changed"] for result in run if "Bring the apps" in result.name] == [True]
    # To remove what users have takes reading who they are.
    for more in ({"consent_prune": True}, {"consent_apps": [*everybody, {"app_id": TEAMS, "state": "absent"}]}):
        _run, said = play(tenant, "apply", WRITING, fails=True, **{"consent_apps": everybody, **more})
        assert "needs to write: User.ReadBasic.All (users): grant it" in said


def test_enough_goes_on(tenant: Tenant) -> None:
    run, _said = play(tenant, "apply", ALL)
    assert askers(run) == {LOOK, "Bring the apps to the declared state"}
    assert len(tenant.state()["grants"]) == 20


def test_without_preflight_nothing_is_asked(tenant: Tenant) -> None:
    run, _said = play(tenant, "apply", ALL, preflight=False)
    assert askers(run) == {"Bring the apps to the declared state"}


def test_check_mode_takes_only_what_reading_takes(tenant: Tenant) -> None:
    run, _said = play(tenant, "apply", READING, "--check", fails=True)  # not as declared
    assert report(tenant)["status"] == "drift"
    assert LOOK in askers(run)
    run, _said = play(tenant, "apply", ["User.ReadBasic.All"], "--check", fails=True)
    assert report(tenant)["status"] == "failed"
    assert report(tenant)["problems"][0].startswith(
        f"This identity (identity0, {client(0)}) lacks what tenant_consent needs to read: Directory.Read.All ("
    )
    assert askers(run) == {LOOK}


def report(tenant: Tenant) -> JSON:
    found: JSON = json.loads((tenant.room / "reports" / "localhost.json").read_text(encoding="utf-8"))
    return found


def test_drift_reports_what_is_missing_and_the_audit_log_is_no_failure(tenant: Tenant) -> None:
    note = "Who made the tenant drift can not be told without AuditLog.Read.All."
    run, _said = play(tenant, "drift", [], fails=True, drift_attribution=True)
    (problem,) = report(tenant)["problems"]
    assert "lacks what tenant_consent_info needs to read: Directory.Read.All (apps, grants, users, groups): " in problem
    assert problem.endswith(f"grant it as an application permission. {note}")
    assert askers(run) == {LOOK}
    run, said = play(tenant, "drift", READING, fails=True, drift_attribution=True)
    assert report(tenant)["status"] == "drift"
    assert note in said
    for attribution, held in ((False, READING), (True, [*READING, "AuditLog.Read.All"])):
        run, said = play(tenant, "drift", held, fails=True, drift_attribution=attribution)
        assert note not in said


def test_revoking_takes_writing_and_the_names_of_users(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", LEAD)])
    run, said = play(tenant, "revoke", READING, fails=True, consent_revoke=[OUTLOOK])
    assert "needs to write: Application.ReadWrite.All (apps), " in said
    assert askers(run) == {LOOK}
    play(tenant, "revoke", READING, "--check", consent_revoke=[OUTLOOK])
    play(tenant, "revoke", [*WRITING, "User.ReadBasic.All"], consent_revoke=[OUTLOOK])
    assert tenant.state()["grants"] == []


def test_a_user_is_told_of_delegated_permissions(tenant: Tenant) -> None:
    token = tenant.simulated.act_as(ADA, [*READING, *WRITING[:1]])
    _run, said = play(tenant, "apply", [], fails=True, tenant_connection={"access_token": token})
    assert f"{ADA}) lacks what tenant_consent needs to write: DelegatedPermissionGrant.ReadWrite.All (grants), " in said
    assert ": grant them as delegated permissions, or run with --check." in said


def test_what_was_granted_a_moment_ago_is_told_apart(tenant: Tenant) -> None:
    tenant.seed(**registered(*READING, *ALL))
    _run, said = play(tenant, "apply", [*READING, *WRITING[:2]], fails=True)
    assert (
        "needs to write: AppRoleAssignment.ReadWrite.All (assignments): grant it as an application permission, or run with "
        "--check. Granted already, but not in the token yet: AppRoleAssignment.ReadWrite.All. Sign in anew: "
    ) in said


@pytest.mark.parametrize("apps", ["no app", [{"app_id": OUTLOOK, "assignments": "x"}]], ids=str)
def test_a_declaration_that_is_none_is_told_as_without_preflight(tenant: Tenant, apps: t.Any) -> None:
    play(tenant, "drift", READING, fails=True, consent_apps=apps)
    told = report(tenant)["problems"]
    play(tenant, "drift", READING, fails=True, consent_apps=apps, preflight=False)
    assert report(tenant)["problems"] == told
