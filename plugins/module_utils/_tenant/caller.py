# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What module caller_info finds: who is signed in, with which permissions, and what each module lacks.

PRIVATE to tenantops.entra. What the access token says counts once Graph has taken that very token, for Graph has checked
it then. The token itself goes nowhere.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import (
    GRAPH_APP_ID,
    ServicePrincipal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.scopes import tokens
from ansible_collections.tenantops.entra.plugins.module_utils._errors import GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._graph import permissions
from ansible_collections.tenantops.entra.plugins.module_utils._graph.endpoints import (
    app_role_assignments,
    oauth2_permission_grants,
    organization,
    people,
    service_principals,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.claims import claims, expiry, text, texts

if t.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Listing, Request

    Options: t.TypeAlias = Mapping[str, t.Any]

# Graph refuses like this only whom it has recognised.
_DENIED = "Authorization_RequestDenied"
# Scopes that are about the sign-in itself. Tokens do not have all of them, and nothing here depends on one.
_SIGN_IN_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
# Ways to sign in at which option client_id does not say whose token it is.
_OF_OTHERS = frozenset({"access_token", "azure_cli", "azure_powershell"})
_NEW_TOKEN = (
    "Sign in anew: a token holds what was granted when it was issued. New tokens may lag some minutes behind, those of a "
    "managed identity up to a day."
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Token:
    """What the access token says of itself. Of one that can't be read, nothing is known but perhaps whose it is."""

    readable: bool
    of_user: bool = False
    tenant_id: str | None = None
    client_id: str | None = None
    object_id: str | None = None
    app_name: str | None = None
    user_name: str | None = None
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    end: int | None = None

    @classmethod
    def read(cls, token: str, options: Options) -> _Token:
        said = claims(token)
        if not said:
            other = options["access_token"] or options["auth"] in _OF_OTHERS
            return cls(readable=False, client_id=None if other else str(options["client_id"] or "").lower() or None)
        return cls(
            readable=True,
            of_user="scp" in said or said.get("idtyp") == "user",
            tenant_id=text(said.get("tid")),
            client_id=text(said.get("appid")) or text(said.get("azp")),
            object_id=text(said.get("oid")),
            app_name=text(said.get("app_displayname")),
            user_name=text(said.get("upn")) or text(said.get("preferred_username")),
            roles=texts(said.get("roles")),
            scopes=tokens(text(said.get("scp")) or ""),
            end=expiry(token),
        )


@dataclasses.dataclass(slots=True)
class _Seen:
    """What Graph tells. ``granted`` is None as long as that is not known."""

    tenant: JSON = dataclasses.field(default_factory=dict)
    user: JSON = dataclasses.field(default_factory=dict)
    app: ServicePrincipal | None = None
    granted: frozenset[str] | None = None
    problems: list[str] = dataclasses.field(default_factory=list)


async def caller(client: GraphClient, options: Options) -> JSON:
    """Of module ``caller_info``. Raises EntraError unless Graph takes the token."""
    seen = _Seen()
    await _ask(client, _Token.read(client.token(), options), seen)
    # Graph may have asked for another one meanwhile.
    token = _Token.read(client.token(), options)
    held = token.roles | token.scopes if token.readable else seen.granted
    return {
        "tenant": _tenant(token, seen),
        "identity": _identity(token, seen),
        "permissions": _permissions(token, seen),
        "granted": None if seen.granted is None else sorted(seen.granted),
        "stale": _stale(token, seen),
        "expires_at": None
        if token.end is None
        else datetime.datetime.fromtimestamp(token.end, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "modules": {
            name: _module(needs, held, users=options["with_users"], groups=options["with_groups"])
            for name, needs in permissions.MODULES.items()
        },
        "problems": [*_limits(token, held), *seen.problems],
    }


# What Graph is asked


async def _ask(client: GraphClient, token: _Token, seen: _Seen) -> None:
    label = token.app_name or token.client_id or "the automation"
    requests: dict[str, Request] = {
        "tenant": organization.tenant(),
        "apps": service_principals.service_principals([GRAPH_APP_ID, *([token.client_id] if token.client_id else [])]),
    }
    if token.of_user and token.object_id:
        requests["user"] = people.users_by_id([token.object_id])
    elif token.object_id:
        requests["roles"] = app_role_assignments.roles_of_app(label, token.object_id)
    listings = dict(zip(requests, await client.first_pages(list(requests.values())), strict=True))
    _check_recognised(listings.values())
    seen.tenant = await _if_allowed(client, listings["tenant"], seen)
    if "user" in listings:
        seen.user = await _if_allowed(client, listings["user"], seen)
    try:
        apps = [ServicePrincipal.from_graph(graph) for graph in await _objects(client, listings["apps"])]
        seen.app = next((app for app in apps if app.app_id == token.client_id), None)
        graph = next((app for app in apps if app.app_id == GRAPH_APP_ID), None)
        seen.granted = await _granted(client, token, seen, graph, listings.get("roles"))
    except GraphError as error:
        seen.problems.append(f"What is granted at present is not known. {error.message}")


def _check_recognised(listings: Collection[Listing]) -> None:
    """Raises what Graph answered unless it took the token; that something is not allowed it says only to callers it knows."""
    errors = [listing.error for listing in listings if listing.error is not None]
    if len(errors) == len(listings) and not any(error.status == 403 and error.code == _DENIED for error in errors):
        raise errors[0]


async def _if_allowed(client: GraphClient, listing: Listing, seen: _Seen) -> JSON:
    """The only object of a list that many may not read, which is no problem."""
    try:
        return next(iter(await _objects(client, listing)), {})
    except GraphError as error:
        seen.problems += [] if error.status == 403 else [error.message]
        return {}


async def _granted(
    client: GraphClient, token: _Token, seen: _Seen, graph: ServicePrincipal | None, roles: Listing | None
) -> frozenset[str] | None:
    """What is granted on Microsoft Graph: scopes to an app for a user, else application permissions. Raises GraphError.

    :param roles: what the service principal is assigned to, if that has been asked for.
    """
    app = seen.app
    if graph is None:
        seen.problems.append("Microsoft Graph has no service principal in this tenant, so nothing is granted on it.")
        return frozenset()
    if token.of_user and app is not None:
        rows = await _objects(
            client, await _begin(client, oauth2_permission_grants.grants_of_client(app.label, app.id))
        )
        return frozenset(
            scope
            for row in _on(graph, rows)
            if row.get("consentType") == "AllPrincipals" or row.get("principalId") == token.object_id
            for scope in tokens(row.get("scope") or "")
        )
    if roles is None and app is not None:
        roles = await _begin(client, app_role_assignments.roles_of_app(app.label, app.id))
    if roles is None:
        if token.client_id:
            seen.problems.append(
                f"What is granted at present is not known: {token.client_id} has no service principal in this tenant."
            )
        return None
    values = {role.id: role.value for role in graph.roles}
    rows = await _objects(client, roles)
    return frozenset(values.get(row["appRoleId"]) or str(row["appRoleId"]) for row in _on(graph, rows))


def _on(resource: ServicePrincipal, rows: Iterable[JSON]) -> list[JSON]:
    return [row for row in rows if row.get("resourceId") == resource.id]


async def _begin(client: GraphClient, request: Request) -> Listing:
    (listing,) = await client.first_pages([request])
    return listing


async def _objects(client: GraphClient, listing: Listing) -> list[JSON]:
    found: list[JSON] = []
    await client.each_page(listing, found.extend)
    return found


# What is returned


def _tenant(token: _Token, seen: _Seen) -> JSON:
    domains = seen.tenant.get("verifiedDomains") or ()
    return {
        "id": token.tenant_id or seen.tenant.get("id"),
        "domain": next((domain.get("name") for domain in domains if domain.get("isDefault")), None),
        "display_name": seen.tenant.get("displayName"),
    }


def _identity(token: _Token, seen: _Seen) -> JSON:
    kind = "user" if token.of_user else "app" if token.readable or seen.app else None
    return {
        "type": kind,
        "client_id": token.client_id,
        "object_id": token.object_id or (seen.app.id if seen.app else None),
        "display_name": token.app_name or (seen.app.display_name if seen.app else None),
        "user_principal_name": seen.user.get("userPrincipalName") or token.user_name if token.of_user else None,
    }


def _permissions(token: _Token, seen: _Seen) -> JSON:
    if token.readable:
        return {"application": sorted(token.roles), "delegated": sorted(token.scopes)}
    return {"application": None if seen.granted is None else sorted(seen.granted), "delegated": None}


def _stale(token: _Token, seen: _Seen) -> JSON:
    """Where the token is not what is granted; null if one of both is not known."""
    if seen.granted is None or not token.readable:
        return {"not_in_token": None, "revoked": None, "advice": None}
    held = token.scopes if token.of_user else token.roles
    new, gone = seen.granted - held, held - seen.granted
    if token.of_user:
        new, gone = new - _SIGN_IN_SCOPES, gone - _SIGN_IN_SCOPES
        if seen.app is not None and seen.app.owned_by_microsoft:
            gone = frozenset()  # Microsoft lets its own apps have scopes that nobody granted
    return {"not_in_token": sorted(new), "revoked": sorted(gone), "advice": _NEW_TOKEN if new or gone else None}


def _module(needs: permissions.ModuleNeeds, held: Collection[str] | None, *, users: bool, groups: bool) -> JSON:
    """What a module may do and what it lacks; null where the permissions are not known."""
    known = held if held is not None else ()
    reading = permissions.missing(needs.needs(writing=False, users=users, groups=groups), known)
    writing = permissions.missing(needs.needs(writing=True, users=users, groups=groups), known)
    if needs.write is None:
        writing = {}
    extra = permissions.missing(needs.extra, known)
    if held is None:
        can_read = can_write = None
        reading = writing = extra = {}
    else:
        can_read, can_write = not reading, None if needs.write is None else not writing
    return {
        "can_read": can_read,
        "can_write": can_write,
        "missing": list(reading),
        "missing_for_writing": list(writing),
        "missing_for_extras": list(extra),
        "purposes": {**reading, **writing, **extra},
    }


def _limits(token: _Token, held: Collection[str] | None) -> list[str]:
    """What this can't tell, one sentence each."""
    found = []
    if not token.readable:
        found.append("The access token can't be read (it is no JSON web token), so its permissions are not known.")
        if held is not None:
            found[0] = (
                "The access token can't be read (it is no JSON web token): its permissions are taken to be those that "
                f"Graph says are granted to {token.client_id}."
            )
    if token.of_user:
        found.append(
            "The user's directory roles are not looked at: without a role that allows it, Graph refuses what the "
            "scopes allow."
        )
    return found
