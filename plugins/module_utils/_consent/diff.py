# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as Ansible's diff. PRIVATE to tenantops.entra. Pure.

It reads well for one user and for ten thousand: principals with the same change share one entry.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change

# So many names are spelled out in an entry; all of them are in the result's ``changes``.
NAMES = 10

# heading → entry → (lines before, lines after); None where the entry is not there
_Entries: t.TypeAlias = dict[str, dict[str, tuple[list[str] | None, list[str] | None]]]


def diff(changes: Iterable[Change]) -> dict[str, str]:
    """``before`` and ``after`` for Ansible's diff; both empty without changes."""
    entries: _Entries = defaultdict(dict)
    grouped: dict[tuple[t.Any, ...], list[Change]] = defaultdict(list)
    for change in changes:
        grouped[_group(change)].append(change)
    for group in grouped.values():
        first = group[0]
        heading = f"{first.app_label} ({first.app_id})" if first.app_display_name else first.app_id
        entries[heading][_title(group)] = (_lines(first, "before"), _lines(first, "after"))
    return {"before": _text(entries, 0), "after": _text(entries, 1)}


def _group(change: Change) -> tuple[t.Any, ...]:
    """What changes share that differ in their principal only."""
    return (
        change.app_id,
        change.kind,
        change.action,
        change.resource_app_id,
        change.role_id,
        change.scopes_before,
        change.scopes_after,
        change.principal.type if change.principal else None,
    )


def _title(group: list[Change]) -> str:
    first = group[0]
    if first.kind == "service_principal":
        return "service principal"
    who = _who(group)
    if first.kind == "app_role_assignment":
        return f"app role {first.app_role} for {who}"
    return f"delegated permissions on {first.resource_display_name or first.resource_app_id} for {who}"


def _who(group: list[Change]) -> str:
    if group[0].principal is None:
        return "all users"
    names = [change.principal.label for change in group if change.principal]
    noun = group[0].principal.type.lower()
    if len(names) == 1:
        return f"{noun} {names[0]}"
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{len(names)} {noun}s: {', '.join(names[:NAMES])}{more}"


def _lines(change: Change, side: t.Literal["before", "after"]) -> list[str] | None:
    if side == "before" and change.action in ("create", "restore"):
        return None
    if side == "after" and change.action == "delete":
        return None
    if change.kind == "service_principal":
        values: Mapping[str, t.Any] = change.before if side == "before" else change.after
        return [f"{name}: {_plain(value)}" for name, value in values.items()]
    if change.kind == "app_role_assignment":
        return []
    return sorted(change.scopes_before if side == "before" else change.scopes_after)


def _plain(value: t.Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)


def _text(entries: _Entries, side: t.Literal[0, 1]) -> str:
    lines: list[str] = []
    for heading, titles in entries.items():
        shown = {title: sides[side] for title, sides in titles.items() if sides[side] is not None}
        if not shown:
            continue
        lines.append(heading)
        for title, items in shown.items():
            lines.append(f"  {title}")
            lines.extend(f"    {item}" for item in items or ())
    return "".join(f"{line}\n" for line in lines)
