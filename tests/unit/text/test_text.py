# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Foreign text made visible."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole, mapped, visible, whole

# They have a look of their own, although Unicode calls them format characters: signs that are written over numbers.
SIGNS = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@pytest.mark.parametrize("category", INVISIBLE)
def test_no_character_of_a_category_that_is_not_seen_stays_as_it_is(category: str) -> None:
    found = [code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == category]
    assert found
    left = {code for code in found if chr(code) in visible(f"x{chr(code)}y", exact=True)}
    assert left == (SIGNS & set(found))


def test_letters_of_all_scripts_stay() -> None:
    letters = "".join(
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Lu", "Ll", "Lt", "Nd", "Sc")
    )
    assert visible(letters) == letters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("\x1b]0;title\x07", "[U+001B]]0;title[U+0007]"),
        ("\x9b31m", "[U+009B]31m"),
        ("a\r\n\tb\n", "a b "),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a[U+2028]b[U+2029]c[U+0085]d[U+000B]e[U+000C]f"),
        ("\ud83d alone", "[U+D83D] alone"),
        ("\U000e0041\U000e0042", "[U+E0041][U+E0042]"),
        ("\u3164", "[U+3164]"),
        # Joiners and variation selectors belong to words and pictures; between Latin letters they only hide a difference.
        ("👩‍💻 ❤️‍🔥 1️⃣ ©️", "👩‍💻 ❤️‍🔥 1️⃣ ©️"),
        ("می‌خواهم", "می‌خواهم"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("ad\u200dmin ad\u200cmin a\ufe0f a\U000e0101", "ad[U+200D]min ad[U+200C]min a[U+FE0F] a[U+E0101]"),
        ("😀\u200d\u200d😀", "😀[U+200D][U+200D]😀"),
        ("##vso[task.setvariable variable=a]b", "[U+0023][U+0023]vso[task.setvariable variable=a]b"),
        ("x ###[group]", "x [U+0023][U+0023][U+0023][group]"),
        ("::add-mask::x", "[U+003A][U+003A]add-mask::x"),
        ("a\n::set-env name=x::y", "a [U+003A][U+003A]set-env name=x::y"),
        ("## heading, a::b, [::ffff:1.2.3.4] ::1", "## heading, a::b, [::ffff:1.2.3.4] ::1"),
    ],
)
def test_what_would_not_be_seen_is(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown
    assert "\n" not in visible(text)


def test_different_texts_look_different_where_that_matters() -> None:
    assert visible("a\nb\tc d", exact=True) == "a[U+000A]b[U+0009]c d"


@pytest.mark.parametrize("piece", ["#", "::a ", "\u200d", "\x1b", "é", "##[", "\n"])
def test_a_long_text_is_gone_through_once(piece: str) -> None:
    """A million characters take seconds, and would take hours if each began a search of its own."""
    text = piece * (1_000_000 // len(piece))
    assert len(visible(text)) >= 1


def test_every_text_in_data_is_changed_and_nothing_else() -> None:
    data = {"a": ["b", ("c", 1)], "d": {"e": None, "f": True}, "g": {"h"}}
    assert mapped(data, str.upper) == {"A": ["B", ["C", 1]], "D": {"E": None, "F": True}, "G": ["H"]}


def test_halves_of_surrogate_pairs() -> None:
    assert (is_whole("😀"), is_whole("\ud83d"), is_whole("x\ude00"), is_whole("")) == (True, False, False, True)
    assert whole("\ud83dx😀") == "\N{REPLACEMENT CHARACTER}x😀"


def test_what_errors_quote_is_visible() -> None:
    assert EntraError("No app \x1b[2J\u202e.").message == "No app [U+001B][2J[U+202E]."
    declared = DeclarationError(["a\nb.", "c\u2066d.", "a b."])
    assert declared.result() == {"problems": ["a b.", "c[U+2066]d."]}
    assert declared.message == "a b. c[U+2066]d."
    graph = GraphError(
        "x\x9b.", status=403, code="\u202e", graph_message="m\u2028", request_id="\x1b", permissions=["\u200b"]
    )
    assert graph.facts() == {
        "msg": "x[U+009B].",
        "status": 403,
        "code": "[U+202E]",
        "graph_message": "m[U+2028]",
        "request_id": "[U+001B]",
        "missing_permission": ["[U+200B]"],
    }
