# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences that differ in their principal only become one group. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import json
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

# What members of a group have of their own.
_OWN = ("principal", "attribution", "attribution_note")


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One difference of a group.

    :ivar principal: whom it is about; None for all users, and for what is not about users.
    :ivar events: audit entries on it, the newest first.
    :ivar note: why there are none, if that is known.
    """

    principal: JSON | None
    events: tuple[JSON, ...]
    note: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Differences with the same status, kind, API, scopes, role and settings.

    :ivar facts: what they share, as in the report.
    """

    facts: JSON
    members: tuple[Member, ...]

    @property
    def principals(self) -> list[JSON]:
        return [member.principal for member in self.members if member.principal]

    @property
    def notes(self) -> list[str]:
        """Each once, in their order."""
        return list(dict.fromkeys(member.note for member in self.members if member.note))

    @property
    def events(self) -> list[tuple[JSON, int]]:
        """Who did what: of each, the newest audit entry, and on how many members there is one."""
        found: dict[tuple[str | None, str], JSON] = {}
        counts: dict[tuple[str | None, str], int] = {}
        for member in self.members:
            for event in {(event["actor"], event["activity"]): event for event in reversed(member.events)}.values():
                key = (event["actor"], event["activity"])
                counts[key] = counts.get(key, 0) + 1
                if key not in found or event["time"] > found[key]["time"]:
                    found[key] = event
        ordered = sorted(found, key=lambda key: (found[key]["time"], key[1], key[0] or ""), reverse=True)
        return [(found[key], counts[key]) for key in ordered]


def groups(drift: Iterable[JSON]) -> list[Group]:
    """In the order of their first member, tier 0 before the others; principals keep theirs."""
    found: dict[str, tuple[JSON, list[Member]]] = {}
    for entry in drift:
        facts = {name: value for name, value in entry.items() if name not in _OWN}
        principal = entry.get("principal")
        key = json.dumps([facts, principal and principal["type"]], sort_keys=True)
        events = tuple(sorted(entry.get("attribution", ()), key=lambda event: str(event["time"]), reverse=True))
        member = Member(principal, events, entry.get("attribution_note"))
        found.setdefault(key, (facts, []))[1].append(member)
    ordered = sorted(found.values(), key=lambda group: not group[0].get("tier_0"))
    return [Group(facts, tuple(members)) for facts, members in ordered]
