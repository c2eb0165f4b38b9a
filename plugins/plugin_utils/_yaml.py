# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one writer of files that Ansible may read again. PRIVATE to tenantops.entra. Pure.

What Ansible reads from a file it evaluates as a template, wherever the text once came from. So every text that could be one is
marked ``!unsafe``, which Ansible honours in variables of hosts and groups, in vars files and in files for ``-e @``.
"""

from __future__ import annotations

import json
import re
import typing as t

import yaml

from ansible_collections.tenantops.entra.plugins.module_utils._text import is_whole, marked

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# More than Ansible itself takes for a template: it looks for the second only where a text begins.
_TEMPLATE = re.compile(r"\{[{%#]|#jinja2:")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
# What needs no quotes, unless it looks like something else than a text.
_BARE = re.compile(r"\w(?:[\w.@/+'()&=-]|:(?=[\w/])| (?=[\w(&+]))*")
# To YAML 1.2, and to other readers of 1.1 than PyYAML.
_OTHER_TYPES = re.compile(r"[yYnN]|0o[0-7]+|[\d.]+[eE][-+]?\d+")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Characters of a line, as linters for Ansible ask for by default, and of a text that stands on its line unfolded.
WIDTH = 160
SHORT = 80


class UnwritableError(ValueError):
    """The data can't be written so that it reads back the same; the text is one sentence."""


def document(data: object) -> str:
    """The data as a document of YAML 1.1, which reads back equal; lines end with a line feed, lists stand further in than their key.

    Raises UnwritableError for what is neither a mapping with keys of our own making, a list, a text, a whole number, a truth value
    nor null, and for a text that no file can hold.
    """
    plain = _plain(data, "")
    return "".join(f"{line}\n" for line in (_block(plain, "") if _is_block(plain) else [_inline(plain, "", 0)]))


def _is_block(value: object) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _block(value: t.Any, pad: str) -> Iterator[str]:
    """The lines of a container that is not empty."""
    inner = f"{pad}  "
    if isinstance(value, dict):
        for name, item in value.items():
            # Keys such as no, on and 7 are something else in YAML 1.1.
            key = f"'{name}'" if _is_something_else(name) else name
            if _is_block(item):
                yield f"{pad}{key}:"
                yield from _block(item, inner)
            else:
                yield f"{pad}{key}: {_inline(item, inner, len(pad) + len(key) + 2)}"
    else:
        for item in value:
            if _is_block(item):
                first, *rest = _block(item, inner)
                yield f"{pad}- {first[len(inner) :]}"
                yield from rest
            else:
                yield f"{pad}- {_inline(item, inner, len(inner))}"


def _inline(value: t.Any, pad: str, column: int) -> str:
    """What stands behind a key or a dash at this column; the lines of a folded text begin with `pad`."""
    if not isinstance(value, str):
        # Of these the forms of JSON are those of YAML.
        return json.dumps(value)
    tag = "!unsafe " if _TEMPLATE.search(value) else ""
    if len(value) > SHORT or not value.isprintable() or marked(value, _escaped) != value:
        return tag + _double_quoted(value, pad, column + len(tag))
    if not tag and _BARE.fullmatch(value) and not _is_something_else(value):
        return value
    doubled = value.replace("'", "''")
    return f"{tag}'{doubled}'"


def _is_something_else(text: str) -> bool:
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    candidates = [*resolvers.get(text[0], ()), *resolvers.get(None, ())]
    return any(pattern.match(text) for _tag, pattern in candidates) or bool(_OTHER_TYPES.fullmatch(text))


def _double_quoted(text: str, pad: str, column: int) -> str:
    """Folded at any character."""
    found, column = ['"'], column + 1
    for piece in _pieces(text):
        if column + len(piece) > WIDTH - 2:
            # A blank at the beginning of a line would be taken for a part of the indentation.
            piece = f"\\{piece}" if piece == " " else piece
            found.append(f"\\\n{pad}")
            column = len(pad)
        found.append(piece)
        column += len(piece)
    return "".join(found) + '"'


def _pieces(text: str) -> Iterator[str]:
    """The characters as they stand between double quotes."""
    for run in re.split(r"([\"\\]|[^\S ])", text):
        if run in ('"', "\\"):
            yield f"\\{run}"
        elif run.isspace() and not run.isprintable():
            yield from map(_escaped, run)
        else:
            yield from re.findall(r"\\x[0-9A-F]{2}|\\u[0-9A-F]{4}|\\U[0-9A-F]{8}|.", marked(run, _escaped), re.DOTALL)


def _escaped(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _plain(value: object, where: str) -> t.Any:
    """Ansible's own kinds of texts and containers as Python's."""
    if isinstance(value, str):
        if not is_whole(value):
            raise UnwritableError(f"{where or 'The text'} has half a character in it, which no file can hold.")
        return str(value)
    if isinstance(value, dict):
        return _mapping(value, where)
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    raise UnwritableError(f"{where or 'The data'} is a {type(value).__name__}, which is not written.")


def _mapping(value: Mapping[t.Any, object], where: str) -> dict[str, t.Any]:
    """Keys can't be marked, so they must not be anybody's words."""
    prefix = f"{where}." if where else ""
    for key in value:
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise UnwritableError(
                f"{where or 'The data'} has the key {key!r}: keys are lower case letters, digits and underscores."
            )
    return {str(key): _plain(item, f"{prefix}{key}") for key, item in value.items()}
