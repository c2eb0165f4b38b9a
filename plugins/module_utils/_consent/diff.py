# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as Ansible's diff. PRIVATE to tenantops.entra. Pure.

It reads well for one user and for ten thousand: principals with the same change share one entry. Nothing but this module
begins a line: what names and values hold is made visible, line breaks too.
"""

from __future__ import annotations

import textwrap
import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable

    Side: t.TypeAlias = t.Literal["before", "after"]

# So many names are spelled out in an entry; all of them are in the result's ``changes``.
NAMES = 10
WIDTH = 100


def diff(changes: Iterable[Change], risks: RiskTable) -> dict[str, str]:
    """``before`` and ``after`` for Ansible's diff; both empty without changes. Added scopes tell their risk."""
    groups: dict[tuple[t.Any, ...], list[Change]] = defaultdict(list)
    for change in changes:
        groups[_what(change)].append(change)
    apps: dict[str, list[list[Change]]] = defaultdict(list)
    for group in groups.values():
        apps[group[0].app_id].append(group)
    return {"before": _text(apps, "before", risks), "after": _text(apps, "after", risks)}


def _what(change: Change) -> tuple[t.Any, ...]:
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


def _text(apps: Mapping[str, list[list[Change]]], side: Side, risks: RiskTable) -> str:
    lines: list[str] = []
    for groups in apps.values():
        shown = [group for group in groups if _is_there(group[0], side)]
        if shown:
            first = shown[0][0]
            lines.append(f"{first.app_display_name} ({first.app_id})" if first.app_display_name else first.app_id)
        for group in shown:
            lines.extend(f"  {line}" for line in _entry(group, side, risks))
    return "".join(f"{visible(line, exact=True)}\n" for line in lines)


def _is_there(change: Change, side: Side) -> bool:
    return change.action not in (("create", "restore") if side == "before" else ("delete",))


def _entry(group: list[Change], side: Side, risks: RiskTable) -> list[str]:
    """A heading, the names, and what they have on this side."""
    first = group[0]
    if first.kind == "service_principal":
        values: Mapping[str, t.Any] = first.before if side == "before" else first.after
        return ["service principal", *(f"  {name}: {_plain(value)}" for name, value in values.items())]
    heading, *names = _who(group)
    if first.kind == "app_role_assignment":
        return [f"role {first.app_role} for {heading}", *names]
    api = first.resource_display_name or first.resource_app_id
    scopes = first.scopes_before if side == "before" else first.scopes_after
    return [
        f"permissions on {api} for {heading}",
        *names,
        *(f"  - {scope}{_warning(scope, first, risks)}" for scope in sorted(scopes)),
    ]


def _warning(scope: str, change: Change, risks: RiskTable) -> str:
    """What to think of before a scope is added."""
    if scope in change.scopes_before:
        return ""
    level = risks.level(str(change.resource_app_id), scope)
    notes = [f"{level} risk"] if level in ("medium", "high", "critical") else []
    notes += ["needs an admin's consent"] if scope in (change.admin_scopes or ()) else []
    return f" ({', '.join(notes)})" if notes else ""


def _who(group: list[Change]) -> list[str]:
    """How many, and below that the first of their names."""
    if group[0].principal is None:
        return ["all users"]
    # Before they are wrapped: a line break in one is no place to do it.
    names = [visible(change.principal.label, exact=True) for change in group if change.principal]
    noun = group[0].principal.type.lower()
    if len(names) == 1:
        return [f"{noun} {names[0]}"]
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    listed = textwrap.wrap(", ".join(names[:NAMES]) + more, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"{len(names)} {noun}s", *(f"  {line}" for line in listed)]


def _plain(value: t.Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
