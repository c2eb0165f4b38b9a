# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook contain: stops apps, takes everything away, and can bring it back."""

from __future__ import annotations

import shlex
import stat
import typing as t

import pytest
import yaml

from integration.runner import JSON, Run
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    GUEST,
    LEAD,
    NOBODY,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    assignment,
    expect,
    grant,
    service_principal,
)
from integration.test_consent_playbooks import inventory

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VENDOR = "2b9e4a37-6c18-4f5d-8e02-91d7b3c5a640"
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
AUTOMATION = "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a"
# Of another publisher: holds the same as the others, and must keep it.
OTHER = "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11"
CONTAINED = {CRM, OUTLOOK, TEAMS}
HELD: JSON = {
    "applications": [{"app_id": OTHER, "display_name": "Fabrikam Tickets", "owner_tenant_id": NOBODY}],
    "service_principals": [
        service_principal(
            OUTLOOK, notes="Approved under {{ change }}", tags=["HideApp", "x: y"], assignment_required=True
        ),
        service_principal(TEAMS, account_enabled=False, notification_email_addresses=[ADA]),
        service_principal(OTHER),
    ],
    "grants": [
        grant(OUTLOOK, " openid  User.Read"),
        grant(OUTLOOK, "Mail.Read User.Read", ADA),
        grant(OUTLOOK, "User.Read Mail.Read", GUEST),
        grant(OUTLOOK, "openid", LEAD),
        grant(OUTLOOK, "Crm.Read Crm.Withdrawn", LEAD, resource=CRM),
        grant(TEAMS, "Crm.Manage", resource=CRM),
        grant(OTHER, "openid User.Read", ADA),
    ],
    "assignments": [
        assignment(OUTLOOK, "Jira users"),
        assignment(OUTLOOK, LEAD),
        assignment(CRM, "Jira users", "Reader"),
        assignment(CRM, ADA, "Reader"),
        assignment(CRM, ADA, "Writer"),
        assignment(GRAPH, OUTLOOK, "Mail.Read"),
        assignment(GRAPH, TEAMS, "Directory.ReadWrite.All"),
        assignment(GRAPH, TEAMS, "User.Read.All"),
        assignment(CRM, TEAMS, "Sync"),
        assignment(OTHER, ADA),
        assignment(GRAPH, OTHER, "Mail.Read"),
    ],
}


def contain(tenant: Tenant, *arguments: str, fails: bool = False, **variables: t.Any) -> Run:
    return tenant.playbook(
        "contain", *arguments, fails=fails, **{"consent_contain_dir": str(tenant.room / "kept"), **variables}
    )


def files(tenant: Tenant) -> list[Path]:
    return sorted((tenant.room / "kept").glob("*"))


def comparable(state: JSON) -> JSON:
    """The tenant without the ids and times of what came back, and without the order and the blanks of a grant's scopes."""
    grants = [{**row, "scope": sorted(row["scope"].split())} for row in state["grants"]]
    new = ("id", "created_date_time")
    assignments = [{name: value for name, value in row.items() if name not in new} for row in state["assignments"]]
    return {**state, "grants": sorted(grants, key=str), "assignments": sorted(assignments, key=str)}


def held(state: JSON) -> list[JSON]:
    """What the contained apps hold."""
    ids = {row["id"] for row in state["service_principals"] if row["app_id"] in CONTAINED}
    own = [row for row in state["grants"] if row["client_app_id"] in CONTAINED]
    return own + [row for row in state["assignments"] if row["app_id"] in CONTAINED or row["principal"] in ids]


def enabled(state: JSON) -> set[str]:
    return {row["app_id"] for row in state["service_principals"] if row["account_enabled"]}


def writes(done: Run) -> list[str]:
    return [written for result in done for written in result.writes]


def said(done: Run) -> list[str]:
    """The sentences that were printed."""
    found = [result.data["msg"] for result in done if "msg" in result.data]
    return [sentence for msg in found for sentence in (msg if isinstance(msg, list) else [msg])]


def command(done: Run) -> list[str]:
    """What is said to bring everything back."""
    (sentence,) = [one for one in said(done) if one.startswith("To bring back")]
    return shlex.split(sentence.partition(": ")[2])


def test_what_was_contained_can_be_brought_back(tenant: Tenant) -> None:
    tenant.seed(**HELD)
    before = tenant.state()
    named: JSON = {"consent_contain": f"{CRM.upper()}, {NOBODY}", "consent_contain_publishers": [VENDOR]}

    checked = contain(tenant, "--check", "--diff", **named)
    assert (writes(checked), files(tenant)) == ([], [])
    assert any(sentence.startswith("Check mode writes no file.") for sentence in said(checked))
    assert f"Not in localhost, so there is nothing to contain there: {NOBODY}." in said(checked)

    done = contain(tenant, **named)
    after = tenant.state()
    assert (held(after), enabled(after) & CONTAINED) == ([], set())
    # Sign-ins end before anything is taken away, in one call for each.
    assert [set(result.writes) for result in done if result.writes] == [
        {"PATCH /servicePrincipals/{id}"},
        {
            "DELETE /oauth2PermissionGrants/{id}",
            "DELETE /servicePrincipals/{id}/appRoleAssignedTo/{id}",
        },
    ]
    planned, made = ([result["changes"] for result in run if result.data.get("changes")] for run in (checked, done))
    assert planned == made
    (kept,) = files(tenant)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    text = kept.read_text(encoding="utf-8")
    assert "notes: !unsafe 'Approved under {{ change }}'" in text
    assert {"consent_prune: false", "consent_validate_scopes: false"} <= set(text.splitlines())
    assert "consent_contain_problems" not in text
    assert not [one for one in said(done) if "can not be applied" in one]
    # The other app kept all that it had, and so did everybody else.
    assert [row for row in before["grants"] if row["client_app_id"] == OTHER] == after["grants"]
    assert len([row for row in after["assignments"] if row["app_id"] == OTHER]) == 1

    again = contain(tenant, **named)
    assert (writes(again), kept.read_text(encoding="utf-8"), len(files(tenant))) == ([], text, 2)

    ran, playbook, *arguments = command(done)
    assert (ran, playbook, arguments) == ("ansible-playbook", "tenantops.entra.apply", ["-e", f"@{kept}"])
    expect(tenant.ansible.run(playbook, *arguments), warns=[], fails=False)
    assert comparable(tenant.state()) == comparable(before)


def test_what_fails_stops_nothing_else_and_is_told_in_the_end(tenant: Tenant) -> None:
    orphaned = {**grant(OUTLOOK, "openid", NOBODY), "orphaned": True}
    retired = assignment(CRM, LEAD, "Retired")
    tenant.seed(
        **{**HELD, "grants": [*HELD["grants"], orphaned], "assignments": [*HELD["assignments"], retired]},
    )
    outlook = next(row["id"] for row in tenant.state()["service_principals"] if row["app_id"] == OUTLOOK)
    refused = {"status": 403, "code": "Authorization_RequestDenied", "message": "Not here."}
    tenant.simulated.faults(
        [
            {"match": {"method": "PATCH", "path": f"/servicePrincipals/{outlook}"}, "answer": refused},
            {"match": {"method": "DELETE", "path": "oauth2PermissionGrants"}, "answer": refused, "times": 1},
        ]
    )
    done = contain(tenant, fails=True, consent_contain=[OUTLOOK, TEAMS, CRM])
    after = tenant.state()
    assert (len(held(after)), enabled(after) & CONTAINED) == (1, {OUTLOOK})
    told = done[-1].message
    assert told.startswith("localhost is not contained: ")
    assert f"Could not update the service principal of {OUTLOOK}" in told
    assert told.count("Could not ") == 2
    lost = "1 grant of Microsoft 365 for Jira for users who can't be found any more is left out."
    assert [sentence for sentence in said(done) if sentence == lost]
    assert any(sentence.startswith("To bring back what was there, all but") for sentence in said(done))
    # A role that is disabled now stays with those who have it, and can't be given again.
    (tried,) = [sentence for sentence in said(done) if sentence.startswith("That file can not be applied as it is: ")]
    assert "'Retired'" in tried
    (kept,) = files(tenant)
    assert lost in yaml.safe_load(kept.read_text(encoding="utf-8").replace("!unsafe ", ""))["consent_contain_problems"]


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({"consent_contain": "", "consent_contain_publishers": []}, "No app is named: set consent_contain"),
        ({"consent_contain_publishers": MICROSOFT}, f"{MICROSOFT} is a tenant of Microsoft's own apps"),
        ({"consent_contain": [OUTLOOK, AUTOMATION]}, f"The automation itself ({AUTOMATION}) is among the apps"),
        ({"consent_contain": [OUTLOOK], "consent_contain_dir": "/dev/null/kept"}, "so nothing was changed: "),
    ],
    ids=["nobody", "Microsoft", "itself", "no room"],
)
def test_what_can_not_end_well_is_not_begun(tenant: Tenant, named: JSON, why: str) -> None:
    tenant.seed(
        **{
            **HELD,
            "service_principals": [
                *HELD["service_principals"],
                service_principal(AUTOMATION, display_name="Automation"),
            ],
        }
    )
    before = tenant.state()
    failed = contain(tenant, fails=True, **named)
    assert why in failed[-1].message
    assert (writes(failed), tenant.state(), files(tenant)) == ([], before, [])


def test_each_tenant_has_a_file_and_a_command_of_its_own(tenant: Tenant, start: Callable[..., Tenant]) -> None:
    tenant.seed(**HELD)
    other = start()
    hosts = inventory(tenant, other)
    other.seed(service_principals=[service_principal(TO_DO)], grants=[grant(TO_DO, "openid")])
    variables = {
        "tenants": "all",
        "consent_contain": [OUTLOOK, TO_DO],
        "consent_contain_dir": str(tenant.room / "kept"),
    }
    done = tenant.ansible.run("tenantops.entra.contain", inventory=hosts, variables={**variables, "preflight": True})
    expect(done, warns=[], fails=False)
    assert [path.name.partition(".")[0] for path in files(tenant)] == ["contoso", "fabrikam"]
    assert (OUTLOOK in enabled(tenant.state()), TO_DO in enabled(other.state())) == (False, False)
    assert {one for one in said(done) if one.startswith("Not in")} == {
        f"Not in contoso, so there is nothing to contain there: {TO_DO}.",
        f"Not in fabrikam, so there is nothing to contain there: {OUTLOOK}.",
    }
    commands = [shlex.split(one.partition(": ")[2]) for one in said(done) if one.startswith("To bring back")]
    assert sorted((words[1], words[3:6], words[6]) for words in commands) == [
        ("-i", ["tenantops.entra.apply", "-e", f"tenants={name}"], "-e") for name in ("contoso", "fabrikam")
    ]
    # Where there is nothing to contain, nothing is kept.
    expect(
        tenant.ansible.run(
            "tenantops.entra.contain", inventory=hosts, variables={**variables, "consent_contain": NOBODY}
        ),
        warns=[],
        fails=False,
    )
    assert len(files(tenant)) == 2
