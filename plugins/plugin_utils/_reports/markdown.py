# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A consent report as Markdown, for pull requests and summaries of CI jobs. PRIVATE to tenantops.entra. Pure.

What is too long for a comment is cut section by section, saying how much is left out; counts are never lost.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import as_itself, wording
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.grouping import Group, groups

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

# Characters. A comment on GitHub takes 65,536; the rest is for what a pipeline writes around the report.
LIMIT = 60_000
SYMBOLS = {"as_declared": "✅", "drift": "⚠️", "incomplete": "❗", "failed": "❌"}
_ELSEWHERE = "The JSON and HTML reports have everything."
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&^=-])")
# Mentions, references to issues and the like, and links begin so; not an e-mail address.
_CALLS = re.compile(r"((?<!\w)[@:]|[#!$%&~^\[])(?=\w)")
_LINKS = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)|(?<=\bGH)(-)(?=\d)")
_BREAK = "\u200b"


@dataclasses.dataclass(frozen=True, slots=True)
class Detail:
    """How many of each are spelled out."""

    tenants: int
    apps: int
    groups: int
    names: int
    scopes: int
    undeclared: int
    problems: int
    width: int


# The first that is short enough is taken; the last always is.
DETAILS = (
    Detail(tenants=200, apps=100, groups=50, names=10, scopes=60, undeclared=100, problems=20, width=120),
    Detail(tenants=100, apps=50, groups=20, names=10, scopes=20, undeclared=50, problems=10, width=100),
    Detail(tenants=100, apps=25, groups=10, names=5, scopes=10, undeclared=25, problems=5, width=80),
    Detail(tenants=50, apps=10, groups=5, names=3, scopes=6, undeclared=10, problems=3, width=60),
    Detail(tenants=20, apps=5, groups=3, names=3, scopes=4, undeclared=5, problems=2, width=40),
    Detail(tenants=20, apps=2, groups=1, names=1, scopes=2, undeclared=2, problems=1, width=30),
)


def render(report: JSON) -> str:
    """At most LIMIT characters."""
    tenants = report["tenants"] if report["kind"] == "overview" else [report]
    grouped = {id(app): groups(app["drift"]) for tenant in tenants for app in tenant["apps"]}
    text = ""
    for detail in DETAILS:
        text = "\n".join(_Writer(detail, grouped).document(report)).rstrip() + "\n"
        if len(text) <= LIMIT:
            break
    return text


class _Writer:
    """The lines of a report with so much detail."""

    def __init__(self, detail: Detail, grouped: dict[int, list[Group]]) -> None:
        self._detail = detail
        self._grouped = grouped

    def document(self, report: JSON) -> list[str]:
        if report["kind"] == "tenant":
            return self._tenant(report, "##")
        checked = f"{wording.when(report['generated_at'])}. In all: {wording.summary(report['counts'])}."
        lines = [f"## {SYMBOLS[report['status']]} {wording.headline(report)}", "", checked, ""]
        rows = [self._tenant_row(tenant) for tenant in report["tenants"]]
        titles = ("Tenant", "Status", "Apps", "Missing", "Extra", "Changed", "Undeclared")
        lines += self._table(titles, rows, self._detail.tenants, "tenant")
        # A tenant that is as declared has nothing to add to its row.
        told = [tenant for tenant in report["tenants"] if tenant["status"] != "as_declared" or tenant["undeclared"]]
        told.sort(key=lambda tenant: tenant["status"] == "as_declared")
        for tenant in told[: self._detail.apps]:
            lines += self._tenant(tenant, "###")
        return lines + self._more(told[self._detail.apps :], "tenant")

    def _tenant(self, report: JSON, heading: str) -> list[str]:
        name = self._text(report["tenant"])
        lines = [f"{heading} {SYMBOLS[report['status']]} {name} · {wording.headline(report)}", ""]
        facts = [wording.when(report["generated_at"])]
        facts += [f"tenant {self._code(report['tenant_id'])}"] if report["tenant_id"] else []
        facts += [f"{wording.summary(report['counts'])}"] if report["status"] != "failed" else []
        lines += [f"{', '.join(facts)}.{' ' if report['apps'] else ''}{wording.repairs(report)}".rstrip(), ""]
        problems = report["problems"]
        lines += [f"- {self._text(problem, 300)}" for problem in problems[: self._detail.problems]]
        lines += self._more(problems[self._detail.problems :], "problem", bullet="- ")
        lines += [""] if problems else []
        lines += self._tier_0(report)
        if report["apps"]:
            titles = ("App", "Status", "Risk", "Missing", "Extra", "Changed")
            rows = [self._app_row(app, report) for app in report["apps"]]
            lines += self._table(titles, rows, self._detail.apps * 2, "app")
        drifted = [app for app in report["apps"] if app["drift"]]
        for app in drifted[: self._detail.apps]:
            lines += self._app(app, f"{heading}#")
        lines += self._more(drifted[self._detail.apps :], "app")
        lines += self._as_itself(as_itself.holders(report), report, f"{heading}#")
        return lines + self._undeclared(report["undeclared"], f"{heading}#")

    def _tenant_row(self, report: JSON) -> list[str]:
        counts = report["counts"]
        status = f"{SYMBOLS[report['status']]} {wording.status_word(report)}"
        numbers = [f"{counts[name]:,}" for name in ("apps", "missing", "extra", "changed", "undeclared")]
        return [
            self._text(report["tenant"]),
            status,
            *([wording.NOTHING] * 5 if report["status"] == "failed" else numbers),
        ]

    def _app_row(self, app: JSON, report: JSON) -> list[str]:
        found = [entry["status"] for entry in app["drift"]]
        status = f"{SYMBOLS[app['status']]} {wording.status_word({**report, 'status': app['status']})}"
        numbers = [f"{found.count(status):,}" for status in wording.MARKS]
        return [self._pieces(wording.app_name(app)), status, app["risk"] or wording.NOTHING, *numbers]

    def _app(self, app: JSON, heading: str) -> list[str]:
        lines = [f"{heading} {self._pieces(wording.app_name(app))}", ""]
        found = self._grouped[id(app)]
        for group in found[: self._detail.groups]:
            lines += self._group(group)
        rest = found[self._detail.groups :]
        left = [member for group in rest for member in group.members]
        lines += self._more(left, "difference", bullet="- ")
        return [*lines, ""]

    def _group(self, group: Group) -> list[str]:
        facts = group.facts
        sides = [("", self._codes(scopes)) for _, scopes in wording.scopes(group)]
        if facts["status"] == "changed":
            sides = [(f"{side} ", self._codes(scopes)) for side, scopes in wording.scopes(group)]
        said = "; ".join(f"{side}{scopes}" for side, scopes in sides)
        said = said or ", ".join(self._pieces(pieces) for pieces in wording.settings(group))
        title = self._pieces(wording.subject(group))
        lines = [f"- **{facts['status'].capitalize()}**: {title}{': ' + said if said else ''}"]
        names = [self._code(wording.label(principal)) for principal in group.principals]
        if len(names) > 1:
            lines.append(f"  - {wording.crowd(group)}: {self._listed(names, self._detail.names)}")
        lines += [f"  - **Tier 0**: {self._text(facts['tier_0'], 300)}"] if facts.get("tier_0") else []
        notes = [f"Risk: {facts['risk']}."] if facts.get("risk") else []
        if facts.get("admin_scopes"):
            notes.append(f"Needs an admin's consent: {self._codes(facts['admin_scopes'])}.")
        notes += [] if facts["repaired_by_apply"] else [wording.KEPT]
        lines += [f"  - {' '.join(notes)}"] if notes else []
        events = group.events
        for item, number in events[: self._detail.groups]:
            lines.append(f"  - {self._pieces(wording.event(item, number, len(group.members)))}")
        lines += self._more(events[self._detail.groups :], "audit event", bullet="  - ")
        return lines + [f"  - {self._text(note, 300)}" for note in group.notes[: self._detail.problems]]

    def _undeclared(self, apps: Sequence[JSON], heading: str) -> list[str]:
        if not apps:
            return []
        rows = []
        for app in wording.by_risk(apps):
            name = self._pieces(wording.app_name(app))
            name += f" {self._code(app['app_id'])}" if app["name"] else ""
            owner = self._code(app["owner_tenant_id"]) if app["owner_tenant_id"] else wording.NOTHING
            disabled = "" if app["account_enabled"] is not False else ", sign-in disabled"
            scopes = [f"{self._code(it['scope'])}{wording.inherited(it)}" for it in wording.by_risk(app["permissions"])]
            roles = [self._role(item) for item in as_itself.held(app)]
            listed = [self._listed(list(dict.fromkeys(found)), self._detail.scopes) for found in (scopes, roles)]
            row = [name, app["risk"] or wording.NOTHING, f"{wording.holders(app)}{disabled}", *listed, owner]
            rows.append([cell or wording.NOTHING for cell in row])
        lines = [f"{heading} Undeclared apps", "", "Consent that no declaration names. Apply leaves it as it is.", ""]
        titles = ("App", "Risk", "Consent for", "On behalf of users", "As itself", "Owner tenant")
        return lines + self._table(titles, rows, self._detail.undeclared, "app")

    def _tier_0(self, report: JSON) -> list[str]:
        """Who can take over the tenant, before everything else."""
        apps = [app for app in as_itself.holders(report) if as_itself.has_tier_0(app)]
        if not apps:
            return []
        names = self._listed([self._pieces(wording.app_name(app)) for app in apps], self._detail.names)
        return [f"**Tier 0**, can take over the tenant without a user: {names}.", ""]

    def _as_itself(self, apps: Sequence[JSON], report: JSON, heading: str) -> list[str]:
        if not apps:
            return []
        lines = [f"{heading} {as_itself.TITLE}", "", as_itself.HELP, ""]
        undeclared = {id(app) for app in report["undeclared"]}
        for app in apps[: self._detail.apps]:
            name = self._pieces(wording.app_name(app))
            lines.append(f"- {name}{', undeclared' if id(app) in undeclared else ''}")
            told = as_itself.lines(app)
            for line in told[: self._detail.scopes]:
                listed = self._listed([self._pieces(words) for words in line.listed], self._detail.scopes)
                lines.append(f"  - {'**Tier 0**: ' if line.tier_0 else ''}{self._pieces(line.words)}{listed}")
            left = sum(len(line.listed) or 1 for line in told[self._detail.scopes :])
            lines += self._more(range(left), "application permission", bullet="  - ")
        return [*lines, *self._more(apps[self._detail.apps :], "app", bullet="- "), ""]

    def _role(self, item: JSON) -> str:
        return f"{'**tier 0** ' if item['tier_0'] else ''}{self._code(item['app_role'])}{wording.inherited(item)}"

    def _table(self, titles: Sequence[str], rows: Sequence[Sequence[str]], limit: int, noun: str) -> list[str]:
        lines = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
        lines += [f"| {' | '.join(row)} |" for row in rows[:limit]]
        return [*lines, "", *self._more(rows[limit:], noun)]

    def _more(self, rest: Sequence[t.Any], noun: str, *, bullet: str = "") -> list[str]:
        if not rest:
            return []
        return [f"{bullet}… and {wording.counted(len(rest), f'more {noun}')}. {_ELSEWHERE}", *([] if bullet else [""])]

    def _pieces(self, pieces: Iterable[Piece]) -> str:
        marks: dict[str, t.Callable[[str], str]] = {"": str, "name": self._text, "code": self._code}
        return "".join(marks[kind](text) for kind, text in pieces)

    def _codes(self, items: Iterable[str]) -> str:
        return self._listed([self._code(item) for item in items], self._detail.scopes)

    def _listed(self, items: Sequence[str], limit: int) -> str:
        more = [f"and {len(items) - limit:,} more"] if len(items) > limit else []
        return ", ".join([*items[:limit], *more])

    def _text(self, text: str, width: int | None = None) -> str:
        """Somebody's words: no markup, no mention, no link, no reference, one line."""
        short = wording.shorten(visible(text), width or self._detail.width)
        calm = _LINKS.sub(rf"\g<0>{_BREAK}", _CALLS.sub(rf"\1{_BREAK}", short))
        return re.sub(r"\A(\d+)\.", r"\1\.", _SPECIAL.sub(r"\\\1", calm.strip()))

    def _code(self, text: str) -> str:
        """An identifier, in which nothing else has a meaning; a backtick would end it and a pipe the table's cell."""
        short = wording.shorten(visible(text), self._detail.width)
        if "`" in short or "|" in short or not short.strip():
            return f"<code>{_entities(short)}</code>"
        return f"`{short}`"


def _entities(text: str) -> str:
    """Every character that could mean anything as a number."""
    return "".join(char if char.isalnum() or char == " " else f"&#{ord(char)};" for char in text)
