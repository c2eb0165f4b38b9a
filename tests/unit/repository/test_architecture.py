# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may import what: the arrows of the collection only point down."""

from __future__ import annotations

import ast
import graphlib
import sys
import typing as t
from pathlib import Path

import pytest
from unit.repository.kind_names import told_apart

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry as pure
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import registry as tenant

if t.TYPE_CHECKING:
    from collections.abc import Mapping

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


# Where kinds may be told apart: the rooms that have one file for each.
KINDS_ROOMS = [UTILS / "_consent" / "kinds", UTILS / "_tenant" / "kinds", REPORTS / "kinds"]
# What has the name of a kind and is none: modules by name, and the object that a module returns. And a kind's data, which
# have a file of their own.
NAMESAKES = {
    "module_utils/_consent/grants.py": {"the name delegated_permission_grant"},
    "module_utils/_graph/permissions.py": {
        "the name app_role_assignment",
        "the name delegated_permission_grant",
        "the name service_principal",
    },
    "module_utils/_module/converge.py": {"the name service_principal"},
}
# Lines.
LONGEST = 350
LONGER = {"_consent/kinds/delegated_permission_grant.py": 360, "_consent/kinds/service_principal.py": 400}


def imports(path: Path) -> set[str]:
    return imported(path.read_text())


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
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


def module_name(path: Path) -> str:
    """As it is imported: a package is its ``__init__``."""
    return ".".join((PACKAGE, *path.relative_to(UTILS).with_suffix("").parts)).removesuffix(".__init__")


def prepare(sources: Mapping[str, str]) -> None:
    """Raises CycleError if files import each other. Whoever imports a file imports the packages that it is in, too.

    :param sources: by module name.
    """
    graph = {}
    for name, source in sources.items():
        used = [one.split(".") for one in (name, *imported(source))]
        graph[name] = {".".join(parts[:end]) for parts in used for end in range(1, len(parts) + 1)} & sources.keys()
        graph[name].discard(name)
    graphlib.TopologicalSorter(graph).prepare()


def test_no_files_import_each_other() -> None:
    """Not round corners either, nor for types alone, nor by way of their packages."""
    prepare({module_name(path): path.read_text() for path in UTILS.rglob("*.py")})


@pytest.mark.parametrize(
    "sources",
    [
        {"a": "from b import c", "b": "import a"},
        {"a": "import b", "b": "def later():\n    import c.d", "c": "", "c.d": "from a import e"},
        {"a": "import typing as t\nif t.TYPE_CHECKING:\n    from b import C", "b": "import a"},
        {"a": "from b.c import D", "b": "import a", "b.c": ""},
        {"a": "from a.b import C", "a.b": ""},
    ],
    ids=["two", "round a corner", "for types", "by way of a package", "a package and what is in it"],
)
def test_files_that_import_each_other_are_found(sources: dict[str, str]) -> None:
    prepare({**sources, "a": ""})
    with pytest.raises(graphlib.CycleError):
        prepare(sources)


def test_imports_have_their_full_names() -> None:
    """By which they are known here; and each package has its ``__init__``, which is looked at like the others."""
    paths = list(UTILS.rglob("*.py"))
    for path in paths:
        assert not [node for node in ast.walk(ast.parse(path.read_text())) if getattr(node, "level", 0)], path
    assert {path.parent for path in paths if path.parent / "__init__.py" not in paths} == {UTILS}


@pytest.mark.parametrize("room", ["_consent", "_tenant"])
def test_only_the_registry_imports_all_kinds(room: str) -> None:
    names = {module_name(path) for path in (UTILS / room / "kinds").glob("[!_]*.py")}
    reach = {
        str(path.relative_to(UTILS)): {
            name for name in names if any(f"{used}.".startswith(f"{name}.") for used in found)
        }
        for path in UTILS.rglob("*.py")
        for found in [imports(path)]
    }
    assert reach[f"{room}/registry.py"] == names
    assert [path for path, found in reach.items() if found == names] == [f"{room}/registry.py"]


def test_a_kind_has_one_file_on_each_floor_and_one_entry_in_each_registry() -> None:
    names = [kind.name for kind in pure.KINDS]
    assert names == [kind.name for kind in tenant.KINDS]
    for room in ("_consent", "_tenant"):
        assert {path.stem for path in (UTILS / room / "kinds").glob("[!_]*.py")} == {*names}


# Kinds are told apart in their own files only


def classes(*paths: Path) -> set[str]:
    """What files define."""
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    return {node.name for node in nodes if isinstance(node, ast.ClassDef)}


def classes_of_kinds() -> set[str]:
    return classes(*(path for room in KINDS_ROOMS for path in room.glob("*.py")))


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / "plugins").rglob("*.py")) if path.parent not in KINDS_ROOMS],
    ids=lambda path: str(path.relative_to(ROOT / "plugins")),
)
def test_nothing_else_tells_kinds_apart(path: Path) -> None:
    found = told_apart(path.read_text(), {kind.name for kind in pure.KINDS}, classes_of_kinds())
    allowed = NAMESAKES.get(str(path.relative_to(ROOT / "plugins")), set())
    assert [told for told in found if told.partition(": ")[2] not in allowed] == []


@pytest.mark.parametrize(
    "path",
    [path for room in KINDS_ROOMS[:2] for path in sorted(room.glob("*.py"))],
    ids=lambda path: f"{path.parts[-3]}/{path.stem}",
)
def test_a_kind_does_not_ask_for_others(path: Path) -> None:
    others = {kind.name for kind in pure.KINDS} - {path.stem}
    twin = [room / path.name for room in KINDS_ROOMS[:2]]
    assert told_apart(path.read_text(), others, classes_of_kinds() - classes(*twin)) == []


@pytest.mark.parametrize("path", sorted(UTILS.rglob("*.py")), ids=lambda path: str(path.relative_to(UTILS)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGER.get(str(path.relative_to(UTILS)), LONGEST)


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
