# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results against RETURN: keys, types, and nothing that is not documented."""

from __future__ import annotations

import importlib
import typing as t

import yaml

from integration.runner import JSON, Result

# What every module returns; Ansible documents it.
COMMON = {"changed", "failed", "msg", "diff", "invocation", "warnings", "exception", "failed_when_result"}
TYPES: dict[str, type[t.Any]] = {"str": str, "bool": bool, "int": int, "list": list, "dict": dict}


def documentation(module: str, part: str) -> t.Any:
    found = importlib.import_module(f"ansible_collections.tenantops.entra.plugins.modules.{module}")
    return yaml.safe_load(getattr(found, part))


def is_documented(module: str, result: Result) -> JSON:
    """Asserts that what a task returned is documented; gives it without what every module returns."""
    returned = {name: value for name, value in result.data.items() if name not in COMMON}
    check_keys(returned, {name: plain(spec) for name, spec in documentation(module, "RETURN").items()}, module)
    return returned


def check(value: t.Any, spec: JSON, where: str) -> None:
    """Asserts that a value is as documented: its type, its keys and everything in it."""
    if value is None:
        assert "null" in spec["description"], f"{where} is null, which is not documented"
        return
    assert isinstance(value, TYPES[spec["type"]]), f"{where} is no {spec['type']}: {value!r}"
    if spec["type"] == "list":
        for item in value:
            check(item, {**spec, "type": spec["elements"]}, f"{where}[]")
    elif spec["type"] == "dict" and "contains" in spec:
        check_keys(value, spec["contains"], where)


def check_keys(value: JSON, contains: JSON, where: str) -> None:
    undocumented = value.keys() - contains.keys()
    assert not undocumented, f"{where}: {undocumented} is not documented"
    for name, item in value.items():
        check(item, contains[name], f"{where}.{name}")


def plain(spec: JSON) -> JSON:
    """A RETURN entry whose descriptions are one text each."""
    text = spec["description"]
    contains = {name: plain(part) for name, part in spec.get("contains", {}).items()}
    joined = " ".join(text) if isinstance(text, list) else text
    return {**spec, "description": joined, **({"contains": contains} if contains else {})}
