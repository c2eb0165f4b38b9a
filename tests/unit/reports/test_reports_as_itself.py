# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What apps may do as themselves, in every format: apart from what they may do on behalf of users, tier 0 first."""

from __future__ import annotations

import copy
import json
import re
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import as_itself, wording

from . import samples, samples_as_itself
from .formats import FORMATS, JSON, summed, written

NEW = ("application_permissions", "inherited", "tier_0")
DASH = "\N{EN DASH}"


def page(report: JSON) -> JSON:
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', written(report, "html"))
    assert found
    tenant: JSON = json.loads(found[1])["tenants"][0]
    return tenant


def markdown(report: JSON) -> list[str]:
    return written(report, "markdown").splitlines()


def junit(report: JSON, name: str) -> dict[str, str]:
    root = ET.fromstring(written(report, "junit").encode())
    (case,) = [item for item in root.iter("testcase") if item.attrib["name"].startswith(name)]
    return {part.tag: str(part.text) for part in case}


def before() -> JSON:
    """The same report by a writer that knew nothing of it."""
    report = copy.deepcopy(samples_as_itself.acting())
    for app in [*report["apps"], *report["undeclared"]]:
        app.pop("application_permissions")
        for item in app["permissions"]:
            item.pop("inherited", None)
        app["drift"] = []
    for app in report["undeclared"]:
        del app["assigned"], app["drift"]
    return report


@pytest.mark.parametrize("format_", FORMATS)
def test_a_report_written_before_is_read_and_nothing_is_said_of_it(format_: str) -> None:
    text = written(before(), format_)
    assert "AppRoleAssignment" not in text
    if format_ == "html":
        assert not any(name in json.dumps(page(before())) for name in NEW)
    elif format_ != "json":
        assert as_itself.TITLE not in text
        assert "without a user" not in text


def test_json_has_it_all() -> None:
    assert json.loads(written(samples_as_itself.acting(), "json")) == samples_as_itself.acting()


def test_markdown_names_who_can_take_over_the_tenant_before_everything_else() -> None:
    found = markdown(samples_as_itself.acting())
    assert found[4] == "**Tier 0**, can take over the tenant without a user: Old backup, Payroll sync."
    assert not [line for line in markdown(samples.contoso()) if "Tier 0" in line]


def test_markdown_tells_by_app_what_it_may_do() -> None:
    found = markdown(samples_as_itself.acting())
    place = found.index("### As themselves, without a user")
    assert found[place + 4 : found.index("### Undeclared apps") - 1] == [
        "- Old backup, undeclared",
        "  - **Tier 0**: `RoleManagement.ReadWrite.Directory` on Microsoft Graph (critical risk): "
        "can make itself, and anybody, Global Administrator.",
        "  - Microsoft Graph: `Files.Read.All` (high risk)",
        "- Payroll sync",
        "  - **Tier 0**: `AppRoleAssignment.ReadWrite.All` on Microsoft Graph (critical risk): "
        "can grant itself, and any other app, every application permission.",
        "  - SharePoint Online: `Sites.FullControl.All` (critical risk)",
        "  - Microsoft Graph: `Mail.Read` (high risk)",
        "- Mail archive",
        "  - Microsoft Graph: `Mail.Read` (high risk)",
        "- Agent 7",
        "  - Microsoft Graph: `Group.Read.All` (medium risk) (inherited)",
        "  - `00000320-0000-4000-8000-000000000000`: `default` (unknown risk)",
        "- Shadow notes, undeclared",
        "  - Microsoft Graph: `Notes.Read.All` (medium risk) (inherited)",
    ]


def test_undeclared_apps_tell_both_sorts_and_who_is_assigned() -> None:
    rows = [line.split(" | ")[1:5] for line in markdown(samples_as_itself.acting()) if samples.OWNER in line]
    assert rows == [
        ["critical", "itself", DASH, "**tier 0** `RoleManagement.ReadWrite.Directory`, `Files.Read.All`"],
        [
            "medium",
            "17 users; itself; 1 user assigned",
            "`Notes.Read.All` (inherited)",
            "`Notes.Read.All` (inherited)",
        ],
        [DASH, "12 users and 1 group assigned", DASH, DASH],
    ]


@pytest.mark.parametrize("risk", [*samples.RISKS, None])
def test_tier_0_comes_first_whatever_its_risk_is_judged(risk: str | None) -> None:
    """The risk may be the user's own judgement."""
    own = [
        samples.application_permission("A.Read", "critical"),
        samples.application_permission("Z.All", risk, tier_0=samples_as_itself.CAN_LEAD),
    ]
    apps = [samples.app(n, f"App {n}", application_permissions=own[:n]) for n in (1, 2)]
    report = samples.tenant(apps=apps)
    assert [app["name"] for app in as_itself.holders(report)] == ["App 2", "App 1"]
    assert [item["app_role"] for item in as_itself.held(apps[1])] == ["Z.All", "A.Read"]
    assert [column["scope"] for column in page(report)["columns"]] == ["Z.All", "A.Read"]
    assert "tier 0: Z.All" in junit(report, "App 2")["system-out"].splitlines()[1]


def test_differences_say_that_it_is_without_a_user_and_tier_0_first() -> None:
    found = [line for line in markdown(samples_as_itself.acting()) if line.startswith(("- **", "  - **Tier 0**: can"))]
    assert found == [
        "- **Extra**: Application permission `AppRoleAssignment.ReadWrite.All` on Microsoft Graph, as the app itself",
        "  - **Tier 0**: can grant itself, and any other app, every application permission.",
        "- **Missing**: Application permission `User.Read.All` on Microsoft Graph, as the app itself",
    ]
    assert junit(samples_as_itself.acting(), "Payroll sync")["failure"] == (
        "Extra: Application permission AppRoleAssignment.ReadWrite.All on Microsoft Graph, as the app itself\n"
        "  tier 0: can grant itself, and any other app, every application permission.\n"
        "  risk: critical\n"
        "  Apply leaves this as it is unless prune is set.\n"
        "  2026-11-24 10:00 UTC: Add delegated permission grant by eve@contoso.example\n"
        "Missing: Application permission User.Read.All on Microsoft Graph, as the app itself\n"
        "  risk: medium"
    )
    groups = page(samples_as_itself.acting())["apps"][0]["groups"]
    assert [group.get("tier_0") for group in groups] == [samples_as_itself.CAN_GRANT, None]
    assert [group["crowd"] for group in groups] == ["", ""]


def test_junit_lists_it_beside_an_apps_result() -> None:
    report = samples_as_itself.acting()
    assert junit(report, "Wiki") == {}
    assert list(junit(report, "Payroll sync")) == ["failure", "system-out"]
    assert junit(report, "Payroll sync")["system-out"] == (
        "As itself, without a user:\n"
        "  tier 0: AppRoleAssignment.ReadWrite.All on Microsoft Graph (critical risk): "
        "can grant itself, and any other app, every application permission.\n"
        "  SharePoint Online: Sites.FullControl.All (critical risk)\n"
        "  Microsoft Graph: Mail.Read (high risk)"
    )
    assert junit(report, "No undeclared consent")["failure"] == (
        "Old backup (0000000a-0000-4000-8000-000000000000) for itself, risk critical\n"
        "  as itself, without a user:\n"
        "    tier 0: RoleManagement.ReadWrite.Directory on Microsoft Graph (critical risk): "
        "can make itself, and anybody, Global Administrator.\n"
        "    Microsoft Graph: Files.Read.All (high risk)\n"
        "Shadow notes (0000000c-0000-4000-8000-000000000000) for 17 users; itself; 1 user assigned, risk medium: "
        "Notes.Read.All (inherited)\n"
        "  as itself, without a user:\n"
        "    Microsoft Graph: Notes.Read.All (medium risk) (inherited)\n"
        "Intranet (0000000b-0000-4000-8000-000000000000) for 12 users and 1 group assigned"
    )


def test_the_page_has_columns_of_its_own_for_it_before_the_others() -> None:
    columns = page(samples_as_itself.acting())["columns"]
    assert [(item["resource"], item["scope"], bool(item["tier_0"])) for item in columns if "as_itself" in item] == [
        (samples.app_id(800), "default", False),
        ("Microsoft Graph", "AppRoleAssignment.ReadWrite.All", True),
        ("Microsoft Graph", "RoleManagement.ReadWrite.Directory", True),
        ("Microsoft Graph", "Files.Read.All", False),
        ("Microsoft Graph", "Mail.Read", False),
        ("Microsoft Graph", "Group.Read.All", False),
        ("Microsoft Graph", "Notes.Read.All", False),
        ("Microsoft Graph", "User.Read.All", False),
        ("SharePoint Online", "Sites.FullControl.All", False),
    ]
    assert [item["scope"] for item in columns][9:] == [
        "Mail.Read",
        "Notes.Read.All",
        "Notes.Read",
        "openid",
        "User.Read",
    ]


def test_a_scope_and_a_role_of_one_name_are_two_permissions() -> None:
    data = page(samples_as_itself.acting())
    cells = {
        (data["columns"][cell[0]]["scope"], "as_itself" in data["columns"][cell[0]]): cell[1:]
        for cell in data["apps"][0]["cells"]
    }
    assert cells == {
        ("AppRoleAssignment.ReadWrite.All", True): [1, 0, 0, 0, 1, 0],
        ("Mail.Read", True): [1, 0, 0, 0, 0, 0],
        ("User.Read.All", True): [0, 0, 1, 0, 0, 0],
        ("Sites.FullControl.All", True): [1, 0, 0, 0, 0, 0],
        ("Mail.Read", False): [0, 4, 0, 0, 0, 0],
        ("User.Read", False): [1, 0, 0, 0, 0, 0],
    }


def test_what_is_inherited_is_marked_in_its_cell_and_nothing_else_is() -> None:
    data = page(samples_as_itself.acting())
    marked = {
        (app["name"], data["columns"][cell[0]]["scope"], "as_itself" in data["columns"][cell[0]])
        for app in data["apps"]
        for cell in app["cells"]
        if cell[7:] == [1]
    }
    assert marked == {
        ("Agent 7", "Group.Read.All", True),
        ("Agent 7", "User.Read", False),
        ("Shadow notes", "Notes.Read.All", True),
        ("Shadow notes", "Notes.Read.All", False),
    }


def test_the_headline_counts_undeclared_apps_of_any_kind() -> None:
    report = samples_as_itself.acting()
    assert wording.headline(report) == "Drift: 1 of 4 apps differs, 3 undeclared apps"
    assert summed([report])["counts"]["undeclared"] == 3


def test_two_thousand_of_them_stay_a_small_page_and_fit_into_a_comment() -> None:
    without, having = (samples_as_itself.service_provider(held=held) for held in (0, 2000))
    assert sum(len(app.get("application_permissions", ())) for app in having["apps"]) == 2000
    assert len(written(having, "html")) - len(written(without, "html")) < 100_000
    assert len(written(having, "markdown")) < 65_536


@pytest.mark.parametrize("format_", ["markdown", "junit"])
def test_what_is_left_out_of_a_long_list_is_counted(format_: str) -> None:
    own = [samples.application_permission(f"Role{n:04}", tier_0=samples_as_itself.CAN_LEAD) for n in range(500)]
    own += [samples.application_permission(f"Other{n:04}") for n in range(500)]
    apps = [samples.app(1, "One", application_permissions=own)]
    text = written(samples.tenant(apps=apps), format_)
    told = len(re.findall("Role[0-9]{4}", text))
    left = re.search(r"… and ([\d,]+) more (application permissions|lines)\.", text)
    assert left
    others = 499 if format_ == "markdown" else 0  # a line of many
    assert told + int(left[1].replace(",", "")) == 501 + others


@pytest.mark.parametrize("name", samples.HOSTILE)
def test_names_of_roles_and_apis_are_data(name: str) -> None:
    """Markup, links and the like are tested with every name of a report, in the files of the formats."""
    at = samples.HOSTILE.index(name)
    whole = samples.hostile()
    report = {**whole, "apps": [whole["apps"][at]], "undeclared": [whole["undeclared"][at]], "tenant": "x"}
    data = page(report)
    shown = visible(name)
    assert {column["tier_0"] for column in data["columns"] if "as_itself" in column} == {shown, ""}
    assert data["apps"][0]["groups"][0]["tier_0"] == shown
    for part in ("failure", "system-out"):
        text = junit(report, visible(name)[:20])[part]
        assert f"tier 0: {shown}" in text
        assert f": {shown}" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", written(report, "markdown"))
