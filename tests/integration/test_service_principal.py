# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module service_principal, through ansible-playbook."""

from __future__ import annotations

import typing as t

from integration.documented import is_documented
from integration.runner import checked, task
from integration.tenant import CRM, OUTLOOK, TEAMS, Tenant, app_ids, predictable, service_principal

READ = "GET /servicePrincipals"
READ_BIN = "GET /directory/deletedItems/microsoft.graph.servicePrincipal"
CREATE, UPDATE, DELETE = "POST /servicePrincipals", "PATCH /servicePrincipals/{id}", "DELETE /servicePrincipals/{id}"
VISIBLE = "WindowsAzureActiveDirectoryIntegratedApp"


def stored(state: dict[str, t.Any], app_id: str) -> dict[str, t.Any]:
    return next(row for row in state["service_principals"] if row["app_id"] == app_id and not row["deleted"])


def test_walk_from_creation_to_removal(tenant: Tenant) -> None:
    create = task(
        "service_principal", app_id=OUTLOOK.upper(), tags=[VISIBLE], assignment_required=True, notes="Approved"
    )
    change = task("service_principal", app_id=OUTLOOK, assignment_required=False, notes="", account_enabled=False)
    remove = task("service_principal", app_id=OUTLOOK, state="absent")
    run = tenant.play(checked(create), create, create, checked(change), change, change, checked(remove), remove, remove)
    made_check, made, made_again, changed_check, changed, changed_again, gone_check, gone, gone_again = run

    assert is_documented("service_principal", made_check)
    assert made_check.round_trips == [READ, READ_BIN]
    assert app_ids(made_check.state) == set()
    assert made.writes == [CREATE]
    assert predictable(made) == predictable(made_check)
    assert made_check["service_principal"]["id"] is None
    assert made["service_principal"]["id"] == stored(made.state, OUTLOOK)["id"]
    assert made["service_principal"]["display_name"] == "Microsoft 365 for Jira"
    assert made["changes"] == [
        {
            "action": "create",
            "kind": "service_principal",
            "app_id": OUTLOOK,
            "properties": {
                "assignment_required": {"before": None, "after": True},
                "tags": {"before": None, "after": [VISIBLE]},
                "notes": {"before": None, "after": "Approved"},
            },
        }
    ]
    # Options hold in the run that creates, in the creating request itself.
    assert stored(made.state, OUTLOOK)["assignment_required"] is True
    assert stored(made.state, OUTLOOK)["notes"] == "Approved"
    assert (made_again.changed, made_again["changes"], made_again.writes) == (False, [], [])
    assert made_again.round_trips == [READ]
    assert made_again["service_principal"] == made["service_principal"]

    assert changed_check.writes == []
    assert changed_check.state == made.state
    assert changed.writes == [UPDATE]
    assert predictable(changed) == predictable(changed_check)
    after = stored(changed.state, OUTLOOK)
    assert (after["assignment_required"], after["account_enabled"], after["notes"]) == (False, False, None)
    assert after["tags"] == [VISIBLE]
    assert changed_again.changed is False

    assert gone_check.writes == []
    assert gone.writes == [DELETE]
    assert predictable(gone) == predictable(gone_check)
    assert gone["service_principal"] is None
    assert app_ids(gone.state) == set()
    assert (gone_again.changed, gone_again.writes) == (False, [])


def test_diff_shows_what_changes(tenant: Tenant) -> None:
    create = task("service_principal", app_id=OUTLOOK, assignment_required=True)
    change = task("service_principal", app_id=CRM, tags=["sales"], notes="x")
    run = tenant.play(create, change, change, diff=True)
    assert run[0].diff == {
        "before": "",
        "after": f"{OUTLOOK}\n  service principal\n    assignment_required: true\n",
    }
    assert "tags: WindowsAzureActiveDirectoryIntegratedApp, crm" in run[1].diff["before"]
    assert "tags: WindowsAzureActiveDirectoryIntegratedApp, crm, sales" in run[1].diff["after"]
    assert run[2].diff == {"before": "", "after": ""}


def test_tags_are_members_to_be_present_and_converge(tenant: Tenant) -> None:
    """Graph returns the app registration's own tags too; nobody can take those away here."""
    wanted = task("service_principal", app_id=CRM, tags=["sales"])
    first, second = tenant.play(wanted, wanted)
    assert first["changes"][0]["properties"]["tags"]["after"] == [VISIBLE, "crm", "sales"]
    assert second.changed is False
    assert {VISIBLE, "sales"} <= set(stored(second.state, CRM)["tags"])


def test_options_left_out_are_left_alone(tenant: Tenant) -> None:
    tenant.seed(
        service_principals=[
            service_principal(
                OUTLOOK,
                account_enabled=False,
                assignment_required=True,
                tags=["own"],
                notes="Do not touch",
                notification_email_addresses=["b@contoso.example", "a@contoso.example"],
            )
        ]
    )
    before = tenant.state()
    addresses = ["a@contoso.example", "b@contoso.example"]
    run = tenant.play(
        task("service_principal", app_id=OUTLOOK),
        task("service_principal", app_id=OUTLOOK, notification_email_addresses=addresses),
    )
    assert [result.changed for result in run] == [False, False]
    assert tenant.state() == before


def test_a_deleted_one_is_restored_with_the_options_of_the_run(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK, notes="old", deleted=True)])
    old = next(row["id"] for row in tenant.state()["service_principals"] if row["deleted"])
    wanted = task("service_principal", app_id=OUTLOOK, notes="new")
    check, done, again = tenant.play(checked(wanted), wanted, wanted)
    assert check.writes == []
    assert done.writes == ["POST /directory/deletedItems/{id}/restore", UPDATE]
    assert done["changes"] == check["changes"]
    assert done["changes"][0]["action"] == "restore"
    assert done["service_principal"]["id"] == check["service_principal"]["id"] == old
    assert done["service_principal"]["notes"] == "new"
    assert again.changed is False


def test_restore_can_be_declined(tenant: Tenant) -> None:
    tenant.seed(service_principals=[service_principal(OUTLOOK, deleted=True)])
    done = tenant.play(task("service_principal", app_id=OUTLOOK, restore=False)).only
    assert done.writes == [CREATE]
    assert done["changes"][0]["action"] == "create"
    assert sum(row["app_id"] == OUTLOOK for row in done.state["service_principals"]) == 2


def test_an_app_of_microsoft_is_deleted_only_by_force(tenant: Tenant) -> None:
    microsoft = {
        "app_id": "aaaaaaaa-0000-4000-8000-000000000001",
        "display_name": "Microsoft Something",
        "owner_tenant_id": "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    }
    tenant.seed(applications=[microsoft], service_principals=[service_principal(microsoft["app_id"])])
    remove = task("service_principal", app_id=microsoft["app_id"], state="absent")
    forced = task("service_principal", app_id=microsoft["app_id"], state="absent", force=True)
    refused, done = tenant.play({**remove, "ignore_errors": True}, forced)
    assert refused.failed
    assert "owned by Microsoft" in refused.message
    assert "force: true" in refused.message
    assert refused.writes == []
    assert done.writes == [DELETE]


def test_an_app_that_microsoft_disabled_is_warned_of(tenant: Tenant) -> None:
    disabled = {
        "app_id": "aaaaaaaa-0000-4000-8000-000000000002",
        "display_name": "Shady",
        "owner_tenant_id": "2b9e4a37-6c18-4f5d-8e02-91d7b3c5a640",
        "disabled_by_microsoft": "DisabledDueToViolationOfServicesAgreement",
    }
    tenant.seed(applications=[disabled], service_principals=[service_principal(disabled["app_id"])])
    done = tenant.play(
        task("service_principal", app_id=disabled["app_id"]), warns=["Microsoft has disabled the app Shady"]
    ).only
    assert done["service_principal"]["disabled_by_microsoft"] == "DisabledDueToViolationOfServicesAgreement"


def test_an_app_that_exists_nowhere_fails_with_what_to_check(tenant: Tenant) -> None:
    unknown = task("service_principal", app_id="dddddddd-0000-4000-8000-00000000dead")
    failed = tenant.play(unknown, task("service_principal", app_id=TEAMS), fails=True)[0]
    assert "no application has this id" in failed.message
    assert "Check app_id." in failed.message
    assert failed["failures"][0]["change"]["action"] == "create"
    assert failed["failures"][0]["status"] == 400
    assert failed["changes"] == []
