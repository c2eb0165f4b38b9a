# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of permissions in the documentation is that of the code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph import endpoints
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Request

ROOT = Path(__file__).parents[3]
ID = "00000000-0000-4000-8000-00000000abcd"


def documented() -> dict[str, tuple[str, ...]]:
    table = re.findall(
        r"^\| `((?:GET|POST|PATCH|DELETE) [^`]+)` \|[^|]*\|([^|]*)\|$", _text("docs/permissions.md"), re.M
    )
    return {request: tuple(re.findall(r"`([^`]+)`", permissions)) for request, permissions in table}


def sent() -> list[Request]:
    """Each endpoint once, and once more for each variant of its path."""
    requests = []
    files = [
        importlib.import_module(f"{endpoints.__name__}.{found.name}")
        for found in pkgutil.iter_modules(endpoints.__path__)
    ]
    functions = [function for file in files for function in inspect.getmembers(file, inspect.isfunction)]
    for _name, endpoint in functions:
        if inspect.signature(endpoint).return_annotation == "Request":
            requests += [_build(endpoint, variant) for variant in (0, 1)]
    return requests


def _build(endpoint: object, variant: int) -> Request:
    values: dict[str, object] = {}
    assert callable(endpoint)
    for name, parameter in inspect.signature(endpoint).parameters.items():
        kinds = {"bool": bool(variant), "JSON": {}, "Sequence[str]": [ID], "str | None": None}
        values[name] = ("User", "Group")[variant] if name == "kind" else kinds.get(parameter.annotation, ID)
    request = endpoint(**values)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize("request_", sent(), ids=lambda request: f"{request.method} {request.path}")
def test_each_request_is_documented_with_its_permissions(request_: Request) -> None:
    assert documented()[f"{request_.method} {request_.path.replace(ID, '{id}')}"] == request_.permissions


def test_nothing_is_documented_that_is_not_sent() -> None:
    assert set(documented()) == {f"{request.method} {request.path.replace(ID, '{id}')}" for request in sent()}


def _text(path: str) -> str:
    return (ROOT / path).read_text()
