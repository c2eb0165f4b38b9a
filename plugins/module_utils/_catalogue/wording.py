# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words for error texts: values as a user knows them, lists, near misses. PRIVATE to tenantops.entra."""

from __future__ import annotations

import difflib
import re
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible


def shown(value: object) -> str:
    """Name a value in a sentence, as it stands in YAML; containers only by their kind."""
    if isinstance(value, str):
        return f"'{visible(value, exact=True)}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, t.Mapping):
        return "a mapping"
    if isinstance(value, t.Sequence):
        return "a list"
    return str(value)


def joined(words: t.Iterable[str]) -> str:
    """Join words with commas and a last "and"."""
    *head, last = list(words) or [""]
    return f"{', '.join(head)} and {last}" if head else last


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", "_", word.strip().lower())


def near_miss(word: str, known: t.Iterable[str]) -> str:
    """Return a question in brackets that names the known word meant, or nothing."""
    plain = {_plain(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=0.7)
    return f" (did you mean '{plain[close[0]]}'?)" if close else ""


def unknown(kind: str, words: t.Iterable[str], known: t.Collection[str]) -> str:
    """Start a sentence on words that nobody knows: each with the word that was probably meant."""
    found = [f"'{word}'{near_miss(word, known)}" for word in dict.fromkeys(words)]
    return f"Unknown {kind}{'s' if len(found) > 1 else ''} {joined(found)}"
