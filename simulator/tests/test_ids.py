# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids against samples that Microsoft's documentation shows."""

from __future__ import annotations

import uuid

import pytest

from entra_simulator import ids

CLIENT, RESOURCE, USER = (f"{digit * 8}-{digit * 4}-{digit * 4}-{digit * 4}-{digit * 12}" for digit in "123")


@pytest.mark.parametrize(
    ("client", "resource", "expected"),
    [
        (
            "ef969797-201d-4f6b-960c-e9ed5f31dab5",
            "943603e4-e787-4fe9-93d1-e30f749aae39",
            "l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk",
        ),
        (CLIENT, RESOURCE, "ERERERERERERERERERERESIiIiIiIiIiIiIiIiIiIiI"),
    ],
)
def test_grant_of_all_users(client: str, resource: str, expected: str) -> None:
    assert ids.grant_id(client, resource, None) == expected


def test_grant_of_one_user() -> None:
    grant_id = ids.grant_id(CLIENT, RESOURCE, USER)
    assert len(grant_id) == 64
    assert ids.is_grant_id(grant_id)
    assert not ids.is_assignment_id(grant_id)


def test_assignment() -> None:
    tail = uuid.UUID("abbbccdd-eeef-f001-1122-334455667788")
    assert ids.assignment_id(USER, tail).startswith("MzMzMzMzMzMzMzMzMzMzM")
    assert ids.assignment_id(USER) != ids.assignment_id(USER)
    assert ids.is_assignment_id(ids.assignment_id(USER))


@pytest.mark.parametrize("text", ["", "x", "not an id", "a" * 42])
def test_no_ids(text: str) -> None:
    assert not ids.is_grant_id(text)
    assert not ids.is_assignment_id(text)
