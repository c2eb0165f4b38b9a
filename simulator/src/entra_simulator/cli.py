# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `entra-simulator`."""

from __future__ import annotations

import argparse
import contextlib
import math
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from entra_simulator.authority.tokens import LIFETIME_SECONDS
from entra_simulator.errors import SimulatorError
from entra_simulator.graph.call import Switches
from entra_simulator.seed.load import read_file
from entra_simulator.server.environment import write_environment
from entra_simulator.server.run import listen, serve
from entra_simulator.server.simulation import Options, Simulation
from entra_simulator.server.tls import Tls, new_tls

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


def _serve(options: argparse.Namespace) -> None:
    state_file: Path | None = options.state_file
    source = state_file if state_file is not None and state_file.exists() else options.seed
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(listen(options.host, options.port))
        document = read_file(source)
        plain_listener = None
        if isinstance(document, dict) and document.get("managed_identities"):
            plain_listener = stack.enter_context(listen(options.host, 0))
        tls = new_tls()
        try:
            simulation = Simulation(document, _options(options, listener, plain_listener, tls))
            if options.env_file is not None:
                write_environment(options.env_file, simulation, tls)
            tenant, url = simulation.store.tenant, simulation.options.url

            def announce() -> None:
                print(f"entra-simulator ready: {url} tenant {tenant.domain} ({tenant.id})", flush=True)

            serve(simulation, listener, tls, announce, plain_listener)
        except OSError as error:
            raise SimulatorError(f"{error.filename or source}: {error.strerror}") from error
    simulation.journal.close()
    if state_file is not None:
        simulation.save(state_file)


def _options(
    options: argparse.Namespace, listener: socket.socket, plain_listener: socket.socket | None, tls: Tls
) -> Options:
    return Options(
        latency_ms=options.latency_ms,
        replication_lag_ms=options.replication_lag_ms,
        switches=Switches(options.duplicates, options.hidden_members, options.page_limit, options.sparse_pages),
        request_log=options.request_log,
        throttle=options.throttle,
        throttle_factor=options.throttle_factor,
        audit_delay_ms=options.audit_delay_ms,
        audit_retention_days=options.audit_retention_days,
        token_lifetime_s=options.token_lifetime_s,
        url=_url("https", options.host, listener),
        plain_url=None if plain_listener is None else _url("http", options.host, plain_listener),
        ca_pem=tls.ca_pem.decode("ascii"),
    )


def _url(scheme: str, host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


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
        "--hidden-members",
        choices=("missing", "bare"),
        default="missing",
        help="what callers without Member.Read.Hidden see of members that a group hides (default: %(default)s)",
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
    add(
        "--token-lifetime-s",
        type=_from_one,
        default=LIFETIME_SECONDS,
        metavar="N",
        help="time until an access token expires (default: %(default)s)",
    )
    add("--page-limit", type=_page, default=999, metavar="N", help="rows per page at most, whatever $top says")
    add("--sparse-pages", action="store_true", help="begin every list with an empty page that has a nextLink")
    return parser


def _number(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0")
    return int(text)


def _from_one(text: str) -> int:
    if _number(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1")
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
