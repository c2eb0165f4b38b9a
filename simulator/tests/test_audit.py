# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each accepted write leaves in the audit log."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from simulator_helpers import CRM, GRAPH, JIRA, NOBODY, TODO, Tenant

AUTOMATION = "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a"
ZERO = "00000000-0000-0000-0000-000000000000"
REQUEST = "aaaaaaaa-1111-4111-8111-0123456789ab"


def _entries(tenant: Tenant, count: int) -> list[dict[str, Any]]:
    """The entries so far, the oldest first; there must be so many."""
    entries = tenant.simulated.audit_log()[::-1]
    assert len(entries) == count, [entry["activityDisplayName"] for entry in entries]
    return entries


def _changes(target: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The modified properties of a target, decoded: name to old and new value."""
    decoded = {}
    for change in target["modifiedProperties"]:
        old, new = (None if value is None else json.loads(value) for value in (change["oldValue"], change["newValue"]))
        decoded[change["displayName"]] = (old, new)
    return decoded


def test_an_entry(tenant: Tenant) -> None:
    made = tenant.ok("POST", "/servicePrincipals", {"appId": JIRA}, headers={"client-request-id": REQUEST})["id"]
    (entry,) = _entries(tenant, 1)
    assert re.fullmatch(rf"Directory_{REQUEST}_[A-Z0-9]+_\d+", entry.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", entry.pop("activityDateTime"))
    (target,) = entry.pop("targetResources")
    app = entry["initiatedBy"]["app"]
    assert re.fullmatch(r"[0-9a-f-]{36}", app.pop("servicePrincipalId"))
    assert entry == {
        "category": "ApplicationManagement",
        "correlationId": REQUEST,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": "Add service principal",
        "loggedByService": "Core Directory",
        "operationType": "Add",
        "initiatedBy": {
            "user": None,
            "app": {"appId": AUTOMATION, "displayName": "automation", "servicePrincipalName": None},
        },
        "additionalDetails": [],
    }
    changes = target.pop("modifiedProperties")
    assert target == {
        "id": made,
        "displayName": "Microsoft 365 for Jira",
        "type": "ServicePrincipal",
        "userPrincipalName": None,
        "groupType": None,
    }
    assert {"displayName": "AccountEnabled", "oldValue": "[]", "newValue": "[true]"} in changes
    assert changes[-1] == {
        "displayName": "TargetId.ServicePrincipalNames",
        "oldValue": None,
        "newValue": f'"{JIRA}"',
    }


def test_the_life_of_a_service_principal(tenant: Tenant) -> None:
    by_app_id = f"/servicePrincipals(appId='{JIRA}')"
    made = tenant.ok("PATCH", by_app_id, {"notes": "n"}, headers={"Prefer": "create-if-missing"})["id"]
    tenant.ok("PATCH", by_app_id, {"accountEnabled": False, "notes": "n"}, headers={"Prefer": "create-if-missing"})
    tenant.ok("DELETE", by_app_id)
    tenant.ok("POST", f"/directory/deletedItems/{made}/restore")
    tenant.ok("DELETE", f"/servicePrincipals/{made}")
    tenant.ok("DELETE", f"/directory/deletedItems/{made}")
    entries = _entries(tenant, 6)
    assert [(entry["activityDisplayName"], entry["operationType"]) for entry in entries] == [
        ("Add service principal", "Add"),
        ("Update service principal", "Update"),
        ("Remove service principal", "Delete"),
        ("Restore service principal", "Restore"),
        ("Remove service principal", "Delete"),
        ("Hard delete service principal", "Delete"),
    ]
    assert {target["id"] for entry in entries for target in entry["targetResources"]} == {made}
    changes = _changes(entries[1]["targetResources"][0])
    assert changes["AccountEnabled"] == ([True], [False])
    assert changes["Included Updated Properties"] == (None, "AccountEnabled")
    assert len({entry["correlationId"] for entry in entries}) == 6


def test_the_life_of_a_grant(tenant: Tenant, jira: str, graph: str) -> None:
    body = {"clientId": jira, "resourceId": graph, "consentType": "AllPrincipals", "scope": " openid"}
    grant = tenant.ok("POST", "/oauth2PermissionGrants", body)["id"]
    tenant.ok("PATCH", f"/oauth2PermissionGrants/{grant}", {"scope": "openid Mail.Read"})
    tenant.ok("DELETE", f"/oauth2PermissionGrants/{grant}")
    _, added, changed, removed = _entries(tenant, 4)
    add = ("Add delegated permission grant", "Assign")
    for entry, activity in ((added, add), (changed, add), (removed, ("Remove delegated permission grant", "Unassign"))):
        assert (entry["activityDisplayName"], entry["operationType"]) == activity
        resource, client = entry["targetResources"]
        assert (resource["id"], resource["displayName"]) == (graph, "Microsoft Graph")
        assert (client["id"], client["displayName"], client["modifiedProperties"]) == (jira, None, [])
        assert _changes(resource)["ServicePrincipal.ObjectID"] == (None, jira)
        assert _changes(resource)["TargetId.ServicePrincipalNames"] == (None, GRAPH)
    scope, kind = "DelegatedPermissionGrant.Scope", "DelegatedPermissionGrant.ConsentType"
    told = [_changes(entry["targetResources"][0]) for entry in (added, changed, removed)]
    assert [changes[scope] for changes in told] == [
        (None, " openid"),
        (" openid", "openid Mail.Read"),
        ("openid Mail.Read", None),
    ]
    assert [changes[kind] for changes in told] == [
        (None, "AllPrincipals"),
        ("AllPrincipals", "AllPrincipals"),
        ("AllPrincipals", None),
    ]
    raw = added["targetResources"][0]["modifiedProperties"][0]
    assert raw == {"displayName": scope, "oldValue": None, "newValue": '" openid"'}


def test_only_the_removal_of_a_grant_names_its_user(tenant: Tenant, jira: str, graph: str) -> None:
    ada = tenant.user("ada@contoso.example")
    body = {"clientId": jira, "resourceId": graph, "consentType": "Principal", "principalId": ada, "scope": "x"}
    grant = tenant.ok("POST", "/oauth2PermissionGrants", body)["id"]
    tenant.ok("DELETE", f"/oauth2PermissionGrants/{grant}")
    _, added, removed = _entries(tenant, 3)
    assert ada not in json.dumps(added)
    assert _changes(removed["targetResources"][0])["DelegatedPermissionGrant.PrincipalId"] == (ada, None)


@pytest.mark.parametrize(
    ("kind", "category", "added", "removed", "told"),
    [
        (
            "User",
            "UserManagement",
            "Add app role assignment grant to user",
            "Remove app role assignment from user",
            {"User.ObjectID", "User.UPN", "User.PUID"},
        ),
        (
            "Group",
            "GroupManagement",
            "Add app role assignment grant to group",
            "Remove app role assignment from group",
            {"Group.ObjectID", "Group.DisplayName"},
        ),
        (
            "ServicePrincipal",
            "ApplicationManagement",
            "Add app role assignment to service principal",
            "Remove app role assignment from service principal",
            {f"ServicePrincipal.{name}" for name in ("ObjectID", "DisplayName", "AppId", "Name")},
        ),
    ],
)
def test_the_life_of_an_assignment(
    tenant: Tenant, jira: str, kind: str, category: str, added: str, removed: str, told: set[str]
) -> None:
    principals = {"User": tenant.user("ada@contoso.example"), "Group": tenant.group("Jira users")}
    principal = principals.get(kind, jira)
    crm = tenant.app(CRM)
    reader, sync = "0a1b2c3d-0001-4000-8000-000000000001", "0a1b2c3d-0004-4000-8000-000000000004"
    role = sync if kind == "ServicePrincipal" else reader
    body = {"principalId": principal, "resourceId": crm, "appRoleId": role}
    made = tenant.ok("POST", f"/servicePrincipals/{crm}/appRoleAssignedTo", body)
    tenant.ok("DELETE", f"/servicePrincipals/{crm}/appRoleAssignedTo/{made['id']}")
    entries = _entries(tenant, 3)[1:]
    assert [(entry["activityDisplayName"], entry["operationType"]) for entry in entries] == [
        (added, "Assign"),
        (removed, "Unassign"),
    ]
    value = "Sync" if kind == "ServicePrincipal" else "Reader"
    for entry, place in zip(entries, (1, 0), strict=True):
        assert entry["category"] == category
        resource, target = entry["targetResources"]
        assert (resource["id"], resource["displayName"], resource["type"]) == (crm, "Contoso CRM", "ServicePrincipal")
        assert (target["id"], target["type"]) == (principal, kind)
        changes = _changes(resource)
        assert changes["AppRole.Id"][place] == role
        assert changes["AppRole.Value"][place] == value
        assert told <= set(changes)
        assert changes[f"{kind}.ObjectID"] == (None, principal)
    created = _changes(entries[0]["targetResources"][0])["AppRoleAssignment.CreatedDateTime"]
    assert created == (None, made["createdDateTime"])
    assert (entries[0]["targetResources"][1]["userPrincipalName"] == "ada@contoso.example") is (kind == "User")


def test_default_access_has_no_name(tenant: Tenant, jira: str) -> None:
    body = {"principalId": tenant.user("ada@contoso.example"), "resourceId": jira, "appRoleId": ZERO}
    tenant.ok("POST", "/users/ada@contoso.example/appRoleAssignments", body)
    changes = _changes(_entries(tenant, 2)[1]["targetResources"][0])
    assert (changes["AppRole.Id"], changes["AppRole.Value"]) == ((None, ZERO), (None, ""))


def test_refused_writes_and_reads_leave_nothing(tenant: Tenant) -> None:
    tenant.refused("POST", "/servicePrincipals", {"appId": NOBODY})
    tenant.refused("DELETE", f"/servicePrincipals/{NOBODY}")
    tenant.ok("GET", "/servicePrincipals")
    _entries(tenant, 0)


def test_items_of_a_batch_do_not_share_their_correlation_id(tenant: Tenant) -> None:
    items: list[dict[str, Any]] = [
        {"id": str(number), "method": "POST", "url": "/servicePrincipals", "body": {"appId": app}}
        for number, app in enumerate((JIRA, TODO))
    ]
    for item in items:
        item["headers"] = {"Content-Type": "application/json"}
    items[1]["headers"]["client-request-id"] = REQUEST
    tenant.ok("POST", "/$batch", {"requests": items}, headers={"client-request-id": NOBODY})
    found = {entry["targetResources"][0]["displayName"]: entry["correlationId"] for entry in _entries(tenant, 2)}
    assert found["Microsoft To Do for Jira"] == REQUEST
    assert found["Microsoft 365 for Jira"] not in (REQUEST, NOBODY)


def test_a_lost_answer_is_logged_all_the_same(tenant: Tenant) -> None:
    rule = {"match": {"method": "POST", "path": "/servicePrincipals$"}, "times": 1, "applied": True}
    tenant.simulated.faults([{**rule, "answer": {"status": 503}}])
    tenant.refused("POST", "/servicePrincipals", {"appId": JIRA})
    _entries(tenant, 1)


def test_another_state_has_an_empty_log(tenant: Tenant, jira: str) -> None:
    _entries(tenant, 1)
    state = tenant.simulated.state()
    tenant.simulated.put_state(state)
    _entries(tenant, 0)
    assert tenant.simulated.state() == state


def test_what_a_user_does(tenant: Tenant) -> None:
    token = tenant.simulated.act_as("ADA@contoso.example")
    made = tenant.ok("POST", "/servicePrincipals", {"appId": JIRA}, token=token)["id"]
    tenant.ok("DELETE", f"/servicePrincipals/{made}", token=token)
    for entry in _entries(tenant, 2):
        assert entry["initiatedBy"]["app"] is None
        user = entry["initiatedBy"]["user"]
        assert (user["id"], user["userPrincipalName"]) == (tenant.user("ada@contoso.example"), "ada@contoso.example")
        assert user["displayName"] is None


def test_a_user_may_be_given_less(tenant: Tenant) -> None:
    token = tenant.simulated.act_as("ada@contoso.example", ["User.Read.All"])
    assert tenant.call("GET", "/users", token=token)[0] == 200
    assert tenant.refused("POST", "/servicePrincipals", {"appId": JIRA}, token=token)[0] == 403
    assert tenant.refused("GET", "/me", token=token)[:2] == (501, "NotSimulated")
    with pytest.raises(ValueError, match=r"act-as\.user: there is no user 'nobody'"):
        tenant.simulated.act_as("nobody")
