# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as users get it: built, installed elsewhere, and used from there."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from integration.runner import ROOT, Ansible
from integration.tenant import TEAMS, Tenant, app_ids, expect, observed

FOREIGN = ("tests", "simulator", "demo", "benchmarks", ".build", ".venv", ".git", ".ci", "Makefile")


def galaxy(*arguments: str, home: Path) -> None:
    command = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection", *arguments]
    env = {**os.environ, "ANSIBLE_HOME": str(home), "ANSIBLE_COLLECTIONS_PATH": str(home / "installed")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[WARNING]" not in done.stderr


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("galaxy")
    galaxy("build", "--output-path", str(home), home=home)
    (found,) = home.glob("tenantops-entra-*.tar.gz")
    return found


def test_the_archive_holds_what_users_need_and_nothing_else(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = [member.name for member in tar.getmembers() if member.isfile()]
    assert not [name for name in names if name.split("/")[0] in FOREIGN]
    assert not [name for name in names if "__pycache__" in name or "/." in name]
    for part in ("modules", "module_utils", "filter", "doc_fragments"):
        for path in (ROOT / "plugins" / part).rglob("*.py"):
            assert str(path.relative_to(ROOT)) in names
    for path in [*(ROOT / "playbooks").glob("*.yml"), ROOT / "meta" / "runtime.yml", ROOT / "requirements.txt"]:
        assert str(path.relative_to(ROOT)) in names
    assert {"README.md", "LICENSE", "MANIFEST.json"} <= set(names)


def test_the_installed_collection_runs_its_playbooks_by_name(archive: Path, tenant: Tenant) -> None:
    installed = tenant.room / "installed"
    galaxy("install", "--offline", str(archive), "-p", str(installed), home=tenant.room)
    env = {**tenant.simulated.env, **observed(tenant.simulated)}
    ansible = Ansible(tenant.room, env, collections=installed)
    run = ansible.run("tenantops.entra.create_for_review", variables={"m365_for_jira_features": ["teams"]})
    expect(run, warns=[], fails=False)
    assert app_ids(tenant.state()) == {TEAMS}
