# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may import what: the arrows of the collection only point down."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UTILS = ROOT / "plugins" / "module_utils"
PACKAGE = "ansible_collections.tenantops.entra.plugins.module_utils"
REPORTS = ROOT / "plugins" / "plugin_utils" / "_reports"
REPORTS_PACKAGE = "ansible_collections.tenantops.entra.plugins.plugin_utils._reports"

# Each part, and the parts that it may import. Beside them there are leaves that everybody may.
LEAVES = {"_errors", "_clouds", "_secrets", "_text"}
MAY_IMPORT = {
    "_run": {"_args", "_read", "_apply", "_find", "_consent", "_graph", "_progress"},
    "_inspect": {"_args", "_read", "_survey", "_audit", "_members", "_consent", "_directory", "_graph"},
    "_caller": {"_consent", "_graph"},
    "_survey": {"_links", "_consent", "_directory", "_graph"},
    "_audit": {"_consent", "_graph"},
    "_find": {"_read", "_links", "_members", "_consent", "_directory", "_graph"},
    "_args": {"_consent"},
    "_read": {"_along", "_links", "_members", "_consent", "_directory", "_graph"},
    "_links": {"_consent", "_directory", "_graph"},
    "_members": {"_consent", "_graph"},
    "_along": {"_links", "_consent", "_graph"},
    "_apply": {"_kept", "_settle", "_writes", "_refusals", "_consent", "_directory", "_graph"},
    "_kept": {"_settle", "_writes", "_refusals", "_consent", "_graph"},
    "_settle": {"_consent", "_graph"},
    "_writes": {"_consent", "_graph"},
    "_refusals": set(),
    "_progress": set(),
    "_directory": {"_graph"},
    "_catalogue": set(),
    "_consent": set(),
    "_graph": set(),
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
    "ansible": {"_run.py", "_args.py", "_catalogue/approval.py"},
}
# The formats of the consent report know its data and how foreign text is shown, and nothing else of the collection.
REPORTS_MAY_IMPORT = {
    "as_html": {"page_data", "shape"},
    "as_json": {"shape"},
    "junit": {"wording", "grouping", "shape"},
    "markdown": {"wording", "grouping", "shape"},
    "page_data": {"wording", "grouping", "shape"},
    "overview": {"shape"},
    "wording": {"grouping", "shape"},
    "grouping": {"shape"},
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
    assert used - MAY_IMPORT.get(own, set()) - {own, *LEAVES} == set()


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
    assert used <= {"_args", "_run", "_find", "_inspect", "_caller", "_consent.declaration"}
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert main.name == "main"
    assert len(main.body) == 1
    documentation = 0
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            documentation += (node.end_lineno or 0) - node.lineno + 1
    assert len(path.read_text().splitlines()) - documentation <= 60


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.py")), ids=lambda path: path.stem)
def test_the_reports_know_nothing_but_their_data(path: Path) -> None:
    used = {name for name in imports(path) if not name.startswith(f"{PACKAGE}._text.")}
    ours = {name for name in used if name.startswith("ansible_collections")}
    parts = {name.removeprefix(f"{REPORTS_PACKAGE}.").split(".")[0] for name in ours}
    assert parts <= REPORTS_MAY_IMPORT.get(path.stem, set())
    others = {name.split(".")[0] for name in used - ours} - sys.stdlib_module_names
    assert others <= ({"jinja2"} if path.stem == "as_html" else set())


def test_the_plugins_do_not_know_the_simulator() -> None:
    assert not [path for path in (ROOT / "plugins").rglob("*.py") if "entra_simulator" in path.read_text()]
