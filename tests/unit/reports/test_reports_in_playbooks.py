# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters where users have them: in a playbook, from the built collection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import typing as t
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from . import samples
from .formats import FORMATS, ROOT, written

PAGE = ROOT / "plugins" / "plugin_utils" / "_reports" / "page"
TASKS: list[dict[str, t.Any]] = [
    {
        "name": "Write the overview",
        "ansible.builtin.copy": {
            "content": "{{ [report] | tenantops.entra.consent_overview('drift', report.generated_at)"
            " | tenantops.entra.consent_report(item) }}",
            "dest": "{{ playbook_dir }}/report.{{ item }}",
            "mode": "0600",
        },
        "loop": list(FORMATS),
    }
]


def run(program: str, *arguments: str, home: Path, collections: Path) -> None:
    env = {
        **os.environ,
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_NOCOLOR": "1",
    }
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the built collection lies as users install it."""
    home = tmp_path_factory.mktemp("built")
    run("ansible-galaxy", "collection", "build", "--output-path", str(home), home=home, collections=home)
    (archive,) = home.glob("tenantops-entra-*.tar.gz")
    place = home / "collections" / "ansible_collections" / "tenantops" / "entra"
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    return home / "collections"


def test_the_pages_files_and_the_schema_are_in_the_archive(installed: Path) -> None:
    place = installed / "ansible_collections" / "tenantops" / "entra"
    for path in [*PAGE.iterdir(), ROOT / "docs" / "report.schema.json", ROOT / "docs" / "reports.md"]:
        assert (place / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


def test_a_playbook_writes_every_format(installed: Path, tmp_path: Path) -> None:
    """Names that look like templates stay what they are; the texts are those of the filter."""
    report = samples.contoso()
    report["apps"][0]["name"] = "{{ 1 + 1 }} {% raw %}"
    (tmp_path / "report.json.in").write_text(json.dumps(report), encoding="utf-8")
    play = {
        "name": "Write reports",
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "report": "{{ lookup('ansible.builtin.file', playbook_dir ~ '/report.json.in') | from_json }}",
        },
        "tasks": TASKS,
    }
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    run(
        "ansible-playbook",
        "-i",
        "localhost,",
        "-c",
        "local",
        str(tmp_path / "play.yml"),
        home=tmp_path,
        collections=installed,
    )
    found = {name: (tmp_path / f"report.{name}").read_text(encoding="utf-8") for name in FORMATS}
    overview = json.loads(found["json"])
    assert overview["tenants"] == [report]
    assert found == {name: written(overview, name) for name in FORMATS}
    assert "{{ 1 + 1 }} {% raw %} (" in ET.fromstring(found["junit"].encode())[0][1].attrib["name"]
