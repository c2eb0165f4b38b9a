# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Search and filters, and their place in the address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from . import Open


def apps(page: Page) -> list[str]:
    """The rows of the matrix that are left."""
    return page.locator(".matrix tbody tr:visible .app").all_inner_texts()


def scopes(page: Page) -> list[str]:
    return page.locator(".matrix thead th.scope:visible").all_inner_texts()


def cards(page: Page) -> list[str]:
    return page.locator(".app-card h3").all_inner_texts()


def test_search_finds_an_app_by_its_name(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Search", exact=True).fill("JIRA")
    assert apps(page) == ["Microsoft 365 for Jira"]
    assert cards(page) == ["Microsoft 365 for Jira"]
    expect(page.locator("#found")).to_have_text("1 of 7 apps")
    expect(page.locator(".group")).to_have_count(5)


def test_search_finds_apps_by_a_scope_and_leaves_its_column(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Search", exact=True).fill("openid")
    assert apps(page) == ["CRM", "Quiet app", "Shadow notes"]
    assert scopes(page) == ["openid"]
    assert page.locator(".matrix thead th.api:visible").all_inner_texts() == ["Microsoft Graph"]


def test_search_finds_a_user_and_shows_only_that_one(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Search", exact=True).fill("user07@")
    assert apps(page) == ["Microsoft 365 for Jira"]
    expect(page.locator(".group")).to_have_count(1)
    expect(page.locator(".group summary")).to_have_text("1 of 20 users")
    assert page.locator(".group .names bdi").all_inner_texts() == ["user07@contoso.example"]
    assert scopes(page) == ["Mail.Read"]


def test_search_that_finds_nothing_says_so(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Search", exact=True).fill("no such thing")
    expect(page.get_by_text("No app is left by the filters.")).to_be_visible()
    expect(page.locator(".matrix")).to_be_hidden()
    page.get_by_role("button", name="Clear").click()
    assert len(apps(page)) == 7
    expect(page.get_by_label("Search", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    ("status", "left"),
    [
        ("as_declared", ["Quiet app"]),
        ("drift", ["Microsoft 365 for Jira", "CRM", "Not yet there"]),
        ("missing", ["Microsoft 365 for Jira", "Not yet there"]),
        ("extra", ["Microsoft 365 for Jira"]),
        ("changed", ["Microsoft 365 for Jira", "CRM"]),
        ("undeclared", ["Backup for all", "Shadow notes", "0000000b-0000-4000-8000-000000000000"]),
    ],
)
def test_status_filters(opened: Open, status: str, left: list[str]) -> None:
    page = opened("contoso")
    page.get_by_label("Status", exact=True).select_option(status)
    assert apps(page) == left
    if status in ("missing", "extra", "changed"):
        assert set(page.locator(".group strong").all_inner_texts()) == {status.capitalize()}


def test_risk_filters_apps_columns_and_differences(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Risk", exact=True).select_option("critical")
    assert apps(page) == ["Microsoft 365 for Jira", "Backup for all"]
    assert scopes(page) == ["Directory.ReadWrite.All", "Files.ReadWrite.All"]
    expect(page.locator(".group")).to_have_count(1)


def test_only_drift(opened: Open) -> None:
    page = opened("contoso")
    page.get_by_label("Only drift", exact=True).check()
    assert apps(page) == ["Microsoft 365 for Jira", "CRM", "Not yet there"]
    assert scopes(page) == ["Directory.ReadWrite.All", "Mail.Read", "Mail.Send", "Files.Read"]


def test_filters_stand_in_the_address_and_come_back_from_it(opened: Open) -> None:
    page = opened("overview")
    page.get_by_label("Search", exact=True).fill("Mail & more")
    page.get_by_label("Status", exact=True).select_option("missing")
    page.get_by_label("Risk", exact=True).select_option("high")
    page.get_by_label("Only drift", exact=True).check()
    fragment = re.sub(r"^[^#]*", "", page.url)
    assert fragment == "#tenant=contoso&q=mail+%26+more&status=missing&risk=high&drift=1"
    again = opened("overview", fragment)
    expect(again.get_by_label("Search", exact=True)).to_have_value("mail & more")
    expect(again.get_by_label("Status", exact=True)).to_have_value("missing")
    expect(again.get_by_label("Risk", exact=True)).to_have_value("high")
    expect(again.get_by_label("Only drift", exact=True)).to_be_checked()
    again.evaluate("location.hash = '#tenant=contoso&q=crm'")
    expect(again.get_by_label("Search", exact=True)).to_have_value("crm")
    assert apps(again) == ["CRM"]


def test_an_address_that_means_nothing_does_no_harm(opened: Open) -> None:
    page = opened("contoso", "#tenant=nobody&status=%00&risk=__proto__&drift=yes&q=%ff")
    expect(page.get_by_label("Status", exact=True)).to_have_value("")
    expect(page.get_by_label("Risk", exact=True)).to_have_value("")
    expect(page.get_by_label("Only drift", exact=True)).not_to_be_checked()
