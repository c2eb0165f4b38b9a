# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ordered collections that pages are cut from.

A page continues behind a *mark*, the number of the last row given, and not at an offset: rows that come or go
between two pages neither repeat nor hide others, as with Graph's own `$skiptoken`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

START = -1
_HIGHEST = 2**62  # no number of a record comes near


class Numbered(Protocol):
    """A record that knows its place in the order of creation."""

    seq: int


R = TypeVar("R", bound=Numbered)
T = TypeVar("T", covariant=True)


class Rows(Protocol[T]):
    """Anything a list answer can be made of."""

    def __len__(self) -> int:
        """How many rows there are."""

    def after(self, mark: int) -> Iterator[tuple[int, T]]:
        """The rows behind `mark`, each with its own mark."""


class Ordered(Generic[R]):
    """Records in the order of their `seq`.

    Appending costs nothing, removing a binary search: a removed row leaves a hole, and holes are closed once
    they are the majority.
    """

    __slots__ = ("_holes", "_marks", "_records")

    def __init__(self) -> None:
        self._marks: list[int] = []
        self._records: list[R | None] = []
        self._holes = 0

    def __len__(self) -> int:
        return len(self._records) - self._holes

    def __iter__(self) -> Iterator[R]:
        return (record for record in self._records if record is not None)

    def append(self, record: R) -> None:
        """Add a record whose `seq` is larger than all before."""
        self._marks.append(record.seq)
        self._records.append(record)

    def remove(self, record: R) -> None:
        """Take a record out that is in here."""
        self._records[bisect_left(self._marks, record.seq)] = None
        self._holes += 1
        if self._holes > 32 and self._holes * 2 > len(self._records):
            self._marks = [record.seq for record in self]
            self._records = list(self)
            self._holes = 0

    def after(self, mark: int) -> Iterator[tuple[int, R]]:
        """The records behind `mark`."""
        for place in range(bisect_right(self._marks, mark), len(self._records)):
            record = self._records[place]
            if record is not None:
                yield record.seq, record

    def before(self, seq: int) -> Iterator[R]:
        """The records with a smaller `seq`, the last one first."""
        for place in range(bisect_left(self._marks, seq) - 1, -1, -1):
            record = self._records[place]
            if record is not None:
                yield record


class NewestFirst(Generic[R]):
    """Records the other way round. What is appended between two pages is on neither of the later ones."""

    def __init__(self, rows: Ordered[R]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def after(self, mark: int) -> Iterator[tuple[int, R]]:
        """The records behind `mark`. Marks must rise, so each is what its record's number lacks of the highest."""
        for record in self._rows.before(_HIGHEST if mark == START else _HIGHEST - mark):
            yield _HIGHEST - record.seq, record


class Fixed(Generic[T]):
    """A sequence that nobody changes while pages are read from it; the mark is the position."""

    def __init__(self, items: Sequence[T]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def after(self, mark: int) -> Iterator[tuple[int, T]]:
        """The items behind position `mark`."""
        for place in range(mark + 1, len(self._items)):
            yield place, self._items[place]


class Present(Generic[T]):
    """What is found of a fixed sequence of ids; the mark is the position.

    Only the ids in `vanishing` may be of something that isn't there, so counting needs to look at no others.
    """

    def __init__(self, ids: Sequence[str], find: Callable[[str], T | None], vanishing: Sequence[str] = ()) -> None:
        self._ids = ids
        self._find = find
        self._vanishing = vanishing

    def __len__(self) -> int:
        return len(self._ids) - sum(self._find(object_id) is None for object_id in self._vanishing)

    def after(self, mark: int) -> Iterator[tuple[int, T]]:
        """What is found behind position `mark`."""
        for place in range(mark + 1, len(self._ids)):
            found = self._find(self._ids[place])
            if found is not None:
                yield place, found


class Merged(Generic[R]):
    """A few records from several places as one collection in the order of creation, each once."""

    def __init__(self, parts: Sequence[Iterable[R]]) -> None:
        by_place = {record.seq: record for part in parts for record in part}
        self._rows = sorted(by_place.items())

    def __len__(self) -> int:
        return len(self._rows)

    def after(self, mark: int) -> Iterator[tuple[int, R]]:
        """The records behind `mark`."""
        return (row for row in self._rows if row[0] > mark)
