# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from unit.reports import samples

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

from . import Open


def cell(page: Page, app: str, scope: str) -> str:
    """What the cell of an app and a scope says to somebody who can't see it."""
    found = page.evaluate(
        """([app, scope]) => {
          const heads = [...document.querySelectorAll(".matrix thead tr:nth-child(2) th")];
          const column = heads.findIndex((head) => head.textContent === scope) + 2;
          const row = [...document.querySelectorAll(".matrix tbody tr")].find((item) => item.querySelector(".app").textContent === app);
          return `${row.cells[column].innerText.replaceAll("\\n", " ")} | ${row.cells[column].getAttribute("aria-label")}`;
        }""",
        [app, scope],
    )
    return str(found)


def test_heading_status_and_counts(opened: Open) -> None:
    page = opened("contoso")
    expect(page.locator("h1")).to_have_text("contoso Drift")
    expect(page.locator(".headline")).to_have_text("Drift: 3 of 4 apps differ, 3 undeclared apps")
    assert page.locator(".tiles dd").all_inner_texts() == ["4", "22", "2", "2", "3"]


@pytest.mark.parametrize(
    ("app", "scope", "said"),
    [
        ("Microsoft 365 for Jira", "User.Read", "all L | all users, low risk"),
        (
            "Microsoft 365 for Jira",
            "Mail.Read",
            "20 H \N{MINUS SIGN} | 20 users, high risk, needs an admin's consent, missing for 20 users",
        ),
        (
            "Microsoft 365 for Jira",
            "Directory.ReadWrite.All",
            "C + | nobody, critical risk, extra for all users",
        ),
        ("CRM", "AllSites.Read", "3 M | 3 users, medium risk"),
        ("CRM", "Mail.Read", " | not granted"),
        ("Backup for all", "Files.ReadWrite.All", "all C | all users, critical risk, needs an admin's consent"),
    ],
)
def test_a_cell_says_who_has_it_how_risky_it_is_and_what_differs(opened: Open, app: str, scope: str, said: str) -> None:
    assert cell(opened("contoso"), app, scope) == said


def test_the_matrix_is_a_table_with_heads_grouped_by_api(opened: Open) -> None:
    page = opened("contoso")
    apis = page.locator(".matrix thead th[scope=colgroup]")
    assert apis.all_inner_texts() == ["Microsoft Graph", "SharePoint Online"]
    assert [item.get_attribute("colspan") for item in apis.all()] == ["10", "1"]
    assert page.locator(".matrix thead th[scope=col].scope").count() == 11
    assert page.locator(".matrix tbody th[scope=row]").count() == 7
    expect(page.locator(".matrix tbody tr").nth(0).locator(".assigned")).to_contain_text("1 missing")


def test_differences_are_told_by_app(opened: Open) -> None:
    page = opened("contoso")
    assert page.locator(".app-card h3").all_inner_texts() == ["Microsoft 365 for Jira", "CRM", "Not yet there"]
    first = page.locator(".app-card").first.locator(".group")
    assert first.count() == 5
    expect(first.nth(0)).to_contain_text("Missing Microsoft Graph for 20 users")
    expect(first.nth(0)).to_contain_text("Mail.Read admin")
    expect(first.nth(1)).to_contain_text("2026-11-24 10:00 UTC: Add delegated permission grant by eve@contoso.example")
    expect(first.nth(1)).to_contain_text("Apply leaves this as it is unless prune is set.")
    expect(first.nth(2)).to_contain_text("Changed Microsoft Graph for user ada@contoso.example")
    expect(page.locator(".app-card").nth(1)).to_contain_text("account_enabled is false, declared true")


def test_users_are_listed_when_asked_for_and_page_by_page(opened: Open) -> None:
    page = opened("large")
    group = page.locator(".group").first
    expect(group.locator(".names")).to_have_count(0)
    group.locator("summary").click()
    expect(group.locator(".names li")).to_have_count(60)
    expect(group.locator(".at")).to_have_text("1\N{EN DASH}60 of 134")
    group.get_by_role("button", name="Next names").click()
    group.get_by_role("button", name="Next names").click()
    expect(group.locator(".names li")).to_have_count(14)
    expect(group.get_by_role("button", name="Next names")).to_be_disabled()


def test_undeclared_apps_come_the_riskiest_first(opened: Open) -> None:
    page = opened("contoso")
    rows = page.locator("section[aria-labelledby=undeclared-title] tbody tr")
    assert rows.locator("th bdi").all_inner_texts() == ["Backup for all", "Shadow notes", samples.app_id(11)]
    expect(rows.nth(1)).to_contain_text("17 users")
    expect(rows.nth(1).locator(".chip").first).to_have_text("H Notes.Read.All, high risk")


def test_all_is_well(opened: Open) -> None:
    page = opened("calm")
    expect(page.locator("h1")).to_have_text("contoso As declared")
    expect(page.locator("main")).to_contain_text("Nothing differs from the declaration.")
    expect(page.locator("main")).to_contain_text("Every app with consent is declared.")
    expect(opened("empty").locator("main")).to_contain_text("No app is declared, and none has consent.")


def test_a_failed_tenant_shows_why_and_no_tables(opened: Open) -> None:
    page = opened("failed")
    expect(page.locator(".problems")).to_contain_text("Signing in failed: the client secret has expired.")
    expect(page.locator(".matrix")).to_have_count(0)


def test_a_plan_speaks_of_changes(opened: Open) -> None:
    page = opened("plan")
    expect(page.locator("h1")).to_have_text("contoso Changes")
    expect(page.locator(".headline")).to_contain_text("3 of 4 apps would change")


def test_an_overview_lets_choose_a_tenant(opened: Open) -> None:
    page = opened("overview")
    expect(page.locator("h1")).to_have_text("All tenants Failed")
    expect(page.locator(".tenant-title h2")).to_have_text("contoso Drift")
    page.get_by_role("link", name="down").click()
    expect(page.locator(".tenant-title h2")).to_have_text("down Failed")
    expect(page.locator(".problems")).to_be_visible()
    page.get_by_label("Tenant", exact=True).select_option(label="calm \N{EN DASH} As declared")
    expect(page.locator(".tenant-title h2")).to_have_text("calm As declared")
    assert page.url.endswith("#tenant=calm")


def test_hostile_names_are_shown_as_they_are(opened: Open) -> None:
    page = opened("hostile")
    expected = [visible(name) for name in samples.HOSTILE]
    assert page.locator(".app-card h3").evaluate_all("all => all.map((item) => item.textContent)") == expected
    assert (
        page.locator(".matrix .app").evaluate_all("all => all.map((item) => item.textContent)")[: len(expected)]
        == expected
    )
    assert page.locator(".problems li").evaluate_all("all => all.map((item) => item.textContent)") == expected
    assert page.title() == f"Drift \N{EN DASH} consent in {expected[0]}"
    assert page.locator("main script, main img, main a").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_policy_stops_what_would_run_or_be_fetched(browser: Browser, opened: Open) -> None:
    """Were a name to break out after all, the browser would refuse."""
    address = opened("contoso").url
    page = browser.new_page()
    left: list[str] = []
    page.on("requestfinished", lambda request: left.append(request.url))
    page.on("requestfailed", lambda request: left.append(str(request.failure)))
    page.goto(address)
    broken = page.evaluate(
        """async () => {
          const broken = [];
          document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
          document.body.append(Object.assign(document.createElement("img"), { src: "https://contoso.example/x.png" }));
          try { document.body.insertAdjacentHTML("beforeend", "<b>x</b>"); } catch (error) { broken.push(error.name); }
          await fetch("https://contoso.example/").catch(() => {});
          await new Promise((done) => setTimeout(done, 50));
          return broken;
        }"""
    )
    page.close()
    assert {"img-src", "connect-src", "require-trusted-types-for", "TypeError"} <= set(broken)
    assert set(left) <= {address, "csp"}
