# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is signed in, from all kinds of tokens and of Graph's answers."""

from __future__ import annotations

import asyncio
import base64
import json
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Listing, Request
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import caller

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient

JSON: t.TypeAlias = dict[str, t.Any]
TENANT, CLIENT = "5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10", "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11"
OWN, USER, OTHER = (f"0b1ec700-000{number}-4000-8000-000000000000" for number in (1, 2, 3))
GRAPH_ID = "0b1ec700-0004-4000-8000-000000000000"
GRAPH: JSON = {
    "id": GRAPH_ID,
    "appId": "00000003-0000-0000-c000-000000000000",
    "displayName": "Microsoft Graph",
    "appRoles": [
        {"id": "r1", "value": "Directory.Read.All", "allowedMemberTypes": ["Application"]},
        {"id": "r2", "value": "User.ReadBasic.All", "allowedMemberTypes": ["Application"]},
    ],
}
APP: JSON = {"id": OWN, "appId": CLIENT, "displayName": "Consent automation"}
CLAIMS: JSON = {
    "tid": TENANT,
    "appid": CLIENT,
    "oid": OWN,
    "app_displayname": "automation",
    "idtyp": "app",
    "roles": ["Directory.Read.All"],
    "exp": 1795658399,
}
USER_CLAIMS: JSON = {
    **CLAIMS,
    "oid": USER,
    "idtyp": "user",
    "upn": "ada@contoso.example",
    "roles": None,
    "scp": "openid Directory.Read.All User.Read",
}
OPTIONS: JSON = {"access_token": None, "auth": "auto", "client_id": None, "with_users": True, "with_groups": True}
# Paths, by what is asked there.
APPS, ROLES = "/servicePrincipals", f"/servicePrincipals/{OWN}/appRoleAssignments"
TENANTS, USERS, GRANTS = "/organization", "/users", "/oauth2PermissionGrants"
DENIED = (403, "Authorization_RequestDenied")


def role(role_id: str, resource: str = GRAPH_ID) -> JSON:
    ids = {"appRoleId": role_id, "resourceId": resource, "principalId": OWN}
    return {"id": f"{role_id}{resource}", "principalType": "ServicePrincipal", **ids}


def grant(scope: str, user: str | None, resource: str = GRAPH_ID) -> JSON:
    consent = "Principal" if user else "AllPrincipals"
    ends = {"id": f"{user}{resource}", "clientId": OWN, "resourceId": resource}
    return {**ends, "consentType": consent, "principalId": user, "scope": scope}


def jwt(said: JSON) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({}, said)]
    return ".".join([*parts, "signature"])


class Graph:
    """Answers by path: rows, or a status with an error code. What it was asked is in ``asked``."""

    def __init__(self, token: str, *, renewed: str | None = None, **answers: list[JSON] | tuple[int, str]) -> None:
        self._tokens = [token, renewed or token]
        self.asked: list[list[str]] = []
        usual: dict[str, list[JSON] | tuple[int, str]] = {
            "tenants": [
                {
                    "id": TENANT,
                    "displayName": "Contoso",
                    "verifiedDomains": [
                        {"name": "contoso.onmicrosoft.example", "isDefault": False},
                        {"name": "contoso.example", "isDefault": True},
                    ],
                }
            ],
            "apps": [GRAPH, APP],
            "roles": [role("r1")],
            "users": [{"id": USER, "userPrincipalName": "ada@contoso.example", "displayName": "Ada"}],
            "grants": [],
        }
        given = {**usual, **answers}
        names = {"tenants": TENANTS, "apps": APPS, "roles": ROLES, "users": USERS, "grants": GRANTS}
        self._answers = {path: given[name] for name, path in names.items()}

    def token(self) -> str:
        return self._tokens[1 if self.asked else 0]

    async def first_pages(self, requests: Sequence[Request]) -> list[Listing]:
        self.asked.append([request.path for request in requests])
        listings = []
        for request in requests:
            answer = self._answers[request.path]
            status, body = (200, {"value": answer}) if isinstance(answer, list) else (answer[0], _error(answer[1]))
            listing = Listing(request)
            listing.add(AnswerReader("https://graph.microsoft.com/v1.0").read(request, status, {}, body))
            listings.append(listing)
        return listings

    async def each_page(self, listing: Listing, read: Callable[[list[JSON]], None]) -> None:
        if listing.error is not None:
            raise listing.error
        read(listing.take())


def _error(code: str) -> JSON:
    return {"error": {"code": code, "message": "No."}} if code else {}


def ask(graph: Graph, **options: t.Any) -> JSON:
    return asyncio.run(caller.caller(t.cast("GraphClient", graph), {**OPTIONS, **options}))


def test_an_app_in_one_request() -> None:
    graph = Graph(jwt(CLAIMS))
    found = ask(graph)
    assert found["tenant"] == {"id": TENANT, "domain": "contoso.example", "display_name": "Contoso"}
    assert found["identity"] == {
        "type": "app",
        "client_id": CLIENT,
        "object_id": OWN,
        "display_name": "automation",
        "user_principal_name": None,
    }
    assert found["permissions"] == {"application": ["Directory.Read.All"], "delegated": []}
    assert found["granted"] == ["Directory.Read.All"]
    assert found["stale"] == {"not_in_token": [], "revoked": [], "advice": None}
    assert found["expires_at"] == "2026-11-26T01:59:59Z"
    assert found["problems"] == []
    assert found["modules"]["tenant_consent"] == {
        "can_read": True,
        "can_write": False,
        "missing": [],
        "missing_for_writing": [
            "Application.ReadWrite.All",
            "DelegatedPermissionGrant.ReadWrite.All",
            "AppRoleAssignment.ReadWrite.All",
        ],
        "missing_for_extras": [],
        "purposes": {
            "Application.ReadWrite.All": ["apps"],
            "DelegatedPermissionGrant.ReadWrite.All": ["grants"],
            "AppRoleAssignment.ReadWrite.All": ["assignments"],
        },
    }
    info = found["modules"]["tenant_consent_info"]
    assert (info["can_read"], info["can_write"], info["missing_for_writing"]) == (True, None, [])
    assert info["missing_for_extras"] == ["AuditLog.Read.All"]
    assert len(graph.asked) == 1


def test_what_tasks_will_not_name_is_not_missing() -> None:
    held = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"]
    graph = Graph(jwt({**CLAIMS, "roles": held}))

    def lacks(**options: bool) -> list[str]:
        found: list[str] = ask(graph, **options)["modules"]["tenant_consent"]["missing_for_writing"]
        return found

    assert lacks() == ["User.ReadBasic.All", "GroupMember.Read.All"]
    assert lacks(with_users=False) == ["GroupMember.Read.All"]
    assert lacks(with_groups=False) == ["User.ReadBasic.All"]
    assert lacks(with_users=False, with_groups=False) == []


def test_the_newer_form_of_tokens() -> None:
    said = {**CLAIMS, "azp": CLIENT, "appid": None, "app_displayname": None}
    identity = ask(Graph(jwt(said)))["identity"]
    assert (identity["client_id"], identity["display_name"]) == (CLIENT, "Consent automation")


def test_what_is_granted_since_and_what_is_granted_no_more() -> None:
    found = ask(Graph(jwt(CLAIMS), roles=[role("r2"), role("r9"), role("r1", resource=OTHER)]))
    assert found["granted"] == ["User.ReadBasic.All", "r9"]  # a role that Graph no longer declares
    assert found["stale"]["not_in_token"] == ["User.ReadBasic.All", "r9"]
    assert found["stale"]["revoked"] == ["Directory.Read.All"]
    assert found["stale"]["advice"].startswith("Sign in anew: ")
    # What counts is what the token holds.
    assert found["modules"]["tenant_consent"]["missing"] == []


def test_who_may_read_nothing_is_told_all_the_same() -> None:
    found = ask(Graph(jwt({**CLAIMS, "roles": None}), tenants=DENIED, apps=DENIED, roles=DENIED))
    assert found["tenant"] == {"id": TENANT, "domain": None, "display_name": None}
    assert found["permissions"]["application"] == []
    assert (found["granted"], set(found["stale"].values())) == (None, {None})
    assert found["modules"]["service_principal_info"]["missing"] == ["Application.Read.All"]
    (problem,) = found["problems"]
    assert problem.startswith("What is granted at present is not known. Could not read the service principals of ")
    assert "grant it Application.Read.All or " in problem


@pytest.mark.parametrize("answer", [(401, "InvalidAuthenticationToken"), (403, ""), (403, "Forbidden"), (503, "x")])
def test_a_token_that_graph_has_not_taken_proves_nothing(answer: tuple[int, str]) -> None:
    """403 of something in between, such as a proxy, is no word of Graph's."""
    with pytest.raises(GraphError) as caught:
        ask(Graph(jwt(CLAIMS), tenants=answer, apps=answer, roles=answer))
    assert caught.value.http_status == answer[0]


@pytest.mark.parametrize(
    "graph",
    [Graph(jwt(CLAIMS), tenants=(503, "x"), apps=(503, "x")), Graph(jwt(CLAIMS), tenants=(503, "x"), roles=(503, "x"))],
    ids=["apps", "roles"],
)
def test_what_could_not_be_read_is_a_problem(graph: Graph) -> None:
    found = ask(graph)
    assert found["granted"] is None
    assert found["problems"][0].startswith("Could not read the name of the tenant: Graph answered 503")
    assert found["problems"][1].startswith("What is granted at present is not known. Could not read ")
    assert found["permissions"]["application"] == ["Directory.Read.All"]


def test_a_tenant_without_microsoft_graph() -> None:
    found = ask(Graph(jwt(CLAIMS), apps=[APP]))
    assert (found["granted"], found["stale"]["revoked"]) == ([], ["Directory.Read.All"])
    assert "Microsoft Graph has no service principal" in found["problems"][0]


def test_a_user() -> None:
    granted = [
        grant(" openid  Directory.Read.All", None),
        grant("Mail.Read offline_access", USER),
        grant("Mail.Send", OTHER),
        grant("Calendars.Read", None, resource=OTHER),
    ]
    graph = Graph(jwt(USER_CLAIMS), grants=granted)
    found = ask(graph)
    assert found["identity"] == {
        "type": "user",
        "client_id": CLIENT,
        "object_id": USER,
        "display_name": "automation",
        "user_principal_name": "ada@contoso.example",
    }
    assert found["permissions"] == {"application": [], "delegated": ["Directory.Read.All", "User.Read", "openid"]}
    assert found["granted"] == ["Directory.Read.All", "Mail.Read", "offline_access", "openid"]
    assert (found["stale"]["not_in_token"], found["stale"]["revoked"]) == (["Mail.Read"], ["User.Read"])
    assert found["modules"]["tenant_consent"]["can_read"] is True
    assert found["problems"] == [
        "The user's directory roles are not looked at: without a role that allows it, Graph refuses what the scopes allow."
    ]
    assert graph.asked == [[TENANTS, APPS, USERS], [GRANTS]]


def test_microsofts_own_apps_hold_what_nobody_granted() -> None:
    own = {**APP, "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a"}
    found = ask(Graph(jwt(USER_CLAIMS), apps=[GRAPH, own]))
    assert (found["granted"], found["stale"]["revoked"], found["stale"]["advice"]) == ([], [], None)


def test_a_users_app_that_is_not_in_the_tenant() -> None:
    found = ask(Graph(jwt(USER_CLAIMS), apps=[GRAPH], users=DENIED))
    assert found["granted"] is None
    assert found["identity"]["user_principal_name"] == "ada@contoso.example"
    assert f"{CLIENT} has no service principal in this tenant." in found["problems"][1]


@pytest.mark.parametrize("token", ["opaque", "a.b.c"])
def test_a_token_that_can_not_be_read(token: str) -> None:
    found = ask(Graph(token), client_id=CLIENT.upper(), auth="client_secret")
    assert found["identity"] == {
        "type": "app",
        "client_id": CLIENT,
        "object_id": OWN,
        "display_name": "Consent automation",
        "user_principal_name": None,
    }
    assert found["tenant"]["id"] == TENANT
    assert found["permissions"] == {"application": ["Directory.Read.All"], "delegated": None}
    assert (found["expires_at"], set(found["stale"].values())) == (None, {None})
    assert found["modules"]["tenant_consent"]["can_read"] is True
    assert found["problems"] == [
        "The access token can't be read (it is no JSON web token): its permissions are taken to be those that Graph "
        f"says are granted to {CLIENT}."
    ]


@pytest.mark.parametrize("options", [{"access_token": "opaque"}, {"auth": "azure_cli"}], ids=str)
def test_a_token_of_nobody_knows_whom(options: JSON) -> None:
    """The option client_id may be there for other tasks, and is not whose token this is."""
    found = ask(Graph("opaque"), client_id=CLIENT, **options)
    assert set(found["identity"].values()) == {None}
    assert (found["permissions"], found["granted"]) == ({"application": None, "delegated": None}, None)
    assert found["modules"]["tenant_consent"] == {
        "can_read": None,
        "can_write": None,
        "missing": [],
        "missing_for_writing": [],
        "missing_for_extras": [],
        "purposes": {},
    }
    assert found["problems"] == [
        "The access token can't be read (it is no JSON web token), so its permissions are not known."
    ]


def test_a_token_that_was_renewed_on_the_way() -> None:
    """As after a claims challenge: the last one counts."""
    graph = Graph(jwt(CLAIMS), renewed=jwt({**CLAIMS, "roles": ["AuditLog.Read.All"]}))
    assert ask(graph)["permissions"]["application"] == ["AuditLog.Read.All"]


@pytest.mark.parametrize("said", [CLAIMS, USER_CLAIMS, {"exp": "soon"}], ids=["app", "user", "odd"])
def test_the_token_is_in_no_part_of_the_result(said: JSON) -> None:
    token = jwt(said)
    text = json.dumps(ask(Graph(token, apps=(503, "x"), tenants=[]), client_id=CLIENT))
    assert not [part for part in token.split(".")[1:] if part in text]


@pytest.mark.parametrize(
    "said",
    [
        {"exp": 10**30, "roles": 5},
        {"exp": float("inf"), "roles": {"a": 1}},
        {"exp": float("nan"), "scp": ["x"]},
        {"exp": True, "oid": 7, "appid": ["x"], "tid": {}, "upn": 1, "app_displayname": None},
        {"exp": -1, "roles": [None, 7, "Directory.Read.All"]},
    ],
)
def test_a_token_that_says_nonsense_is_no_traceback(said: JSON) -> None:
    found = ask(Graph(jwt({**CLAIMS, **said})))
    assert found["expires_at"] is None
