# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kind that nothing but its two registry entries know is compared, exported, copied and reported like the others."""

from __future__ import annotations

import json
import typing as t

import pytest
from unit.foreign.world import ADA, CRM, OUTLOOK, World, connect
from unit.reports.formats import FORMATS, written
from unit.toy import callers
from unit.toy.place import API, CALLING, USER, calling, connect_with_the_kind, declared, document, users

if t.TYPE_CHECKING:
    from unit.foreign.world import JSON


# What is found


def drifted(world: World, **more: t.Any) -> JSON:
    """The report on a tenant in which one caller is missing and one is extra."""
    # Somebody has taken one away, and something of another kind from the same user.
    world.run("delegated_permission_grant", app_id=OUTLOOK, resource_app_id=CRM, users=[USER[1]], state="absent")
    world.run("app_role_assignment", app_id=CRM, app_role="Reader", users=[USER[1]], state="absent")
    report: JSON = world.run("tenant_consent_info", declared=declared(ADA, USER[1]), **more)["report"]
    return report


def test_drift_names_its_objects(world: World) -> None:
    report = drifted(world, risk_levels={callers.SCOPE: "high"})
    (app,) = report["apps"]
    assert [(entry["status"], entry["repaired_by_apply"]) for entry in app["drift"]] == [
        ("missing", True),
        ("extra", False),
    ]
    assert users(app["drift"]) == [USER[1], USER[2]]
    assert {name: app["drift"][0][name] for name in ("kind", "app_id", "client_app_id", "risk")} == {
        "kind": "api_caller",
        "app_id": CRM,
        "client_app_id": OUTLOOK,
        "risk": "high",
    }
    assert {name: report["counts"][name] for name in ("missing", "extra", "changed")} == {
        "missing": 1,
        "extra": 1,
        "changed": 0,
    }
    # What the app has, and how risky the riskiest of it is.
    assert (app["callers"], app["risk"], app["status"]) == (2, "high", "drift")
    world.run("tenant_consent", apps=declared(ADA, USER[1]), prune=True)
    assert world.run("tenant_consent_info", declared=declared(ADA, USER[1]))["report"]["apps"][0]["drift"] == []


def test_the_audit_log_tells_who_it_was(world: World) -> None:
    missing, extra = drifted(world, attribution=True)["apps"][0]["drift"]
    assert [(told["actor"], told["activity"]) for told in missing["attribution"]] == [
        (ADA, "Remove delegated permission grant")
    ]
    assert extra["attribution_note"].startswith("The audit log has no entry about this")


def test_what_is_exported_is_what_there_is(world: World) -> None:
    found = world.run("tenant_consent_info", app_ids=[CRM])
    assert found["problems"] == []
    assert found["apps"][0]["callers"] == [{"client_app_id": OUTLOOK, "users": sorted(CALLING)}]
    again = world.run("tenant_consent", apps=found["apps"], prune=True)
    assert (again["changes"], again["counts"]["api_callers"]) == ([], 3)


def only_called() -> World:
    """A tenant in which the API has nothing of any other kind."""
    given = document()
    given["assignments"] = [one for one in given["assignments"] if one["app_id"] != CRM]
    return World(given)


def test_an_app_that_has_nothing_else_is_found_in_the_whole_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    world = only_called()
    connect(world, monkeypatch)
    assert CRM not in [app["app_id"] for app in world.run("tenant_consent_info")["apps"]]
    monkeypatch.undo()
    connect_with_the_kind(world, monkeypatch)
    (app,) = [app for app in world.run("tenant_consent_info")["apps"] if app["app_id"] == CRM]
    assert app["callers"] == [{"client_app_id": OUTLOOK, "users": sorted(CALLING)}]
    declared_apps = [{"app_id": OUTLOOK}]
    report = world.run("tenant_consent_info", declared=declared_apps, risk_levels={callers.SCOPE: "high"})["report"]
    (app,) = [app for app in report["undeclared"] if app["app_id"] == CRM]
    assert {name: app[name] for name in ("callers", "called_for", "risk")} == {
        "callers": 3,
        "called_for": 3,
        "risk": "high",
    }


def test_a_copy_of_the_tenant_has_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = world.run("tenant_consent_info", app_ids=[CRM], rehearsal=True)
    copy = World(found["seed"])
    assert calling(copy) == set(CALLING)
    monkeypatch.undo()
    connect_with_the_kind(copy, monkeypatch)
    again = copy.run("tenant_consent", apps=found["apps"], prune=True)
    assert (again["changes"], again["counts"]["api_callers"]) == ([], 3)


def test_people_who_have_only_it_get_other_names(world: World) -> None:
    found = world.run("tenant_consent_info", app_ids=[CRM], rehearsal=True, pseudonymize=True)
    (rule,) = found["apps"][0]["callers"]
    assert len(rule["users"]) == len(CALLING)
    text = json.dumps([found["apps"], found["seed"]])
    assert not [name for name in (ADA, *USER) if f'"{name}"' in text and name not in rule["users"]]
    ids = {user["id"] for user in world.state()["users"]}
    assert not [key for key in ids if key in text]
    # The same people in the declaration and in the copy.
    assert calling(World(found["seed"])) == set(rule["users"])


# What reports say


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_tells_it(world: World, form: str) -> None:
    report = {**drifted(world), "tenant": "contoso", "purpose": "drift"}
    text = written(report, form)
    told = json.loads(text)["apps"][0] if form == "json" else {}
    if form == "json":
        assert (told["callers"], told["drift"]) == (report["apps"][0]["callers"], report["apps"][0]["drift"])
    else:
        assert "api caller" in text.lower()
    assert USER[1] in text
    assert USER[2] in text


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_takes_an_app_that_is_as_declared(world: World, form: str) -> None:
    report = world.run("tenant_consent_info", declared=declared(*CALLING))["report"]
    assert report["apps"][0]["status"] == "as_declared"
    assert API in written({**report, "tenant": "contoso", "purpose": "drift"}, form)
