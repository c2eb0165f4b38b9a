# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The open connections, for faults that close one without an answer."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Address
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """Transports by the client's address."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def drop(self, client: Address | None) -> None:
        """Close a client's connection at once."""
        transport = self._transports.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()

    def drop_all(self) -> None:
        """Close every connection at once."""
        for transport in list(self._transports.values()):
            transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """The HTTP protocol of uvicorn that keeps this list up to date."""
        transports = self._transports

        class Protocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                # Kept, for a connection that is lost no longer knows it.
                self._address = _address(transport)
                transports[self._address] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self._address, None)
                super().connection_lost(exc)

        return Protocol


def _address(transport: asyncio.Transport) -> tuple[str, int]:
    host, port, *_ = transport.get_extra_info("peername")
    return host, port
