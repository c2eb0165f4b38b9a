# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is documented is what is there: modules, filters, roles, and the header of every file."""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from unit.repository.written import ROOT, written

from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION

JSON: t.TypeAlias = dict[str, t.Any]
FQCN = "tenantops.entra"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
FILTERS = sorted(path.stem for path in (ROOT / "plugins" / "filter").glob("*.py"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
HEADER = """\
# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""


@functools.cache
def pages(kind: str) -> JSON:
    """The pages of ansible-doc, with the fragments in them."""
    names = [f"{FQCN}.{name}" for name in (MODULES if kind == "module" else FILTERS)]
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections")}
    command = [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", kind, *names]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"WARNING|ERROR", done.stderr), done.stderr
    return t.cast("JSON", json.loads(done.stdout))


def page(kind: str, name: str) -> JSON:
    found: JSON = pages(kind)[f"{FQCN}.{name}"]
    return found


def spec(module: str) -> JSON:
    """The argument spec with the connection options, as AnsibleModule gets it."""
    own = importlib.import_module(f"ansible_collections.tenantops.entra.plugins.modules.{module}").SPEC
    kwargs: JSON = CONNECTION.merge(own).to_kwargs()
    return kwargs


def documented(options: JSON) -> JSON:
    """Documented options in the terms of an argument spec."""
    found: JSON = {}
    for name, option in options.items():
        found[name] = {
            key: option[key] for key in ("type", "default", "required", "choices", "elements") if key in option
        }
        if "suboptions" in option:
            found[name]["options"] = documented(option["suboptions"])
    return found


def specified(options: JSON) -> JSON:
    """An argument spec without what documentation does not say."""
    found: JSON = {}
    for name, option in options.items():
        found[name] = {
            key: option[key] for key in ("type", "default", "required", "choices", "elements") if key in option
        }
        if "options" in option:
            found[name]["options"] = specified(option["options"])
    return found


@pytest.mark.parametrize("module", MODULES)
def test_options_are_documented_as_they_are(module: str) -> None:
    assert documented(page("module", module)["doc"]["options"]) == specified(spec(module)["argument_spec"])


@pytest.mark.parametrize("module", MODULES)
def test_variables_that_options_fall_back_to_are_documented(module: str) -> None:
    options = page("module", module)["doc"]["options"]
    for name, option in spec(module)["argument_spec"].items():
        for variable in option.get("fallback", (None, []))[1]:
            assert f"E({variable})" in " ".join(options[name]["description"])


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_examples_results_and_a_group(module: str) -> None:
    found = page("module", module)
    assert found["examples"].strip()
    assert found["return"]
    assert found["doc"]["attributes"]["action_group"]["membership"] == [f"{FQCN}.tenant"]
    assert found["doc"]["attributes"]["check_mode"]["support"] == "full"


@pytest.mark.parametrize("module", MODULES)
def test_every_example_passes_the_argument_spec(module: str) -> None:
    examples = yaml.safe_load(page("module", module)["examples"])
    kwargs = spec(module)
    argument_spec = kwargs.pop("argument_spec")
    for example in examples:
        assert example["name"][0].isupper()
        (action,) = [key for key in example if key not in ("name", "register")]
        assert action == f"{FQCN}.{module}"
        result = ArgumentSpecValidator(argument_spec, **kwargs).validate(example[action])
        assert result.error_messages == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_an_integration_test(module: str) -> None:
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "integration").glob("test_*.py")]
    assert any(f'"{module}"' in text for text in tests)


def test_the_action_group_holds_the_modules_and_nothing_else() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"] == {"tenant": MODULES}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_documented_with_examples(name: str) -> None:
    found = page("filter", name)
    assert found["doc"]["short_description"]
    assert all(option["description"] for option in found["doc"]["options"].values())
    assert f"{FQCN}.{name}" in found["examples"]
    assert found["return"]
    plugin = importlib.import_module(f"ansible_collections.tenantops.entra.plugins.filter.{name}")
    assert list(plugin.FilterModule().filters()) == [name]


@pytest.mark.parametrize("role", ROLES)
def test_the_defaults_of_a_role_are_documented_with_the_same_values(role: str) -> None:
    folder = ROOT / "roles" / role
    specs = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    entries = {path.stem for path in (folder / "tasks").glob("*.yml")}
    defaults = yaml.safe_load((folder / "defaults" / "main.yml").read_text(encoding="utf-8"))
    options: JSON = {}
    for entry in specs.values():
        options.update(entry["options"])
    assert specs.keys() == entries
    assert defaults.keys() <= options.keys()
    for name, option in options.items():
        assert name.startswith(f"{role}_")
        if "default" in option:
            assert defaults[name] == option["default"]


@pytest.mark.parametrize(
    "path", written(".py", ".yml", ".yaml", ".toml", ".sh", "Makefile"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_file_begins_with_licence_and_copyright(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    begin = re.sub(r"\A(#!.*\n|---\n)", "", text)
    assert begin.startswith(HEADER)
