# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A consent report as JUnit XML: a suite for each tenant, a test case for each declared app. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import re
import typing as t
from xml.etree import ElementTree as ET

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import as_itself, wording
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.grouping import groups

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.grouping import Group
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

# So many of each are spelled out; everything is in the JSON report.
NAMES = 10
GROUPS = 50
WIDTH = 300
_OUTCOMES = ("failure", "error", "skipped")


def render(report: JSON) -> str:
    """A document with its declaration."""
    root = ET.Element("testsuites", name="Entra ID consent")
    for tenant in report["tenants"] if report["kind"] == "overview" else [report]:
        root.append(_suite(tenant))
    _count(root)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: JSON) -> ET.Element:
    # The format's times are in UTC and have neither a fraction nor a zone.
    timestamp = re.sub(r"(\.\d+)?Z\Z", "", report["generated_at"])
    suite = ET.Element("testsuite", name=_plain(report["tenant"]), timestamp=timestamp)
    complete = _case(suite, report, "Everything could be read")
    if not report["complete"] or report["status"] in ("incomplete", "failed"):
        problems = [_plain(problem) for problem in report["problems"]] or ["A part of the tenant could not be read."]
        _outcome(complete, "error", report["status"], problems[0], problems)
    for app in report["apps"]:
        case = _case(suite, report, _name(app))
        if app["status"] == "drift":
            found = [entry["status"] for entry in app["drift"]]
            counts = {status: found.count(status) for status in wording.MARKS}
            _outcome(case, "failure", "drift", wording.differences(counts) or "drift", _differences(app))
        elif app["status"] == "incomplete":
            _outcome(case, "error", "incomplete", "The app could not be compared.", [])
        if held := _as_itself(app):
            ET.SubElement(case, "system-out").text = "\n".join(["As itself, without a user:", *_first(held, "line")])
    _undeclared(suite, report)
    _count(suite)
    return suite


def _undeclared(suite: ET.Element, report: JSON) -> None:
    """What the report's status tolerates does not fail here either."""
    case = _case(suite, report, "No undeclared consent")
    apps = report["undeclared"]
    if report["status"] == "failed":
        ET.SubElement(case, "skipped", message="The tenant could not be read.")
    elif apps:
        title = wording.counted(len(apps), "undeclared app")
        lines = [_undeclared_line(app) for app in wording.by_risk(apps)]
        if report["status"] == "as_declared":
            ET.SubElement(case, "system-out").text = "\n".join([title, *_first(lines, "app")])
        else:
            _outcome(case, "failure", "undeclared", title, _first(lines, "app"))


def _undeclared_line(app: JSON) -> str:
    found = [f"{_plain(item['scope'])}{wording.inherited(item)}" for item in wording.by_risk(app["permissions"])]
    risk = f", risk {app['risk']}" if app["risk"] else ""
    scopes = _listed(list(dict.fromkeys(found)), GROUPS)
    line = f"{_name(app)} for {wording.holders(app)}{risk}{': ' if scopes else ''}{scopes}"
    held = _as_itself(app)
    return "\n".join(
        [line, *(["  as itself, without a user:"] if held else []), *(f"  {it}" for it in _first(held, "line"))]
    )


def _as_itself(app: JSON) -> list[str]:
    """A line for each application permission of tier 0, and one for the others of each API."""
    return [
        f"  {'tier 0: ' if line.tier_0 else ''}{_words(line.words)}{_listed([_words(it) for it in line.listed], GROUPS)}"
        for line in as_itself.lines(app)
    ]


def _name(app: JSON) -> str:
    """With its id: names need be neither unique nor there."""
    return f"{_plain(app['name'])} ({_plain(app['app_id'])})" if app["name"] else _plain(app["app_id"])


def _differences(app: JSON) -> list[str]:
    found = groups(app["drift"])
    lines = [line for group in found[:GROUPS] for line in _group(group)]
    left = sum(len(group.members) for group in found[GROUPS:])
    return [*lines, f"… and {wording.counted(left, 'more difference')}."] if left else lines


def _group(group: Group) -> list[str]:
    facts = group.facts
    lines = [f"{facts['status'].capitalize()}: {_words(wording.subject(group))}"]
    lines += [f"  {side}: {_listed([_plain(name) for name in names], GROUPS)}" for side, names in wording.scopes(group)]
    lines += [f"  {_words(pieces)}" for pieces in wording.settings(group)]
    names = [_plain(wording.label(principal)) for principal in group.principals]
    lines += [f"  {wording.crowd(group)}: {_listed(names, NAMES)}"] if len(names) > 1 else []
    lines += [f"  tier 0: {_plain(facts['tier_0'])}"] if facts.get("tier_0") else []
    lines += [f"  risk: {facts['risk']}"] if facts.get("risk") else []
    if facts.get("admin_scopes"):
        admin = [_plain(name) for name in facts["admin_scopes"]]
        lines.append(f"  needs an admin's consent: {_listed(admin, GROUPS)}")
    lines += [] if facts["repaired_by_apply"] else [f"  {wording.KEPT}"]
    members = len(group.members)
    events = [f"  {_words(wording.event(item, number, members))}" for item, number in group.events]
    return lines + _first(events, "audit event") + [f"  {_plain(note)}" for note in group.notes[:NAMES]]


def _case(suite: ET.Element, report: JSON, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=name, classname=f"consent.{_plain(report['tenant'])}", time="0")


def _outcome(case: ET.Element, kind: str, what: str, message: str, lines: Iterable[str]) -> None:
    ET.SubElement(case, kind, message=message, type=what).text = "\n".join(lines)


def _count(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for kind, name in zip(_OUTCOMES, ("failures", "errors", "skipped"), strict=True):
        element.set(name, str(sum(case.find(kind) is not None for case in cases)))
    element.set("time", "0")


def _words(pieces: Iterable[Piece]) -> str:
    return "".join(text if kind == "" else _plain(text) for kind, text in pieces)


def _plain(text: str) -> str:
    return wording.shorten(visible(text), WIDTH)


def _listed(items: list[str], limit: int) -> str:
    return ", ".join([*items[:limit], *([f"and {len(items) - limit:,} more"] if len(items) > limit else [])])


def _first(lines: list[str], noun: str) -> list[str]:
    left = len(lines) - GROUPS
    return [*lines[:GROUPS], *([f"… and {wording.counted(left, f'more {noun}')}."] if left > 0 else [])]
