# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Python code tells one kind of consent from another."""

from __future__ import annotations

import ast
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def told_apart(source: str, names: Collection[str], classes: Collection[str]) -> list[str]:
    """What a file does that knows a kind, one text with its line each.

    :param names: of the kinds. A text that is just that is for comparing, or for looking something up.
    :param classes: what the kinds' own files define.
    """
    tree = ast.parse(source)
    known = _as_imported(tree, classes)
    found = [told for node in ast.walk(tree) for told in _told(node, names, known)]
    return [f"{line}: {text}" for line, text in sorted(found)]


def _told(node: ast.AST, names: Collection[str], classes: Collection[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
        yield node.lineno, f"the name {node.value}"
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(map(_is_kind, sides)) and any(_is_fixed(side, classes) for side in sides):
            yield node.lineno, f"compares a kind: {ast.unparse(node)}"
        if any(_ends(side) & {*classes} for side in sides):
            yield node.lineno, f"compares a class: {ast.unparse(node)}"
    elif isinstance(node, ast.Match) and _is_kind(node.subject):
        yield node.lineno, f"compares a kind: match {ast.unparse(node.subject)}"
    elif isinstance(node, ast.MatchClass) and _ends(node.cls) & {*classes}:
        yield node.lineno, f"asks for a class: case {ast.unparse(node)}"
    elif isinstance(node, ast.Call) and _ends(node.func) & {"isinstance", "issubclass"}:
        asked = {end for argument in node.args[1:] for part in ast.walk(argument) for end in _ends(part)}
        for name in asked & {*classes}:
            yield node.lineno, f"asks for a class: {name}"


def _is_kind(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "kind"


def _is_fixed(node: ast.AST, classes: Collection[str]) -> bool:
    """Whether it is a text, the name that one kind or its class has, or holds one of these."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return any(_is_fixed(part, classes) for part in node.elts)
    if isinstance(node, ast.Attribute):
        return node.attr in ("kind", "name") and bool(_ends(node.value) & {"KIND", *classes})
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _ends(node: ast.AST) -> set[str]:
    """What a name, or the end of a dotted one, is."""
    if isinstance(node, ast.Name):
        return {node.id}
    return {node.attr} if isinstance(node, ast.Attribute) else set()


def _as_imported(tree: ast.AST, classes: Collection[str]) -> set[str]:
    """The classes under the names that the file gives them."""
    aliases = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return {*classes} | {alias.asname for alias in aliases if alias.name in classes and alias.asname}
