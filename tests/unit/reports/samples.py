# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Consent reports for the tests of the formats: made of parts, with counts that are those of the parts."""

from __future__ import annotations

import typing as t

JSON: t.TypeAlias = dict[str, t.Any]

GRAPH = ("00000003-0000-0000-c000-000000000000", "Microsoft Graph")
SHAREPOINT = ("00000003-0000-0ff1-ce00-000000000000", "SharePoint Online")
OWNER = "5d2d3f2b-3c11-4b38-9e6f-0d1f6a0c7a10"
TIME = "2026-11-25T02:00:00Z"
RISKS = ("low", "medium", "high", "critical", "unknown")
EVE = {
    "time": "2026-11-24T10:00:00Z",
    "actor": "eve@contoso.example",
    "actor_type": "user",
    "activity": "Add delegated permission grant",
    "id": "audit-1",
}
# Names that try to break out of a format, or to be read as something else.
HOSTILE = (
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=alert(1)>",
    "a | b || c",
    "`code` and ``` fence",
    "@contoso/admins cc @ada",
    "]]> <!-- --> &amp; &lt;",
    "\u202egnp.exe\u202c and \u200fmark",
    "[link](https://evil.example) www.evil.example https://evil.example",
    "# heading\n\n- item\r\nnext\tline",
    "{{ 1 + 1 }} {% raw %} ${x}",
    "closes #12 and !3 and GH-4",
    "'\"\\\u2028\u2029\x00\x1b[31m\ud800",
    "1. first",
    "=HYPERLINK(0)",
    "N" * 256,
)


def app_id(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def permission(scope: str, users: int = 0, *, risk: str | None = "low", resource: tuple[str, str] = GRAPH) -> JSON:
    """For all users if `users` is 0."""
    return {
        "resource_app_id": resource[0],
        "resource_name": resource[1],
        "scope": scope,
        "admin_consent_required": risk in ("high", "critical"),
        "risk": risk,
        "all_users": users == 0,
        "users": users,
    }


def application_permission(
    role: str,
    risk: str | None = "high",
    *,
    tier_0: str | None = None,
    inherited: bool = False,
    resource: tuple[str, str | None] = GRAPH,
) -> JSON:
    return {
        "resource_app_id": resource[0],
        "resource_name": resource[1],
        "app_role": role,
        "app_role_id": f"id-{role}",
        "risk": risk,
        "tier_0": tier_0,
        "inherited": inherited,
    }


def user(name: str, kind: str = "User") -> JSON:
    return {"id": f"id-{name}", "type": kind, "name": name}


def grant(
    number: int,
    who: str | None = None,
    *,
    missing: t.Sequence[str] = (),
    extra: t.Sequence[str] = (),
    resource: tuple[str, str] = GRAPH,
    **more: t.Any,
) -> JSON:
    """A grant that differs: it is there only if something of it is both declared and found."""
    entry: JSON = {
        "status": "changed" if missing and extra else "missing" if missing else "extra",
        "kind": "delegated_permission_grant",
        "app_id": app_id(number),
        "resource_app_id": resource[0],
        "resource_display_name": resource[1],
        "consent_type": "Principal" if who else "AllPrincipals",
        "scopes_missing": list(missing),
        "scopes_extra": list(extra),
        "admin_scopes": [],
        "risk": "high",
        "repaired_by_apply": bool(missing),
    }
    return {**entry, **({"principal": user(who)} if who else {}), **more}


def assignment(number: int, who: str, kind: str = "User", status: str = "missing", **more: t.Any) -> JSON:
    entry = {
        "status": status,
        "kind": "app_role_assignment",
        "app_id": app_id(number),
        "principal": user(who, kind),
        "app_role": "default",
        "repaired_by_apply": status == "missing",
    }
    return {**entry, **more}


def own_permission(
    number: int, role: str, status: str = "extra", *, resource: tuple[str, str] = GRAPH, **more: t.Any
) -> JSON:
    """An application permission that differs."""
    entry = {
        "status": status,
        "kind": "application_permission",
        "app_id": app_id(number),
        "resource_app_id": resource[0],
        "resource_display_name": resource[1],
        "app_role": role,
        "risk": "high",
        "repaired_by_apply": status == "missing",
    }
    return {**entry, **more}


def setting(number: int, **properties: tuple[t.Any, t.Any]) -> JSON:
    """A service principal whose settings are declared and found as given."""
    return {
        "status": "changed",
        "kind": "service_principal",
        "app_id": app_id(number),
        "properties": {name: {"declared": pair[0], "found": pair[1]} for name, pair in properties.items()},
        "repaired_by_apply": True,
    }


def app(
    number: int, name: str | None, permissions: t.Sequence[JSON] = (), drift: t.Sequence[JSON] = (), **more: t.Any
) -> JSON:
    itself = more.get("application_permissions", ())
    facts = {
        "app_id": app_id(number),
        "name": name,
        "exists": True,
        "account_enabled": True,
        "assignment_required": False,
        "owner_tenant_id": OWNER,
        "risk": _highest([*permissions, *itself]),
        "status": "drift" if drift else "as_declared",
        "permissions": list(permissions),
        "assigned": {"users": 40, "groups": 1},
        "drift": list(drift),
    }
    return {**facts, **more}


def undeclared(number: int, name: str | None, permissions: t.Sequence[JSON], **more: t.Any) -> JSON:
    facts = {
        "app_id": app_id(number),
        "name": name,
        "owner_tenant_id": OWNER,
        "account_enabled": True,
        "risk": _highest([*permissions, *more.get("application_permissions", ())]),
        "all_users": any(item["all_users"] for item in permissions),
        "users": max((item["users"] for item in permissions), default=0),
        "permissions": list(permissions),
    }
    return {**facts, **more}


def _highest(permissions: t.Sequence[JSON]) -> str | None:
    rising = ("low", "unknown", "medium", "high", "critical")
    return max((item["risk"] for item in permissions if item["risk"]), key=rising.index, default=None)


def tenant(name: str = "contoso", apps: t.Sequence[JSON] = (), without: t.Sequence[JSON] = (), **more: t.Any) -> JSON:
    """A tenant's report; `without` are the apps that nobody declared."""
    found = [entry["status"] for item in apps for entry in item["drift"]]
    facts = {
        "schema_version": 1,
        "kind": "tenant",
        "tenant": name,
        "tenant_id": f"{name}.example",
        "generated_at": TIME,
        "purpose": "drift",
        "status": "drift" if found or without else "as_declared",
        "complete": True,
        "problems": [],
        "counts": {
            "apps": len(apps),
            **{status: found.count(status) for status in ("missing", "extra", "changed")},
            "undeclared": len(without),
        },
        "apps": list(apps),
        "undeclared": list(without),
    }
    return {**facts, **more}


def failed(name: str = "fabrikam", problem: str = "Signing in failed: the client secret has expired.") -> JSON:
    return tenant(name, status="failed", complete=False, problems=[problem])


def contoso() -> JSON:
    """A bit of everything."""
    staff = [f"user{number:02}@contoso.example" for number in range(1, 21)]
    jira = app(
        1,
        "Microsoft 365 for Jira",
        [permission("User.Read"), permission("Mail.Read", 20, risk="high"), permission("Mail.Send", 40, risk="high")],
        [
            *(grant(1, who, missing=["Mail.Read"], admin_scopes=["Mail.Read"]) for who in staff),
            grant(1, extra=["Directory.ReadWrite.All"], risk="critical", attribution=[EVE]),
            grant(1, "ada@contoso.example", missing=["Mail.Send"], extra=["Files.Read"], risk="medium"),
            assignment(1, "Jira users", "Group"),
            assignment(1, "ben@contoso.example", status="extra", attribution_note="Audit logs go back 30 days."),
        ],
    )
    crm = app(
        2,
        "CRM",
        [permission("AllSites.Read", 3, risk="medium", resource=SHAREPOINT), permission("openid")],
        [setting(2, account_enabled=(True, False), notification_email_addresses=(["it@contoso.example"], []))],
        account_enabled=False,
    )
    quiet = app(3, "Quiet app", [permission("openid"), permission("profile")])
    gone = app(
        4,
        "Not yet there",
        drift=[
            {"status": "missing", "kind": "service_principal", "app_id": app_id(4), "repaired_by_apply": True},
        ],
        exists=False,
        account_enabled=None,
        assignment_required=None,
        owner_tenant_id=None,
        assigned={"users": 0, "groups": 0},
    )
    shadow = undeclared(10, "Shadow notes", [permission("Notes.Read.All", 17, risk="high"), permission("openid", 17)])
    reader = undeclared(11, None, [permission("custom.scope", 2, risk="unknown")], owner_tenant_id=None)
    boss = undeclared(12, "Backup for all", [permission("Files.ReadWrite.All", risk="critical")])
    return tenant(apps=[jira, crm, quiet, gone], without=[reader, shadow, boss])


def hostile() -> JSON:
    """Every hostile name everywhere that a name can stand."""
    apps, without = [], []
    for number, name in enumerate(HOSTILE):
        resource = (app_id(900), name)
        event = {**EVE, "actor": name, "activity": name}
        drift = [
            grant(number, name, missing=[name], resource=resource, attribution=[event], attribution_note=name),
            assignment(number, name, app_role=name),
            setting(number, notes=(name, None), tags=([name], [])),
            own_permission(number, name, resource=resource, tier_0=name, app_display_name=name),
        ]
        more = {
            "owner_tenant_id": name,
            "application_permissions": [
                application_permission(name, tier_0=name, resource=resource) | {"app_role_id": name},
                application_permission(f"{name}.", inherited=True, resource=resource),
            ],
        }
        apps.append(app(number, name, [permission(name, 3, resource=resource)], drift, **more))
        without.append(undeclared(number + 100, name, [permission(name, 3, resource=resource)], **more))
    return tenant(HOSTILE[0], apps, without, tenant_id=HOSTILE[0], complete=False, problems=list(HOSTILE))


def large(apps: int = 50, scopes: int = 60, entries: int = 20_000) -> JSON:
    """Many apps and scopes; entries that differ in their user only, and some that don't."""
    names = [f"Area{number % 12:02}.{'ReadWrite' if number % 3 else 'Read'}.{number:02}" for number in range(scopes)]
    found = []
    for number in range(apps):
        permissions = [
            permission(
                scope, (number * 7 + place) % 900, risk=RISKS[(place * 3) % 5], resource=(GRAPH, SHAREPOINT)[place % 2]
            )
            for place, scope in enumerate(names)
            if (number + place) % 3
        ]
        share = entries // apps + (number < entries % apps)
        drift = [
            grant(
                number,
                f"user{number * 1000 + place:06}@contoso.example",
                missing=[names[(number + place % 3) % scopes]],
                resource=(GRAPH, SHAREPOINT)[(number + place % 3) % scopes % 2],
                attribution=[EVE],
            )
            for place in range(share)
        ]
        found.append(app(number, f"Line of business app {number:02}", permissions, drift))
    return tenant(
        "large",
        found,
        [
            undeclared(500 + place, f"Unknown app {place:02}", [permission(names[place], 9, risk=RISKS[place % 5])])
            for place in range(20)
        ],
    )
