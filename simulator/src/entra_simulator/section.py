# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading untrusted mappings: every value is checked, every mistake names its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from entra_simulator import ids
from entra_simulator.errors import SeedError

REQUIRED = object()


class Section:
    """One mapping. `place` reads like `groups.0`; unknown keys are refused at once."""

    def __init__(self, value: object, place: str, known: set[str]) -> None:
        if not isinstance(value, dict):
            raise SeedError(place, "must be a mapping")
        for key in value:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(known))}"
                raise SeedError(_join(place, str(key)), f"is not known{hint}")
        self._value = value
        self.place = place

    def __contains__(self, key: str) -> bool:
        return self._value.get(key) is not None

    def at(self, key: str) -> str:
        """The place of a key."""
        return _join(self.place, key)

    def raw(self, key: str, default: object = REQUIRED) -> Any:
        """A value as it is; null counts as left out."""
        value = self._value.get(key)
        if value is None:
            if default is REQUIRED:
                raise SeedError(self.at(key), "is required")
            return default
        return value

    def text(self, key: str, default: object = REQUIRED) -> str:
        """A text."""
        value = self.raw(key, default)
        if not isinstance(value, str):
            raise SeedError(self.at(key), "must be a text")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text or nothing."""
        return self.text(key) if key in self else None

    def guid(self, key: str, default: object = REQUIRED) -> str:
        """A GUID, in lower case."""
        value = self.text(key, default)
        if not ids.is_guid(value):
            raise SeedError(self.at(key), f"must be a GUID, not '{value}'")
        return value.lower()

    def flag(self, key: str, default: object = REQUIRED) -> bool:
        """A boolean."""
        value = self.raw(key, default)
        if not isinstance(value, bool):
            raise SeedError(self.at(key), "must be true or false")
        return value

    def optional_flag(self, key: str) -> bool | None:
        """A boolean or nothing."""
        return self.flag(key) if key in self else None

    def number(self, key: str, default: object = REQUIRED) -> int:
        """A number that is not negative."""
        value = self.raw(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise SeedError(self.at(key), "must be a number from 0")
        return value

    def optional_number(self, key: str) -> int | None:
        """A number or nothing."""
        return self.number(key) if key in self else None

    def choice(self, key: str, choices: Iterable[str], default: object = REQUIRED) -> str:
        """One of a few texts."""
        value = self.text(key, default)
        if value not in choices:
            raise SeedError(self.at(key), f"must be one of {', '.join(choices)}, not '{value}'")
        return value

    def items(self, key: str) -> list[Any]:
        """A list; left out it is empty."""
        value = self.raw(key, [])
        if not isinstance(value, list):
            raise SeedError(self.at(key), "must be a list")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        values = self.items(key)
        for place, value in enumerate(values):
            if not isinstance(value, str):
                raise SeedError(f"{self.at(key)}.{place}", "must be a text")
        return values


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
