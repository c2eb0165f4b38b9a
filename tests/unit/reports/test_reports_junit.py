# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JUnit XML of a report."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

from . import samples
from .formats import JSON, summed, written


def parsed(report: JSON) -> ET.Element:
    text = written(report, "junit")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    return ET.fromstring(text.encode())


def case(root: ET.Element, name: str) -> ET.Element:
    (found,) = [item for item in root.iter("testcase") if item.attrib["name"].startswith(name)]
    return found


def outcome(root: ET.Element, name: str) -> str:
    return ", ".join(child.tag for child in case(root, name)) or "passed"


def test_there_is_a_suite_for_each_tenant_and_a_case_for_each_app() -> None:
    root = parsed(summed([samples.contoso(), samples.failed()]))
    assert [suite.attrib["name"] for suite in root] == ["contoso", "fabrikam"]
    assert [item.attrib["name"] for item in root[0]] == [
        "Everything could be read",
        "Microsoft 365 for Jira (00000001-0000-4000-8000-000000000000)",
        "CRM (00000002-0000-4000-8000-000000000000)",
        "Quiet app (00000003-0000-4000-8000-000000000000)",
        "Not yet there (00000004-0000-4000-8000-000000000000)",
        "No undeclared consent",
    ]
    assert {item.attrib["classname"] for item in root[0]} == {"consent.contoso"}
    assert {item.attrib["time"] for item in root.iter("testcase")} == {"0"}


@pytest.mark.parametrize("report", [samples.contoso(), samples.tenant(), samples.failed(), samples.hostile()])
def test_counts_are_those_of_the_cases(report: JSON) -> None:
    root = parsed(summed([report]))
    for element in (root, root[0]):
        cases = list(element.iter("testcase"))
        assert element.attrib["tests"] == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.attrib[attribute] == str(sum(item.find(tag) is not None for item in cases))
        assert element.attrib["time"] == "0"
    assert root[0].attrib["timestamp"] == "2026-11-25T02:00:00"


def test_what_drifted_fails_and_says_how() -> None:
    root = parsed(samples.contoso())
    assert outcome(root, "Quiet app") == "passed"
    (failure,) = case(root, "Microsoft 365 for Jira")
    assert failure.attrib == {"message": "21 missing, 2 extra, 1 changed", "type": "drift"}
    text = str(failure.text)
    names = ", ".join(f"user{number:02}@contoso.example" for number in range(1, 11))
    assert text.startswith(
        f"Missing: Microsoft Graph for 20 users\n  missing: Mail.Read\n  20 users: {names}, and 10 more\n"
        "  risk: high\n  needs an admin's consent: Mail.Read\n"
    )
    assert "\n  Apply leaves this as it is unless prune is set." in text
    assert "\n  2026-11-24 10:00 UTC: Add delegated permission grant by eve@contoso.example\n" in text
    assert str(case(root, "CRM")[0].text).endswith(
        "\n  account_enabled is false, declared true\n"
        "  notification_email_addresses is empty, declared it@contoso.example"
    )


def test_undeclared_consent_fails_unless_the_status_tolerates_it() -> None:
    root = parsed(samples.contoso())
    (failure,) = case(root, "No undeclared consent")
    assert failure.attrib == {"message": "3 undeclared apps", "type": "undeclared"}
    assert str(failure.text).splitlines()[1] == (
        "Shadow notes (0000000a-0000-4000-8000-000000000000) for 17 users, risk high: Notes.Read.All, openid"
    )
    tolerated = samples.tenant(without=samples.contoso()["undeclared"], status="as_declared")
    assert outcome(parsed(tolerated), "No undeclared consent") == "system-out"
    assert outcome(parsed(samples.tenant()), "No undeclared consent") == "passed"


def test_what_could_not_be_read_is_an_error() -> None:
    partly = samples.contoso() | {
        "status": "incomplete",
        "complete": False,
        "problems": ["Grants: 503.", "Users: 403."],
    }
    (error,) = case(parsed(partly), "Everything could be read")
    assert (error.tag, error.attrib["message"], error.text) == ("error", "Grants: 503.", "Grants: 503.\nUsers: 403.")
    root = parsed(samples.failed())
    assert outcome(root, "Everything could be read") == "error"
    assert outcome(root, "No undeclared consent") == "skipped"
    assert outcome(parsed(samples.contoso()), "Everything could be read") == "passed"


def test_names_are_carried_as_they_are_without_what_xml_forbids() -> None:
    text = written(samples.hostile(), "junit")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)
    root = ET.fromstring(text.encode())
    cases = [item.attrib["name"] for item in root.iter("testcase")][1:-1]
    assert cases == [f"{visible(name)} ({samples.app_id(n)})" for n, name in enumerate(samples.HOSTILE)]
    for place, name in enumerate(samples.HOSTILE):
        assert visible(name) in str(root[0][place + 1][0].text)


def test_the_text_of_a_failure_stays_short() -> None:
    drift = [samples.grant(1, f"user{n}", missing=[f"Scope.{n}"]) for n in range(1000)]
    root = parsed(samples.tenant(apps=[samples.app(1, "One", drift=drift)]))
    found = str(case(root, "One")[0].text).splitlines()
    assert found[-1] == "… and 950 more differences."
    assert case(root, "One")[0].attrib["message"] == "1,000 missing"
