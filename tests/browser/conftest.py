# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chromium with a report in it. Whatever a page says on its console or asks the network for fails its test."""

from __future__ import annotations

import shutil
import typing as t
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright
from unit.reports import samples, samples_as_itself
from unit.reports.formats import summed, written

from . import FIGURES, Open

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / ".build" / "browser"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
REPORTS: dict[str, t.Callable[[], samples.JSON]] = {
    "contoso": samples.contoso,
    "acting": samples_as_itself.acting,
    "provider": samples_as_itself.service_provider,
    "calm": lambda: samples.tenant(apps=[samples.app(1, "Quiet app", [samples.permission("openid")])]),
    "empty": samples.tenant,
    "failed": samples.failed,
    "hostile": samples.hostile,
    "large": samples.large,
    "overview": lambda: summed(
        [samples.contoso(), samples.tenant("calm", [samples.app(1, "Quiet app")]), samples.failed("down")]
    ),
    "unlike": lambda: samples.tenant(
        apps=[samples.app(1, "One", drift=[samples.grant(1, f"user{n}", missing=[f"Scope.{n}"]) for n in range(70)])]
    ),
    "plan": lambda: samples.contoso() | {"purpose": "plan"},
}


@pytest.fixture(scope="session")
def browser() -> t.Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> t.Callable[[str], str]:
    """The address of the page of a report."""
    folder = tmp_path_factory.mktemp("pages")

    def address(name: str) -> str:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(written(REPORTS[name](), "html"), encoding="utf-8")
        return path.as_uri()

    return address


@pytest.fixture
def opened(browser: Browser, files: t.Callable[[str], str]) -> t.Iterator[Open]:
    """Opens a report; the end of the test looks at what the pages said and asked for."""
    said: list[str] = []
    pages: list[Page] = []

    def on_console(message: ConsoleMessage) -> None:
        said.append(f"console: {message.text}")

    def on_error(error: Error) -> None:
        said.append(f"error: {error}")

    def on_request(request: Request) -> None:
        if request.url.partition("#")[0] not in {files(name) for name in REPORTS}:
            said.append(f"request: {request.url}")

    def open_page(name: str, fragment: str = "", *, width: int = 1440, dark: bool = False) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        page.on("console", on_console)
        page.on("pageerror", on_error)
        page.on("request", on_request)
        page.goto(f"{files(name)}{fragment}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert said == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where they are left, to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("measured")
        for line in FIGURES:
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"Screenshots: {SCREENSHOTS}")
