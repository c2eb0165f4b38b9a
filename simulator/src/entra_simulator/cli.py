# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `entra-simulator`."""

from __future__ import annotations

import argparse
import math
import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from entra_simulator.errors import SimulatorError
from entra_simulator.graph.call import Switches
from entra_simulator.seed.load import read_file
from entra_simulator.server.run import listen, serve
from entra_simulator.server.simulation import Options, Simulation
from entra_simulator.tls import Tls, new_tls

BAD_USE = 2  # exit code for arguments and seeds that can't be used


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and run; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        _serve(options)
    except SimulatorError as error:
        print(f"entra-simulator: {error}", file=sys.stderr)
        return BAD_USE
    return 0


@dataclass(frozen=True)
class Address:
    """Where the simulator listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The base URL of sign-in, Graph and control."""
        return f"https://[{self.host}]:{self.port}" if ":" in self.host else f"https://{self.host}:{self.port}"


def _serve(options: argparse.Namespace) -> None:
    state_file: Path | None = options.state_file
    source = state_file if state_file is not None and state_file.exists() else options.seed
    listener = listen(options.host, options.port)
    try:
        simulation = Simulation(
            read_file(source),
            Options(
                latency_ms=options.latency_ms,
                replication_lag_ms=options.replication_lag_ms,
                switches=Switches(options.duplicates, options.page_limit, options.sparse_pages),
                request_log=options.request_log,
                throttle=options.throttle,
                throttle_factor=options.throttle_factor,
                audit_delay_ms=options.audit_delay_ms,
                audit_retention_days=options.audit_retention_days,
            ),
        )
        address = Address(options.host, listener.getsockname()[1])
        tls = new_tls()
        if options.env_file is not None:
            write_environment(options.env_file, simulation, address, tls)
        tenant = simulation.store.tenant

        def announce() -> None:
            print(f"entra-simulator ready: {address.url} tenant {tenant.domain} ({tenant.id})", flush=True)

        serve(simulation, listener, tls, announce)
    except OSError as error:
        raise SimulatorError(f"{error.filename or source}: {error.strerror}") from error
    finally:
        listener.close()
    simulation.journal.close()
    if state_file is not None:
        simulation.save(state_file)


def write_environment(path: Path, simulation: Simulation, address: Address, tls: Tls) -> None:
    """Write the certificate authority, and the variables a client needs, to be sourced by a shell."""
    ca_path = path.absolute().with_suffix(".ca.pem")
    ca_path.write_bytes(tls.ca_pem)
    values = {
        "AZURE_TENANT_ID": simulation.store.tenant.id,
        "AZURE_AUTHORITY_HOST": address.url,
        "TENANTOPS_GRAPH_URL": address.url,
        "TENANTOPS_CA_PATH": str(ca_path),
    }
    for number, identity in enumerate(simulation.store.identities.values()):
        name = re.sub(r"[^A-Z0-9]+", "_", identity.name.upper())
        id_name, secret_name = f"ENTRA_SIMULATOR_CLIENT_ID_{name}", f"ENTRA_SIMULATOR_SECRET_{name}"
        if number == 0:
            id_name, secret_name = "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"
        values[id_name], values[secret_name] = identity.client_id, identity.secret
    text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    # Removed first: a file of before may be readable by others, and opening it would keep its mode.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="entra-simulator", description="A simulated Microsoft Entra ID tenant, on this machine only."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("serve", help="serve one tenant until SIGTERM or SIGINT")
    add = command.add_argument
    add("--seed", type=Path, required=True, metavar="FILE", help="the tenant to start with, YAML or JSON")
    add("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    add("--port", type=_number, default=0, help="0 takes a free port (default: %(default)s)")
    add("--env-file", type=Path, metavar="FILE", help="write the variables that a client needs to this file")
    add(
        "--state-file",
        type=Path,
        metavar="FILE",
        help="start from this file instead of the seed if it exists; written at the end",
    )
    add("--request-log", type=Path, metavar="FILE", help="append every request to this file, as JSON lines")
    add("--latency-ms", type=_number, default=0, metavar="N", help="delay of every answer")
    add(
        "--replication-lag-ms",
        type=_number,
        default=0,
        metavar="N",
        help="time until a new service principal is found",
    )
    add(
        "--duplicates",
        choices=("common", "other"),
        default="common",
        help="which of the two answers live tenants give to duplicates (default: %(default)s)",
    )
    add(
        "--throttle",
        choices=("none", "documented"),
        default="none",
        help="refuse what is more than the documented limits allow (default: %(default)s)",
    )
    add(
        "--throttle-factor",
        type=_factor,
        default=1.0,
        metavar="N",
        help="make the periods of the limits N times shorter (default: 1)",
    )
    add(
        "--audit-delay-ms",
        type=_number,
        default=0,
        metavar="N",
        help="time until a change is in the audit log",
    )
    add(
        "--audit-retention-days",
        type=_number,
        default=30,
        metavar="N",
        help="time that entries stay in the audit log (default: %(default)s)",
    )
    add("--page-limit", type=_page, default=999, metavar="N", help="rows per page at most, whatever $top says")
    add("--sparse-pages", action="store_true", help="begin every list with an empty page that has a nextLink")
    return parser


def _number(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0")
    return int(text)


def _factor(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1")
    return number


def _page(text: str) -> int:
    if not 1 <= _number(text) <= 999:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 999")
    return int(text)
