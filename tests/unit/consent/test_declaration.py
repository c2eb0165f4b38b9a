# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import (
    app_role_assignment,
    service_principal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError

from .tenants import CLIENT, assignments_task, consent_task, grants_task


def refused(make: t.Callable[[], object]) -> str:
    with pytest.raises(DeclarationError) as caught:
        make()
    return caught.value.message


def test_an_app_id_that_is_no_guid_is_refused() -> None:
    assert "app_id must be an application (client) id" in refused(
        lambda: service_principal.declaration({"app_id": "Jira", "state": "present", "max_removals": 100})
    )


def test_an_app_id_is_compared_without_regard_to_case() -> None:
    assert grants_task(app_id=CLIENT.upper(), scopes=["a"], all_users=True).apps[0].app_id == CLIENT


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ("openid,profile", "'openid,profile' contains a comma"),
        ("openid profile", "contains white space"),
        (" openid", "contains white space"),
        ("", "A scope is empty"),
    ],
)
def test_scopes_of_a_wrong_form_are_refused(scope: str, message: str) -> None:
    assert message in refused(lambda: grants_task(scopes=[scope], all_users=True, validate_scopes=False))


@pytest.mark.parametrize("options", [{}, {"users": []}, {"users": [], "groups": []}])
def test_nobody_is_refused(options: dict[str, t.Any]) -> None:
    assert "names nobody" in refused(lambda: grants_task(scopes=["openid"], all_users=False, **options))
    assert "names nobody" in refused(lambda: assignments_task(**options))


def test_an_empty_name_is_refused() -> None:
    assert "users has an empty entry" in refused(
        lambda: grants_task(scopes=["openid"], users=["", "ada@contoso.example"])
    )


def test_scopes_are_required_to_grant() -> None:
    assert refused(lambda: grants_task(all_users=True)) == "scopes is required with state: present."


@pytest.mark.parametrize("options", [{"append": True}, {"state": "absent"}])
def test_empty_scopes_that_say_nothing_are_refused(options: dict[str, t.Any]) -> None:
    assert "scopes is empty" in refused(lambda: grants_task(scopes=[], all_users=True, **options))


@pytest.mark.parametrize("whom", [{"all_users": True}, {"users": ["ada@contoso.example"]}, {"groups": ["Jira users"]}])
def test_an_empty_list_of_scopes_takes_nothing_away_and_is_refused(whom: dict[str, t.Any]) -> None:
    """It is what a template that came out empty looks like."""
    assert refused(lambda: grants_task(scopes=[], **whom)) == (
        "scopes is empty: name at least one; to take a grant away, set state: absent."
    )
    rule = {"scopes": [], **whom}
    assert refused(lambda: consent_task({"app_id": CLIENT, "delegated_permissions": [rule]})) == (
        "apps[0].delegated_permissions[0].scopes is empty: name at least one; to take a grant away, leave the rule out "
        "and set prune: true."
    )


def test_prune_does_not_go_with_absent() -> None:
    assert "prune goes with state: present only" in refused(
        lambda: grants_task(all_users=True, state="absent", prune=True)
    )
    assert "prune goes with state: present only" in refused(
        lambda: assignments_task(users=["a"], state="absent", prune=True)
    )


def test_the_same_user_twice_is_one() -> None:
    (whom,) = grants_task(scopes=["openid"], users=["Ada@contoso.example", " ada@contoso.example"]).whoms()
    assert whom.users == ("Ada@contoso.example",)


def test_the_default_role_may_be_given_by_its_id() -> None:
    task = assignments_task(users=["a"], app_role="00000000-0000-0000-0000-000000000000")
    assert task.apps[0].part(app_role_assignment.KIND.name).rules[0].app_role == "default"


def test_notes_longer_than_graph_stores_are_refused() -> None:
    options = {"app_id": CLIENT, "state": "present", "max_removals": 100, "notes": "x" * 1025}
    assert "notes is longer than the 1024 characters" in refused(lambda: service_principal.declaration(options))


def test_one_app_twice_names_both_places() -> None:
    message = refused(lambda: consent_task({"app_id": CLIENT}, {"app_id": CLIENT.upper()}))
    assert message == f"apps[0] and apps[1] are both for {CLIENT}: put their rules into one entry."


def test_no_apps_are_a_declaration_too() -> None:
    assert consent_task().apps == ()


def test_a_problem_in_a_list_is_named_with_its_path() -> None:
    app = {"app_id": CLIENT, "delegated_permissions": [{"scopes": ["openid"], "users": [], "all_users": False}]}
    assert refused(lambda: consent_task(app)).startswith("apps[0].delegated_permissions[0] names nobody")


def test_an_absent_app_declares_nothing() -> None:
    """Whatever the kind."""
    app = {"app_id": CLIENT, "state": "absent", "assignments": [{"users": ["a"], "app_role": "default"}]}
    assert "state is absent, so it can't declare assignments." in refused(lambda: consent_task(app))
    app["application_permissions"] = [{"app_roles": ["Mail.Read"]}]
    assert "can't declare assignments or application_permissions." in refused(lambda: consent_task(app))
