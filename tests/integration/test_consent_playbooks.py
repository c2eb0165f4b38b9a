# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks apply, drift, export and revoke, and what all of them do: one inventory host for each tenant."""

from __future__ import annotations

import json
import sys
import typing as t
import xml.etree.ElementTree as ET
from collections import Counter

import jsonschema
import pytest
import yaml

from integration.runner import JSON, ROOT, Run
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    LEAD,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    app_ids,
    assignment,
    expect,
    grant,
    grants,
    scopes,
    service_principal,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APPS = [
    {
        "app_id": OUTLOOK,
        "account_enabled": True,
        "delegated_permissions": [{"scopes": ["openid", "User.Read"], "groups": ["Jira mail users"]}],
        "assignments": [{"groups": ["Jira users"]}],
    }
]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
FORMATS = {"json", "md", "xml", "html"}


def run(tenant: Tenant, name: str, *arguments: str, fails: bool = False, **variables: t.Any) -> Run:
    """A playbook of the collection, with its reports and exports in the test's own room."""
    return tenant.playbook(
        name,
        *arguments,
        fails=fails,
        **{"consent_apps": APPS, "consent_report_dir": str(reports(tenant)), **variables},
    )


def reports(tenant: Tenant) -> Path:
    return tenant.room / "reports"


def report(tenant: Tenant, name: str = "localhost") -> JSON:
    """The JSON report, which must be as documented."""
    found: JSON = json.loads((reports(tenant) / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return found


def writes(done: Run) -> list[str]:
    return [written for result in done for written in result.writes]


def modules(done: Run) -> Counter[str]:
    """How often each module of the collection was asked something."""
    return Counter(result.name for result in done if result.asked)


def test_apply_check_drift_and_apply_again(tenant: Tenant) -> None:
    planned = run(tenant, "apply", "--check", "--diff", fails=True)
    assert writes(planned) == []
    assert report(tenant)["purpose"] == "plan"
    assert report(tenant)["counts"] == {"apps": 1, "missing": 22, "extra": 0, "changed": 0, "undeclared": 0}
    assert "+Microsoft 365 for Jira" in planned.stdout or f"+{OUTLOOK}" in planned.stdout

    applied = run(tenant, "apply")
    assert len(writes(applied)) == 22
    # One process, whatever the name of its task looks like on this ansible-core.
    ((name, asked),) = modules(applied).items()
    assert (name.rpartition(" : ")[2], asked) == ("Bring the apps to the declared state", 1)
    assert writes(run(tenant, "apply")) == []

    clean = run(tenant, "drift")
    assert (writes(clean), report(tenant)["status"], report(tenant)["purpose"]) == ([], "as_declared", "drift")
    assert {path.suffix[1:] for path in reports(tenant).glob("localhost.*")} == FORMATS
    assert {path.suffix[1:] for path in reports(tenant).glob("overview.*")} == FORMATS
    # Names of people are in there.
    assert {path.stat().st_mode & 0o777 for path in reports(tenant).iterdir()} == {0o640}

    checked = run(tenant, "apply", "--check")
    assert (writes(checked), report(tenant)["status"]) == ([], "as_declared")


def test_drift_is_in_every_format_and_only_the_declared_part_is_repaired(tenant: Tenant) -> None:
    run(tenant, "apply")
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    first = tenant.users(1, first=41)[0]
    _status, listed = tenant.simulated.graph("GET", f"/oauth2PermissionGrants?$filter=clientId eq '{app[OUTLOOK]}'")
    (mine,) = [row["id"] for row in listed["value"] if row["principalId"] == tenant.user(first)]
    tenant.simulated.graph("PATCH", f"/oauth2PermissionGrants/{mine}", {"scope": "openid User.Read Place.Read.All"})
    _status, todo = tenant.simulated.graph("POST", "/servicePrincipals", {"appId": TO_DO})
    everybody = {
        "clientId": todo["id"],
        "resourceId": app[GRAPH],
        "consentType": "AllPrincipals",
        "scope": "Tasks.Read",
    }
    tenant.simulated.graph("POST", "/oauth2PermissionGrants", everybody)

    drifted = run(tenant, "drift", fails=True)
    assert writes(drifted) == []
    assert "localhost is not as declared: 0 missing, 0 extra, 1 changed, 1 apps undeclared." in " ".join(
        drifted.stdout.split()
    )
    markdown = (reports(tenant) / "localhost.md").read_text(encoding="utf-8")
    page = (reports(tenant) / "localhost.html").read_text(encoding="utf-8")
    junit = ET.parse(reports(tenant) / "localhost.xml").getroot()
    for text in (markdown, page, ET.tostring(junit, encoding="unicode")):
        assert "Place.Read.All" in text
        assert first.partition("@")[0] in text
        assert "To Do for Jira" in text or TO_DO in text
    assert len(junit.findall(".//testcase[failure]")) == 2

    repaired = run(tenant, "apply")
    assert writes(repaired) == ["PATCH /oauth2PermissionGrants/{id}"]
    assert scopes(repaired[-1].state)[TO_DO, None, GRAPH] == {"Tasks.Read"}
    run(tenant, "drift", fails=True)
    assert report(tenant)["counts"]["undeclared"] == 1
    run(tenant, "drift", consent_undeclared=False)


def inventory(*tenants: Tenant, **more: JSON) -> JSON:
    """A host for each tenant, with the tenant's connection."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts = {
        name: {
            **local,
            "tenant_connection": {
                "tenant_id": one.simulated.env["AZURE_TENANT_ID"],
                "client_id": one.simulated.env["AZURE_CLIENT_ID"],
                "client_secret": one.simulated.env["AZURE_CLIENT_SECRET"],
                "authority_host": one.simulated.env["AZURE_AUTHORITY_HOST"],
                "graph_url": one.simulated.env["TENANTOPS_GRAPH_URL"],
                "ca_path": one.simulated.env["TENANTOPS_CA_PATH"],
            },
        }
        for name, one in zip(("contoso", "fabrikam"), tenants, strict=False)
    }
    return {"hosts": {**hosts, **{name: {**local, **variables} for name, variables in more.items()}}}


def across(tenant: Tenant, name: str, hosts: JSON, *arguments: str, fails: bool = False) -> Run:
    done = tenant.ansible.run(
        f"tenantops.entra.{name}",
        *arguments,
        inventory=hosts,
        variables={"tenants": "all", "consent_apps": APPS, "consent_report_dir": str(reports(tenant))},
    )
    return expect(done, warns=[], fails=fails)


def test_two_tenants_one_of_them_unreachable(tenant: Tenant, start: Callable[..., Tenant]) -> None:
    """The other is done, the exit code says failure, the report on all shows both."""
    other = start()
    away = {
        "tenant_connection": {
            "tenant_id": "away.example",
            "authority_host": "https://127.0.0.1:9",
            "client_secret": "s",
        }
    }
    hosts = inventory(tenant, other, away=away)
    across(tenant, "apply", hosts, fails=True)
    assert app_ids(tenant.state()) == app_ids(other.state()) == {OUTLOOK}

    looked = across(tenant, "drift", hosts, fails=True)
    overview = report(tenant, "overview")
    assert {one["tenant"]: one["status"] for one in overview["tenants"]} == {
        "contoso": "as_declared",
        "fabrikam": "as_declared",
        "away": "failed",
    }
    assert overview["status"] == "failed"
    (away_report,) = [one for one in overview["tenants"] if one["tenant"] == "away"]
    assert "could not be reached" in away_report["problems"][0]
    assert "away could not be compared with its declaration: The login endpoint" in " ".join(looked.stdout.split())
    # With a limit, only what was looked at is reported on.
    across(tenant, "drift", hosts, "--limit", "contoso")
    assert [one["tenant"] for one in report(tenant, "overview")["tenants"]] == ["contoso"]


def test_an_incomplete_report_fails_the_run(tenant: Tenant) -> None:
    run(tenant, "apply")
    tenant.simulated.faults(
        [{"match": {"method": "GET", "path": "consentType eq 'Principal'"}, "answer": {"status": 403}}]
    )
    incomplete = run(tenant, "drift", fails=True)
    assert report(tenant)["status"] == "incomplete"
    assert "The report on localhost is incomplete: Apps that nobody declared" in " ".join(incomplete.stdout.split())


def test_a_declaration_that_can_not_hold_is_reported_and_fails(tenant: Tenant) -> None:
    wrong = [{**APPS[0], "assignments": [{"users": ["nobody@contoso.example"]}]}]
    failed = run(tenant, "apply", "--check", fails=True, consent_apps=wrong)
    assert report(tenant)["status"] == "failed"
    assert "There is no user 'nobody@contoso.example' in this tenant." in report(tenant)["problems"][0]
    assert writes(failed) == []


def test_a_declaration_that_is_none_is_reported_and_not_left_out(tenant: Tenant, start: Callable[..., Tenant]) -> None:
    """One that can't be resolved, and one that is no list of apps: before any module sees them."""
    hosts = inventory(tenant, start())
    hosts["hosts"]["contoso"]["consent_apps"] = "{{ nobody_defined_this }}"
    hosts["hosts"]["fabrikam"]["consent_apps"] = ["no app"]
    done = tenant.ansible.run(
        "tenantops.entra.drift",
        inventory=hosts,
        variables={"tenants": "all", "consent_report_dir": str(reports(tenant))},
    )
    expect(done, warns=[], fails=True)
    found = {one["tenant"]: (one["status"], one["problems"][0]) for one in report(tenant, "overview")["tenants"]}
    assert {status for status, _problem in found.values()} == {"failed"}
    assert "nobody_defined_this" in found["contoso"][1]
    assert report(tenant, "contoso")["status"] == "failed"


def test_a_connection_that_can_not_be_resolved_is_no_other_tenants(tenant: Tenant) -> None:
    """The environment names a tenant; the host's own variable must not fall back to it."""
    hosts = inventory(tenant)
    hosts["hosts"]["contoso"]["tenant_connection"] = "{{ connections_of.contoso }}"
    for name in ("apply", "drift"):
        failed = across(tenant, name, hosts, fails=True)
        assert not [asked for result in failed for asked in result.asked]
    assert app_ids(tenant.state()) == set()


@pytest.mark.parametrize("name", ["apply", "drift", "export", "revoke", "contain", "revoke_user"])
def test_nobody_to_look_at_is_a_failure(name: str, tenant: Tenant) -> None:
    variables = {"tenants": "contsoo", "consent_apps": APPS, "consent_revoke": [OUTLOOK]}
    done = tenant.ansible.run(f"tenantops.entra.{name}", inventory=inventory(tenant), variables=variables)
    expect(done, warns=["Could not match supplied host pattern, ignoring: contsoo"], fails=True)
    assert "No host of the inventory matches tenants=contsoo" in done.stdout


def test_reports_that_can_not_be_written_fail_before_graph_is_asked(tenant: Tenant) -> None:
    blocked = tenant.room / "a file"
    blocked.touch()
    failed = run(tenant, "drift", fails=True, consent_report_dir=str(blocked / "reports"))
    assert f"The reports can't be written to {blocked}/reports" in " ".join(failed.stdout.split())
    assert not [asked for result in failed for asked in result.asked]


def test_an_empty_declaration_says_that_nothing_is_approved(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[grant(OUTLOOK, "openid", LEAD)],
        assignments=[assignment(GRAPH, TEAMS, "Mail.Read"), assignment(CRM, LEAD, "Reader")],
    )
    before = tenant.state()
    applied = run(tenant, "apply", consent_apps=[], consent_prune=True)
    assert (writes(applied), tenant.state()) == ([], before)
    for name, *arguments in (("drift",), ("apply", "--check")):
        run(tenant, name, *arguments, fails=True, consent_apps=[])
        found = report(tenant)
        assert (found["status"], found["counts"]["apps"], found["counts"]["undeclared"]) == ("drift", 0, 3)
        assert {app["app_id"] for app in found["undeclared"]} == {OUTLOOK, TEAMS, CRM}


@pytest.mark.parametrize("declared", [{}, {"consent_apps": None}], ids=["undefined", "null"])
def test_no_declaration_is_an_oversight(declared: JSON, tenant: Tenant) -> None:
    sentence = "localhost has no declaration: set consent_apps to the list of its apps, [] if no app is approved there."
    for name in ("apply", "drift"):
        variables = {"consent_report_dir": str(reports(tenant)), **declared}
        failed = tenant.ansible.run(f"tenantops.entra.{name}", variables=variables)
        expect(failed, warns=[], fails=True)
        assert sentence in [result.message for result in failed]
        assert not [asked for result in failed for asked in result.asked]
    assert report(tenant)["problems"] == [sentence]


def test_an_export_is_ready_to_commit_stable_and_changes_nothing(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[
            grant(OUTLOOK, " openid  profile", LEAD),
            grant(TEAMS, "Chat.ReadWrite"),
            grant(OUTLOOK, "openid", ADA),
        ],
        assignments=[assignment(OUTLOOK, "Jira users")],
    )
    folder = tenant.room / "export"
    options: dict[str, t.Any] = {"consent_export_dir": str(folder), "consent_rehearsal": True}
    first = run(tenant, "export", **options)
    text = (folder / "localhost.yml").read_text(encoding="utf-8")
    again = run(tenant, "export", **options)
    assert (first[-1].changed, writes(first)) == (True, [])
    assert not any(result.changed for result in again)
    assert (folder / "localhost.yml").read_text(encoding="utf-8") == text
    declared = yaml.safe_load(text)
    assert [app["app_id"] for app in declared["consent_apps"]] == [OUTLOOK, TEAMS]
    given_back = run(tenant, "apply", "--check", **declared)
    assert report(tenant)["status"] == "as_declared"
    assert writes(given_back) == []
    seed = yaml.safe_load((folder / "localhost.seed.yml").read_text(encoding="utf-8"))
    assert len(seed["grants"]) == 3


def test_revoking_takes_everything_of_an_app_and_nothing_else(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[service_principal(OUTLOOK), service_principal(TEAMS)],
        grants=[grant(OUTLOOK, "openid", LEAD), grant(OUTLOOK, "openid"), grant(TEAMS, "openid")],
        assignments=[
            assignment(OUTLOOK, LEAD),
            assignment(GRAPH, OUTLOOK, "Directory.ReadWrite.All"),
            assignment(GRAPH, OUTLOOK, "Mail.Read"),
            assignment(TEAMS, LEAD),
            assignment(GRAPH, TEAMS, "Mail.Read"),
        ],
    )
    planned = run(tenant, "revoke", "--check", "--diff", consent_revoke=[OUTLOOK])
    assert writes(planned) == []
    revoked = run(tenant, "revoke", consent_revoke=[OUTLOOK])
    assert len(writes(revoked)) == 5
    assert {key[0] for key in grants(revoked[-1].state)} == {TEAMS}
    (teams,) = [row["id"] for row in revoked[-1].state["service_principals"] if row["app_id"] == TEAMS]
    left = [(row["app_id"], row["principal"]) for row in revoked[-1].state["assignments"]]
    assert sorted(left) == sorted([(TEAMS, tenant.user(LEAD)), (GRAPH, teams)])
    assert app_ids(revoked[-1].state) == {OUTLOOK, TEAMS}
    removed = run(tenant, "revoke", consent_revoke=f"{OUTLOOK}, {TO_DO}", consent_remove_service_principals=True)
    assert app_ids(removed[-1].state) == {TEAMS}
    limited = run(tenant, "revoke", fails=True, consent_revoke=[TEAMS], consent_max_removals=1)
    assert "more than max_removals (1) allows" in " ".join(limited.stdout.split())


@pytest.mark.parametrize("level", ["low", "critical"])
def test_your_own_risk_levels_are_in_plans_and_reports(level: str, tenant: Tenant) -> None:
    levels: dict[str, t.Any] = {"consent_risk_levels": {"User.Read": level, "openid": "low"}}
    run(tenant, "drift", fails=True, **levels)
    (app,) = report(tenant)["apps"]
    risks = {entry["risk"] for entry in app["drift"] if entry["kind"] == "delegated_permission_grant"}
    assert risks == {level}
    applied = run(tenant, "apply", **levels)
    changes = [change for result in applied if result.data.get("changes") for change in result["changes"]]
    assert {change["risk"] for change in changes if "risk" in change} == {level}
