# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Admin consent links of the Microsoft identity platform (version 2.0). PRIVATE to tenantops.entra.

Bad input raises ValueError with a sentence for the user.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import SplitResult, quote, urlsplit

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.wording import joined, shown, unknown
from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS, DEFAULT_CLOUD

DEFAULT_TENANT = "organizations"

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)
_SCOPE = re.compile(r"[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+")  # RFC 6749, without the comma
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")  # RFC 3986
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def guid(value: object, what: str) -> str:
    """Return the id in lower case."""
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        raise ValueError(f"{what} must be a GUID such as 00000003-0000-0000-c000-000000000000, not {shown(value)}.")
    return value.lower()


def scope(value: object, what: str) -> str:
    """Return the scope's name."""
    if not isinstance(value, str) or not _SCOPE.fullmatch(value):
        raise ValueError(f"{what} must be the name of one scope, without blanks and commas, not {shown(value)}.")
    return value


def https_url(value: object, what: str) -> str:
    """Return a URL that may be a redirect URI: HTTPS, or HTTP on this computer."""
    if isinstance(value, str) and _URI.fullmatch(value):
        parts = _split(value)
        loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if parts.hostname and (parts.scheme == "https" or loopback) and not _has_extras(value, parts):
            return value
    raise ValueError(f"{what} must be an https URL without a fragment, not {shown(value)}.")


def admin_consent_url(
    client_id: object,
    scopes: object,
    *,
    redirect_uri: object,
    tenant: object = DEFAULT_TENANT,
    state: object = None,
    cloud: object = DEFAULT_CLOUD,
    authority_host: object = None,
) -> str:
    """Build the link on which an administrator approves scopes of an app for a whole tenant."""
    parameters = {"client_id": guid(client_id, "The client id")}
    if state is not None and state != "":
        parameters["state"] = _text(state, "The state")
    if redirect_uri is None:
        raise ValueError("An admin consent link needs the redirect_uri, one of those the app has registered.")
    parameters["redirect_uri"] = https_url(redirect_uri, "The redirect_uri")
    parameters["scope"] = " ".join(_scopes(scopes))
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in parameters.items())
    return f"https://{_login_host(cloud, authority_host)}/{_tenant(tenant)}/v2.0/adminconsent?{query}"


def _split(value: str) -> SplitResult:
    """Take a URL apart; nothing is left of one that makes no sense."""
    try:
        parts = urlsplit(value)
        sound = parts.port != 0  # a port that is no number is noticed only here
    except ValueError:
        sound = False
    return parts if sound else urlsplit("")


def _has_extras(value: str, parts: SplitResult) -> bool:
    return "#" in value or parts.username is not None or parts.password is not None


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{what} must be text, not {shown(value)}: put it in quotes.")
    return value


def _scopes(value: object) -> list[str]:
    if not isinstance(value, t.Sequence) or isinstance(value, str):
        raise ValueError(f"The scopes must be a list of names, not {shown(value)}.")
    if not value:
        raise ValueError("The scopes are empty: an admin consent link needs at least one scope.")
    return list(dict.fromkeys(scope(item, f"scopes[{index}]") for index, item in enumerate(value)))


def _tenant(value: object) -> str:
    if value in ("common", "consumers"):
        raise ValueError(
            f"The tenant cannot be '{value}' in an admin consent link: "
            "give the tenant's id or domain, or 'organizations' to let the administrator's sign-in decide."
        )
    if isinstance(value, str) and (value == DEFAULT_TENANT or _GUID.fullmatch(value) or _DOMAIN.fullmatch(value)):
        return value
    raise ValueError(f"The tenant must be a tenant's id, its domain or 'organizations', not {shown(value)}.")


def _login_host(cloud: object, authority_host: object) -> str:
    known = CLOUDS.get(cloud) if isinstance(cloud, str) else None
    if known is None:
        word = cloud if isinstance(cloud, str) else shown(cloud)
        raise ValueError(f"{unknown('cloud', [word], CLOUDS)}: choose from {joined(CLOUDS)}.")
    if authority_host is None or authority_host == "":
        return known.login_host
    host = _bare_host(authority_host)
    if host is None:
        raise ValueError(
            "The authority_host must be the name of a sign-in host such as login.microsoftonline.com, "
            f"not {shown(authority_host)}."
        )
    return host


def _bare_host(value: object) -> str | None:
    """Return host, or host and port, of a host name or of an https URL without path."""
    if not isinstance(value, str) or not _URI.fullmatch(value):
        return None
    parts = _split(value if "://" in value else f"https://{value}")
    extras = parts.path not in ("", "/") or "?" in value or _has_extras(value, parts)
    return parts.netloc if parts.scheme == "https" and parts.hostname and not extras else None
