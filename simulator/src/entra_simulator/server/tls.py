# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority made at start, and the server's certificate for this machine's own names."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import trustme

NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Tls:
    """What the server presents and what a client has to trust."""

    context: ssl.SSLContext
    ca_pem: bytes


def new_tls() -> Tls:
    """A new authority; its key is never written anywhere."""
    authority = trustme.CA(organization_name="Simulated tenant")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*NAMES).configure_cert(context)
    return Tls(context, authority.cert_pem.bytes())
