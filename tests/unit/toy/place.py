# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant with the kind in it, and the runs of modules that know it."""

from __future__ import annotations

import typing as t

from unit.foreign.world import ADA, CRM, OUTLOOK, World, connect, seed
from unit.toy import callers, live_callers

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry as pure
from ansible_collections.tenantops.entra.plugins.module_utils._module import apps, args
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import registry as tenant
from ansible_collections.tenantops.entra.plugins.modules import tenant_consent

if t.TYPE_CHECKING:
    import pytest
    from unit.foreign.world import JSON

API = "Contoso CRM"
USER = [f"user{number:03}@contoso.example" for number in range(61)]
# Who calls the API in the beginning.
CALLING = [ADA, USER[1], USER[2]]


def document() -> JSON:
    found = seed()
    found["groups"].append({"display_name": "Nobody", "members": []})
    found["grants"] += [
        {"client_app_id": OUTLOOK, "resource_app_id": CRM, "scope": callers.SCOPE, "principal": user}
        for user in CALLING
    ]
    return found


def connect_with_the_kind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(world, monkeypatch)
    monkeypatch.setattr(pure, "KINDS", (*pure.KINDS, callers.KIND))
    monkeypatch.setattr(tenant, "KINDS", (*tenant.KINDS, live_callers.KIND))
    # Made of the kinds that there were when the module was imported.
    options = {**tenant_consent.SPEC.options, **apps.apps_option()}
    monkeypatch.setattr(tenant_consent, "SPEC", args.ArgumentSpec(options))


def declared(*users: str, groups: tuple[str, ...] = (), **more: t.Any) -> list[JSON]:
    """The API with those for whom the client may call it."""
    rule = {"client_app_id": OUTLOOK, "users": list(users), "groups": list(groups)}
    return [{"app_id": CRM, "callers": [rule], **more}]


def calling(world: World) -> set[str]:
    """For whom the client may call the API."""
    state = world.state()
    names = {user["id"]: user["user_principal_name"] for user in state["users"]}
    return {
        names.get(grant["principal"], grant["principal"])
        for grant in state["grants"]
        if grant["resource_app_id"] == CRM and grant["client_app_id"] == OUTLOOK
    }


def users(entries: list[JSON]) -> list[str]:
    return [entry["principal"]["name"] for entry in entries]


def without_ids(result: JSON) -> JSON:
    found = [{name: value for name, value in item.items() if name != "id"} for item in result["api_callers"]]
    kept = ("changed", "changes", "counts", "summary", "diff")
    return {"api_callers": found, **{name: result.get(name) for name in kept}}
