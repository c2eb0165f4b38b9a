# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report says, in words that every format shares. PRIVATE to tenantops.entra. Pure.

Words come in pieces, so that each format can mark names and identifiers up in its own way.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import kinds
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds import face
from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import DIFFERENCES, RISKS

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.grouping import Group
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece, Side
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

MARKS = {"missing": "\N{MINUS SIGN}", "extra": "+", "changed": "~"}
# In a table, for what there is not.
NOTHING = "\N{EN DASH}"
KEPT = "Apply leaves this as it is unless prune is set."


def shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def counted(number: int, noun: str) -> str:
    """Such as "1,204 users". `noun` is in the singular."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def when(time: str) -> str:
    """Such as "2026-11-25 02:00 UTC"; a time written in another way stays as it is."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z", time)
    return f"{found[1]} {found[2]} UTC" if found else time


def differences(counts: JSON) -> str:
    """Such as "2 missing, 1 extra"; empty if there are none."""
    return ", ".join(f"{counts[status]:,} {status}" for status in DIFFERENCES if counts[status])


def summary(counts: JSON) -> str:
    """Everything that is not as declared, in numbers."""
    undeclared = counts["undeclared"] and counted(counts["undeclared"], "undeclared app")
    return ", ".join(part for part in (differences(counts), undeclared) if part) or "no differences"


def headline(report: JSON) -> str:
    """The status of a tenant or of all tenants in a few words, without names."""
    if report["kind"] == "overview":
        return _headline_of_all(report)
    status, plan = report["status"], report["purpose"] == "plan"
    if status == "failed":
        return "Failed: the tenant could not be read"
    drifted, apps = _drifted(report), len(report["apps"])
    said = []
    if drifted:
        verb = "would change" if plan else ("differs" if drifted == 1 else "differ")
        said.append(f"{drifted:,} of {counted(apps, 'app')} {verb}")
    if report["undeclared"]:
        said.append(counted(len(report["undeclared"]), "undeclared app"))
    if status == "incomplete":
        return f"Incomplete: a part could not be read; {', '.join(said) or 'the rest is as declared'}"
    if status == "as_declared":
        return f"As declared{', and ' + ', '.join(said) if said else ''}"
    return f"{'Changes' if plan else 'Drift'}: {', '.join(said) or 'see below'}"


def _headline_of_all(report: JSON) -> str:
    tenants = report["tenants"]
    number = {status: sum(tenant["status"] == status for tenant in tenants) for status in STATUS_WORDS}
    if report["status"] == "as_declared":
        return f"As declared: {counted(len(tenants), 'tenant')}"
    word = "to change" if report["purpose"] == "plan" else "drifted"
    said = {"failed": "failed", "incomplete": "incomplete", "drift": word, "as_declared": "as declared"}
    parts = [f"{number[status]:,} {words}" for status, words in said.items() if number[status]]
    return f"{counted(len(tenants), 'tenant')}: {', '.join(parts)}"


STATUS_WORDS = {"as_declared": "As declared", "drift": "Drift", "incomplete": "Incomplete", "failed": "Failed"}


def status_word(report: JSON) -> str:
    if report["status"] == "drift" and report["purpose"] == "plan":
        return "Changes"
    return STATUS_WORDS[report["status"]]


def _drifted(report: JSON) -> int:
    return sum(app["status"] == "drift" for app in report["apps"])


def repairs(report: JSON) -> str:
    """What applying would do about the differences, in a sentence; empty without any."""
    entries = [entry for app in report["apps"] for entry in app["drift"]]
    repaired = sum(entry["repaired_by_apply"] for entry in entries)
    kept = len(entries) - repaired
    stays = "stays" if kept == 1 else "stay"
    if not entries:
        return ""
    if report["purpose"] == "plan" and not kept:
        return f"Apply makes {'this change' if repaired == 1 else f'these {repaired:,} changes'}."
    if not kept:
        return f"Apply repairs {'it' if repaired == 1 else f'all {repaired:,} differences'}."
    if not repaired:
        return f"Apply repairs none of it: {counted(kept, 'difference')} {stays} unless prune is set."
    return f"Apply repairs {repaired:,} of {counted(len(entries), 'difference')}; {kept:,} {stays} unless prune is set."


def app_name(app: JSON) -> list[Piece]:
    """Its name, or what stands for it."""
    return [("name", app["name"])] if app["name"] else [("code", app["app_id"])]


def label(principal: JSON) -> str:
    return str(principal["name"] or principal["id"])


def crowd(group: Group) -> str:
    """For how many: "all users", "20 users", "1 group"; empty if it is not about users."""
    principals = group.principals
    if principals:
        return counted(len(principals), str(principals[0]["type"]).lower())
    return kinds.of(group.facts).everybody


def subject(group: Group) -> list[Piece]:
    """What is missing, extra or changed, and for whom; without the scopes, and the names if they are many."""
    return [*kinds.of(group.facts).subject(group.facts), *_whom(group)]


def _whom(group: Group) -> list[Piece]:
    """One principal by name, more by their number."""
    if len(group.principals) != 1:
        return [("", f" for {many}")] if (many := crowd(group)) else []
    (principal,) = group.principals
    return [("", f" for {str(principal['type']).lower()} "), ("code", label(principal))]


def settings(group: Group) -> list[list[Piece]]:
    """A sentence for each setting of a service principal that differs."""
    found = []
    for name, value in (group.facts.get("properties") or {}).items():
        pieces = [("code", name), ("", " is "), ("code", _value(value["found"]))]
        if group.facts["status"] == "missing":
            found.append([("code", name), ("", " is declared "), ("code", _value(value["declared"]))])
        else:
            found.append([*pieces, ("", ", declared "), ("code", _value(value["declared"]))])
    return found


def _value(value: t.Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    return "not set" if value is None or value == "" else str(value)


def scopes(group: Group) -> list[Side]:
    """Those that differ."""
    return face.scopes(group.facts)


def event(item: JSON, number: int, members: int) -> list[Piece]:
    """An audit entry as a sentence; of how many principals, if not of all."""
    actor: Piece = ("code", item["actor"]) if item["actor"] else ("", "an unknown actor")
    kind = "the app " if item["actor_type"] == "app" else ""
    of = f", for {number:,} of {members:,}" if number < members else ""
    return [("", f"{when(item['time'])}: "), ("name", item["activity"]), ("", f" by {kind}"), actor, ("", of)]


def holders(app: JSON) -> str:
    """For whom an undeclared app has consent: "all users", "17 users", "itself; 2 groups assigned", "nobody"."""
    single = counted(app["users"], "user") if app["users"] else ""
    everybody = f"all users, and {single} on their own" if single else "all users"
    said = [everybody if app["all_users"] else single]
    said += ["itself"] if app.get("application_permissions") else []
    assigned = app.get("assigned", {})
    numbers = [counted(assigned[noun], noun[:-1]) for noun in ("users", "groups") if assigned.get(noun)]
    said += [f"{' and '.join(numbers)} assigned"] if numbers else []
    return "; ".join(part for part in said if part) or "nobody"


def inherited(permission: JSON) -> str:
    """Behind its name, if an agent identity has it from its blueprint."""
    return " (inherited)" if permission.get("inherited") else ""


def by_risk(items: Iterable[JSON]) -> list[JSON]:
    """Tier 0 first, then the riskiest, what nobody has judged after what is of medium risk; then by name."""

    def place(item: JSON) -> tuple[bool, int, str, str]:
        name = item.get("scope") or item.get("app_role") or item.get("name") or ""
        risk = -RISKS.index(item["risk"]) if item["risk"] else 1
        return (not item.get("tier_0"), risk, name.casefold(), item.get("app_id") or "")

    return sorted(items, key=place)
