# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module tenant_consent_info, through ansible-playbook: export, drift, what nobody declared."""

from __future__ import annotations

import typing as t

import pytest

from entra_simulator.testing import running
from integration.documented import is_documented
from integration.runner import JSON, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    GUEST,
    LEAD,
    ONEIL,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    app_ids,
    assignment,
    grant,
    grants,
    service_principal,
)
from integration.test_failures import fault

if t.TYPE_CHECKING:
    from pathlib import Path

INFO, MANY = "tenant_consent_info", "tenant_consent"
DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"
GROUP = "Jira users"


def declared(tenant: Tenant) -> list[JSON]:
    return [
        {
            "app_id": OUTLOOK,
            "name": "Outlook for Jira",
            "account_enabled": True,
            "delegated_permissions": [
                {"scopes": ["openid", "User.Read"], "all_users": True},
                {"scopes": ["Mail.ReadWrite.Shared"], "users": tenant.users(3)},
            ],
            "assignments": [{"groups": [GROUP]}, {"users": [LEAD]}],
        },
        {"app_id": TEAMS, "delegated_permissions": [{"scopes": ["Chat.ReadWrite"], "groups": ["Jira mail users"]}]},
    ]


def test_drift_behind_its_back_is_found_named_and_the_declared_part_repaired(tenant: Tenant) -> None:
    apps = declared(tenant)
    tenant.play(task(MANY, apps=apps))
    clean = tenant.play(task(INFO, declared=apps)).only
    report = is_documented(INFO, clean)["report"]
    assert (report["status"], report["complete"], report["undeclared"]) == ("as_declared", True, [])
    assert report["counts"] == {"apps": 2, "missing": 0, "extra": 0, "changed": 0, "undeclared": 0}
    assert clean.writes == []

    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    first, second, _third = tenant.users(3)
    ids = {(row["clientId"], row["principalId"]): row["id"] for row in live_grants(tenant, app[OUTLOOK])}
    graph = tenant.simulated.graph
    # A scope more for one user, a grant removed from another, somebody assigned, an app consented, one disabled.
    graph(
        "PATCH",
        f"/oauth2PermissionGrants/{ids[app[OUTLOOK], tenant.user(first)]}",
        {"scope": " Mail.ReadWrite.Shared Place.Read.All"},
    )
    graph("DELETE", f"/oauth2PermissionGrants/{ids[app[OUTLOOK], tenant.user(second)]}")
    role = {
        "principalId": tenant.user(ADA),
        "resourceId": app[OUTLOOK],
        "appRoleId": "00000000-0000-0000-0000-000000000000",
    }
    graph("POST", f"/servicePrincipals/{app[OUTLOOK]}/appRoleAssignedTo", role)
    _status, consented = graph("POST", "/servicePrincipals", {"appId": TO_DO})
    for user in (ADA, LEAD):
        body = {
            "clientId": consented["id"],
            "resourceId": app[GRAPH],
            "consentType": "Principal",
            "principalId": tenant.user(user),
            "scope": " openid Tasks.Read Mail.Read",
        }
        graph("POST", "/oauth2PermissionGrants", body)
    graph("PATCH", f"/servicePrincipals/{app[OUTLOOK]}", {"accountEnabled": False})

    found = tenant.play(task(INFO, declared=apps)).only
    report = is_documented(INFO, found)["report"]
    assert report["status"] == "drift"
    assert report["counts"] == {"apps": 2, "missing": 1, "extra": 1, "changed": 2, "undeclared": 1}
    outlook, teams = report["apps"]
    assert (outlook["status"], outlook["account_enabled"], teams["status"]) == ("drift", False, "as_declared")
    told = {(entry["status"], entry["kind"]): entry for entry in outlook["drift"]}
    assert told["changed", "service_principal"]["properties"] == {"account_enabled": {"declared": True, "found": False}}
    changed = told["changed", "delegated_permission_grant"]
    assert (changed["principal"]["name"], changed["scopes_extra"], changed["admin_scopes"], changed["risk"]) == (
        first,
        ["Place.Read.All"],
        ["Place.Read.All"],
        "high",
    )
    assert told["missing", "delegated_permission_grant"]["principal"]["name"] == second
    extra = told["extra", "app_role_assignment"]
    assert (extra["principal"]["name"], extra["repaired_by_apply"]) == (ADA, False)
    (undeclared,) = report["undeclared"]
    assert (undeclared["app_id"], undeclared["users"], undeclared["all_users"]) == (TO_DO, 2, False)
    assert [one["scope"] for one in undeclared["permissions"]] == ["Mail.Read", "Tasks.Read", "openid"]
    assert {one["users"] for one in undeclared["permissions"]} == {2}

    repaired = tenant.play(task(MANY, apps=apps)).only
    assert len(repaired["changes"]) == 3
    left = tenant.play(task(INFO, declared=apps)).only["report"]
    assert left["counts"] == {"apps": 2, "missing": 0, "extra": 1, "changed": 0, "undeclared": 1}


def auditor(tenant: Tenant) -> JSON:
    """Connection options of the identity that may read everything, the audit log too."""
    env = tenant.simulated.env
    return {
        "client_id": env["ENTRA_SIMULATOR_CLIENT_ID_READER"],
        "client_secret": env["ENTRA_SIMULATOR_SECRET_READER"],
    }


def live_grants(tenant: Tenant, client_id: str) -> list[JSON]:
    _status, body = tenant.simulated.graph("GET", f"/oauth2PermissionGrants?$filter=clientId eq '{client_id}'")
    found: list[JSON] = body["value"]
    return found


def test_an_export_given_back_changes_nothing_and_is_the_same_again(tenant: Tenant) -> None:
    role = "Reader"
    tenant.seed(
        service_principals=[
            service_principal(OUTLOOK, assignment_required=True, notes="mine", tags=["HideApp"]),
            service_principal(TEAMS, account_enabled=False),
        ],
        grants=[
            grant(OUTLOOK, "  openid profile"),
            *(grant(OUTLOOK, " profile openid", user) for user in (ADA, ONEIL, GUEST)),
            grant(OUTLOOK, "Crm.Read", LEAD, resource=CRM),
            grant(TEAMS, "No.Longer.Published openid", LEAD),
        ],
        assignments=[assignment(OUTLOOK, GROUP), assignment(OUTLOOK, LEAD), assignment(CRM, LEAD, role)],
    )
    first = tenant.play(task(INFO)).only
    again = tenant.play(task(INFO)).only
    assert is_documented(INFO, first)["apps"] == again["apps"]
    # The last one has nothing but somebody who is assigned to it.
    assert {app["app_id"] for app in first["apps"]} == {OUTLOOK, TEAMS, CRM}
    (outlook,) = [app for app in first["apps"] if app["app_id"] == OUTLOOK]
    assert outlook["delegated_permissions"][0] == {"scopes": ["openid", "profile"], "all_users": True}
    assert outlook["delegated_permissions"][1]["users"] == sorted([ADA, GUEST, ONEIL])
    assert outlook["assignments"] == [{"app_role": "default", "groups": [GROUP], "users": [LEAD]}]
    before = tenant.state()
    for prune in (False, True):
        given_back = tenant.play(task(MANY, apps=first["apps"], prune=prune)).only
        assert (given_back.changed, given_back.writes) == (False, [])
    assert tenant.state() == before


def test_who_left_is_left_out_of_an_export_and_counted(tenant: Tenant) -> None:
    gone = "99999999-0000-4000-8000-000000000001"
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", ADA), {**grant(OUTLOOK, "openid", gone), "orphaned": True}],
        assignments=[{**assignment(OUTLOOK, gone), "orphaned": True, "principal_type": "User"}],
    )
    live, copied = tenant.play(task(INFO), task(INFO, rehearsal=True))
    assert live["apps"][0]["delegated_permissions"] == [{"scopes": ["openid"], "users": [ADA]}]
    assert len(live["problems"]) == 2
    given_back = tenant.play(task(MANY, apps=live["apps"])).only
    assert (given_back.changed, given_back.writes) == (False, [])
    # A copy has them all the same.
    assert [one["principal"] for one in copied["seed"]["grants"] if one.get("orphaned")] == [gone]
    (read,) = tenant.play(task("delegated_permission_grant_info", app_id=OUTLOOK))
    assert {"id": gone, "type": "User", "name": None} in [one["principal"] for one in read["grants"]]


def test_the_audit_log_tells_who_made_the_tenant_drift(tenant: Tenant) -> None:
    apps = declared(tenant)
    tenant.play(task(MANY, apps=apps))
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    first, second, _third = tenant.users(3)
    ids = {row["principalId"]: row["id"] for row in live_grants(tenant, app[OUTLOOK])}
    eve = tenant.simulated.act_as(LEAD)
    scope = {"scope": "Mail.ReadWrite.Shared Mail.Send.Shared"}
    grant_path = f"/oauth2PermissionGrants/{ids[tenant.user(first)]}"
    tenant.simulated.graph("PATCH", grant_path, scope, token=eve)
    tenant.simulated.graph("DELETE", f"/oauth2PermissionGrants/{ids[tenant.user(second)]}", token=eve)
    role = {"principalId": tenant.user(ADA), "resourceId": app[OUTLOOK], "appRoleId": DEFAULT_ROLE}
    tenant.simulated.graph("POST", f"/servicePrincipals/{app[OUTLOOK]}/appRoleAssignedTo", role, token=eve)
    tenant.simulated.graph("PATCH", f"/servicePrincipals/{app[OUTLOOK]}", {"accountEnabled": False})

    found, plain = tenant.play(
        task(INFO, declared=apps, attribution=True, **auditor(tenant)), task(INFO, declared=apps, **auditor(tenant))
    )
    told = {(entry["status"], entry["kind"]): entry["attribution"][0] for entry in found["report"]["apps"][0]["drift"]}
    by_lead = {"actor": LEAD, "actor_type": "user"}
    assert {key: told["changed", "delegated_permission_grant"][key] for key in by_lead} == by_lead
    assert told["changed", "delegated_permission_grant"]["activity"] == "Add delegated permission grant"
    assert told["missing", "delegated_permission_grant"]["activity"] == "Remove delegated permission grant"
    assert told["missing", "delegated_permission_grant"]["actor"] == LEAD
    assert told["extra", "app_role_assignment"]["actor"] == LEAD
    disabled = told["changed", "service_principal"]
    assert (disabled["actor"], disabled["actor_type"]) == ("automation", "app")
    assert "GET /auditLogs/directoryAudits" not in plain.reads
    assert not any("attribution" in key for entry in plain["report"]["apps"][0]["drift"] for key in entry)


@pytest.mark.parametrize("reason", ["no permission", "too old"])
def test_what_the_audit_log_does_not_tell_is_said_and_fails_nothing(
    reason: str, start: t.Callable[..., Tenant]
) -> None:
    tenant = start(audit_retention_days=7)
    apps = declared(tenant)
    tenant.play(task(MANY, apps=apps))
    app = {row["app_id"]: row["id"] for row in tenant.state()["service_principals"]}
    tenant.simulated.graph("PATCH", f"/servicePrincipals/{app[OUTLOOK]}", {"accountEnabled": False})
    # The automation may not read the log.
    who = {} if reason == "no permission" else auditor(tenant)
    if reason == "too old":
        tenant.simulated.advance(8 * 86_400)
    report = tenant.play(task(INFO, declared=apps, attribution=True, **who)).only["report"]
    assert (report["status"], report["complete"]) == ("drift", True)
    (entry,) = report["apps"][0]["drift"]
    expected = {"no permission": "grant it AuditLog.Read.All", "too old": "The audit log has no entry about this"}
    assert expected[reason] in entry["attribution_note"]
    assert "attribution" not in entry


def test_chosen_apps_are_exported_even_without_permissions(tenant: Tenant) -> None:
    live = tenant.play(task(INFO, app_ids=[CRM])).only
    assert [app["app_id"] for app in live["apps"]] == [CRM]
    assert live["apps"][0]["delegated_permissions"] == []


def test_a_whole_tenant_is_looked_through_in_few_requests(tmp_path: Path) -> None:
    """300 service principals and 20,000 grants, most of them by users themselves."""
    number = 300
    apps = [f"a0000000-0000-4000-8000-{place:012}" for place in range(number)]
    owner = "9d6b7e2a-0c1f-4a38-8b11-6f1f0a9c7d52"
    seed = {
        "tenant": {"id": "7a0e8f3c-4b7d-4c55-9d0f-3f1c2b1a0d9e", "domain": "contoso.example"},
        "users": [{"generate": 1000, "prefix": "user"}],
        "applications": [
            {"app_id": app_id, "display_name": f"App {place:03}", "owner_tenant_id": owner}
            for place, app_id in enumerate(apps)
        ],
        "service_principals": [{"app_id": app_id} for app_id in apps],
        "grants": [
            {
                "client_app_id": app_id,
                "principals": {"generated": "user", "first": 1, "last": 1000},
                "scope": "openid Mail.Read",
            }
            for app_id in apps[:20]
        ]
        + [{"client_app_id": apps[20], "scope": "Directory.ReadWrite.All"}],
        "identities": [
            {
                "name": "automation",
                "client_id": "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11",
                "permissions": ["Application.Read.All", "Directory.Read.All"],
            }
        ],
    }
    with running(seed) as simulated:
        tenant = Tenant(simulated, simulated.state(), tmp_path)
        found = tenant.play(task(INFO, declared=[{"app_id": apps[0], "delegated_permissions": []}])).only
        looked = [path for path in found.round_trips if path != "GET /servicePrincipals"]
        report = found["report"]
        assert report["counts"]["undeclared"] == 20
        assert report["undeclared"][0]["risk"] == "critical"
        assert {app["users"] for app in report["undeclared"][1:]} == {1000}
        assert report["counts"]["extra"] == 1000
        # Who and what is assigned to each app is a list of its own, 20 to a batch.
        assigned = -(-(number + 1) // 20)
        assert len(looked) <= 25 + 3 + assigned
        # Alone: three lists begun in one batch, 20 pages more of the longest, the scopes that Graph publishes.
        alone = tenant.play(task(INFO, declared=[{"app_id": apps[299]}])).only
        assert len(alone.round_trips) <= 25 + assigned
        assert alone["report"]["counts"]["undeclared"] == 21


def test_what_could_not_be_read_makes_the_report_incomplete_and_says_so(tenant: Tenant) -> None:
    apps = declared(tenant)
    tenant.play(task(MANY, apps=apps))
    tenant.simulated.faults([fault("GET", "consentType eq 'Principal'", 403)])
    report = tenant.play(task(INFO, declared=apps)).only["report"]
    assert (report["status"], report["complete"]) == ("incomplete", False)
    (problem,) = report["problems"]
    assert problem.startswith("Apps that nobody declared are not in this report. Could not list the tenant's")
    assert "grant it Directory.Read.All" in problem
    assert len(report["apps"]) == 2


@pytest.mark.parametrize(
    ("app", "message"),
    [
        ({"scopes": ["openid"]}, "apps[0].scopes is no option: choose from"),
        (
            {"delegated_permissions": [{"scopes": ["a"], "all_users": True}, {"scpes": ["openid"], "users": [ADA]}]},
            "apps[0].delegated_permissions[1].scpes is no option; did you mean scopes?",
        ),
        ({"assignment": [{"users": [ADA]}]}, "apps[0].assignment is no option; did you mean assignments?"),
    ],
)
def test_unknown_keys_of_a_declaration_are_named_with_their_path(app: JSON, message: str, tenant: Tenant) -> None:
    """By both modules that take a declaration."""
    wrong = [{"app_id": OUTLOOK, **app}]
    for one in tenant.play(tolerated(task(MANY, apps=wrong)), tolerated(task(INFO, declared=wrong))):
        assert one.failed
        assert message in one.message
        assert one.asked == []


def test_wrong_declarations_and_levels_fail_before_anything_is_asked(tenant: Tenant) -> None:
    twice, level, kind = tenant.play(
        tolerated(task(INFO, declared=[{"app_id": OUTLOOK}, {"app_id": OUTLOOK.upper()}])),
        tolerated(task(INFO, declared=[{"app_id": OUTLOOK}], risk_levels={"openid": "harmless"})),
        tolerated(task(INFO, declared=[{"app_id": OUTLOOK, "account_enabled": "perhaps"}])),
    )
    assert "apps[0] and apps[1] are both for" in twice.message
    assert "risk_levels: openid can't be 'harmless': choose one of low" in level.message
    assert "perhaps" in kind.message
    assert all(result.asked == [] for result in (twice, level, kind))


def test_that_nothing_is_approved_here_is_a_declaration_too(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK)], grants=[grant(OUTLOOK, "openid", ADA)])
    drift, applied = tenant.play(task(INFO, declared=[]), task(MANY, apps=[], prune=True))
    report = is_documented(INFO, drift)["report"]
    assert [app["app_id"] for app in report["undeclared"]] == [OUTLOOK]
    assert (report["status"], report["apps"]) == ("drift", [])
    # What is not declared is not touched.
    assert (is_documented(MANY, applied)["changes"], applied.changed, applied.writes) == ([], False, [])


def test_a_rehearsal_is_a_copy_that_a_declaration_can_be_tried_on(tenant: Tenant, tmp_path: Path) -> None:
    """Under other names, a simulated tenant made of the export has the same consent; the declaration fits the real names."""
    apps = declared(tenant)
    tenant.play(task(MANY, apps=apps))
    # An app that the tenant does not have yet.
    apps.append({"app_id": TO_DO, "name": "To Do for Jira"})
    live, hidden = tenant.play(task(INFO, declared=apps, rehearsal=True), task(INFO, rehearsal=True, pseudonymize=True))
    assert ADA not in str(hidden["seed"])
    assert tenant.user(LEAD) not in str(hidden["seed"])
    room = tmp_path / "copy"
    room.mkdir()
    for seed in (live["seed"], hidden["seed"]):
        with running(seed) as copied:
            copy = Tenant(copied, copied.state(), room)
            assert app_ids(copy.state()) == {OUTLOOK, TEAMS}
            assert len(grants(copy.state())) == len(grants(tenant.state()))
            if seed is live["seed"]:
                tried = copy.play(task(MANY, apps=apps)).only
                assert tried.writes == ["POST /servicePrincipals"]
