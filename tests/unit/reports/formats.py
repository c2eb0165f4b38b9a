# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters as a playbook calls them, and the schema of what they take."""

from __future__ import annotations

import functools
import json
import typing as t
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter import consent_overview, consent_report

JSON: t.TypeAlias = dict[str, t.Any]
ROOT = Path(__file__).parents[3]
FORMATS = ("json", "markdown", "junit", "html")


def written(report: object, *arguments: object) -> str:
    return consent_report.FilterModule().filters()["consent_report"](report, *arguments)


def summed(reports: object, **more: object) -> JSON:
    given = {"purpose": "drift", "generated_at": "2026-11-25T02:00:09Z", **more}
    return consent_overview.FilterModule().filters()["consent_overview"](reports, **given)


def refusal(call: t.Callable[..., object], *arguments: object, **more: object) -> str:
    """The sentence; one, without a traceback or a line break."""
    with pytest.raises(AnsibleFilterError) as caught:
        call(*arguments, **more)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


@functools.cache
def schema() -> JSON:
    """As documented, but closed: a key that it does not describe is an error."""
    found: JSON = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    for definition in found["$defs"].values():
        _close(definition)
    return found


def _close(definition: t.Any) -> None:
    if isinstance(definition, dict):
        if "properties" in definition:
            definition["additionalProperties"] = False
        for part in definition.values():
            _close(part)
