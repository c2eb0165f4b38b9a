# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules lack: the README's table, and permissions that hold others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._graph.permissions import MODULES, missing

ROOT = Path(__file__).parents[3]
COLUMNS = ("always", "users", "groups")
WRITERS = (
    "service_principal",
    "delegated_permission_grant",
    "app_role_assignment",
    "application_permission_grant",
    "tenant_consent",
)


def readme() -> dict[tuple[str, str], set[str]]:
    """The README's table: the permissions by (module, column), those of a column alone."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- permissions -->")[2]
    rows = re.findall(
        r"^\| `(\w+)`[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$", text.partition("<!-- /permissions")[0], re.MULTILINE
    )
    return {
        (module, column): set(re.findall(r"`([\w.]+)`", cell))
        for module, *cells in rows
        for column, cell in zip(COLUMNS, cells, strict=True)
    }


def lacking(module: str, *held: str, writing: bool = True, users: bool = False, groups: bool = False) -> list[str]:
    return list(missing(MODULES[module].needs(writing=writing, users=users, groups=groups), held))


def test_the_modules_are_those_of_the_collection() -> None:
    assert set(MODULES) == {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert {module for module, needs in MODULES.items() if needs.write is not None} == set(WRITERS)


@pytest.mark.parametrize(("module", "column"), readme(), ids=str)
def test_the_table_of_the_readme_is_what_who_holds_nothing_lacks(module: str, column: str) -> None:
    always = lacking(module)
    if column == "always":
        assert set(always) == readme()[module, column]
    else:
        more = lacking(module, users=column == "users", groups=column == "groups")
        assert set(more) - set(always) == readme()[module, column]


@pytest.mark.parametrize("module", MODULES)
def test_just_what_is_taken_away_is_named(module: str) -> None:
    needed = lacking(module, users=True, groups=True)
    assert lacking(module, *needed, users=True, groups=True) == []
    for name in needed:
        rest = [other for other in needed if other != name]
        assert lacking(module, *rest, users=True, groups=True) == [name]


@pytest.mark.parametrize("module", MODULES)
def test_reading_takes_no_more_than_the_readme_says(module: str) -> None:
    """In check mode Directory.Read.All is enough for all of them, and nothing is asked for beside it."""
    assert lacking(module, "Directory.Read.All", writing=False, users=True, groups=True) == []
    alone = lacking(module, writing=False, users=True, groups=True)
    assert alone in ([], ["Application.Read.All"], ["Directory.Read.All"])


def test_who_writes_may_read() -> None:
    held = ("Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
    assert lacking("tenant_consent", *held) == []
    assert lacking("tenant_consent", *held, writing=False, users=True, groups=True) == [
        "User.ReadBasic.All",
        "GroupMember.Read.All",
    ]


@pytest.mark.parametrize(
    ("held", "rest"),
    [
        (["Directory.ReadWrite.All"], ["AppRoleAssignment.ReadWrite.All"]),
        (["Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"], []),
    ],
)
def test_larger_permissions_hold_smaller_ones(held: list[str], rest: list[str]) -> None:
    assert lacking("tenant_consent", *held, users=True, groups=True) == rest


@pytest.mark.parametrize(
    "groups",
    [
        ["Group.Read.All"],
        ["Group.ReadWrite.All"],
        ["GroupMember.ReadWrite.All"],
        ["Group.ReadBasic.All", "GroupMember.ReadBasic.All"],
    ],
    ids=str,
)
@pytest.mark.parametrize("user", ["User.Read.All", "User.ReadWrite.All"])
def test_others_that_read_users_and_groups_will_do(user: str, groups: list[str]) -> None:
    grants = ("Application.Read.All", "DelegatedPermissionGrant.ReadWrite.All")
    assert lacking("delegated_permission_grant", *grants, user, *groups, users=True, groups=True) == []


def test_of_two_kinds_of_requests_one_permission_or_just_the_other() -> None:
    held = ("Application.Read.All", "DelegatedPermissionGrant.ReadWrite.All")
    needs = MODULES["delegated_permission_grant"].needs(writing=True, users=False, groups=True)
    assert missing(needs, held) == {"GroupMember.Read.All": ["groups"]}
    assert missing(needs, [*held, "Group.ReadBasic.All"]) == {"GroupMember.ReadBasic.All": ["groups"]}
    assert missing(needs, [*held, "GroupMember.ReadBasic.All"]) == {"Group.ReadBasic.All": ["groups"]}


def test_purposes_are_those_that_are_not_met_yet() -> None:
    needs = MODULES["tenant_consent"].needs(writing=False, users=True, groups=True)
    assert missing(needs, []) == {"Directory.Read.All": ["apps", "grants", "users", "assignments", "groups"]}
    assert missing(needs, ["Application.Read.All", "User.Read.All"]) == {
        "Directory.Read.All": ["grants", "assignments", "groups"]
    }


def test_to_delete_a_service_principal_takes_what_the_readme_says_below_the_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- /permissions -->")[2].partition(".\n\n")[0]
    (told,) = re.findall(r"To delete a service principal, [^;]*add ([^;]*);", text)
    extra = MODULES["service_principal"].extra
    assert [tuple(re.findall(r"`([\w.]+)`", told))] == [options for need in extra for options in need.requests]
    assert missing(extra, []) == {"Directory.Read.All": ["deletions"]}
    assert missing(extra, ["DelegatedPermissionGrant.ReadWrite.All"]) == {}
