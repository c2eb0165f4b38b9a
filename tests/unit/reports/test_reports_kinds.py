# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of differences: what is special to one stands in its own file, and one that nobody knows is told all the same."""

from __future__ import annotations

import ast
import json
import re
import typing as t
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import kinds
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Kind, scopes

from . import samples
from .formats import JSON, ROOT, schema, written

REPORTS = ROOT / "plugins" / "plugin_utils" / "_reports"
OTHERS = sorted({*REPORTS.rglob("*.py"), *REPORTS.rglob("*.js"), *REPORTS.rglob("*.j2")} - {*REPORTS.glob("kinds/*")})
TOY = {
    "status": "extra",
    "kind": "toy_box",
    "app_id": samples.app_id(1),
    "resource_app_id": samples.GRAPH[0],
    "resource_display_name": samples.GRAPH[1],
    "app_role": "Toys.Play",
    "scopes_extra": ["Toys.Read"],
    "principal": samples.user("ada@contoso.example"),
    "risk": "high",
    "repaired_by_apply": False,
}


def toys(**more: t.Any) -> JSON:
    return samples.tenant(apps=[samples.app(1, "One", drift=[{**TOY, **more}])])


def told(report: JSON) -> dict[str, str]:
    """How each format for people tells the only difference, without marks."""
    failure = next(ET.fromstring(written(report, "junit").encode()).iter("failure"))
    (line,) = [line for line in written(report, "markdown").splitlines() if line.startswith("- **")]
    (group,) = page(report)["apps"][0]["groups"]
    return {
        "junit": str(failure.text).splitlines()[0],
        "markdown": re.sub(r"[*`\\]|^- ", "", line),
        "html": "".join(text for _, text in group["title"]),
    }


def page(report: JSON) -> JSON:
    found = re.search(r'<script type="application/json" id="report-data">(.*?)</script>', written(report, "html"))
    assert found
    tenant: JSON = json.loads(found[1])["tenants"][0]
    return tenant


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_only_its_own_file_and_the_registry_know_a_kinds_name(path: t.Any) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        values = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        assert not kinds.KINDS.keys() & {value for value in values if isinstance(value, str)}
    else:
        assert not [name for name in kinds.KINDS if re.search(rf"\b{name}\b", text)]


def test_a_kind_that_nobody_knows_is_told_by_its_facts() -> None:
    assert told(toys()) == {
        "junit": "Extra: Toy box Toys.Play on Microsoft Graph for user ada@contoso.example",
        "markdown": "Extra: Toy box Toys.Play on Microsoft Graph for user ada@contoso.example: Toys.Read",
        "html": "Toy box Toys.Play on Microsoft Graph for user ada@contoso.example",
    }
    assert json.loads(written(toys(), "json"))["apps"][0]["drift"] == [TOY]
    data = page(toys())
    assert data["apps"][0]["groups"][0]["extra"] == ["Toys.Read"]
    assert data["apps"][0]["groups"][0]["risk"] == "high"
    # What its scopes mean is not known, so they are no permissions of the app.
    assert (data["columns"], data["apps"][0]["cells"]) == ([], [])
    assert data["apps"][0]["assigned_drift"] == {"missing": 0, "extra": 0}
    assert data["apps"][0]["settings_differ"] is False


@pytest.mark.parametrize("status", ["missing", "extra", "changed"])
def test_it_may_have_no_facts_at_all(status: str) -> None:
    bare = {"status": status, "kind": "toy_box", "app_id": samples.app_id(1), "repaired_by_apply": True}
    report = samples.tenant(apps=[samples.app(1, "One", drift=[bare])])
    assert told(report)["junit"] == f"{status.capitalize()}: Toy box"
    assert told(report)["html"] == "Toy box"
    assert page(report)["apps"][0]["settings_differ"] is False


def test_users_of_it_are_told_together() -> None:
    crowd = [{**TOY, "principal": samples.user(f"user{number}")} for number in range(3)]
    report = samples.tenant(apps=[samples.app(1, "One", drift=crowd)])
    assert told(report)["junit"] == "Extra: Toy box Toys.Play on Microsoft Graph for 3 users"


@pytest.mark.parametrize("name", ["", "_", "*bold* <b>", "@team|x", "\u202etoy", "# x"])
def test_its_name_is_somebodys_words(name: str) -> None:
    """As names are: test_reports_markdown.py and others say what that means."""
    report = toys(kind=name)
    assert "<b>" not in written(report, "markdown")
    assert "@team" not in written(report, "markdown")
    assert "\u202e" not in "".join(told(report).values())
    assert told(report)["html"].endswith(" Toys.Play on Microsoft Graph for user ada@contoso.example")


def test_a_line_in_the_registry_is_all_that_a_kind_of_its_own_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Kind(lambda facts: [("", "Toys of "), ("name", facts["resource_display_name"])], "everybody", scopes)
    monkeypatch.setitem(kinds.KINDS, "toy_box", own)
    report = toys()
    del report["apps"][0]["drift"][0]["principal"]
    assert set(told(report).values()) == {
        "Extra: Toys of Microsoft Graph for everybody",
        "Extra: Toys of Microsoft Graph for everybody: Toys.Read",
        "Toys of Microsoft Graph for everybody",
    }
    data = page(report)
    assert [column["scope"] for column in data["columns"]] == ["Toys.Read"]
    assert data["apps"][0]["cells"] == [[0, 0, 0, 0, 0, 1, 0]]


def test_the_schema_names_the_kinds() -> None:
    said = schema()["$defs"]["difference"]["properties"]["kind"]["description"]
    assert [name for name in kinds.KINDS if name not in said] == []
