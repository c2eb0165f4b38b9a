# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page shows of what apps may do as themselves, without a user."""

from __future__ import annotations

import typing as t

import pytest
from playwright.sync_api import expect
from unit.reports import samples, samples_as_itself

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

from . import FIGURES, Open
from .test_page_contents import cell
from .test_page_paper import printed, text

if t.TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

SECTION = "section[aria-labelledby=own-title]"


def apps(page: Page) -> list[str]:
    return page.locator(f"{SECTION} tbody th bdi").all_inner_texts()


@pytest.mark.parametrize(
    ("app", "scope", "said"),
    [
        (
            "Payroll sync",
            "AppRoleAssignment.ReadWrite.All",
            f"T0 C + | the app itself, without a user, tier 0: {samples_as_itself.CAN_GRANT}, critical risk, extra",
        ),
        ("Payroll sync", "User.Read.All", "M \N{MINUS SIGN} | not held, medium risk, missing"),
        # The first column of this name is the app's own.
        ("Mail archive", "Mail.Read", "app H | the app itself, without a user, high risk"),
        (
            "Agent 7",
            "Group.Read.All",
            "app\N{UPWARDS ARROW} M | the app itself, without a user, inherited from its blueprint, medium risk",
        ),
        ("Agent 7", "User.Read", "all\N{UPWARDS ARROW} L | all users, inherited from its blueprint, low risk"),
        ("Agent 7", "Notes.Read", "3 L | 3 users, low risk"),
        ("Wiki", "Mail.Read", " | not granted"),
    ],
)
def test_a_cell_says_that_it_is_the_app_itself(opened: Open, app: str, scope: str, said: str) -> None:
    assert cell(opened("acting"), app, scope) == said


def test_its_columns_stand_apart_by_api_and_before_the_others(opened: Open) -> None:
    page = opened("acting")
    heads = page.locator(".matrix thead th[scope=colgroup]")
    assert [item.inner_text().split("\n") for item in heads.all()] == [
        ["As itself", samples.app_id(800)],
        ["As itself", "Microsoft Graph"],
        ["As itself", "SharePoint Online"],
        ["Microsoft Graph"],
    ]
    assert [item.get_attribute("colspan") for item in heads.all()] == ["1", "7", "1", "5"]
    colour = "item => getComputedStyle(item).backgroundColor"
    row = page.locator(".matrix tbody tr").first.locator("td")
    assert row.nth(2).evaluate(colour) != row.last.evaluate(colour)
    assert page.locator(".legend").inner_text().count("without a user") == 1
    assert "without a user" not in opened("contoso").locator("main").inner_text()


def test_the_line_says_on_which_api_and_as_whom(opened: Open) -> None:
    page = opened("acting")
    page.locator(".matrix tbody th").nth(1).focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".line")).to_have_text(
        "Mail archive · Mail.Read on Microsoft Graph, as itself: the app itself, without a user, high risk"
    )


def test_apps_that_act_as_themselves_are_told_tier_0_first_with_what_they_can_do(opened: Open) -> None:
    page = opened("acting")
    assert apps(page) == ["Payroll sync", "Old backup", "Mail archive", "Agent 7", "Shadow notes"]
    rows = page.locator(f"{SECTION} tbody tr")
    expect(rows.nth(0).locator(".top-list li")).to_have_text(
        f"Tier 0 AppRoleAssignment.ReadWrite.All {samples_as_itself.CAN_GRANT}"
    )
    assert rows.nth(0).locator(".chip code").all_inner_texts() == ["Sites.FullControl.All", "Mail.Read"]
    expect(rows.nth(1)).to_contain_text("Undeclared")
    expect(rows.nth(3).locator(".chip").first).to_have_text("M Group.Read.All inherited, medium risk")
    # What is missing is not held, and stands in the differences.
    expect(page.locator(SECTION)).not_to_contain_text("User.Read.All")
    expect(page.locator(".app-card .group").first).to_contain_text(f"Tier 0 {samples_as_itself.CAN_GRANT}")
    assert page.locator(".matrix tbody .tier").count() == 2


def test_undeclared_apps_tell_both_sorts_apart(opened: Open) -> None:
    rows = opened("acting").locator("section[aria-labelledby=undeclared-title] tbody tr")
    cells = [[cell.text_content() for cell in row.locator("td").all()][1:4] for row in rows.all()]
    assert cells == [
        [
            "itself",
            "\N{EN DASH}",
            "C T0 RoleManagement.ReadWrite.Directory, tier 0, critical riskH Files.Read.All, high risk",
        ],
        [
            "17 users; itself; 1 user assigned",
            "M Notes.Read.All inherited, medium risk",
            "M Notes.Read.All inherited, medium risk",
        ],
        ["12 users and 1 group assigned", "\N{EN DASH}", "\N{EN DASH}"],
    ]


def test_an_undeclared_app_shows_who_is_assigned_where_that_is_known(opened: Open) -> None:
    assigned = ".matrix tbody tr.undeclared .assigned"
    assert opened("acting").locator(assigned).all_inner_texts() == ["0 users", "1 user", "12 users, 1 group"]
    assert opened("contoso").locator(assigned).all_inner_texts() == ["all users", "17 users", "2 users"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("tier 0", ["Payroll sync", "Old backup"]),
        ("mail.read", ["Payroll sync", "Mail archive"]),
        ("sharepoint", ["Payroll sync"]),
        ("agent", ["Agent 7"]),
        ("openid", []),
    ],
)
def test_search_finds_them(opened: Open, query: str, left: list[str]) -> None:
    page = opened("acting")
    page.get_by_label("Search", exact=True).fill(query)
    assert apps(page) == left
    expect(page.locator(SECTION)).to_be_visible(visible=bool(left))


def test_filters_leave_what_they_mean(opened: Open) -> None:
    page = opened("acting")
    page.get_by_label("Risk", exact=True).select_option("critical")
    assert apps(page) == ["Payroll sync", "Old backup"]
    assert page.locator(f"{SECTION} .chip code").all_inner_texts() == ["Sites.FullControl.All"]
    page.get_by_label("Risk", exact=True).select_option("")
    page.get_by_label("Only drift", exact=True).check()
    assert apps(page) == ["Payroll sync"]
    assert page.locator(".matrix thead th.scope:visible").all_inner_texts() == [
        "AppRoleAssignment.ReadWrite.All",
        "User.Read.All",
    ]


@pytest.mark.parametrize("name", ["contoso", "calm", "empty", "failed"])
def test_a_report_that_tells_of_none_does_not_say_that_there_are_none(opened: Open, name: str) -> None:
    page = opened(name)
    expect(page.locator(SECTION)).to_be_visible(visible=False)


def test_hostile_names_are_shown_as_they_are(opened: Open) -> None:
    page = opened("hostile")
    sentences = page.locator(f"{SECTION} .top-list bdi").evaluate_all("all => all.map((item) => item.textContent)")
    assert sorted(sentences) == sorted([visible(name) for name in samples.HOSTILE] * 2)
    assert page.locator(f"{SECTION} :is(script, img, a)").count() == 0
    differences = page.locator(".group .tier + bdi").evaluate_all("all => all.map((item) => item.textContent)")
    assert differences == [visible(name) for name in samples.HOSTILE]


def test_paper_has_it_all(opened: Open) -> None:
    found = text(printed(opened("acting")))
    for words in ("As themselves, without a user", samples_as_itself.CAN_LEAD, "Sites.FullControl.All", "Old backup"):
        assert words in found


def test_many_of_them(opened: Open, screenshots: Path) -> None:
    """300 apps with 2,000 application permissions: all apps are listed, what is too much for a look behind a button."""
    page = opened("provider")
    assert len(apps(page)) == 300
    assert page.locator(f"{SECTION} tbody tr:has(.top-list)").count() == 15
    assert (
        page.locator(f"{SECTION} tbody tr").evaluate_all(
            "all => all.findLastIndex((row) => row.querySelector('.top-list'))"
        )
        == 14
    )
    FIGURES.append(f"300 apps with 2,000 application permissions: {page.locator('*').count():,} elements")
    page.screenshot(path=screenshots / "provider-1440.png")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (400, False)])
def test_screenshots_for_the_eye(opened: Open, screenshots: Path, width: int, dark: bool) -> None:
    page = opened("acting", width=width, dark=dark)
    page.screenshot(path=screenshots / f"acting-{width}{'-dark' if dark else ''}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width
