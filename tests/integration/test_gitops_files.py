# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""examples/gitops as it lies there: clean, without a secret, and with pipelines that may do little."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import typing as t

import pytest
import yaml

from ansible_collections.tenantops.entra.plugins.module_utils._module.apps import declared_apps
from integration.gitops import EXAMPLE, FILES, JOBS, PLATFORMS, Repository, checkout, commands, forge, steps
from integration.runner import ROOT
from integration.tenant import OUTLOOK, TEAMS, TO_DO

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with forge("token") as served:
        yield checkout(tmp_path, served)


def test_files_are_clean_and_the_playbooks_exist(repository: Repository) -> None:
    lint = [sys.executable, "-m", "yamllint", "--strict", "-c", str(ROOT / ".yamllint"), "."]
    done = subprocess.run(lint, cwd=repository.path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    code, output = repository.shell("ansible-playbook --syntax-check tenantops.entra.{apply,drift,export}")
    assert (code, "WARNING" in output) == (0, False), output


def test_every_declared_app_is_well_formed(repository: Repository) -> None:
    task = {
        "ansible.builtin.copy": {"content": "{{ consent_apps | to_json }}", "dest": "{{ inventory_hostname }}.json"}
    }
    here = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "vars": here, "tasks": [task]}
    (repository.path / "dump.yml").write_text(json.dumps([play]), encoding="utf-8")
    code, output = repository.shell("ansible-playbook dump.yml")
    assert code == 0, output
    apps = {name: json.loads((repository.path / f"{name}.json").read_bytes()) for name in ("contoso", "fabrikam")}
    assert {name: [app["app_id"] for app in declared_apps(found)] for name, found in apps.items()} == {
        "contoso": [OUTLOOK, TO_DO, TEAMS],
        "fabrikam": [OUTLOOK, TO_DO],
    }


def test_requirements_are_those_of_the_collection() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = (EXAMPLE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(line.replace(" ", "") for line in lines) == sorted(
        re.findall(r'"([\w-]+>=[^"]+)"', readme.partition("## Install")[2].partition("## ")[0])
    )
    (collection,) = yaml.safe_load((EXAMPLE / "requirements.yml").read_text(encoding="utf-8"))["collections"]
    assert f"git+{collection['name']}" in readme


def test_no_file_holds_a_secret() -> None:
    secret = re.compile(
        r"BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{10}|\b(gh[pousr]_|github_pat_|glpat-)\w+|\$ANSIBLE_VAULT"
        r"|(?i:secret|password|pwd|token)\w*['\"]?[ ]*[:=][ ]*['\"]?(?=\S*\d)[\w~.+/-]{12,}"
    )
    for text in ("client_secret: Jx8Q~abcdefghijkl", "token = 'abcdef0123456789'", "eyJhbGciOiJSUzI1NiJ9"):
        assert secret.search(text)
    for path in EXAMPLE.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            text = path.read_text(encoding="utf-8")
            assert not [found[0] for found in secret.finditer(text)], path


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_pipeline_calls_what_the_readme_says(platform: str) -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8").splitlines()
    assert commands(platform) == commands("github")
    assert set(commands(platform).values()) <= set(readme)
    for job in JOBS:
        # What others may write (branch names, titles) reaches a script as a variable or not at all.
        assert not [step.script for step in steps(platform, job) if "${{" in step.script or "$(" in step.script]


def test_github_jobs_may_do_no_more_than_they_need() -> None:
    jobs = {}
    for file in FILES["github"]:
        workflow = yaml.safe_load((EXAMPLE / file).read_text(encoding="utf-8"))
        assert (workflow["permissions"], "group" in workflow["concurrency"]) == ({}, True)
        jobs.update(workflow["jobs"])
    sign_in = {"contents": "read", "id-token": "write"}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "plan": sign_in,
        "comment": {"contents": "read", "pull-requests": "write"},
        "apply": sign_in,
        "drift": sign_in,
    }
    assert all(job["timeout-minutes"] for job in jobs.values())
    assert [name for name, job in jobs.items() if "environment" in job] == ["apply"]
    uses = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", use) for use in uses)
