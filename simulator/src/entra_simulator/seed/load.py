# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a tenant description to a `Store`. The format is described in the README ("Seed")."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from entra_simulator import ids
from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.seed.apps import add_application, add_service_principal
from entra_simulator.seed.identities import add_identity, add_managed_identities, add_pipelines
from entra_simulator.seed.links import add_assignments, add_grants
from entra_simulator.seed.people import add_groups, add_users
from entra_simulator.tenant.model import GRAPH_APP_ID, Identity, ServicePrincipal, Tenant
from entra_simulator.tenant.store import Store

SECTIONS = {
    "tenant", "users", "groups", "applications", "service_principals", "grants", "assignments", "identities",
    "pipelines", "managed_identities",
}  # fmt: skip
# Where PyYAML was built with it, libyaml reads a large tenant eight times faster.
_FASTEST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LOADER = cast(type[yaml.SafeLoader], type("_Loader", (_FASTEST,), {}))


def _unsafe(loader: Any, node: yaml.Node) -> Any:
    """Ansible's files tell by this tag what is no template; here nothing is."""
    plain = copy.copy(node)
    plain.tag = loader.resolve(type(node), node.value, (True, False))
    return loader.construct_object(plain, deep=True)


_LOADER.add_constructor("!unsafe", _unsafe)


def read_file(path: Path) -> Any:
    """The document in a YAML or JSON file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SeedError(str(path), f"can't be read: {reason}") from error
    try:
        # JSON first: a large state file loads a hundred times faster that way.
        return json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError:
        return _yaml(text, path)


def build(
    document: Any, clock: Clock, lag_seconds: float = 0.0, running: Mapping[str, Identity] | None = None
) -> Store:
    """The tenant that a document describes.

    `running` are the identities of a simulator that has started already, by client id: they keep the secrets and
    certificates made for them, and one that is new must bring its own, for nobody would learn a made one. Raises
    `SeedError`.
    """
    top = Section(document, "", SECTIONS)
    head = Section(top.raw("tenant"), "tenant", {"id", "domain", "display_name"})
    domain = head.text("domain")
    tenant = Tenant(head.guid("id"), domain, head.text("display_name", domain))
    store = Store(tenant, clock, lag_seconds)
    ranges = add_users(store, top.items("users"))
    groups = add_groups(store, top.items("groups"))
    for place, value in enumerate(top.items("applications")):
        add_application(store, value, f"applications.{place}")
    for place, value in enumerate(top.items("service_principals")):
        add_service_principal(store, value, f"service_principals.{place}")
    if GRAPH_APP_ID not in store.by_app_id:
        graph_id = ids.derived_guid(tenant.id, "servicePrincipal", GRAPH_APP_ID)
        store.add_service_principal(ServicePrincipal(graph_id, store.applications[GRAPH_APP_ID]))
    groups.add_members(ranges)
    seen: set[str] = set()
    for place, value in enumerate(top.items("grants")):
        add_grants(store, value, f"grants.{place}", ranges, seen)
    for place, value in enumerate(top.items("assignments")):
        add_assignments(store, value, f"assignments.{place}", ranges)
    for place, value in enumerate(top.items("identities")):
        add_identity(store, value, f"identities.{place}", running)
    add_pipelines(store, top.raw("pipelines", {}))
    add_managed_identities(store, top.raw("managed_identities", {}))
    return store


def _yaml(text: str, path: Path | None = None) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else str(path or "seed")
        raise SeedError(where, f"is not valid YAML: {getattr(error, 'problem', None) or error}") from error
