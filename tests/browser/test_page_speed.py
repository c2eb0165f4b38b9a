# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast the page is, beside a reference in the same page, with 50 apps, 60 scopes and 20,000 differences; and what it looks like."""

from __future__ import annotations

import statistics
import typing as t

import pytest
from playwright.sync_api import Browser, expect

from . import FIGURES, Open

if t.TYPE_CHECKING:
    from pathlib import Path

# As many times as long as the reference may the page take; seen: 1.9 to 7.8, and 0.9 to 2.0.
OPENING = 10.0
REACTION = 2.5
QUERIES = ("app 07", "readwrite.1", "user012", "user007113@contoso.example", "a", "no such thing")
# What the page's own work consists of: elements made, laid out and thrown away.
REFERENCE = """const reference = () => {
  const begin = performance.now();
  const list = document.createElement("ul");
  for (let item = 0; item < 4000; item += 1) {
    list.append(Object.assign(document.createElement("li"), { textContent: `Entry ${item}` }));
  }
  document.body.append(list);
  list.getBoundingClientRect();
  list.remove();
  document.body.getBoundingClientRect();
  return performance.now() - begin;
};"""
REACT = """([query, times]) => {
  REFERENCE
  const input = document.getElementById("query");
  const took = [];
  for (let time = 0; time < times; time += 1) {
    for (const value of [query, ""]) {
      const begin = performance.now();
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      document.body.getBoundingClientRect();  // lays the page out
      took.push(performance.now() - begin);
    }
    took.push(reference());
  }
  return took;
}""".replace("REFERENCE", REFERENCE)


def test_the_page_opens_in_little_scripting(browser: Browser, files: t.Callable[[str], str]) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(files("large"))
    expect(page.locator(".app-card")).to_have_count(50)
    metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
    references = page.evaluate(f"() => {{ {REFERENCE} return [1, 2, 3, 4, 5, 6, 7].map(reference); }}")
    context.close()
    script, layout = metrics["ScriptDuration"], metrics["LayoutDuration"] + metrics["RecalcStyleDuration"]
    FIGURES.append(
        f"Opening 50 apps and 20,000 differences: {script * 1000:.0f} ms of scripting, {layout * 1000:.0f} ms of layout, "
        f"reference {min(references):.0f} to {statistics.median(references):.0f} ms"
    )
    # Opening happens once, so what the machine usually has left for the page is what it is compared with.
    assert script * 1000 < OPENING * statistics.median(references)


@pytest.mark.parametrize("query", QUERIES)
def test_search_reacts_at_once(opened: Open, query: str) -> None:
    page = opened("large")
    took = page.evaluate(REACT, [query, 7])
    there, back, references = took[::3], took[1::3], took[2::3]
    FIGURES.append(
        f"Searching for {query!r}, layout included: {statistics.median(there):.0f} ms; "
        f"clearing it: {statistics.median(back):.0f} ms; reference {statistics.median(references):.0f} ms"
    )
    # What else the machine does slows both down: the fastest of each, or what is usual, will do.
    ratios = [max(kind(there), kind(back)) / kind(references) for kind in (min, statistics.median)]
    assert min(ratios) < REACTION


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [
        ("contoso", 1440, False),
        ("contoso", 1440, True),
        ("contoso", 400, False),
        ("overview", 1440, False),
        ("large", 1440, False),
    ],
)
def test_screenshots_for_the_eye(opened: Open, screenshots: Path, name: str, width: int, dark: bool) -> None:
    """In both schemes, what is written differs clearly from what it is written on."""
    page = opened(name, width=width, dark=dark)
    page.screenshot(path=screenshots / f"{name}-{width}{'-dark' if dark else ''}.png", full_page=name == "contoso")
    red, green, blue = (
        int(part) for part in page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
    )
    assert (red + green + blue < 150) is dark
