# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach and sign in to a tenant, as data. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import urlsplit

from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS, DEFAULT_CLOUD
from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError


@dataclasses.dataclass(frozen=True, slots=True)
class Connection:
    """The connection options of a module, checked. Its ``repr`` shows no secret."""

    tenant_id: str | None = None
    auth: str = "auto"
    client_id: str | None = None
    client_secret: str | None = dataclasses.field(default=None, repr=False)
    client_certificate_path: str | None = None
    client_certificate_password: str | None = dataclasses.field(default=None, repr=False)
    federated_token_file: str | None = None
    access_token: str | None = dataclasses.field(default=None, repr=False)
    cloud: str = DEFAULT_CLOUD
    authority_host: str | None = None
    graph_url: str | None = None
    ca_path: str | None = None
    concurrency: int = 8

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ConfigurationError(f"concurrency must be at least 1, not {self.concurrency}.")
        for name in ("authority_host", "graph_url"):
            value = getattr(self, name)
            if value is not None and urlsplit(_with_scheme(value)).scheme != "https":
                raise ConfigurationError(f"{name} must be an https URL, not {value}: tokens travel over TLS only.")

    @classmethod
    def from_options(cls, options: t.Mapping[str, t.Any]) -> Connection:
        """From a module's options; an empty text counts as not given, as in an unset variable of a pipeline."""
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
    return value if "://" in value else f"https://{value}"
