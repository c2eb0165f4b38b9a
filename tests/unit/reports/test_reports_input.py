# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report must look like: for the filters, and by the documented schema."""

from __future__ import annotations

import copy
import json
import typing as t

import jsonschema
import pytest

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import shape

from . import samples, samples_as_itself
from .formats import FORMATS, JSON, refusal, schema, summed, written

WRONG: tuple[t.Any, ...] = (None, "nonsense", -1, True, [], {}, ["nonsense"])
VALIDATOR = jsonschema.Draft202012Validator(schema())
SAMPLES: dict[str, JSON] = {
    "everything": samples.contoso(),
    "nothing": samples.tenant(),
    "as themselves": samples_as_itself.acting(),
    "failed": samples.failed(),
    "hostile": samples.hostile(),
    "overview": summed([samples.contoso(), samples.failed()]),
}


def paths(value: t.Any, above: tuple[t.Any, ...] = ()) -> t.Iterator[tuple[t.Any, ...]]:
    """The place of every value below a report."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*above, key)
        if isinstance(part, dict | list):
            yield from paths(part, (*above, key))


def holder(report: JSON, path: tuple[t.Any, ...]) -> t.Any:
    found: t.Any = report
    for key in path[:-1]:
        found = found[key]
    return found


def is_taken(report: JSON) -> bool:
    try:
        shape.plain(report)
    except shape.ReportError:
        return False
    return True


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_are_as_the_schema_says(name: str) -> None:
    VALIDATOR.validate(SAMPLES[name])
    VALIDATOR.validate(json.loads(written(SAMPLES[name], "json")))


@pytest.mark.parametrize("make", [samples.contoso, samples_as_itself.acting])
def test_the_schema_and_the_filters_refuse_the_same(make: t.Callable[[], JSON]) -> None:
    """Each value in turn taken away, or made into something else."""
    report = make()
    # One of a kind is enough.
    del report["apps"][0]["drift"][1:20], report["undeclared"][1:], report["apps"][0]["permissions"][1:]
    for path in [path for path in paths(report) if "found" not in path and "declared" not in path]:
        for wrong in WRONG:
            broken = copy.deepcopy(report)
            holder(broken, path)[path[-1]] = wrong
            if path[0] != "kind":
                assert is_taken(broken) is VALIDATOR.is_valid(broken), (path, wrong)
        if isinstance(path[-1], str):
            broken = copy.deepcopy(report)
            del holder(broken, path)[path[-1]]
            assert is_taken(broken) is VALIDATOR.is_valid(broken), path


def test_keys_come_in_one_order_whatever_the_input_has() -> None:
    def turned(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    report = samples.contoso()
    text = written(report, "json")
    assert written(turned(report), "json") == text
    assert list(json.loads(text))[:3] == ["schema_version", "kind", "tenant"]
    assert json.loads(text) == report


def test_json_is_indented_and_ends_with_a_line_feed() -> None:
    text = written(samples.tenant(), "json")
    assert text.startswith('{\n  "schema_version": 1,\n  "kind": "tenant",\n')
    assert text.endswith("}\n")


def test_json_carries_every_name_unchanged_and_can_be_written_to_a_file() -> None:
    report = samples.hostile()
    text = written(report, "json")
    text.encode()
    assert json.loads(text) == report


def test_keys_of_a_later_release_are_kept() -> None:
    report = {**samples.tenant(), "zone": {"b": [1], "a": None}, "also": "x"}
    text = written(report, "json")
    assert json.loads(text) == report
    assert text.index('"also"') < text.index('"zone"') < text.index('"b"')


@pytest.mark.parametrize("format_", [None, "", "xml", "HTML", ["json"]])
def test_other_formats_are_refused(format_: object) -> None:
    said = refusal(written, samples.tenant(), format_)
    assert said.startswith("The format of a consent report is one of json, markdown, junit, html, not ")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("report", "said"),
    [
        (None, "A consent report is a mapping, not null."),
        ([samples.tenant()], "A consent report is a mapping, not a list."),
        ("{}", "A consent report is a mapping, not '{}'."),
        ({}, "A consent report has the kind 'tenant' or 'overview', not null."),
        ({"kind": "group"}, "A consent report has the kind 'tenant' or 'overview', not 'group'."),
        (
            {**samples.tenant(), "schema_version": 2},
            "The consent report has the schema version 2, and this release of the collection reads version 1.",
        ),
        ({**samples.tenant(), "complete": "yes"}, "The consent report's complete must be true or false, not 'yes'."),
        (
            {**samples.tenant(), "generated_at": "yesterday"},
            "The consent report's generated_at must be a time such as 2026-11-25T02:00:00Z, not 'yesterday'.",
        ),
        (
            {**samples.tenant(), "status": "fine"},
            "The consent report's status must be one of as_declared, drift, incomplete, failed, not 'fine'.",
        ),
        ({**samples.tenant(), "apps": [{}]}, "The consent report's apps[0] has no 'app_id'."),
        ({**samples.tenant(), "problems": "none"}, "The consent report's problems must be a list, not 'none'."),
        ({**summed([samples.tenant()]), "tenants": []}, "The consent report's tenants must not be empty."),
        (
            {**summed([samples.tenant()]), "tenants": [summed([samples.tenant()])]},
            "The consent report's tenants[0] has no 'tenant'.",
        ),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(format_: str, report: object, said: str) -> None:
    assert refusal(written, report, format_) == said


@pytest.mark.parametrize("format_", FORMATS)
def test_a_report_of_twenty_thousand_differences_is_written(format_: str) -> None:
    report = samples.large()
    assert report["counts"]["missing"] == 20_000
    assert written(report, format_)
