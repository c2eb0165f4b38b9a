# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Foreign text as data: shown as what it is, on one line. PRIVATE to tenantops.entra. Pure.

Names, scopes and error texts come from a tenant, and whoever wrote them may want to steer the terminal, or the CI system,
that they are shown on.
"""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

# What the two joiners and the variation selectors are made for: letters of the scripts that need them, ideographs and emoji.
# There they are part of a word or a picture; anywhere else they only make two texts look the same.
_SCRIPTS = "\u0600-\u08ff\u0900-\u109f\u1780-\u18aa\u3400-\u9fff\uf900-\ufaff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_SYMBOLS = "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINED = f"{_SCRIPTS}{_SYMBOLS}\U00020000-\U000323af"
_FORMAT = (
    "\x00-\x1f\x7f-\x9f"  # control characters
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # what has no look of its own
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # direction, line ends, zero width
    "\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # halves of surrogate pairs, private use, what is no character
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U0010ffff"
)
_MARKED = re.compile(
    f"[{_FORMAT}]"
    f"|(?<![{_JOINED}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
    f"|(?<![{_JOINED}0-9#*])\ufe0f|(?<![{_JOINED}])[\ufe00-\ufe0e\U000e0100-\U000e01ef]"
    # What CI systems take for commands in the output of a job: Azure Pipelines anywhere, GitHub at the start of a line.
    r"|(?<!#)##+(?=(?:vso)?\[)|(?<!\S)::(?=[a-z-]+(?: |::))"
)
_SPACE = re.compile(r"[\t\n\r]+")


def visible(text: str, *, exact: bool = False) -> str:
    """The text on one line, with [U+202E] and such for what would not be seen. Made visible again, it stays as it is.

    :param exact: tabs and line breaks are told as well, so that what is different looks different; otherwise they are blanks.
    """
    return marked(text if exact else _SPACE.sub(" ", text), lambda character: f"[U+{ord(character):04X}]")


def marked(text: str, mark: Callable[[str], str]) -> str:
    """The text with something else for each character that would not be seen, or would make a command of it."""
    if text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        return text
    return _MARKED.sub(lambda found: "".join(map(mark, found[0])), text)


def is_whole(text: str) -> bool:
    """Whether no half of a surrogate pair stands alone in it: JSON can hold such, files can't."""
    return text.isascii() or not re.search("[\ud800-\udfff]", text)


def whole(text: str) -> str:
    """The same with a replacement character for each such half."""
    return text if is_whole(text) else re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def mapped(value: t.Any, change: Callable[[str], str]) -> t.Any:
    """The same data with each text changed, keys too. Sets become lists; what is neither text nor container is left alone."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {mapped(key, change): mapped(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mapped(item, change) for item in value]
    return value
