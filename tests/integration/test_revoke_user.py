# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook revoke_user: everything that users have by themselves, and nothing else."""

from __future__ import annotations

import typing as t

import pytest

from integration.runner import JSON, Run
from integration.tenant import (
    ADA,
    CRM,
    GUEST,
    LEAD,
    NOBODY,
    ONEIL,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    assignment,
    grant,
    service_principal,
)

HELD: JSON = {
    "applications": [{"app_id": NOBODY, "display_name": "{{ 1 + 1 }}"}],
    "service_principals": [service_principal(app_id) for app_id in (OUTLOOK, TEAMS, TO_DO, NOBODY)],
    "grants": [
        grant(OUTLOOK, "openid"),
        grant(OUTLOOK, "openid User.Read", ADA),
        grant(OUTLOOK, "Crm.Read", ADA, resource=CRM),
        grant(TEAMS, "{{ scope }}", ADA),
        grant(NOBODY, "openid", ONEIL),
        grant(OUTLOOK, "openid User.Read", LEAD),
    ],
    "assignments": [
        assignment(CRM, ADA, "Reader"),
        assignment(CRM, ADA, "Writer"),
        assignment(TO_DO, ADA),
        assignment(NOBODY, ONEIL),
        assignment(CRM, LEAD, "Reader"),
        assignment(OUTLOOK, "Jira users"),
    ],
}


def revoke(tenant: Tenant, *arguments: str, fails: bool = False, **variables: t.Any) -> Run:
    return tenant.playbook("revoke_user", *arguments, fails=fails, **variables)


def holders(state: JSON) -> list[str]:
    return sorted(str(row["principal"]) for row in [*state["grants"], *state["assignments"]])


def test_everything_of_these_users_goes_and_nothing_of_others(tenant: Tenant) -> None:
    tenant.seed(**HELD)
    before = tenant.state()
    users = f"{ADA}, {tenant.user(ONEIL)}"
    checked = revoke(tenant, "--check", "--diff", consent_users=users, preflight=True)
    assert tenant.state() == before
    assert f"role Writer for user {ADA}" in checked.stdout
    done = revoke(tenant, consent_users=users)
    (changing,) = [result for result in done if result.writes]
    assert changing["counts"]["changes"] == 8
    (planned,) = [result["changes"] for result in checked if result.data.get("changes")]
    assert planned == changing["changes"]
    gone = {tenant.user(ADA), tenant.user(ONEIL)}
    assert holders(tenant.state()) == [who for who in holders(before) if who not in gone]
    (told,) = [result.data["msg"] for result in done if isinstance(result.data.get("msg"), list)]
    assert told[-2].startswith("Grants for all users stay")
    assert told[-1].startswith("Tokens that are out work on")
    again = revoke(tenant, consent_users=users)
    assert not [written for result in again for written in result.writes]
    assert "These users have nothing of their own." in again.stdout


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"consent_users": []}, "No user is named: set consent_users"),
        (
            {"consent_users": [ADA, "nobody@contoso.example"]},
            "There is no user 'nobody@contoso.example' in this tenant.",
        ),
        ({"consent_users": [ADA, GUEST], "consent_max_removals": 5}, "more than max_removals (5) allows"),
    ],
    ids=["nobody", "unknown", "limit"],
)
def test_nothing_is_taken_where_something_is_wrong(tenant: Tenant, given: JSON, why: str) -> None:
    tenant.seed(**HELD)
    before = tenant.state()
    failed = revoke(tenant, fails=True, **given)
    assert why in failed[-1].message
    assert tenant.state() == before
