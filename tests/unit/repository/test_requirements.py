# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever names the libraries that the modules need names the same versions of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from unit.repository.written import ROOT, written

# All kinds of text that could name a version.
KINDS = (".cfg", ".j2", ".md", ".py", ".toml", ".txt", ".yaml", ".yml")
LIBRARIES = ("msgraph-sdk", "azure-identity")
# Where users, and pip, read which versions they need.
PLACES = (
    "README.md",
    "examples/gitops/requirements.txt",
    "plugins/doc_fragments/connection.py",
    "plugins/module_utils/_module/run.py",
    "simulator/pyproject.toml",
)
# With whatever quotes and marks the name stands in, and with further bounds behind a comma.
BOUND = re.compile(
    rf"(?<![\w-])({'|'.join(LIBRARIES)})[\"'`]*\s*((?:[<>=!~]=?|===)\s*\d[\w.*]*(?:\s*,\s*[<>=!~]=?\s*\d[\w.*]*)*)"
)


def bounds(path: Path) -> set[tuple[str, str]]:
    """The libraries that a file names with a version, and the version."""
    found = BOUND.findall(path.read_text(encoding="utf-8"))
    return {(name, re.sub(r"\s", "", bound)) for name, bound in found}


def required() -> set[tuple[str, str]]:
    return bounds(ROOT / "requirements.txt")


def test_the_requirements_bound_each_library() -> None:
    assert {name for name, _bound in required()} == set(LIBRARIES)
    # Before, a claims challenge was answered with the token that had been challenged.
    assert ("azure-identity", ">=1.25.2") in required()


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_tells_users_what_to_install_names_each(place: str) -> None:
    assert bounds(ROOT / place) == required()


def test_nothing_else_names_other_versions() -> None:
    paths = [path for path in written(*KINDS) if path != Path(__file__)]
    assert {str(path.relative_to(ROOT)) for path in paths} >= {*PLACES, "requirements.txt"}
    assert [path for path in paths if bounds(path) - required()] == []


def test_an_execution_environment_installs_the_requirements() -> None:
    environment = yaml.safe_load((ROOT / "meta" / "execution-environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"]["python"] == "requirements.txt"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"azure-identity>=1.2"', {("azure-identity", ">=1.2")}),
        ("- msgraph-sdk >= 1.40.0, < 2", {("msgraph-sdk", ">=1.40.0,<2")}),
        ("`azure-identity` == 1.2.*", {("azure-identity", "==1.2.*")}),
        ("azure-identity gives that name, since 1.2", set()),
        ("my-msgraph-sdk >= 1", set()),
    ],
)
def test_bounds_are_found(text: str, found: set[tuple[str, str]], tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text(text, encoding="utf-8")
    assert bounds(path) == found
