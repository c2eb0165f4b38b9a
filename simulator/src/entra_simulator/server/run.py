# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the server until a signal stops it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from entra_simulator.errors import SimulatorError
from entra_simulator.server.app import Application
from entra_simulator.server.connections import Connections
from entra_simulator.server.simulation import Simulation
from entra_simulator.server.tls import Tls

LOOPBACK = {"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6}
GRACE_SECONDS = 1  # for requests in flight when the server is told to stop


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on loopback. Port 0 takes a free one. Raises `SimulatorError`."""
    if host not in LOOPBACK:
        raise SimulatorError(
            f"--host: {host} is refused, the simulated tenant listens on loopback only "
            f"({', '.join(LOOPBACK)}): its control endpoints need no sign-in."
        )
    # The protocol is named for asyncio: it turns Nagle's algorithm (40 ms an answer) off only if it can see TCP.
    server = socket.socket(LOOPBACK[host], socket.SOCK_STREAM, socket.IPPROTO_TCP)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(("127.0.0.1" if host == "localhost" else host, port))
    except OSError as error:
        server.close()
        raise SimulatorError(f"--port: {host} port {port} can't be listened on: {error.strerror}.") from error
    server.set_inheritable(False)
    return server


def serve(
    simulation: Simulation,
    listener: socket.socket,
    tls: Tls,
    announce: Callable[[], None],
    plain_listener: socket.socket | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is called once connections are accepted.

    What a machine with managed identities asks is answered at `plain_listener`, without TLS.
    """
    connections = Connections()
    application = Application(simulation, connections)
    config = _config(application.asgi(), connections)
    config.ssl = tls.context
    # A large tenant is millions of objects, and they stay: looking through them for garbage would stop all answers.
    gc.collect()
    gc.freeze()
    plain = None
    if plain_listener is not None:
        plain = _Server(_config(application.plain_asgi(), connections), connections, lambda: None)
    asyncio.run(_Server(config, connections, announce).until_signal(listener, plain, plain_listener))


def _config(application: Starlette, connections: Connections) -> uvicorn.Config:
    config = uvicorn.Config(
        application,
        loop="asyncio",
        http=connections.protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    return config


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, connections: Connections, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._connections = connections
        self._announce = announce

    async def until_signal(
        self, listener: socket.socket, other: _Server | None, other_listener: socket.socket | None
    ) -> None:
        """Serve, and beside it `other`, which is ready before this one is."""
        loop = asyncio.get_running_loop()

        def stop() -> None:
            self.stop()
            if other is not None:
                other.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        if other is None or other_listener is None:
            await self.serve(sockets=[listener])
        else:
            await asyncio.gather(other.serve(sockets=[other_listener]), self.serve(sockets=[listener]))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `until_signal`: uvicorn would raise them again and so end with an error."""
        yield

    def stop(self) -> None:
        """End once requests under way are answered, at the latest after a second."""
        self.should_exit = True
        if not self.server_state.tasks:
            # Nobody waits for an answer. A polite farewell would wait for clients that keep a connection open.
            self._connections.drop_all()
