# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._consent.diff import diff
from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    GrantChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.app_role_assignment import AssignmentChange
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds.service_principal import (
    ServicePrincipalChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID, Principal
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._text import mapped, visible

from .tenants import CLIENT, assignment, assignments_task, grant, grants_task, tenant

RISKS = RiskTable()


def test_no_change_is_no_diff() -> None:
    assert diff([], RISKS) == {"before": "", "after": ""}


def test_a_changed_grant_shows_its_scopes_line_by_line() -> None:
    state = tenant(grants=[grant(" openid User.Read")])
    shown = diff(plan(grants_task(scopes=["openid", "profile"], all_users=True), state).changes, RISKS)
    heading = f"Microsoft 365 for Jira ({CLIENT})\n  permissions on Microsoft Graph for all users\n"
    assert shown["before"] == heading + "    - User.Read\n    - openid\n"
    assert shown["after"] == heading + "    - openid\n    - profile\n"


def test_added_scopes_tell_their_risk_and_whether_an_admin_must_consent() -> None:
    state = tenant(grants=[grant("Mail.Send.Shared")])
    declared = grants_task(scopes=["openid", "Mail.Send.Shared", "Place.Read.All"], all_users=True)
    shown = diff(plan(declared, state).changes, RiskTable({"openid": "critical"}))
    assert shown["after"].splitlines()[2:] == [
        "    - Mail.Send.Shared",
        "    - Place.Read.All (high risk, needs an admin's consent)",
        "    - openid (critical risk)",
    ]


def test_users_with_the_same_change_share_an_entry_and_others_do_not() -> None:
    state = tenant(grants=[grant("openid", "ada"), grant("openid", "ben"), grant("profile", "cho")])
    shown = diff(plan(grants_task(scopes=["User.Read"], groups=["Jira users"]), state).changes, RISKS)
    assert "for 2 users\n    ada@contoso.example, ben@contoso.example\n    - openid\n" in shown["before"]
    assert "for user cho@contoso.example\n    - profile\n" in shown["before"]


def test_what_is_removed_is_there_before_and_not_after() -> None:
    state = tenant(assignments=[assignment("ada")])
    shown = diff(plan(assignments_task(users=["ada@contoso.example"], state="absent"), state).changes, RISKS)
    assert "role default for user ada@contoso.example" in shown["before"]
    assert shown["after"] == ""


def test_ten_thousand_users_are_a_few_lines() -> None:
    changes = [
        GrantChange(
            action="create",
            app_id=CLIENT,
            resource_app_id=GRAPH_APP_ID,
            principal=Principal(f"id-{number}", "User", f"user{number:05}@contoso.example"),
            scopes_after=frozenset({"openid"}),
        )
        for number in range(10_000)
    ]
    after = diff(changes, RISKS)["after"].splitlines()
    assert after[1] == f"  permissions on {GRAPH_APP_ID} for 10000 users"
    assert after[-2].endswith("and 9990 more")
    assert len(after) < 10
    assert max(map(len, after)) <= 110


@pytest.mark.parametrize(
    "hostile", ["App\n-  permissions on x", "a\u2028b", "a\x85b", "\x1b[2Kx", "\u202etxet", "\r", "\x0b"]
)
def test_nothing_but_the_diff_itself_begins_a_line_or_steers_the_terminal(hostile: str) -> None:
    """In every text of a change: names, scopes, values, the role, principals alone and wrapped."""
    people = [Principal(f"id-{number}", "User", f"{number}{hostile}") for number in range(3)]
    changes = [
        ServicePrincipalChange(
            action="update",
            app_id=CLIENT,
            app_display_name=hostile,
            before={"notes": hostile, "tags": ["x"]},
            after={"notes": "plain", "tags": [hostile, "x"]},
        ),
        *(
            GrantChange(
                action="create",
                app_id=CLIENT,
                app_display_name=hostile,
                resource_app_id=GRAPH_APP_ID,
                resource_display_name=hostile,
                principal=who,
                scopes_after=frozenset({hostile}),
            )
            for who in (None, *people)
        ),
        AssignmentChange(action="create", app_id=CLIENT, principal=people[0], role_id="1", app_role=hostile),
    ]
    shown = diff(changes, RISKS)
    plain = diff([_with(change, hostile, "plain") for change in changes], RISKS)
    for side in ("before", "after"):
        assert hostile not in shown[side]
        assert len(shown[side].splitlines()) == len(plain[side].splitlines())
        assert visible(shown[side].replace("\n", "")) == shown[side].replace("\n", "")


def _with(value: t.Any, old: str, new: str) -> t.Any:
    """The same with one text in place of another, however deep."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _with(getattr(value, name), old, new) for name in names})
    if isinstance(value, frozenset):
        return frozenset(_with(item, old, new) for item in value)
    if isinstance(value, tuple):
        return tuple(_with(item, old, new) for item in value)
    return mapped(value, lambda text: text.replace(old, new))


def test_texts_that_differ_in_a_line_break_only_differ_in_the_diff() -> None:
    change = ServicePrincipalChange(action="update", app_id=CLIENT, before={"notes": "a b"}, after={"notes": "a\nb"})
    shown = diff([change], RISKS)
    assert shown["before"] != shown["after"]
