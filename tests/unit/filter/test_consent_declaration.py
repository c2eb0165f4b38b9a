# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter.consent_declaration import consent_declaration

if t.TYPE_CHECKING:
    from pathlib import Path

APPS: list[dict[str, t.Any]] = [
    {
        "app_id": "e7185a25-9df9-4d05-b779-76b04bf46424",
        "name": "Jürgen's: app, yes # no",
        "account_enabled": True,
        "delegated_permissions": [{"scopes": ["openid"], "users": ["o'neil@contoso.example", "x" * 150]}],
        "assignments": [],
    }
]


def test_it_reads_back_as_the_same_apps() -> None:
    assert yaml.safe_load(consent_declaration(APPS)) == {"consent_apps": APPS}


def test_it_keeps_the_order_and_passes_the_linter(tmp_path: Path) -> None:
    text = consent_declaration(APPS)
    assert text.index("app_id") < text.index("account_enabled") < text.index("assignments")
    path = tmp_path / "contoso.yml"
    path.write_text(f"---\n{text}", encoding="utf-8")
    rules = "{extends: default, rules: {line-length: disable}}"
    done = subprocess.run(
        [sys.executable, "-m", "yamllint", "--strict", "-d", rules, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("wrong", ["apps", {"apps": []}, ["app"]])
def test_something_else_is_refused(wrong: object) -> None:
    with pytest.raises(AnsibleFilterError, match="takes the list of apps"):
        consent_declaration(wrong)
