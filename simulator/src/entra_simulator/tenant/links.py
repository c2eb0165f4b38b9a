# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants and app role assignments with the indexes that answer each supported filter.

No write looks at more than the records it concerns. Deleting a service principal takes its links out of sight
and restoring it brings them back (README, "Assumptions").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from entra_simulator.tenant.model import Assignment, Grant
from entra_simulator.tenant.rows import Ordered

R = TypeVar("R", Grant, Assignment)


@dataclass
class Hidden:
    """The links of one service principal in the bin."""

    grants: list[Grant] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)


class Links:
    """All grants and assignments of a tenant. `next_seq` numbers whatever is added."""

    def __init__(self, next_seq: Callable[[], int]) -> None:
        self._next_seq = next_seq
        self.grants: dict[str, Grant] = {}
        self.all_grants: Ordered[Grant] = Ordered()
        self.grants_by: dict[str, dict[str, Ordered[Grant]]] = {
            "clientId": {},
            "resourceId": {},
            "principalId": {},
            "consentType": {},
        }
        self.assignments: dict[str, Assignment] = {}
        self.assignment_keys: set[tuple[str, str, str]] = set()
        self.assignments_to: dict[str, Ordered[Assignment]] = {}
        self.assignments_of: dict[str, Ordered[Assignment]] = {}
        self.hidden: dict[str, Hidden] = {}

    def add_grant(self, grant: Grant) -> None:
        """Add a grant whose id is not there yet."""
        grant.seq = self._next_seq()
        self.grants[grant.id] = grant
        self.all_grants.append(grant)
        for name, key in _grant_keys(grant):
            self.grants_by[name].setdefault(key, Ordered()).append(grant)

    def remove_grant(self, grant: Grant) -> None:
        """Remove a grant for good."""
        del self.grants[grant.id]
        self.all_grants.remove(grant)
        for name, key in _grant_keys(grant):
            _take_out(self.grants_by[name], key, grant)

    def add_assignment(self, assignment: Assignment) -> None:
        """Add an assignment whose natural key is not there yet."""
        assignment.seq = self._next_seq()
        self.assignments[assignment.id] = assignment
        self.assignment_keys.add(assignment.key)
        self.assignments_to.setdefault(assignment.resource_id, Ordered()).append(assignment)
        self.assignments_of.setdefault(assignment.principal_id, Ordered()).append(assignment)

    def remove_assignment(self, assignment: Assignment) -> None:
        """Remove an assignment for good."""
        del self.assignments[assignment.id]
        self.assignment_keys.remove(assignment.key)
        _take_out(self.assignments_to, assignment.resource_id, assignment)
        _take_out(self.assignments_of, assignment.principal_id, assignment)

    def hide(self, service_principal_id: str) -> None:
        """Take everything that refers to a service principal out of sight."""
        hidden = self.hidden.setdefault(service_principal_id, Hidden())
        for name in ("clientId", "resourceId"):
            for grant in list(self.grants_by[name].get(service_principal_id, ())):
                self.remove_grant(grant)
                hidden.grants.append(grant)
        for side in (self.assignments_to, self.assignments_of):
            for assignment in list(side.get(service_principal_id, ())):
                self.remove_assignment(assignment)
                hidden.assignments.append(assignment)

    def show(self, service_principal_id: str, exists: Callable[[str], bool]) -> None:
        """Bring back what `hide` took, as far as the other end exists.

        What refers to another service principal in the bin waits there instead.
        """
        hidden = self.hidden.pop(service_principal_id, Hidden())
        for grant in hidden.grants:
            self.place_grant(grant, exists)
        for assignment in hidden.assignments:
            self.place_assignment(assignment, exists)

    def place_grant(self, grant: Grant, exists: Callable[[str], bool]) -> None:
        """Add a grant, or hide it with the deleted service principal it refers to."""
        missing = _missing((grant.client_id, grant.resource_id), exists)
        if not missing:
            if grant.id not in self.grants:
                self.add_grant(grant)
        elif missing[0] in self.hidden:
            self.hidden[missing[0]].grants.append(grant)

    def place_assignment(self, assignment: Assignment, exists: Callable[[str], bool]) -> None:
        """Add an assignment, or hide it with the deleted service principal it refers to."""
        ends = [assignment.resource_id, *([] if assignment.orphaned else [assignment.principal_id])]
        missing = _missing(ends, exists)
        if not missing:
            if assignment.key not in self.assignment_keys:
                self.add_assignment(assignment)
        elif missing[0] in self.hidden:
            self.hidden[missing[0]].assignments.append(assignment)


def _grant_keys(grant: Grant) -> list[tuple[str, str]]:
    keys = [
        ("clientId", grant.client_id),
        ("resourceId", grant.resource_id),
        ("consentType", grant.consent_type),
    ]
    if grant.principal_id is not None:
        keys.append(("principalId", grant.principal_id))
    return keys


def _take_out(index: dict[str, Ordered[R]], key: str, record: R) -> None:
    rows = index[key]
    rows.remove(record)
    if not len(rows):
        del index[key]


def _missing(ends: Iterable[str], exists: Callable[[str], bool]) -> list[str]:
    return [end for end in ends if not exists(end)]
