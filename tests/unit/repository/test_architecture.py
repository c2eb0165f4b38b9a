# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may import what: the arrows of the collection only point down."""

from __future__ import annotations

import ast
import graphlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UTILS = ROOT / "plugins" / "module_utils"
PACKAGE = "ansible_collections.tenantops.entra.plugins.module_utils"
REPORTS = ROOT / "plugins" / "plugin_utils" / "_reports"
REPORTS_PACKAGE = "ansible_collections.tenantops.entra.plugins.plugin_utils._reports"

# Each room, and the rooms that it may import. The bricks are for everybody.
BRICKS = {"_errors", "_clouds", "_secrets", "_text"}
MAY_IMPORT: dict[str, set[str]] = {
    "_module": {"_tenant", "_consent", "_graph"},
    "_tenant": {"_consent", "_graph"},
    "_consent": set(),
    "_graph": set(),
    "_catalogue": set(),
}
ONLY_IN = {
    "msgraph": {"_graph/client.py"},
    "msgraph_core": {"_graph/client.py"},
    "kiota_abstractions": {"_graph/client.py"},
    "kiota_http": {"_graph/client.py"},
    "kiota_authentication_azure": {"_graph/client.py"},
    "httpx": {"_graph/client.py"},
    "azure": {"_graph/credentials.py"},
    "requests": {"_graph/sign_in/session.py", "_graph/sign_in/federation.py"},
    "cryptography": {"_graph/sign_in/certificate.py"},
    "certifi": {"_graph/trust.py"},
    "ansible": {
        "_module/run.py",
        "_module/ending.py",
        "_module/args.py",
        "_module/apps.py",
        "_catalogue/approval.py",
    },
}
# The formats of the consent report know its data and how foreign text is shown, and nothing else of the collection.
REPORTS_MAY_IMPORT = {
    "as_html": {"page_data", "shape"},
    "as_json": {"shape"},
    "junit": {"as_itself", "wording", "grouping", "kinds", "shape"},
    "markdown": {"as_itself", "wording", "grouping", "kinds", "shape"},
    "page_data": {"as_itself", "wording", "grouping", "kinds", "shape"},
    "as_itself": {"wording", "kinds", "shape"},
    "overview": {"shape"},
    "wording": {"grouping", "kinds", "shape"},
    "grouping": {"shape"},
    "kinds": {"kinds", "shape"},
}


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def part(path: Path) -> str:
    return path.relative_to(UTILS).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=lambda path: str(path.relative_to(UTILS)))
def test_arrows_point_down(path: Path) -> None:
    own = part(path)
    used = {name.removeprefix(f"{PACKAGE}.").split(".")[0] for name in imports(path) if name.startswith(PACKAGE)}
    assert used - MAY_IMPORT.get(own, set()) - {own, *BRICKS} == set()


def test_there_are_five_rooms_and_four_bricks() -> None:
    assert {path.name for path in UTILS.iterdir() if path.is_dir() and path.name != "__pycache__"} == MAY_IMPORT.keys()
    assert {path.stem for path in UTILS.glob("*.py")} == BRICKS


def test_no_files_import_each_other() -> None:
    """Not round corners either, nor for types alone."""
    names = {
        path: f"{PACKAGE}.{'.'.join(path.relative_to(UTILS).with_suffix('').parts)}" for path in UTILS.rglob("*.py")
    }
    files = {name: path for path, name in names.items()}
    graph = {
        name: {end for used in imports(path) for end in (used, used.rpartition(".")[0]) if end in files} - {name}
        for path, name in names.items()
    }
    graphlib.TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=lambda path: str(path.relative_to(UTILS)))
def test_libraries_stay_in_their_file(path: Path) -> None:
    used = {name.split(".")[0] for name in imports(path)}
    for library, files in ONLY_IN.items():
        if library in used:
            assert str(path.relative_to(UTILS)) in files


@pytest.mark.parametrize("path", sorted((ROOT / "plugins" / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_a_module_is_documentation_an_argument_spec_and_one_call(path: Path) -> None:
    tree = ast.parse(path.read_text())
    used = {name.removeprefix(f"{PACKAGE}.") for name in imports(path) if name.startswith(PACKAGE)}
    places = {"_module.args", "_module.apps", "_module.run", "_module.converge", "_module.inspect", "_tenant.caller"}
    places |= {"_consent.declare", f"_consent.kinds.{path.stem}", f"_consent.kinds.{path.stem.removesuffix('_grant')}"}
    assert {name for name in used if not name.startswith("_module.find.")} <= places
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert main.name == "main"
    assert len(main.body) == 1
    documentation = 0
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            documentation += (node.end_lineno or 0) - node.lineno + 1
    assert len(path.read_text().splitlines()) - documentation <= 60


@pytest.mark.parametrize("path", sorted(REPORTS.rglob("*.py")), ids=lambda path: path.stem)
def test_the_reports_know_nothing_but_their_data(path: Path) -> None:
    own = path.relative_to(REPORTS).parts[0].removesuffix(".py")
    used = {name for name in imports(path) if not name.startswith(f"{PACKAGE}._text.")}
    ours = {name for name in used if name.startswith("ansible_collections")}
    parts = {name.removeprefix(f"{REPORTS_PACKAGE}.").split(".")[0] for name in ours}
    assert parts <= REPORTS_MAY_IMPORT.get(own, set())
    others = {name.split(".")[0] for name in used - ours} - sys.stdlib_module_names
    assert others <= ({"jinja2"} if path.stem == "as_html" else set())


def test_the_plugins_do_not_know_the_simulator() -> None:
    assert not [path for path in (ROOT / "plugins").rglob("*.py") if "entra_simulator" in path.read_text()]
