# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as Ansible's diff. PRIVATE to tenantops.entra. Pure.

It reads well for one user and for ten thousand: principals with the same change share one entry. Nothing but this module
begins a line: what names and values hold is made visible, line breaks too.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, Side


def diff(changes: Iterable[Change], risks: Risks) -> dict[str, str]:
    """``before`` and ``after`` for Ansible's diff; both empty without changes. What is added tells its risk."""
    groups: dict[tuple[t.Any, ...], list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.app_id, change.kind, change.action, *change.alike].append(change)
    apps: dict[str, list[list[Change]]] = defaultdict(list)
    for group in groups.values():
        apps[group[0].app_id].append(group)
    return {"before": _text(apps, "before", risks), "after": _text(apps, "after", risks)}


def _text(apps: Mapping[str, list[list[Change]]], side: Side, risks: Risks) -> str:
    lines: list[str] = []
    for groups in apps.values():
        shown = [group for group in groups if _is_there(group[0], side)]
        if shown:
            first = shown[0][0]
            lines.append(f"{first.app_display_name} ({first.app_id})" if first.app_display_name else first.app_id)
        for group in shown:
            lines.extend(f"  {line}" for line in group[0].lines(group, side, risks))
    return "".join(f"{visible(line, exact=True)}\n" for line in lines)


def _is_there(change: Change, side: Side) -> bool:
    return change.action not in (("create", "restore") if side == "before" else ("delete",))
