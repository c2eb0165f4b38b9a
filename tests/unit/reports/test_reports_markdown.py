# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Markdown of a report, as text and as a renderer of GitHub's dialect shows it."""

from __future__ import annotations

import re
import typing as t
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

from . import samples
from .formats import JSON, summed, written

BREAK = "\u200b"
DASH = "\N{EN DASH}"


class Rendered(HTMLParser):
    """What a reader sees: tags that there are, and the text of each block."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.code = ""
        self.plain = ""
        self._open: list[str] = []
        # Raw HTML is let through, as it would be by a platform that filters it only afterwards.
        self.feed(MarkdownIt("gfm-like", {"html": True}).render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.code += f"{data}\n"
        else:
            self.plain += data


def lines(report: JSON) -> list[str]:
    return written(report, "markdown").splitlines()


def shown(markdown: str, name: str) -> bool:
    """Whether the text can be read, markup and breaks taken away."""
    found = Rendered(markdown)
    return name in (found.plain + found.code).replace(BREAK, "")


def test_the_status_comes_first() -> None:
    assert lines(samples.contoso())[0] == "## ⚠️ contoso · Drift: 3 of 4 apps differ, 3 undeclared apps"
    assert lines(samples.tenant())[0] == "## ✅ contoso · As declared"
    assert lines(samples.failed())[0] == "## ❌ fabrikam · Failed: the tenant could not be read"


def test_a_plan_speaks_of_what_would_change() -> None:
    found = lines(samples.contoso() | {"purpose": "plan"})
    assert found[0] == "## ⚠️ contoso · Changes: 3 of 4 apps would change, 3 undeclared apps"
    assert "| Microsoft 365 for Jira | ⚠️ Changes | high | 21 | 2 | 1 |" in found


def test_apps_stand_in_a_table_with_their_counts() -> None:
    found = lines(samples.contoso())
    place = found.index("| App | Status | Risk | Missing | Extra | Changed |")
    assert found[place + 2 : place + 6] == [
        "| Microsoft 365 for Jira | ⚠️ Drift | high | 21 | 2 | 1 |",
        "| CRM | ⚠️ Drift | medium | 0 | 0 | 1 |",
        "| Quiet app | ✅ As declared | low | 0 | 0 | 0 |",
        f"| Not yet there | ⚠️ Drift | {DASH} | 1 | 0 | 0 |",
    ]


def test_users_with_the_same_difference_share_an_entry() -> None:
    text = written(samples.contoso(), "markdown")
    assert text.count("- **Missing**: Microsoft Graph for 20 users: `Mail.Read`\n") == 1
    names = ", ".join(f"`user{number:02}@contoso.example`" for number in range(1, 11))
    assert f"  - 20 users: {names}, and 10 more\n" in text
    assert "  - Risk: high. Needs an admin's consent: `Mail.Read`.\n" in text


def test_each_kind_of_difference_is_told_in_words() -> None:
    found = lines(samples.contoso())
    assert "- **Extra**: Microsoft Graph for all users: `Directory.ReadWrite.All`" in found
    assert (
        "- **Changed**: Microsoft Graph for user `ada@contoso.example`: missing `Mail.Send`; extra `Files.Read`"
        in found
    )
    assert "- **Missing**: Role `default` for group `Jira users`" in found
    assert "- **Extra**: Role `default` for user `ben@contoso.example`" in found
    assert "- **Missing**: Enterprise application" in found
    assert (
        "- **Changed**: Settings of the enterprise application: `account_enabled` is `false`, declared `true`, "
        "`notification_email_addresses` is `empty`, declared `it@contoso.example`" in found
    )


def test_it_says_what_apply_repairs_and_what_not() -> None:
    text = written(samples.contoso(), "markdown")
    assert "Apply repairs 24 of 26 differences; 2 stay unless prune is set." in text
    assert text.count("Apply leaves this as it is unless prune is set.") == 2
    all_of_it = samples.tenant(apps=[samples.app(1, "One", drift=[samples.grant(1, missing=["openid"])])])
    assert "Apply repairs it." in written(all_of_it, "markdown")
    assert "Apply makes this change." in written(all_of_it | {"purpose": "plan"}, "markdown")
    none_of_it = samples.tenant(apps=[samples.app(1, "One", drift=[samples.grant(1, extra=["openid"])])])
    assert "Apply repairs none of it: 1 difference stays unless prune is set." in written(none_of_it, "markdown")


def test_who_did_it_is_told_and_why_not() -> None:
    text = written(samples.contoso(), "markdown")
    assert "  - 2026-11-24 10:00 UTC: Add delegated permission grant by `eve@contoso.example`\n" in text
    assert "  - Audit logs go back 30 days.\n" in text


def test_the_same_actor_is_told_once_for_many_users() -> None:
    later = {**samples.EVE, "time": "2026-11-24T11:00:00Z"}
    drift = [
        samples.grant(
            1, f"user{place}", missing=["openid"], attribution=[later if place == 1 else samples.EVE][: place + 1]
        )
        for place in range(3)
    ]
    drift.append(samples.grant(1, "user3", missing=["openid"]))
    text = written(samples.tenant(apps=[samples.app(1, "One", drift=drift)]), "markdown")
    assert text.count("by `eve@contoso.example`") == 1
    assert "2026-11-24 11:00 UTC: Add delegated permission grant by `eve@contoso.example`, for 3 of 4\n" in text


def test_undeclared_apps_stand_in_a_table_the_riskiest_first() -> None:
    found = [line.split(" | ")[:3] for line in lines(samples.contoso()) if line.endswith(("` |", f"{DASH} |"))]
    assert found == [
        ["| Backup for all `0000000c-0000-4000-8000-000000000000`", "critical", "all users"],
        ["| Shadow notes `0000000a-0000-4000-8000-000000000000`", "high", "17 users"],
        ["| `0000000b-0000-4000-8000-000000000000`", "unknown", "2 users"],
    ]


def test_problems_are_listed() -> None:
    assert "- Signing in failed: the client secret has expired." in lines(samples.failed())
    partly = samples.contoso() | {"status": "incomplete", "complete": False, "problems": ["Grants: 503."]}
    assert lines(partly)[0] == (
        "## ❗ contoso · Incomplete: a part could not be read; 3 of 4 apps differ, 3 undeclared apps"
    )
    assert "- Grants: 503." in lines(partly)


def test_an_overview_begins_with_the_tenants_and_tells_of_those_with_something_to_tell() -> None:
    text = written(summed([samples.tenant("calm"), samples.contoso(), samples.failed()]), "markdown")
    assert text.startswith("## ❌ 3 tenants: 1 failed, 1 drifted, 1 as declared\n")
    assert "| calm | ✅ As declared | 0 | 0 | 0 | 0 | 0 |\n| contoso | ⚠️ Drift | 4 | 22 | 2 | 2 | 3 |\n" in text
    assert f"| fabrikam | ❌ Failed{f' | {DASH}' * 5} |\n" in text
    assert "### ⚠️ contoso · Drift" in text
    assert "### ❌ fabrikam · Failed" in text
    assert "### ✅ calm" not in text


@pytest.mark.parametrize("name", samples.HOSTILE)
def test_a_name_is_shown_as_it_is_wherever_it_stands(name: str) -> None:
    at = samples.HOSTILE.index(name)
    whole = samples.hostile()
    text = written({**whole, "apps": [whole["apps"][at]], "undeclared": [whole["undeclared"][at]]}, "markdown")
    found = Rendered(text)
    assert found.tags <= {
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "li",
        "strong",
        "code",
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    expected = re.sub(" +", " ", visible(name)).strip()[:100]
    assert shown(text, expected)
    for sign in "@#!":
        assert not re.search(rf"(?<![\w`]){sign}\w", found.plain)


@pytest.mark.parametrize("name", [name for name in samples.HOSTILE if len(name) < 200])
def test_a_table_keeps_its_columns_whatever_a_name_has(name: str) -> None:
    own = [samples.application_permission(name, tier_0=name, inherited=True)]
    found = samples.undeclared(2, name, [samples.permission(name)], application_permissions=own)
    report = samples.tenant(apps=[samples.app(1, name)], without=[found])
    html = MarkdownIt("gfm-like").render(written(report, "markdown"))
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert [len(re.findall(r"<t[hd]", row)) for row in rows] == [6, 6, 6, 6]


def test_a_mail_address_can_be_copied() -> None:
    assert BREAK not in written(samples.contoso(), "markdown")


def many_tenants() -> JSON:
    return summed([samples.contoso() | {"tenant": f"tenant{number:03}"} for number in range(300)])


def unlike() -> JSON:
    """No two differences can be grouped, and every name is as long as it gets."""
    long = "n" * 250
    drift = [
        samples.grant(1, f"{long}{n}", missing=[f"{long}{n}"], attribution=[{**samples.EVE, "actor": f"{n}"}])
        for n in range(20_000)
    ]
    apps = [samples.app(number, long, drift=drift if number == 1 else drift[:30]) for number in range(1, 300)]
    scopes = [samples.permission(f"{long}{n}", n + 1) for n in range(300)]
    without = [samples.undeclared(number, long, scopes) for number in range(300, 600)]
    return samples.tenant(long, apps, without, problems=[f"{long * 4}{n}" for n in range(500)], complete=False)


@pytest.mark.parametrize("make", [samples.large, many_tenants, unlike])
def test_it_fits_into_a_comment_and_says_what_it_leaves_out(make: t.Callable[[], JSON]) -> None:
    report = make()
    text = written(report, "markdown")
    assert len(text) < 65_536
    assert f"{report['counts']['missing']:,} missing" in text
    assert re.search(r"and [\d,]+ more", text)
    found = Rendered(text)
    assert "a" not in found.tags


def test_what_is_left_out_is_counted() -> None:
    """Entries told and left out are together those of the table."""
    drift = [samples.grant(1, f"user{n}", missing=[f"Scope.{n}"]) for n in range(1000)]
    text = written(samples.tenant(apps=[samples.app(1, "One", drift=drift)]), "markdown")
    told = text.count("- **Missing**")
    left = re.search(
        r"^- … and ([\d,]+) more differences\. The JSON and HTML reports have everything\.$", text, re.MULTILINE
    )
    assert left
    assert told + int(left[1].replace(",", "")) == 1000
