# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to signing in and the credential type for AWX say what the options are."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.choice import choose
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "sign-in.md").read_text(encoding="utf-8")
TYPE = yaml.safe_load((DOCS / "awx" / "credential_type.yml").read_text(encoding="utf-8"))
VARIABLES = {
    variable: option for option, spec in CONNECTION.options.items() for variable in spec.get("fallback", (None, []))[1]
}


def test_the_guide_names_every_source_variable_and_cloud() -> None:
    words = set(re.findall(r"`([^`\n]+)`", GUIDE))
    wanted = {*CONNECTION.options["auth"]["choices"], *VARIABLES, "HTTPS_PROXY", "NO_PROXY"}
    assert wanted - words == set()
    for cloud in CLOUDS.values():
        assert {cloud.name, cloud.login_host, cloud.graph_host, cloud.federated_audience} - words == set()


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
def test_the_examples_are_yaml_with_options_that_exist(block: str) -> None:
    example = yaml.safe_load(block)
    for play in example if isinstance(example, list) else []:
        defaults = play.get("module_defaults", {}).get("group/tenantops.entra.tenant", {})
        assert defaults.keys() <= CONNECTION.options.keys()


def injected(**inputs: str) -> dict[str, str]:
    """The variables of a job, as AWX renders them."""
    environment = ImmutableSandboxedEnvironment()
    content = environment.from_string(TYPE["injectors"]["file"]["template"]).render(inputs)
    assert content == inputs.get("certificate", "")
    names = {**inputs, "tower": {"filename": "/runner/env/certificate"}}
    return {name: environment.from_string(text).render(names) for name, text in TYPE["injectors"]["env"].items()}


def test_the_credential_type_sets_variables_that_are_read_from_inputs_that_exist() -> None:
    assert TYPE["injectors"]["env"].keys() <= VARIABLES.keys()
    fields = {field["id"]: field for field in TYPE["inputs"]["fields"]}
    texts = [*TYPE["injectors"]["env"].values(), *TYPE["injectors"]["file"].values()]
    used = set(re.findall(r"(?:{{|{% if) (\w+)", " ".join(texts))) - {"tower"}
    assert used == fields.keys()
    for option in ("auth", "cloud"):
        assert set(fields[option]["choices"]) <= set(CONNECTION.options[option]["choices"])
    secret = {name for name, field in fields.items() if field.get("secret")}
    assert secret == {"client_secret", "certificate", "certificate_password"}


@pytest.mark.parametrize(
    ("inputs", "source"),
    [
        ({"client_secret": "x"}, "client_secret"),
        ({"certificate": "-----BEGIN"}, "client_certificate"),
        ({"certificate": "-----BEGIN", "client_secret": ""}, "client_certificate"),
        ({"auth": "managed_identity", "client_secret": ""}, "managed_identity"),
    ],
)
def test_a_credential_signs_in_with_what_it_holds(
    inputs: dict[str, str], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left empty counts as not given."""
    for name, value in injected(tenant_id="contoso.example", client_id="x", **inputs).items():
        monkeypatch.setenv(name, value)
    result = ArgumentSpecValidator(**CONNECTION.to_kwargs()).validate({})
    assert result.error_messages == []
    options: dict[str, t.Any] = result.validated_parameters
    assert choose(Connection.from_options(options)) == source
