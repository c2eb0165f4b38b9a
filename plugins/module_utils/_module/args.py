# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs in pieces, with the rules across options. PRIVATE to tenantops.entra."""

from __future__ import annotations

import dataclasses
import difflib
import typing as t

from ansible.module_utils.basic import env_fallback

from ansible_collections.tenantops.entra.plugins.module_utils._clouds import CLOUDS, DEFAULT_CLOUD
from ansible_collections.tenantops.entra.plugins.module_utils._consent import specs

Options: t.TypeAlias = specs.Options


@dataclasses.dataclass(frozen=True, slots=True)
class ArgumentSpec:
    """Options and what must hold between them, as AnsibleModule takes it."""

    options: Options = dataclasses.field(default_factory=dict)
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    required_if: tuple[tuple[t.Any, ...], ...] = ()

    def merge(self, other: ArgumentSpec) -> ArgumentSpec:
        return ArgumentSpec(
            {**self.options, **other.options},
            self.mutually_exclusive + other.mutually_exclusive,
            self.required_one_of + other.required_one_of,
            self.required_if + other.required_if,
        )

    def to_kwargs(self) -> dict[str, t.Any]:
        return {
            "argument_spec": self.options,
            "mutually_exclusive": self.mutually_exclusive,
            "required_one_of": self.required_one_of,
            "required_if": self.required_if,
        }


def _from_environment(name: str, **more: t.Any) -> dict[str, t.Any]:
    return {"type": "str", "fallback": (env_fallback, [name]), **more}


CONNECTION = ArgumentSpec(
    {
        "tenant_id": _from_environment("AZURE_TENANT_ID"),
        "auth": _from_environment(
            "TENANTOPS_AUTH",
            default="auto",
            choices=[
                "auto",
                "client_secret",
                "client_certificate",
                "workload_identity",
                "github_actions",
                "azure_pipelines",
                "managed_identity",
                "azure_cli",
                "azure_powershell",
                "device_code",
                "access_token",
            ],
        ),
        "client_id": _from_environment("AZURE_CLIENT_ID"),
        "client_secret": _from_environment("AZURE_CLIENT_SECRET", no_log=True),
        "client_certificate": {"type": "str", "no_log": True},
        "client_certificate_path": _from_environment("AZURE_CLIENT_CERTIFICATE_PATH", type="path"),
        "client_certificate_password": _from_environment("AZURE_CLIENT_CERTIFICATE_PASSWORD", no_log=True),
        "federated_token_file": _from_environment("AZURE_FEDERATED_TOKEN_FILE", type="path", no_log=False),
        "service_connection_id": _from_environment("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
        "access_token": {"type": "str", "no_log": True},
        "cloud": _from_environment("TENANTOPS_CLOUD", default=DEFAULT_CLOUD, choices=list(CLOUDS)),
        "authority_host": _from_environment("AZURE_AUTHORITY_HOST"),
        "graph_url": _from_environment("TENANTOPS_GRAPH_URL"),
        "ca_path": _from_environment("TENANTOPS_CA_PATH", type="path"),
        "concurrency": {"type": "int", "default": 8},
    }
)

STATE = specs.STATE
PRINCIPALS = specs.PRINCIPALS
ALL_USERS = specs.ALL_USERS
ROLE = specs.ROLE
# An app by its id, or a managed identity by the resource id that is the same in every tenant.
WHICH_APP: Options = {"app_id": {"type": "str"}, "managed_identity": {"type": "str"}}
VALIDATE_SCOPES: Options = {"validate_scopes": {"type": "bool", "default": True}}
MAX_REMOVALS: Options = {"max_removals": {"type": "int", "default": 100}}
ALLOW_EMPTY_GROUPS: Options = {"allow_empty_groups": {"type": "bool", "default": False}}
REMOVALS: Options = {"prune": {"type": "bool", "default": False}, **MAX_REMOVALS, **ALLOW_EMPTY_GROUPS}
RETURN_LIMIT: Options = {"return_limit": {"type": "int", "default": 1000}}
RISK_LEVELS: Options = {"risk_levels": {"type": "dict", "default": {}}}


def unknown_options(given: object, options: Options, where: str = "") -> list[str]:
    """What is no option, with the way to it and the option that may have been meant, one sentence each."""
    if isinstance(given, list):
        return [
            problem
            for place, entry in enumerate(given)
            for problem in unknown_options(entry, options, f"{where.removesuffix('.')}[{place}].")
        ]
    if not isinstance(given, dict):
        return []
    problems = []
    for name, value in given.items():
        if name not in options:
            near = difflib.get_close_matches(str(name), options, n=1)
            hint = f"; did you mean {near[0]}?" if near else f": choose from {', '.join(sorted(options))}."
            problems.append(f"{where}{name} is no option{hint}")
        elif "options" in options[name]:
            problems += unknown_options(value, options[name]["options"], f"{where}{name}.")
    return problems
