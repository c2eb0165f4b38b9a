# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may import what: the arrows of the simulator only point down.

server → graph, authority, seed → tenant → bricks. The three in the middle don't know each other.
"""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

PACKAGE = "entra_simulator"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE
FILES = sorted(SOURCE.rglob("*.py"))

# Each room, and the rooms that it may import. The bricks are for everybody.
MAY_IMPORT: dict[str, set[str]] = {
    "server": {"graph", "authority", "seed", "tenant"},
    "graph": {"tenant"},
    "authority": {"tenant"},
    "seed": {"tenant"},
    "tenant": set(),
}
BRICKS = {"answer", "clock", "errors", "ids", "section"}
# How the simulator is started, and what tests have of it: nobody in the rooms imports these.
ENTRANCES: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "cli": {"server", "graph", "authority", "seed"},
    "testing": {"waiting"},
    "waiting": set(),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in FILES}


def imports(path: Path) -> set[str]:
    """The files that a file imports, those in a function or for types alone included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import names its whole path"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    found = {name if name in NAMES else name.rpartition(".")[0] for name in names}
    return {name for name in found if name.partition(".")[0] == PACKAGE}


def part(name: str) -> str:
    """The room, brick or entrance of a file."""
    return name.split(".")[1] if "." in name else "__init__"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_arrows_point_down(path: Path) -> None:
    own = part(name_of(path))
    allowed = BRICKS | (ENTRANCES | MAY_IMPORT).get(own, set()) | {own}
    assert {part(name) for name in imports(path)} - allowed == set()


def test_there_are_five_rooms_and_everything_else_has_its_place() -> None:
    assert {path.name for path in SOURCE.iterdir() if any(path.glob("*.py"))} == MAY_IMPORT.keys()
    assert {path.stem for path in SOURCE.glob("*.py")} == BRICKS | ENTRANCES.keys()


def test_no_files_import_each_other() -> None:
    """Not round corners either, nor for types alone."""
    graphlib.TopologicalSorter({name: imports(path) - {name} for name, path in NAMES.items()}).prepare()


def test_all_imports_are_seen() -> None:
    """The tests above say nothing about what they don't find."""
    assert imports(NAMES[f"{PACKAGE}.__main__"]) == {f"{PACKAGE}.cli"}
    assert f"{PACKAGE}.graph.users" in imports(NAMES[f"{PACKAGE}.graph.routes"])
    assert f"{PACKAGE}.ids" in imports(NAMES[f"{PACKAGE}.tenant.store"])


def test_what_tests_import_needs_nothing_but_the_standard_library() -> None:
    libraries = {"httpx", "jwt", "starlette", "uvicorn", "yaml", "cryptography", "odata_query", "trustme"}
    for name in ("testing", "waiting"):
        tree = ast.parse((SOURCE / f"{name}.py").read_text())
        used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        used |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {module.partition(".")[0] for module in used} & libraries == set()
