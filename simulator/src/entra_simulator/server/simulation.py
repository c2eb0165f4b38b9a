# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything one running simulator has."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_simulator.authority.assertions import Assertions
from entra_simulator.authority.consent import consent
from entra_simulator.authority.federation import ProviderKeys
from entra_simulator.authority.issuers import Issuers
from entra_simulator.authority.managed_identity import ManagedIdentity
from entra_simulator.authority.pipelines import Pipelines
from entra_simulator.authority.sign_in import SignIn
from entra_simulator.authority.tokens import LIFETIME_SECONDS, Tokens
from entra_simulator.clock import Clock
from entra_simulator.errors import SeedError
from entra_simulator.graph.audits import entity
from entra_simulator.graph.call import Call, Switches, World
from entra_simulator.graph.routes import Price
from entra_simulator.section import Section
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build
from entra_simulator.server.faults import Faults
from entra_simulator.server.journal import Journal
from entra_simulator.server.replicas import Replicas
from entra_simulator.server.throttle import Throttle, Verdict, tenant_size
from entra_simulator.tenant.audit.log import AuditLog
from entra_simulator.tenant.model import Identity
from entra_simulator.tenant.permissions import OPERATIONS, Caller
from entra_simulator.tenant.rows import START, NewestFirst
from entra_simulator.tenant.store import Store


@dataclass(frozen=True)
class Options:
    """How a simulator behaves apart from its content. `throttle` is `none` or `documented`.

    `url` is its own address, `plain_url` the one of the machine with managed identities, `ca_pem` the authority of
    its certificate.
    """

    latency_ms: int = 0
    replication_lag_ms: int = 0
    switches: Switches = field(default_factory=Switches)
    request_log: Path | None = None
    throttle: str = "none"
    throttle_factor: float = 1.0
    audit_delay_ms: int = 0
    audit_retention_days: int = 30
    token_lifetime_s: int = LIFETIME_SECONDS
    url: str = ""
    plain_url: str | None = None
    ca_pem: str = ""


class Simulation:
    """A tenant with its clock, keys, faults and request list."""

    def __init__(self, document: Any, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.tokens = Tokens(self.clock, options.token_lifetime_s)
        self.issuers = Issuers(options.url, self.clock)
        self.sign_in = SignIn(self.tokens, Assertions(self.clock, self.issuers, ProviderKeys(options.ca_pem)))
        self.pipelines = Pipelines(self.issuers)
        self.managed_identity = ManagedIdentity(self.sign_in)
        self.faults = Faults(self.clock)
        self.store = self._built(document)
        self.journal = Journal(options.request_log)
        self.throttle = Throttle(options.throttle_factor)
        self.replicas = Replicas(self.clock, lambda: self._built(self.state(), self.store.identities))

    def world_of(self, call: Call) -> World:
        """What Graph's handlers work on: the tenant, or a replica of it that is behind."""
        return World(self.replicas.answering(call) or self.store, self.options.switches)

    def admit(self, caller: Caller, price: Price) -> Verdict:
        """Whether the limits let a request through; counts it."""
        if self.options.throttle == "none":
            return Verdict()
        store = self.store
        return self.throttle.admit(price, caller.client_id, store.tenant.id, len(store.users), self.clock.seconds())

    def throttling(self) -> dict[str, Any]:
        """The limits in force and their usage, as JSON."""
        users = len(self.store.users)
        return {
            "throttle": self.options.throttle,
            "factor": self.options.throttle_factor,
            "tenant_size": tenant_size(users),
            "buckets": self.throttle.shown(users, self.clock.seconds()),
        }

    def state(self) -> dict[str, Any]:
        """The tenant as a document."""
        return dump(self.store)

    def replace_state(self, document: Any) -> None:
        """Put another tenant in place, with an empty audit log. Running identities keep what was made for them.

        Raises `SeedError`.
        """
        self.store = self._built(document, self.store.identities)
        self.replicas.clear()
        gc.unfreeze()  # the tenant of before is garbage now (`serve` froze it)

    def act_as(self, body: object) -> dict[str, Any]:
        """A token of a user, who may do everything unless the body says what. Raises `SeedError`."""
        section = Section(body, "act-as", {"user", "permissions"})
        user = self.store.find_user(section.text("user"))
        if user is None:
            raise SeedError(section.at("user"), f"there is no user '{section.text('user')}'")
        every = sorted({name for sets in OPERATIONS.values() for names in sets for name in names})
        held = section.texts("permissions") if "permissions" in section else every
        token = self.tokens.issue_for_user(self.store.tenant, user, held)
        return {"access_token": token, "expires_in": self.tokens.lifetime}

    def consent(self, body: object) -> dict[str, Any]:
        """Accept a consent screen in the name of a user. Raises `SeedError`."""
        return consent(self.store, body)

    def audit_log(self) -> list[dict[str, Any]]:
        """All entries of the audit log, newest first, those that are not seen yet or no longer included."""
        return [entity(entry) for _, entry in NewestFirst(self.store.audit.entries).after(START)]

    def save(self, path: Path) -> None:
        """Write the tenant to a file, whole or not at all."""
        fresh = path.with_name(f".{path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(self.state(), file, indent=1, ensure_ascii=False)
            file.write("\n")
        os.replace(fresh, path)

    def _built(self, document: Any, running: Mapping[str, Identity] | None = None) -> Store:
        store = build(document, self.clock, self.options.replication_lag_ms / 1000, running)
        store.audit = AuditLog(self.clock, self.options.audit_delay_ms / 1000, self.options.audit_retention_days)
        return store
