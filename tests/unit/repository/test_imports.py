# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every file that Ansible packs can be imported with nothing but Python and Ansible: what is missing is then told in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

from unit.repository.written import ROOT

COLLECTIONS = ROOT / ".build" / "collections"
PACKAGE = "ansible_collections.tenantops.entra.plugins"
# Prints which of the modules named on standard input can't be imported, and why.
PROGRAM = """
import importlib, json, sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        if root not in sys.stdlib_module_names and root not in {"ansible", "ansible_collections", "ours"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nothing())
failed = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed[name] = str(error)
print(json.dumps(failed))
"""


def failures(names: list[str], folder: Path = COLLECTIONS) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(COLLECTIONS), str(folder)])},
        input=json.dumps(names),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    return t.cast("dict[str, str]", json.loads(done.stdout))


def test_each_file_is_imported_without_any_library() -> None:
    plugins = ROOT / "plugins"
    paths = [*(plugins / "module_utils").rglob("*.py"), *(plugins / "modules").glob("*.py")]
    names = [f"{PACKAGE}.{'.'.join(path.relative_to(plugins).with_suffix('').parts)}" for path in paths]
    assert f"{PACKAGE}.module_utils._graph.client" in names
    assert failures(names) == {}


def test_a_library_at_the_top_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    for name, text in {
        "top": "import httpx",
        "part": "from azure.core.credentials import AccessToken",
        "inside": "def later():\n    import httpx",
        "typed": "import typing\nif typing.TYPE_CHECKING:\n    import httpx",
    }.items():
        (tmp_path / "ours" / f"{name}.py").write_text(f"{text}\n", encoding="utf-8")
    found = failures(["ours.top", "ours.part", "ours.inside", "ours.typed"], tmp_path)
    assert found == {"ours.top": "No module named 'httpx'", "ours.part": "No module named 'azure'"}
