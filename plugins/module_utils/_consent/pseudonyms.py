# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users and groups under invented names and ids. PRIVATE to tenantops.entra. Pure.

The same names for the same people in everything that one run exports, and no way back: the ids are new as well.
"""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState

DOMAIN = "contoso.example"


class Pseudonyms:
    """Made for a state and more groups' members: users and groups are numbered in the order of their object ids."""

    def __init__(self, state: TenantState, members: Mapping[str, Sequence[Principal]]) -> None:
        found = {one.id: one for one in (*_people(state), *(user for users in members.values() for user in users))}
        self._names: dict[str, Principal] = {}
        # Random, so that nobody can tell by trying whose id it was.
        space = uuid.uuid4()
        for kind, form in (("User", f"user{{:05}}@{DOMAIN}"), ("Group", "Group {:05}")):
            ids = sorted(key for key, one in found.items() if one.type == kind)
            for number, key in enumerate(ids, start=1):
                # Who can't be found any more must not turn into somebody.
                name = form.format(number) if found[key].name else ""
                self._names[key] = Principal(str(uuid.uuid5(space, key)), kind, name)

    def group_names(self) -> dict[str, str]:
        """The groups' new names by their new object ids."""
        return {one.id: one.name for one in self._names.values() if one.type == "Group"}

    def members(self, members: Mapping[str, Sequence[Principal]]) -> dict[str, list[Principal]]:
        """The users in groups, by the group's new object id."""
        return {self._names[key].id: [self._names[one.id] for one in users] for key, users in members.items()}

    def state(self, state: TenantState) -> TenantState:
        """The same state of other people."""
        return dataclasses.replace(
            state,
            objects={kind.name: kind.of_others(state, self._names) for kind in registry.KINDS},
            users={key: self._names[one.id] for key, one in state.users.items()},
            groups={key: self._names[one.id] for key, one in state.groups.items()},
            members={key: tuple(self._names[one.id] for one in users) for key, users in state.members.items()},
        )


def _people(state: TenantState) -> t.Iterator[Principal]:
    for kind in registry.KINDS:
        yield from kind.people(state)
    yield from state.users.values()
    yield from state.groups.values()
    for users in state.members.values():
        yield from users
