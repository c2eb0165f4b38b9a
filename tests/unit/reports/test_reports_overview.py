# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tenants' reports summed up."""

from __future__ import annotations

import itertools

import pytest

from . import samples
from .formats import refusal, summed

RISING = ("as_declared", "drift", "incomplete", "failed")


@pytest.mark.parametrize("statuses", list(itertools.product(RISING, repeat=2)))
def test_the_worst_status_counts(statuses: tuple[str, str]) -> None:
    reports = [samples.tenant(f"tenant{place}", status=status) for place, status in enumerate(statuses)]
    assert summed(reports)["status"] == max(statuses, key=RISING.index)


def test_counts_are_summed_and_reports_keep_their_order() -> None:
    contoso, other = samples.contoso(), samples.contoso() | {"tenant": "another"}
    found = summed([contoso, samples.failed("middle"), other], purpose="plan")
    assert found["counts"] == {name: 2 * number for name, number in contoso["counts"].items()}
    assert [item["tenant"] for item in found["tenants"]] == ["contoso", "middle", "another"]
    assert found["tenants"][0] == contoso
    assert (found["kind"], found["purpose"], found["generated_at"]) == ("overview", "plan", "2026-11-25T02:00:09Z")


@pytest.mark.parametrize(
    ("reports", "more", "said"),
    [
        ([], {}, "An overview is made of at least one consent report."),
        (samples.tenant(), {}, "An overview is made of a list of consent reports, not of a mapping."),
        (None, {}, "An overview is made of a list of consent reports, not of null."),
        ([samples.tenant(), 5], {}, "The consent report's reports[1] must be a mapping, not 5."),
        (
            [summed([samples.tenant()]) | {"tenant": "x", "tenant_id": None, "complete": True, "problems": []}],
            {},
            "The consent report's reports[0] has no 'apps'.",
        ),
        (
            [samples.tenant() | {"kind": "overview"}],
            {},
            "The consent report's reports[0] has the kind 'overview', and must be that of a tenant.",
        ),
        (
            [samples.tenant(), samples.tenant()],
            {},
            "There are two consent reports of the tenant 'contoso': give the newer one only.",
        ),
        (
            [samples.tenant()],
            {"purpose": None},
            "The purpose of an overview is one of drift, plan, not 'None'.",
        ),
        (
            [samples.tenant()],
            {"generated_at": None},
            "The consent report's generated_at must be a text, not null.",
        ),
    ],
)
def test_wrong_input_is_refused_in_a_sentence(reports: object, more: dict[str, object], said: str) -> None:
    assert refusal(summed, reports, **more) == said
