# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the HTML page shows of a report, small enough for tens of thousands of users. PRIVATE to tenantops.entra. Pure.

The page's scripts read it; page/data.js describes nothing that is not built here.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import as_itself, kinds, wording
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.grouping import Group, groups
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import RISKS

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

    # Of a permission: the API's id, the scope or app role, and whether apps hold it as themselves.
    Key: t.TypeAlias = tuple[str, str, bool]


def data(report: JSON) -> JSON:
    """Of a tenant's report or an overview."""
    tenants = report["tenants"] if report["kind"] == "overview" else [report]
    return {
        "risks": RISKS,
        "marks": wording.MARKS,
        "kept": wording.KEPT,
        "as_itself": [as_itself.TITLE, as_itself.HELP],
        "tenants": [_tenant(item) for item in tenants],
    }


def head(report: JSON) -> JSON:
    """What the page says of a tenant, or of all, before any script has run."""
    counts = report["counts"]
    return {
        "name": visible(report.get("tenant", "All tenants")),
        "tenant_id": visible(report.get("tenant_id") or ""),
        "status": report["status"],
        "word": wording.status_word(report),
        "headline": wording.headline(report),
        "generated": wording.when(report["generated_at"]),
        "counts": [(name.capitalize(), f"{counts[name]:,}", bool(counts[name])) for name in counts],
    }


def _tenant(report: JSON) -> JSON:
    columns = _columns(report)
    places = {key: place for place, key in enumerate(columns)}
    apps = [_app(app, places) for app in report["apps"]]
    undeclared = [_undeclared(app, places) for app in wording.by_risk(report["undeclared"])]
    return {
        **head(report),
        "problems": [visible(problem) for problem in report["problems"]],
        "repairs": wording.repairs(report),
        "columns": list(columns.values()),
        "apps": [*apps, *undeclared],
    }


def _columns(report: JSON) -> dict[Key, JSON]:
    """Every permission that somebody has, lacks or has too much: what apps may do as themselves, then the others.

    By API, tier 0 first, then the riskiest.
    """
    found: dict[Key, JSON] = {}
    for app in [*report["apps"], *report["undeclared"]]:
        for item in app["permissions"]:
            column = _column(found, (item["resource_app_id"], item["scope"], False), item["resource_name"])
            column["risk"] = column["risk"] or item["risk"]
            column["admin"] = column["admin"] or bool(item["admin_consent_required"])
        for item in app.get("application_permissions", ()):
            column = _column(found, _own(item), item["resource_name"])
            column["risk"] = column["risk"] or item["risk"]
            column["tier_0"] = column["tier_0"] or visible(item["tier_0"] or "")
        for entry in app.get("drift", ()):
            kind = kinds.of(entry)
            touched = [value for _, values in kind.cells(entry) for value in values]
            for value in touched:
                key = (entry.get("resource_app_id", ""), value, kind.as_itself)
                column = _column(found, key, entry.get("resource_display_name"))
                # An entry's risk is that of the riskiest of its scopes.
                column["risk"] = column["risk"] or (entry.get("risk") if len(touched) == 1 else None)
                column["admin"] = column["admin"] or value in entry.get("admin_scopes", ())
                if kind.as_itself:
                    column["tier_0"] = column["tier_0"] or visible(entry.get("tier_0") or "")

    def place(key: Key) -> tuple[bool, str, str, bool, int, str]:
        column = found[key]
        risk = -RISKS.index(column["risk"]) if column["risk"] else 1
        name = column["resource"].casefold()
        return (not key[2], name, key[0], not column.get("tier_0"), risk, key[1].casefold())

    return {key: found[key] for key in sorted(found, key=place)}


def _own(item: JSON) -> Key:
    """Of an application permission."""
    return (item["resource_app_id"], item["app_role"], True)


def _column(found: dict[Key, JSON], key: Key, resource_name: str | None) -> JSON:
    api, value, itself = key
    new = {"api": api, "resource": visible(resource_name or api), "scope": visible(value), "risk": None, "admin": False}
    return found.setdefault(key, {**new, **({"as_itself": True, "tier_0": ""} if itself else {})})


def _app(app: JSON, places: dict[Key, int]) -> JSON:
    found = groups(app["drift"])
    return {
        **_head(app, app["status"]),
        "exists": app["exists"],
        "assignment_required": app["assignment_required"],
        "assigned": [app["assigned"]["users"], app["assigned"]["groups"]],
        "assigned_drift": {side: _number(found, "assigned", side) for side in ("missing", "extra")},
        "settings_differ": bool(_number(found, "settings", "changed")),
        "cells": _cells(app, found, places),
        "groups": [_group(group) for group in found],
    }


def _number(found: Iterable[Group], told_as: str, status: str) -> int:
    """Of the differences that the app's row tells so."""
    alike = [group for group in found if group.facts["status"] == status]
    return sum(len(group.members) for group in alike if kinds.of(group.facts).told_as == told_as)


def _undeclared(app: JSON, places: dict[Key, int]) -> JSON:
    return {
        **_head(app, "undeclared"),
        "exists": True,
        "holders": wording.holders(app),
        **({"assigned": [app["assigned"]["users"], app["assigned"]["groups"]]} if "assigned" in app else {}),
        "cells": _cells(app, [], places),
        "groups": [],
    }


def _head(app: JSON, status: str) -> JSON:
    return {
        "id": visible(app["app_id"]),
        "name": visible(app["name"] or app["app_id"]),
        "owner": visible(app["owner_tenant_id"] or ""),
        "enabled": app["account_enabled"],
        "risk": app["risk"],
        "status": status,
    }


def _cells(app: JSON, found: Iterable[Group], places: dict[Key, int]) -> list[list[int]]:
    """For each permission: column, 1 for all users, number of users; the same two of those without and with too much.

    What the app holds as itself counts as one for all users. An eighth, 1, says that it is inherited.
    """
    cells: dict[int, list[int]] = {}
    for item in app["permissions"]:
        place = places[item["resource_app_id"], item["scope"], False]
        cells[place] = [
            place,
            int(item["all_users"]),
            item["users"],
            0,
            0,
            0,
            0,
            *([1] if item.get("inherited") else []),
        ]
    for item in app.get("application_permissions", ()):
        place = places[_own(item)]
        cells[place] = [place, 1, 0, 0, 0, 0, 0, *([1] if item["inherited"] else [])]
    for group in found:
        kind = kinds.of(group.facts)
        for side, values in kind.cells(group.facts):
            for value in values:
                place = places[group.facts.get("resource_app_id", ""), value, kind.as_itself]
                cell = cells.setdefault(place, [place, 0, 0, 0, 0, 0, 0])
                offset = 3 if side == "missing" else 5
                number = len(group.principals)
                cell[offset] |= int(not number)
                cell[offset + 1] += number
    return [cells[place] for place in sorted(cells)]


def _group(group: Group) -> JSON:
    facts, members = group.facts, group.members
    events = [_shown(wording.event(item, number, len(members))) for item, number in group.events]
    names = [principal for member in members if (principal := member.principal)]
    who = [_who(member.events[:1]) for member in members if member.principal]
    if len(set(who)) == 1:
        # The same for all stands in the events.
        who = [""] * len(who)
    return {
        "status": facts["status"],
        "title": _shown(wording.subject(group)),
        "crowd": wording.crowd(group),
        **{side: [visible(scope) for scope in scopes] for side, scopes in wording.scopes(group)},
        "settings": [_shown(pieces) for pieces in wording.settings(group)],
        "admin": [visible(scope) for scope in facts.get("admin_scopes", ())],
        "risk": facts.get("risk"),
        **({"tier_0": visible(facts["tier_0"])} if facts.get("tier_0") else {}),
        "repaired": facts["repaired_by_apply"],
        "members": [
            [visible(wording.label(principal)), visible(principal["id"]), said]
            for principal, said in zip(names, who, strict=True)
        ],
        "events": events,
        "notes": [visible(note) for note in group.notes],
    }


def _who(events: Sequence[JSON]) -> str:
    """Beside a user's name; the activity stands above."""
    return ", ".join(visible(f"{wording.when(it['time'])}, {it['actor'] or 'unknown actor'}") for it in events)


def _shown(pieces: Iterable[Piece]) -> list[list[str]]:
    return [[kind, visible(text)] for kind, text in pieces]
