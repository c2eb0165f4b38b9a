# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything one running simulator has."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entra_simulator.clock import Clock
from entra_simulator.graph.call import Switches, World
from entra_simulator.seed.dump import dump
from entra_simulator.seed.load import build
from entra_simulator.server.faults import Faults
from entra_simulator.server.journal import Journal
from entra_simulator.sign_in import SignIn
from entra_simulator.tokens import Tokens


@dataclass(frozen=True)
class Options:
    """How a simulator behaves apart from its content."""

    latency_ms: int = 0
    replication_lag_ms: int = 0
    switches: Switches = field(default_factory=Switches)
    request_log: Path | None = None


class Simulation:
    """A tenant with its clock, keys, faults and request list."""

    def __init__(self, document: Any, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.tokens = Tokens(self.clock)
        self.sign_in = SignIn(self.tokens)
        self.faults = Faults(self.clock)
        self.store = build(document, self.clock, options.replication_lag_ms / 1000)
        self.journal = Journal(options.request_log)

    @property
    def world(self) -> World:
        """What Graph's handlers work on."""
        return World(self.store, self.options.switches)

    def state(self) -> dict[str, Any]:
        """The tenant as a document."""
        return dump(self.store)

    def replace_state(self, document: Any) -> None:
        """Put another tenant in place. Running identities keep their secrets. Raises `SeedError`."""
        known = {identity.client_id: identity.secret for identity in self.store.identities.values()}
        self.store = build(document, self.clock, self.options.replication_lag_ms / 1000, known)

    def save(self, path: Path) -> None:
        """Write the tenant to a file, whole or not at all."""
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(json.dumps(self.state(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(fresh, path)
