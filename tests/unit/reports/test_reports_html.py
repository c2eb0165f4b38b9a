# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML page as text. What it does in a browser is tested in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import typing as t
from html.parser import HTMLParser

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

from . import samples
from .formats import JSON, summed, written


class Page(HTMLParser):
    """The page's elements as a browser finds them, and the text of those that matter here."""

    def __init__(self, report: JSON) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "bdi": [], "title": [], "dd": [], "dt": []}
        self._open = ""
        self.feed(written(report, "html"))
        self.data: JSON = json.loads(self.texts["script"][0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += data

    def policy(self) -> dict[str, list[str]]:
        (content,) = [values["content"] for _, values in self.elements if values.get("http-equiv")]
        parts = [part.split() for part in str(content).split(";")]
        return {name: sources for name, *sources in parts}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("report", [samples.contoso(), samples.hostile(), samples.failed(), summed([samples.tenant()])])
def test_nothing_runs_but_the_pages_own_script_and_style(report: JSON) -> None:
    page = Page(report)
    policy = page.policy()
    _, script = page.texts["script"]
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == [digest(script)]
    assert policy["style-src"] == [digest(*page.texts["style"])]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 2
    assert not {"link", "img", "iframe", "object", "embed", "base"} & set(tags)
    for _, values in page.elements:
        assert not [name for name in values if name.startswith("on") or name in ("src", "style")]
        assert (values.get("href") or "#").startswith("#")


def test_the_page_does_not_fetch() -> None:
    """Nor could it: the policy has no source for anything."""
    script = Page(samples.tenant()).texts["script"][1]
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|import|innerHTML|eval)\b", script)


@pytest.mark.parametrize("name", samples.HOSTILE)
def test_no_name_breaks_out_of_the_data(name: str) -> None:
    report = samples.tenant(name, [samples.app(1, name)], tenant_id=name)
    page = Page(report)
    assert page.data["tenants"][0]["apps"][0]["name"] == visible(name)
    raw = page.texts["script"][0]
    assert raw.isascii()
    assert not re.search("[<>&]", raw)
    assert page.texts["title"] == [f"As declared \N{EN DASH} consent in {visible(name)}"]
    assert page.texts["bdi"][0] == visible(name)


def test_heading_and_counts_can_be_read_without_scripts() -> None:
    page = Page(samples.contoso())
    assert page.texts["dt"] == ["Apps", "Missing", "Extra", "Changed", "Undeclared"]
    assert page.texts["dd"] == ["4", "22", "2", "2", "3"]
    text = written(summed([samples.contoso(), samples.failed()]), "html")
    assert "2 tenants: 1 failed, 1 drifted" in text
    assert '<span class="pill failed">Failed</span>' in text


def tenant_data(report: JSON) -> JSON:
    found: JSON = Page(report).data["tenants"][0]
    return found


def test_columns_are_all_permissions_by_api_the_riskiest_first() -> None:
    columns = tenant_data(samples.contoso())["columns"]
    assert [(column["resource"], column["scope"], column["risk"]) for column in columns] == [
        ("Microsoft Graph", "Directory.ReadWrite.All", "critical"),
        ("Microsoft Graph", "Files.ReadWrite.All", "critical"),
        ("Microsoft Graph", "Mail.Read", "high"),
        ("Microsoft Graph", "Mail.Send", "high"),
        ("Microsoft Graph", "Notes.Read.All", "high"),
        ("Microsoft Graph", "custom.scope", "unknown"),
        ("Microsoft Graph", "openid", "low"),
        ("Microsoft Graph", "profile", "low"),
        ("Microsoft Graph", "User.Read", "low"),
        ("Microsoft Graph", "Files.Read", None),
        ("SharePoint Online", "AllSites.Read", "medium"),
    ]


def test_cells_say_who_has_lacks_and_has_too_much() -> None:
    data = tenant_data(samples.contoso())
    scopes = [column["scope"] for column in data["columns"]]
    cells = {scopes[cell[0]]: cell[1:] for cell in data["apps"][0]["cells"]}
    assert cells == {
        "User.Read": [1, 0, 0, 0, 0, 0],
        "Mail.Read": [0, 20, 0, 20, 0, 0],
        "Mail.Send": [0, 40, 0, 1, 0, 0],
        "Directory.ReadWrite.All": [0, 0, 0, 0, 1, 0],
        "Files.Read": [0, 0, 0, 0, 0, 1],
    }


def test_groups_carry_every_user_and_who_did_it() -> None:
    groups = tenant_data(samples.contoso())["apps"][0]["groups"]
    assert [(group["status"], len(group["members"])) for group in groups] == [
        ("missing", 20),
        ("extra", 0),
        ("changed", 1),
        ("missing", 1),
        ("extra", 1),
    ]
    assert groups[0]["members"][19][:2] == ["user20@contoso.example", "id-user20@contoso.example"]
    assert "".join(text for _, text in groups[1]["events"][0]) == (
        "2026-11-24 10:00 UTC: Add delegated permission grant by eve@contoso.example"
    )
    assert groups[4]["notes"] == ["Audit logs go back 30 days."]


def test_users_carry_who_did_it_only_if_it_differs() -> None:
    later = {**samples.EVE, "time": "2026-11-24T11:00:00Z", "actor": None}
    same = [samples.grant(1, f"user{n}", missing=["openid"], attribution=[samples.EVE]) for n in range(2)]
    other = [*same, samples.grant(1, "user2", missing=["openid"], attribution=[samples.EVE, later])]
    for drift, said in (
        (same, ["", ""]),
        (other, [*["2026-11-24 10:00 UTC, eve@contoso.example"] * 2, "2026-11-24 11:00 UTC, unknown actor"]),
    ):
        (group,) = tenant_data(samples.tenant(apps=[samples.app(1, "One", drift=drift)]))["apps"][0]["groups"]
        assert [member[2] for member in group["members"]] == said


def test_undeclared_apps_follow_the_riskiest_first() -> None:
    apps = tenant_data(samples.contoso())["apps"]
    assert [(app["name"], app["risk"]) for app in apps if app["status"] == "undeclared"] == [
        ("Backup for all", "critical"),
        ("Shadow notes", "high"),
        (samples.app_id(11), "unknown"),
    ]


def test_twenty_thousand_differences_stay_a_small_page() -> None:
    size = len(written(samples.large(), "html"))
    assert size < 4_000_000


def test_scripts_and_style_of_the_page_are_in_it_and_can_be_read() -> None:
    texts: dict[str, t.Any] = Page(samples.tenant()).texts
    assert "Content-Security-Policy" not in texts["script"][1]
    assert "function matrix(" in texts["script"][1]
    assert "@media print" in texts["style"][0]
    assert "prefers-color-scheme: dark" in texts["style"][0]
