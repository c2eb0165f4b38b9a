# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach and sign in to a tenant, as data. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS, DEFAULT_CLOUD
from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError

_TENANT = re.compile(r"[A-Za-z0-9.-]+")
_PROXY_VARIABLES = frozenset({"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"})


@dataclasses.dataclass(frozen=True, slots=True)
class Connection:
    """The connection options of a module, checked. Its ``repr`` shows no secret."""

    tenant_id: str | None = None
    auth: str = "auto"
    client_id: str | None = None
    client_secret: str | None = dataclasses.field(default=None, repr=False)
    client_certificate: str | None = dataclasses.field(default=None, repr=False)
    client_certificate_path: str | None = None
    client_certificate_password: str | None = dataclasses.field(default=None, repr=False)
    federated_token_file: str | None = None
    service_connection_id: str | None = None
    access_token: str | None = dataclasses.field(default=None, repr=False)
    cloud: str = DEFAULT_CLOUD
    authority_host: str | None = None
    graph_url: str | None = None
    ca_path: str | None = None
    concurrency: int = 8

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ConfigurationError(f"concurrency must be at least 1, not {self.concurrency}.")
        if self.tenant_id is not None and not _TENANT.fullmatch(self.tenant_id):
            raise ConfigurationError(f"tenant_id must be the tenant's id or one of its domains, not {self.tenant_id}.")
        for name in ("authority_host", "graph_url"):
            value = getattr(self, name)
            if value is not None:
                _check_url(name, value)

    @classmethod
    def from_options(cls, options: t.Mapping[str, t.Any]) -> Connection:
        """From a module's options; an empty text counts as not given, as in an unset variable of a pipeline."""
        _check_proxies(os.environ)
        given = {field.name: options[field.name] for field in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in given.items() if value not in (None, "")})

    @property
    def authority(self) -> str:
        """The login endpoint's URL without a path."""
        return _with_scheme(self.authority_host or CLOUDS[self.cloud].login_host).rstrip("/")

    @property
    def authority_is_known(self) -> bool:
        """Whether the login endpoint is one of Microsoft's public clouds', so that its instance can be discovered."""
        return urlsplit(self.authority).hostname in {cloud.login_host for cloud in CLOUDS.values()}

    @property
    def graph_root(self) -> str:
        """Graph's URL with the version."""
        return _with_scheme(self.graph_url or CLOUDS[self.cloud].graph_host).rstrip("/") + "/v1.0"

    @property
    def token_scope(self) -> str:
        """What a token is asked for: the cloud's Graph, also where ``graph_url`` leads elsewhere."""
        return f"https://{CLOUDS[self.cloud].graph_host}/.default"


def _with_scheme(value: str) -> str:
    if "://" in value:
        return value
    try:
        return f"https://[{ipaddress.IPv6Address(value)}]"
    except ValueError:
        return f"https://{value}"


def _check_url(name: str, value: str) -> None:
    try:
        parts = urlsplit(_with_scheme(value))
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise ConfigurationError(f"{name} {value} is no URL with a host.")
    if parts.scheme != "https":
        raise ConfigurationError(f"{name} must be an https URL, not {value}: tokens travel over TLS only.")


def _check_proxies(environment: t.Mapping[str, str]) -> None:
    """The libraries' own messages on a proxy's address may show its password."""
    for name, value in environment.items():
        if name.upper() not in _PROXY_VARIABLES or not value:
            continue
        try:
            parts = urlsplit(value if "://" in value else f"http://{value}")
            good = bool(parts.hostname) and parts.port != 0 and "@" not in parts.path + parts.query + parts.fragment
        except ValueError:
            good = False
        if not good:
            raise ConfigurationError(
                f"{name} is no address of a proxy: http://host:port or http://user:password@host:port is wanted, with "
                "special characters in the password percent-encoded."
            )
        if parts.scheme not in ("http", "https"):
            raise ConfigurationError(f"{name} names a proxy of the kind {parts.scheme}: only HTTP proxies will do.")
