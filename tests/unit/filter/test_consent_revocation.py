# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.tenantops.entra.plugins.filter.consent_revocation import consent_revocation
from ansible_collections.tenantops.entra.plugins.module_utils._consent import declare
from ansible_collections.tenantops.entra.plugins.module_utils._module.apps import declared_apps

JSON: t.TypeAlias = dict[str, t.Any]

JIRA, CRM = "e7185a25-9df9-4d05-b779-76b04bf46424", "c0ffee00-1d2e-4f3a-8b4c-5d6e7f809a1b"
ADA, LEAD = "00000000-aaaa-4000-8000-000000000001", "00000000-bbbb-4000-8000-000000000002"
READER, DEFAULT = "0a1b2c3d-0001-4000-8000-000000000001", "00000000-0000-0000-0000-000000000000"
HOSTILE = "{{ lookup('pipe', 'touch here') }}"


def principal(object_id: str, kind: str = "User") -> JSON:
    return {"id": object_id, "type": kind, "name": HOSTILE}


def grant(app_id: str, who: JSON | None) -> JSON:
    return {"app_id": app_id, "app_display_name": HOSTILE, "principal": who, "scopes": [HOSTILE]}


def assignment(app_id: str, who: JSON, role_id: str) -> JSON:
    return {
        "app_id": app_id,
        "app_display_name": HOSTILE,
        "principal": who,
        "app_role": HOSTILE,
        "app_role_id": role_id,
    }


GRANTS = [grant(JIRA, principal(LEAD)), grant(JIRA, principal(ADA)), grant(JIRA, principal(ADA))]
ASSIGNMENTS = [
    assignment(JIRA, principal(ADA), DEFAULT),
    assignment(CRM, principal(LEAD), READER),
    assignment(CRM, principal(ADA), READER),
    assignment(CRM, principal(LEAD), DEFAULT),
]


def test_every_api_and_every_role_of_every_app_is_named_once() -> None:
    assert consent_revocation(GRANTS, ASSIGNMENTS) == [
        {
            "app_id": CRM,
            "assignments": [
                {"app_role": DEFAULT, "state": "absent", "users": [LEAD]},
                {"app_role": READER, "state": "absent", "users": [ADA, LEAD]},
            ],
        },
        {
            "app_id": JIRA,
            "delegated_permissions": [{"state": "absent", "users": [ADA, LEAD]}],
            "assignments": [{"app_role": DEFAULT, "state": "absent", "users": [ADA]}],
        },
    ]


def test_it_is_a_declaration_whatever_the_order_of_what_was_found() -> None:
    apps = consent_revocation(GRANTS, ASSIGNMENTS)
    assert consent_revocation(GRANTS[::-1], ASSIGNMENTS[::-1]) == apps
    declared = declare.tenant_consent({"apps": declared_apps(apps), "prune": False, "max_removals": 100})
    assert [app.app_id for app in declared.apps] == [CRM, JIRA]
    assert all(rule.remove for app in declared.apps for _kind, rule, _whom in app.whoms())


def test_nothing_of_what_somebody_called_something_is_in_it() -> None:
    assert HOSTILE not in str(consent_revocation(GRANTS, ASSIGNMENTS))


def test_what_users_do_not_have_by_themselves_is_left_out() -> None:
    assert consent_revocation([grant(JIRA, None)], [assignment(CRM, principal(LEAD, "Group"), READER)]) == []
    assert consent_revocation([], []) == []


@pytest.mark.parametrize("wrong", [None, {}, "grants", [7], ["grant"], [{}], [{"principal": "ada"}]])
def test_something_else_is_refused(wrong: object) -> None:
    with pytest.raises(AnsibleFilterError, match="consent_revocation takes the grants"):
        consent_revocation(wrong, [])
    with pytest.raises(AnsibleFilterError, match="consent_revocation takes the grants"):
        consent_revocation([], wrong)
