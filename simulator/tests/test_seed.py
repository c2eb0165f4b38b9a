# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: what they may say, and one clear sentence for every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build, read_file

TENANT = {"id": "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", "domain": "contoso.example"}
APP = {
    "app_id": "aaaaaaaa-0000-4000-8000-000000000001",
    "display_name": "App",
    "owner_tenant_id": "99999999-9999-4999-8999-999999999999",
    "app_roles": [{"value": "Reader"}],
}
PRINCIPAL = {"app_id": APP["app_id"]}
AGENT = {"type": "ServiceIdentity", "blueprint": APP["app_id"]}
BLUEPRINT: dict[str, Any] = {"type": "ServiceIdentity", "inheritable": []}
ADA = {"user_principal_name": "ada@contoso.example"}
GENERATED = {"generate": 20, "prefix": "user"}


def _build(**sections: Any) -> Any:
    return build({"tenant": TENANT, **sections}, Clock())


def test_generated_users_and_members() -> None:
    store = _build(
        users=[GENERATED, {"generate": 1000, "prefix": "big", "display_name": "Big {n}"}, ADA],
        applications=[APP],
        service_principals=[PRINCIPAL],
        groups=[
            {
                "display_name": "Outer",
                "members": ["Inner", "ADA@contoso.example", {"service_principal": APP["app_id"]}],
            },
            {"display_name": "Inner", "members": [{"generated": "user", "first": 3, "last": 5}]},
            {"display_name": "All", "members": [{"generated": "user"}]},
        ],
    )
    assert store.users_by_upn["user020@contoso.example"].display_name == "User 20"
    assert store.users_by_upn["big1000@contoso.example"].display_name == "Big 1000"
    assert "big0001@contoso.example" in store.users_by_upn
    sizes = [len(store.members(group, transitive=True).every) for group in store.all_groups]
    assert sizes == [6, 3, 20]


def test_ids_repeat_from_start_to_start() -> None:
    sections: dict[str, Any] = {
        "users": [GENERATED],
        "groups": [{"display_name": "Twin"}, {"display_name": "Twin"}],
        "applications": [APP],
        "service_principals": [PRINCIPAL],
        "grants": [{"client_app_id": APP["app_id"], "scope": " openid"}],
        "assignments": [{"app_id": APP["app_id"], "principal": "user001@contoso.example", "app_role": "Reader"}],
    }
    first, second = dump(_build(**sections)), dump(_build(**sections))
    assert first == second
    assert first["groups"][0]["id"] != first["groups"][1]["id"]
    assert dump(build(first, Clock())) == first


def test_an_explicitly_deleted_service_principal(tmp_path: Path) -> None:
    store = _build(applications=[APP], service_principals=[{**PRINCIPAL, "deleted": True}, PRINCIPAL])
    assert len(store.bin) == 1
    again = build(dump(store), Clock())
    assert list(again.bin) == list(store.bin)


def test_links_of_generated_users() -> None:
    sections: dict[str, Any] = {"users": [GENERATED], "applications": [APP], "service_principals": [PRINCIPAL]}
    whom = {"generated": "user", "first": 4, "last": 6}
    grant = {"client_app_id": APP["app_id"], "scope": " openid"}
    assignment = {"app_id": APP["app_id"], "app_role": "Reader"}
    store = _build(
        **sections,
        grants=[grant, {**grant, "principals": whom}],
        assignments=[{**assignment, "principals": {"generated": "user"}}],
    )
    names = [f"user{number:03}@contoso.example" for number in range(1, 21)]
    one_by_one = _build(
        **sections,
        grants=[grant, *({**grant, "principal": name} for name in names[3:6])],
        assignments=[{**assignment, "principal": name} for name in names],
    )
    document = dump(store)
    assert document == dump(one_by_one)
    assert [row["consent_type"] for row in document["grants"]] == ["AllPrincipals", *["Principal"] * 3]
    assert (len(document["assignments"]), document["assignments"][0]["principal"]) == (
        20,
        store.users_by_upn[names[0]].id,
    )


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (
            {"grants": [{"principals": {"generated": "x"}}]},
            "grants.0.principals.generated: no users are generated with the prefix 'x'",
        ),
        (
            {"grants": [{"principals": {"generated": "user", "first": 0}}]},
            "grants.0.principals: first and last must lie between 1 and 20",
        ),
        (
            {"grants": [{"principals": {"generate": "user"}}]},
            "grants.0.principals.generate: is not known; did you mean",
        ),
        ({"grants": [{"principals": ["user001@contoso.example"]}]}, "grants.0.principals: must be a mapping"),
        (
            {"grants": [{"principals": {"generated": "user"}, "principal": "user001@contoso.example"}]},
            "grants.0.principals: can't stand beside principal",
        ),
        (
            {"grants": [{"principals": {"generated": "user"}, "consent_type": "AllPrincipals"}]},
            "grants.0.consent_type: must be Principal here",
        ),
        (
            {"grants": [{"principals": {"generated": "user"}}, {"principal": "user020@contoso.example"}]},
            "grants.1: the same client, resource and principal have a grant already",
        ),
        ({"grants": [{"principal": "Everybody"}]}, "grants.0.principal: must be a user"),
        ({"assignments": [{}]}, "assignments.0.principal: is required"),
        (
            {"assignments": [{"principals": {"generated": "user", "last": 99}}]},
            "assignments.0.principals: first and last must lie between 1 and 20",
        ),
        (
            {"assignments": [{"principals": {"generated": "user"}, "id": "x"}]},
            "assignments.0.id: can't stand beside principals: each assignment has its own",
        ),
        (
            {"assignments": [{"principal": "user002@contoso.example"}, {"principals": {"generated": "user"}}]},
            "assignments.1: the same principal has the same role already",
        ),
    ],
)
def test_mistakes_in_links(links: dict[str, Any], message: str) -> None:
    app_keys = {"grants": "client_app_id", "assignments": "app_id"}
    named = {name: [{app_keys[name]: APP["app_id"], **row} for row in rows] for name, rows in links.items()}
    with pytest.raises(SeedError) as caught:
        _build(
            users=[GENERATED],
            groups=[{"display_name": "Everybody"}],
            applications=[{**APP, "app_roles": []}],
            service_principals=[PRINCIPAL],
            **named,
        )
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"user": []}, "user: is not known; did you mean users?"),
        ({"users": [{"upn": "x"}]}, "users.0.upn: is not known; known are account_enabled, "),
        ({"users": {}}, "users: must be a list"),
        ({"users": ["x"]}, "users.0: must be a mapping"),
        ({"users": [{"user_principal_name": "ada"}]}, "users.0.user_principal_name: 'ada' has no @"),
        ({"users": [{**ADA, "id": "x"}]}, "users.0.id: must be a GUID, not 'x'"),
        ({"users": [ADA, ADA]}, "users.1.id: '"),
        ({"users": [{**ADA, "account_enabled": "yes"}]}, "users.0.account_enabled: must be true or false"),
        ({"users": [{"generate": "ten"}]}, "users.0.generate: must be a number from 0"),
        ({"groups": [{"display_name": "A", "members": ["B"]}]}, "groups.0.members.0: there is no 'B' among"),
        (
            {"groups": [{"display_name": "A"}, {"display_name": "A"}, {"display_name": "B", "members": ["A"]}]},
            "groups.2.members.0: 2 groups are named 'A': use the id of one",
        ),
        (
            {"groups": [{"display_name": "A", "members": [{"generated": "x"}]}]},
            "groups.0.members.0.generated: no users are generated with the prefix 'x'",
        ),
        (
            {"users": [GENERATED], "groups": [{"display_name": "A", "members": [{"generated": "user", "last": 21}]}]},
            "groups.0.members.0: first and last must lie between 1 and 20",
        ),
        ({"applications": [APP, APP]}, "applications.1.app_id: '"),
        (
            {"applications": [{**APP, "scopes": [{"value": "x", "type": "Both"}]}]},
            "applications.0.scopes.0.type: must be one of User, Admin, not 'Both'",
        ),
        (
            {"applications": [{**APP, "app_roles": [{"value": "x", "allowed_member_types": ["Group"]}]}]},
            "applications.0.app_roles.0.allowed_member_types: 'Group' is neither User nor Application",
        ),
        ({"service_principals": [PRINCIPAL]}, "service_principals.0.app_id: '"),
        (
            {"applications": [APP], "service_principals": [PRINCIPAL, {**PRINCIPAL, "id": TENANT["id"]}]},
            "service_principals.1.app_id: '",
        ),
        ({"grants": [{"client_app_id": "x", "scope": ""}]}, "grants.0.client_app_id: 'x' has no service principal"),
        (
            {
                "applications": [APP],
                "service_principals": [PRINCIPAL],
                "grants": [{"client_app_id": APP["app_id"], "consent_type": "Principal"}],
            },
            "grants.0.consent_type: must be AllPrincipals here",
        ),
        (
            {
                "applications": [APP],
                "service_principals": [PRINCIPAL],
                "grants": [{"client_app_id": APP["app_id"]}, {"client_app_id": APP["app_id"]}],
            },
            "grants.1: the same client, resource and principal have a grant already",
        ),
        (
            {
                "users": [ADA],
                "applications": [APP],
                "service_principals": [PRINCIPAL],
                "assignments": [{"app_id": APP["app_id"], "principal": "ada@contoso.example", "app_role": "Owner"}],
            },
            "assignments.0.app_role: the app 'App' has no role 'Owner'",
        ),
        (
            {"identities": [{"name": "a", "client_id": TENANT["id"], "permissions": ["Everything"]}]},
            "identities.0.permissions.0: 'Everything' is not an application permission of Microsoft Graph",
        ),
    ],
)
def test_mistakes(sections: dict[str, Any], message: str) -> None:
    with pytest.raises(SeedError) as caught:
        _build(**sections)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alternative_names": "x"}, "alternative_names: must be a list"),
        ({"alternative_names": [1]}, "alternative_names.0: must be a text"),
        ({"blueprint": APP["app_id"]}, "blueprint: is for the type ServiceIdentity, not Application"),
        ({"type": "ManagedIdentity", "inheritable": []}, "inheritable: is for the type ServiceIdentity, not Managed"),
        ({**AGENT, "blueprint": "x"}, "blueprint: must be a GUID, not 'x'"),
        ({**AGENT, "blueprint": TENANT["id"]}, f"blueprint: '{TENANT['id']}' is not among the applications"),
        ({**AGENT, "inheritable": []}, "inheritable: can't stand beside blueprint: it belongs to the blueprint itself"),
        ({**BLUEPRINT, "inheritable": [{"scopes": "some"}]}, "inheritable.0.scopes: must be one of allAllowed, none, "),
        ({**BLUEPRINT, "inheritable": [{"roles": "all"}]}, "inheritable.0.roles: must be one of allAllowed, none, "),
        ({**BLUEPRINT, "inheritable": [{"resource": "x"}]}, "inheritable.0.resource: is not known; did you mean "),
        ({**BLUEPRINT, "inheritable": [{}, {}]}, "inheritable: names an API twice"),
        (
            {
                **BLUEPRINT,
                "inheritable": [
                    {"resource_app_id": f"bbbbbbbb-0000-4000-8000-0000000000{number}"} for number in range(10, 21)
                ],
            },
            "inheritable: has at most 10 APIs",
        ),
    ],
)
def test_mistakes_about_service_principals(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SeedError) as caught:
        _build(applications=[APP], service_principals=[{**PRINCIPAL, **changes}])
    assert str(caught.value).startswith(f"service_principals.0.{message}")


def test_files(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="can't be read"):
        read_file(tmp_path / "none.yml")
    bad = tmp_path / "bad.yml"
    bad.write_text("users: [1\n]]")
    with pytest.raises(SeedError, match="line 2, column 2: is not valid YAML"):
        read_file(bad)
    with pytest.raises(SeedError, match="must be a mapping"):
        build([], Clock())
