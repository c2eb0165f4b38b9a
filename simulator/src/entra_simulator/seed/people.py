# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of a seed."""

from __future__ import annotations

from typing import Any

from entra_simulator import ids
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.tenant.model import VISIBILITIES, Group, User
from entra_simulator.tenant.store import Store

_USER = {"user_principal_name", "display_name", "id", "mail", "account_enabled", "user_type"}
_RANGE = {"generated", "first", "last"}
_GENERATE = {"generate", "prefix", "display_name", "account_enabled"}


class Generated:
    """Users made by one `generate` entry: `prefix001@domain` to the count, zero padded to at least three digits."""

    def __init__(self, prefix: str, count: int, domain: str) -> None:
        self.prefix = prefix
        self.count = count
        self._domain = domain
        self._width = max(3, len(str(count)))

    def upn(self, number: int) -> str:
        """The user principal name of the user of a number from 1."""
        return f"{self.prefix}{number:0{self._width}}@{self._domain}"


def add_users(store: Store, items: list[Any]) -> dict[str, Generated]:
    """Add all users; gives the generated ranges by prefix."""
    ranges: dict[str, Generated] = {}
    for number, item in enumerate(items):
        place = f"users.{number}"
        if isinstance(item, dict) and "generate" in item:
            made = _generate(store, Section(item, place, _GENERATE))
            ranges[made.prefix] = made
        else:
            _add_user(store, Section(item, place, _USER))
    return ranges


def _add_user(store: Store, section: Section) -> None:
    upn = section.text("user_principal_name")
    if "@" not in upn:
        raise SeedError(section.at("user_principal_name"), f"'{upn}' has no @")
    guest = "#ext#" in upn.lower()
    user = User(
        id=section.guid("id", ids.derived_guid(store.tenant.id, "user", upn.lower())),
        user_principal_name=upn,
        display_name=section.text("display_name", upn.partition("@")[0]),
        mail=section.optional_text("mail"),
        account_enabled=section.flag("account_enabled", True),
        user_type=section.choice("user_type", ("Member", "Guest"), "Guest" if guest else "Member"),
    )
    _store_user(store, user, section)


def _generate(store: Store, section: Section) -> Generated:
    made = Generated(section.text("prefix", "user"), section.number("generate"), store.tenant.domain)
    template = section.text("display_name", "User {n}")
    enabled = section.flag("account_enabled", True)
    for number in range(1, made.count + 1):
        upn = made.upn(number)
        user = User(
            id=ids.derived_guid(store.tenant.id, "user", upn.lower()),
            user_principal_name=upn,
            display_name=template.replace("{n}", str(number)),
            mail=upn,
            account_enabled=enabled,
        )
        _store_user(store, user, section)
    return made


def _store_user(store: Store, user: User, section: Section) -> None:
    if user.id in store.users:
        raise SeedError(section.at("id"), f"'{user.id}' is there already")
    if user.user_principal_name.lower() in store.users_by_upn:
        raise SeedError(section.place, f"the user '{user.user_principal_name}' is there already")
    store.add_user(user)


class Groups:
    """Groups whose members are found once all users, groups and service principals are there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Group, Section]] = []

    def add(self, section: Section) -> None:
        """Add a group, still empty. Of several with one name, each has its own derived id."""
        name = section.text("display_name")
        twins = len(self._store.groups_by_name.get(name.lower(), ()))
        natural_key = ["group", name.lower(), *([str(twins + 1)] if twins else [])]
        group = Group(
            id=section.guid("id", ids.derived_guid(self._store.tenant.id, *natural_key)),
            display_name=name,
            description=section.optional_text("description"),
            visibility=None if section.raw("visibility", None) is None else section.choice("visibility", VISIBILITIES),
        )
        if group.id in self._store.groups:
            raise SeedError(section.at("id"), f"'{group.id}' is there already")
        self._store.add_group(group)
        self._waiting.append((group, section))

    def add_members(self, ranges: dict[str, Generated]) -> None:
        """Give all groups their members."""
        for group, section in self._waiting:
            members: list[str] = []
            for number, item in enumerate(section.items("members")):
                members += self._member(item, f"{section.at('members')}.{number}", ranges)
            self._store.set_members(group, members)

    def _member(self, item: object, place: str, ranges: dict[str, Generated]) -> list[str]:
        if isinstance(item, str):
            return [find_principal(self._store, item, place)]
        section = Section(item, place, {*_RANGE, "service_principal"})
        if "service_principal" in section:
            return [find_principal(self._store, section.raw("service_principal"), place, apps=True)]
        return _users_of(self._store, section, ranges)


def add_groups(store: Store, items: list[Any]) -> Groups:
    """Add all groups; their members come later."""
    groups = Groups(store)
    for number, item in enumerate(items):
        groups.add(Section(item, f"groups.{number}", {"display_name", "id", "description", "visibility", "members"}))
    return groups


def find_principals(
    store: Store, section: Section, ranges: dict[str, Generated], *, apps: bool = False
) -> list[str] | None:
    """The object ids of a link's `principal` (one) or `principals` (generated users); None with neither.

    The principal of an `orphaned` link is an object id of nothing that is there.
    """
    if section.flag("orphaned", False):
        return [_orphan(store, section)]
    if "principals" not in section:
        if "principal" not in section:
            return None
        return [find_principal(store, section.raw("principal"), section.at("principal"), apps=apps)]
    if "principal" in section:
        raise SeedError(section.at("principals"), "can't stand beside principal")
    place = section.at("principals")
    return _users_of(store, Section(section.raw("principals"), place, _RANGE), ranges)


def _orphan(store: Store, section: Section) -> str:
    if "principals" in section:
        raise SeedError(section.at("principals"), "can't be orphaned: each one is there")
    object_id = section.guid("principal")
    if store.exists(object_id) or object_id in store.bin:
        raise SeedError(section.at("orphaned"), f"'{object_id}' is there")
    return object_id


def _users_of(store: Store, section: Section, ranges: dict[str, Generated]) -> list[str]:
    """The object ids of a range of generated users."""
    prefix = section.text("generated")
    if prefix not in ranges:
        raise SeedError(section.at("generated"), f"no users are generated with the prefix '{prefix}'")
    made = ranges[prefix]
    first, last = section.number("first", 1), section.number("last", made.count)
    if not 1 <= first <= last <= made.count:
        raise SeedError(section.place, f"first and last must lie between 1 and {made.count}")
    return [store.users_by_upn[made.upn(number).lower()].id for number in range(first, last + 1)]


def find_principal(store: Store, key: object, place: str, *, apps: bool = False) -> str:
    """The object id of a user (UPN or id), group (name or id) or service principal (id; with `apps` app id)."""
    if not isinstance(key, str):
        raise SeedError(place, "must be a text")
    folded = key.lower()
    if apps and folded in store.by_app_id:
        return store.by_app_id[folded].id
    if store.exists(folded) or folded in store.bin:
        return folded
    if folded in store.users_by_upn:
        return store.users_by_upn[folded].id
    named = list(store.groups_by_name.get(folded, ()))
    if len(named) == 1:
        return named[0].id
    if named:
        raise SeedError(place, f"{len(named)} groups are named '{key}': use the id of one")
    raise SeedError(place, f"there is no '{key}' among the users, groups and service principals")
