# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on paper."""

from __future__ import annotations

import io
import re
import typing as t
from pathlib import Path

import pypdf

from . import FIGURES, Open

if t.TYPE_CHECKING:
    from playwright.sync_api import Page


def printed(page: Page, path: Path | None = None) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", path=path)))


def text(document: pypdf.PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in document.pages))


def test_paper_has_everything_and_no_controls(opened: Open, screenshots: Path) -> None:
    page = opened("contoso", dark=True)
    found = text(printed(page, screenshots / "contoso.pdf"))
    for words in ("Drift: 3 of 4 apps", "user20@contoso.example", "Shadow notes", "AllSites.Read", "critical"):
        assert words in found
    for words in ("Only drift", "Skip to the report", "Clear", "Point at a cell"):
        assert words not in found


def test_what_is_filtered_stays_so(opened: Open) -> None:
    found = text(printed(opened("contoso", "#q=crm")))
    assert "account_enabled" in found
    assert "user20@contoso.example" not in found


def test_wide_matrices_are_printed_in_parts_that_fit(opened: Open) -> None:
    page = opened("large")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # an A4 sheet between its margins
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tables = page.locator(".printed .matrix")
    assert tables.count() == 4
    assert page.locator(".printed th.scope").count() == page.locator(".matrix-frame th.scope").count()
    widths = tables.evaluate_all("all => all.map((item) => item.getBoundingClientRect().right)")
    assert max(widths) <= 703
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tables.count() == 0


def test_long_lists_of_users_are_shortened_on_paper_only(opened: Open) -> None:
    page = opened("large")
    document = printed(page)
    FIGURES.append(f"20,000 differences of 50 apps on paper: {len(document.pages)} pages")
    assert len(document.pages) < 150
    assert re.search(r"and 12\d more", text(document))
    page.locator("summary").first.click()
    assert page.locator(".names").first.locator("li").count() == 60
    assert page.locator("details[open]").count() == 1
