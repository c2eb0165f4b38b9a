# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page by keyboard, and for those who can't see it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from . import Open


def focused(page: Page) -> str:
    """Which cell has the focus: its app, and what it says."""
    return str(
        page.evaluate(
            """() => {
              const cell = document.activeElement;
              const said = cell.getAttribute("aria-label") || cell.innerText.split("\\n")[0];
              return `${cell.closest("tr").querySelector(".app").textContent}: ${said}`;
            }"""
        )
    )


def test_the_way_through_the_page(opened: Open) -> None:
    page = opened("contoso")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for label in ("Search", "Status", "Risk", "Only drift"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(label, exact=True)).to_be_focused()
    # "Clear" has nothing to clear; the matrix is one stop.
    page.keyboard.press("Tab")
    assert focused(page) == "Microsoft 365 for Jira: Microsoft 365 for Jira"
    page.keyboard.press("Tab")
    expect(page.locator("summary").first).to_be_focused()


def test_arrow_keys_move_in_the_matrix_and_the_line_says_what_is_there(opened: Open) -> None:
    page = opened("contoso")
    page.locator(".matrix tbody th").first.focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Microsoft 365 for Jira: 40 users, 1 group"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "Microsoft 365 for Jira: nobody, critical risk, extra for all users"
    expect(page.locator(".line")).to_have_text(
        "Microsoft 365 for Jira · Directory.ReadWrite.All on Microsoft Graph: "
        "nobody, critical risk, extra for all users"
    )
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "CRM: not granted"
    page.keyboard.press("End")
    assert focused(page) == "CRM: 3 users, medium risk"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "CRM: 3 users, medium risk"
    page.keyboard.press("Control+End")
    assert focused(page).startswith("0000000b-0000-4000-8000-000000000000: ")
    page.keyboard.press("Control+Home")
    assert focused(page) == "Microsoft 365 for Jira: Microsoft 365 for Jira"


def test_what_has_the_focus_is_not_covered_by_what_stands_still(opened: Open) -> None:
    page = opened("large")
    page.locator(".matrix tbody th").first.focus()
    for key in ("Control+End", *["ArrowUp"] * 12, *["ArrowLeft"] * 20):
        page.keyboard.press(key)
        on_top = """() => {
          const cell = document.activeElement;
          const { left, right, top, bottom } = cell.getBoundingClientRect();
          return cell.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
        }"""
        page.wait_for_function(on_top)


def test_what_filters_hide_is_stepped_over(opened: Open) -> None:
    page = opened("contoso", "#q=openid")
    page.locator(".matrix tbody th:visible").first.focus()
    page.keyboard.press("End")
    assert focused(page) == "CRM: all users, low risk"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Shadow notes: 17 users, low risk"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Shadow notes: 17 users, low risk"
    page.get_by_label("Search", exact=True).fill("jira")
    assert page.locator(".matrix [tabindex='0']").count() == 1
    expect(page.locator(".matrix [tabindex='0']")).to_be_visible()


def test_enter_goes_to_an_apps_differences(opened: Open) -> None:
    page = opened("contoso")
    page.locator(".matrix tbody tr").nth(1).locator("th").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".app-card").nth(1)).to_be_focused()


def test_more_differences_come_by_button_and_take_the_focus_along(opened: Open) -> None:
    page = opened("unlike")
    expect(page.locator(".group")).to_have_count(50)
    page.get_by_role("button", name="Show 20 more of 20 differences left").click()
    expect(page.locator(".group")).to_have_count(70)
    expect(page.locator(".group").nth(50)).to_be_focused()
    expect(page.locator("button.more")).to_be_hidden()


@pytest.mark.parametrize("name", ["contoso", "acting", "overview", "failed", "calm"])
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (400, False)])
def test_the_page_has_no_known_barrier(opened: Open, name: str, width: int, dark: bool) -> None:
    page = opened(name, width=width, dark=dark)
    for box in page.locator("summary").all():
        box.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_marks_and_risks_can_be_told_without_colour(opened: Open) -> None:
    page = opened("contoso")
    letters = page.locator(".matrix .tile").evaluate_all("all => all.map((item) => item.firstChild.data.at(-1))")
    assert set(letters) == {"L", "M", "H", "C", "?"}
    marks = page.locator(".matrix td .mark").all_inner_texts()
    assert set(marks) == {"\N{MINUS SIGN}", "+"}
    assert page.locator(".legend .risk").all_text_contents() == [
        "L low",
        "M medium",
        "H high",
        "C critical",
        "? unknown",
    ]


@pytest.mark.parametrize("name", ["contoso", "overview", "hostile", "large"])
def test_a_narrow_window_needs_no_scrolling_sideways(opened: Open, name: str) -> None:
    page = opened(name, width=400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
