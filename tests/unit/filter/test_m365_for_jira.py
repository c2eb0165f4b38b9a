# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role and playbooks as far as they go without a tenant: what they say of themselves, links, refusals."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import typing as t

import pytest
import yaml

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue import approval
from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS
from entra_simulator.waiting import PATIENCE

ROOT = pathlib.Path(__file__).parents[3]
ROLE = ROOT / "roles" / "m365_for_jira"
WRITING = ["approve_for_all_users", "approve_for_limited_users", "create_for_review"]


def load(path: str) -> t.Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def specs() -> dict[str, dict[str, t.Any]]:
    return {name: spec["options"] for name, spec in load("meta/argument_specs.yml")["argument_specs"].items()}


def play(
    playbook: str, variables: dict[str, t.Any], *, cwd: pathlib.Path, options: t.Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a playbook of the collection with no tenant in reach."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "AZURE_"))}
    return subprocess.run(
        [
            *(sys.executable, "-m", "ansible", "playbook", f"tenantops.entra.{playbook}"),
            *("-e", json.dumps(variables)),
            *options,
        ],
        cwd=cwd,
        env={
            **environment,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def message(result: subprocess.CompletedProcess[str]) -> str:
    """Return what the failed task says."""
    assert result.returncode == 2, result.stdout + result.stderr
    (failure,) = re.findall(r"^fatal: .*? => (\{.*\})$", result.stdout, re.MULTILINE)
    return str(json.loads(failure)["msg"])


def test_every_default_is_the_one_that_the_argument_spec_names() -> None:
    options = {name: option for spec in specs().values() for name, option in spec.items()}
    defaults = load("defaults/main.yml")
    assert defaults.pop("m365_for_jira_catalogue_file") == "{{ role_path }}/files/microsoft_365_for_jira.yml"
    assert defaults == {name: option["default"] for name, option in options.items() if "default" in option}


def test_every_input_stands_in_the_defaults_and_in_the_readme() -> None:
    defaults = (ROLE / "defaults" / "main.yml").read_text(encoding="utf-8")
    readme = (ROLE / "README.md").read_text(encoding="utf-8")
    for name in {name for spec in specs().values() for name in spec}:
        assert re.search(rf"^(# )?{name}: ", defaults, re.MULTILINE)
        assert f"| `{name}` |" in readme


def test_choices_are_those_of_the_code() -> None:
    spec = specs()
    assert spec["main"]["m365_for_jira_access"]["choices"] == list(approval.ACCESS)
    assert spec["links"]["m365_for_jira_cloud"]["choices"] == list(CLOUDS)


def test_every_feature_and_option_is_documented(jira: dict[str, t.Any]) -> None:
    spec = specs()["main"]
    features = " ".join(spec["m365_for_jira_features"]["description"])
    options = " ".join(spec["m365_for_jira_options"]["description"])
    readme = (ROLE / "README.md").read_text(encoding="utf-8")
    for name, feature in jira["features"].items():
        assert f"V({name})" in features
        assert f"`{name}`" in readme
        for option in feature.get("options", {}):
            assert f"V({option})" in options
            assert f"`{option}`" in readme


def test_the_role_builds_a_declaration_and_has_role_consent_apply_it_once() -> None:
    tasks = load("tasks/main.yml")
    assert [key for task in tasks for key in task if "." in key] == [
        "ansible.builtin.fail",
        "ansible.builtin.set_fact",
        "ansible.builtin.include_role",
        "ansible.builtin.set_fact",
    ]
    assert tasks[2]["ansible.builtin.include_role"] == {"name": "tenantops.entra.consent"}
    assert not [task for task in tasks if "loop" in task or "with_items" in task]
    consent = yaml.safe_load((ROLE.parent / "consent" / "tasks" / "main.yml").read_text(encoding="utf-8"))
    assert [key for task in consent for key in task if key.startswith("tenantops.")] == [
        "tenantops.entra.tenant_consent"
    ]


def test_approval_links_prints_each_link(tmp_path: pathlib.Path) -> None:
    variables = {
        "m365_for_jira_features": "teams_jsm_portal,calendar",
        "m365_for_jira_options": ["rooms"],
        "m365_for_jira_cloud": "us_government",
        "m365_for_jira_tenant": "contoso.example",
        "m365_for_jira_state": "",
    }
    result = play("approval_links", variables, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    start = (
        "https://login.microsoftonline.us/contoso.example/v2.0/adminconsent?client_id={}"
        "&redirect_uri=https%3A%2F%2Fatlassianconnect.yasoon.com%2Fauth-success.html"
        "&scope=email%20offline_access%20profile%20openid%20{}"
    )
    printed = re.search(r'"msg": (\{.*?\})', result.stdout, re.DOTALL)
    assert printed
    assert json.loads(printed[1]) == {
        "Calendar (rooms)": start.format(
            "e7185a25-9df9-4d05-b779-76b04bf46424",
            "Calendars.ReadWrite%20Calendars.ReadWrite.Shared%20OnlineMeetings.ReadWrite%20People.Read"
            "%20User.ReadBasic.All%20Place.Read.All",
        ),
        "Teams JSM portal": start.format("a47ed889-74d6-4acf-b5c8-b1172696eb70", "User.Read"),
    }


def test_approval_links_of_another_vendor_need_only_its_file(tickets: dict[str, t.Any], tmp_path: pathlib.Path) -> None:
    catalogue = tmp_path / "tickets.yml"
    catalogue.write_text(yaml.safe_dump(tickets), encoding="utf-8")
    variables = {"m365_for_jira_features": ["mail"], "m365_for_jira_catalogue_file": str(catalogue)}
    result = play("approval_links", variables, cwd=tmp_path)
    assert result.returncode == 0, result.stdout
    assert "client_id=b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11" in result.stdout


@pytest.mark.parametrize("playbook", [*WRITING, "approval_links"])
def test_playbooks_refuse_an_unknown_feature_with_one_sentence(playbook: str, tmp_path: pathlib.Path) -> None:
    variables = {"m365_for_jira_features": ["calender"], "m365_for_jira_users": ["lead@contoso.example"]}
    assert message(play(playbook, variables, cwd=tmp_path)) == (
        "Unknown feature 'calender' (did you mean 'calendar'?): choose from email, meetings, calendar, to_do, teams, "
        "teams_jsm_portal and teams_jsm_portal_notifications."
    )


def test_playbooks_refuse_to_run_without_features(tmp_path: pathlib.Path) -> None:
    assert message(play("approve_for_all_users", {}, cwd=tmp_path)) == (
        "No feature is chosen: name at least one of email, meetings, calendar, to_do, teams, "
        "teams_jsm_portal and teams_jsm_portal_notifications."
    )


@pytest.mark.parametrize("access", ["per_user", "assigned"])
def test_limited_approval_needs_users_or_groups(access: str, tmp_path: pathlib.Path) -> None:
    variables = {"m365_for_jira_features": ["email"], "m365_for_jira_access": access}
    assert message(play("approve_for_limited_users", variables, cwd=tmp_path)) == (
        f"Access '{access}' needs users or groups, and none are given for email."
    )


@pytest.mark.parametrize(
    ("inventory", "used"),
    [(None, "per_user"), ("per_user", "per_user"), ("assigned", "assigned"), ("all_users", "per_user")],
)
def test_inventory_chooses_how_the_approval_is_limited(
    inventory: str | None, used: str, tmp_path: pathlib.Path
) -> None:
    access = {} if inventory is None else {"m365_for_jira_access": inventory}
    hosts = tmp_path / "hosts.yml"
    hosts.write_text(yaml.safe_dump({"tenants": {"hosts": {"contoso": access}}}), encoding="utf-8")
    variables = {"tenants": "contoso", "m365_for_jira_features": ["email"]}
    result = play("approve_for_limited_users", variables, cwd=tmp_path, options=["-i", str(hosts)])
    assert message(result) == f"Access '{used}' needs users or groups, and none are given for email."


def test_unknown_access_is_refused(tmp_path: pathlib.Path) -> None:
    variables = {"m365_for_jira_features": ["email"], "m365_for_jira_access": "asigned"}
    assert message(play("approve_for_limited_users", variables, cwd=tmp_path)) == (
        "Validation of arguments failed:\n"
        "value of m365_for_jira_access must be one of: all_users, per_user, assigned, review, got: asigned"
    )


def test_approval_for_all_users_refuses_users(tmp_path: pathlib.Path) -> None:
    variables = {"m365_for_jira_features": ["email"], "m365_for_jira_users": ["lead@contoso.example"]}
    assert message(play("approve_for_all_users", variables, cwd=tmp_path)) == (
        "Access 'all_users' is for everybody, but users or groups are given for email: "
        "leave them out, or choose per_user or assigned."
    )
