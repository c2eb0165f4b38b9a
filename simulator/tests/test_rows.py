# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages stay right while rows come and go."""

from __future__ import annotations

from dataclasses import dataclass

from entra_simulator.tenant.rows import START, Merged, Ordered, Present


@dataclass
class Row:
    seq: int


def test_a_mark_survives_removal_of_its_own_row_and_compaction() -> None:
    rows: Ordered[Row] = Ordered()
    records = [Row(seq) for seq in range(200)]
    for record in records:
        rows.append(record)
    for record in records[:150]:
        rows.remove(record)
    assert len(rows) == 50
    assert [mark for mark, _ in rows.after(149)] == list(range(150, 200))
    assert [mark for mark, _ in rows.after(START)] == list(range(150, 200))


def test_merged_rows_come_once_and_in_order() -> None:
    first, second, third = Row(1), Row(2), Row(3)
    merged = Merged([[third, first], [second, first]])
    assert [row.seq for _, row in merged.after(START)] == [1, 2, 3]
    assert len(merged) == 3


def test_present_rows_are_counted_without_looking_at_each() -> None:
    asked: list[str] = []
    there = {"a": 1, "c": 3, "d": 4}

    def find(key: str) -> int | None:
        asked.append(key)
        return there.get(key)

    rows = Present(["a", "b", "c", "d"], find, ["b", "d"])
    assert len(rows) == 3
    assert asked == ["b", "d"]
    assert list(rows.after(START)) == [(0, 1), (2, 3), (3, 4)]
    assert list(rows.after(2)) == [(3, 4)]
