# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant in which every text that somebody else chooses is hostile, made from the types of what a tenant holds.

Left as they are, by these rules:

- ids (names ending in ``id``) and dates: Entra ID makes them;
- enumerations (ENUMS): Graph takes no other word;
- domains: nobody has one that is no host name;
- what Entra ID writes into the audit log by itself (AUDIT_OWN).

What a text may hold, Graph limits for a few (LIMITED); all others get everything.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import types
import typing as t

from entra_simulator.tenant import model

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from integration.runner import JSON

TENANT = "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10"
CLIENT, API, UNDECLARED = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in range(1, 4))
ROLE = "eeeeeeee-0000-4000-8000-000000000001"
USERS = [f"bbbbbbbb-0000-4000-8000-00000000000{number}" for number in range(1, 4)]
GROUPS = [f"cccccccc-0000-4000-8000-00000000000{number}" for number in range(1, 3)]
GRAPH = "00000003-0000-0000-c000-000000000000"
LONG = 10_000
# In names of the model and of Graph.
ENUMS = {
    *("type", "user_type", "consent_type", "principal_type", "disabled_by_microsoft", "allowed_member_types"),
    *(
        "userType",
        "consentType",
        "principalType",
        "servicePrincipalType",
        "allowedMemberTypes",
        "origin",
        "signInAudience",
    ),
    *("tenantType", "capabilities", "operationType", "result", "category", "loggedByService", "activityDisplayName"),
    *("disabledByMicrosoftStatus", "visibility"),
}
AUDIT_OWN = {
    # The name of a changed property, the address of who did it, and a word that stands there for every user.
    "value.targetResources.modifiedProperties.displayName",
    "value.initiatedBy.user.ipAddress",
    "value.initiatedBy.user.displayName",
}
DATES = {"created", "deleted_at", "created_date_time"}

# Beginnings that some reader takes for more than a text.
_BEGINNINGS = (
    "",
    "=cmd|' /C calc'!A0 ",
    "#jinja2: trim_blocks: True\n",
    "- ",
    "---\n",
    "!x ",
    "::error::x ",
    "@",
    "|",
    "'",
    '"',
    "%",
)


class Texts:
    """Makes hostile texts, each another, that leave the file ``marker`` if anything evaluates them."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker
        self.made: set[str] = set()
        self._numbers = itertools.count(1)
        self._beginnings = itertools.cycle(_BEGINNINGS)

    def full(self, limit: int | None = None) -> str:
        """Everything at once."""
        core = (
            f"{next(self._beginnings)}{next(self._numbers)} {{{{ lookup('ansible.builtin.pipe', 'touch {self.marker}') }}}}"
            f"$(touch {self.marker})`touch {self.marker}`\x1b]0;x\x07\x9b31m\u202e\u2066\u200b\U000e0041\u2028\x85\x00\n"
            "-  permissions on x for all users\r\n##vso[task.setvariable variable=a]b\n::add-mask::x\n<b>|*</script>é😀 "
        )
        return self._kept(core[:limit] if limit else core + "x" * LONG)

    def token(self) -> str:
        """As far as a scope, or a role's value, can hold it: neither white space nor commas."""
        return self._kept(
            f"{{{{7*7}}}}{{%if(1)%}}{{%endif%}}$(touch${{IFS}}{self.marker})`id`=x|y'{next(self._numbers)}"
            "\x1b[2J\x9b31m\u202e\u200b##vso[task.complete]"
        )

    def upn(self) -> str:
        """With all the signs that a user principal name may have."""
        return self._kept(f"o'neil.!#^~_-{next(self._numbers)}@contoso.example")

    def _kept(self, text: str) -> str:
        self.made.add(text)
        return text

    def is_hostile(self, text: str) -> bool:
        """Whether it is one of these, or made of some."""
        return any(one in text or text in one for one in self.made)


def limited(texts: Texts) -> dict[tuple[str, str], Callable[[], str]]:
    """The texts of which Graph limits what they hold, or how long they are."""
    return {
        ("User", "user_principal_name"): texts.upn,
        # A filter looks groups up by it, in an address.
        ("Group", "display_name"): lambda: texts.full(256),
        ("ServicePrincipal", "notes"): lambda: texts.full(1024),
        ("ServicePrincipal", "description"): lambda: texts.full(1024),
        ("Scope", "value"): texts.token,
        ("AppRole", "value"): texts.token,
        ("Tenant", "domain"): lambda: "contoso.example",
        ("Identity", "secret"): lambda: "",
    }


def planted(kind: type[t.Any], texts: Texts, **given: t.Any) -> JSON:
    """An entry of a seed: the values given, and a hostile one for every other text of the type."""
    rules = limited(texts)
    entry: JSON = dict(given)
    for name, hint in t.get_type_hints(kind).items():
        if name in given or not is_text(name):
            continue
        make = rules.get((kind.__name__, name), texts.full)
        if _is_a(hint, str):
            entry[name] = make()
        elif any(_is_a(inner, str) for inner in t.get_args(hint)) and t.get_origin(hint) in (list, tuple):
            entry[name] = [make()]
    return {name: value for name, value in entry.items() if value != ""}


def is_text(name: str) -> bool:
    return name not in ENUMS and name not in DATES and not re.search(r"(^|_)ids?$|(?<=[a-z])Ids?$", name)


def _is_a(hint: object, kind: type) -> bool:
    return hint is kind or (isinstance(hint, types.UnionType) and kind in t.get_args(hint))


def seed(texts: Texts) -> JSON:
    """Users, groups in each other, an app that has everything, its API, and an app that nobody declared."""
    scopes = [planted(model.Scope, texts, id=_id(number), type="User") for number in range(2)]
    roles = [planted(model.AppRole, texts, id=ROLE)]
    nothing: JSON = {"app_roles": [], "scopes": []}
    applications = [
        planted(model.Application, texts, app_id=CLIENT, owner_tenant_id=TENANT, **{**nothing, "app_roles": roles}),
        planted(model.Application, texts, app_id=API, owner_tenant_id=TENANT, **{**nothing, "scopes": scopes}),
        planted(model.Application, texts, app_id=UNDECLARED, owner_tenant_id=TENANT, **nothing),
    ]
    tokens = [scope["value"] for scope in scopes]
    return {
        "tenant": planted(model.Tenant, texts, id=TENANT),
        "users": [planted(model.User, texts, id=key) for key in USERS],
        "groups": [planted(model.Group, texts, id=key, members=USERS[:2]) for key in GROUPS],
        "applications": applications,
        # They are called as their application is: one that is created anew has no other name.
        "service_principals": [
            planted(model.ServicePrincipal, texts, app_id=app["app_id"], display_name=app["display_name"])
            for app in applications
        ],
        "grants": [
            {"client_app_id": CLIENT, "resource_app_id": API, "scope": " ".join(tokens)},
            {"client_app_id": CLIENT, "resource_app_id": API, "scope": f" {tokens[0]}", "principal": USERS[0]},
            {
                "client_app_id": CLIENT,
                "resource_app_id": GRAPH,
                "scope": f"openid {texts.token()}",
                "principal": USERS[1],
            },
            {"client_app_id": UNDECLARED, "resource_app_id": API, "scope": tokens[1], "principal": USERS[2]},
        ],
        "assignments": [
            {"app_id": CLIENT, "principal": USERS[0], "app_role": ROLE},
            {"app_id": CLIENT, "principal": GROUPS[0], "app_role": ROLE},
            {"app_id": CLIENT, "principal": GROUPS[1], "app_role": ROLE},
        ],
        "identities": [
            planted(
                model.Identity,
                texts,
                client_id=_id(90),
                permissions=[
                    "Application.ReadWrite.All",
                    "AppRoleAssignment.ReadWrite.All",
                    "AuditLog.Read.All",
                    "DelegatedPermissionGrant.ReadWrite.All",
                    "Directory.Read.All",
                ],
            )
        ],
    }


def records() -> set[type[t.Any]]:
    """The types whose objects are somebody's words: what the seed has to have entries of."""
    found = (item for item in vars(model).values() if isinstance(item, type) and item.__module__ == model.__name__)
    own: set[type[t.Any]] = {item for item in found if dataclasses.is_dataclass(item)}
    # Links have ids and scopes only; the rest is how pipelines and machines sign in.
    return own - {*(model.Grant, model.Assignment, model.FederatedCredential, model.Pipeline, model.ManagedIdentities)}


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in an answer of Graph with the names of the properties that lead to it."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from strings(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, path)
    elif isinstance(value, str) and path.endswith(("oldValue", "newValue")):
        # The audit log has JSON in texts.
        yield from strings(json.loads(value), path.removesuffix("Value"))
    elif isinstance(value, str):
        yield path, value


def _id(number: int) -> str:
    return f"ffffffff-0000-4000-8000-{number:012}"
