# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment file, and beside it what its variables name: the certificate authority, keys and certificates."""

from __future__ import annotations

import os
import re
import secrets
import shlex
from pathlib import Path

from entra_simulator.server.simulation import Simulation
from entra_simulator.server.tls import Tls
from entra_simulator.tenant.model import Identity


def write_environment(path: Path, simulation: Simulation, tls: Tls) -> None:
    """Write the variables that a client needs, to be sourced by a shell. Secrets are readable by their owner only."""
    ca_path = path.absolute().with_suffix(".ca.pem")
    ca_path.write_bytes(tls.ca_pem)
    url = simulation.options.url
    values = {
        "AZURE_TENANT_ID": simulation.store.tenant.id,
        "AZURE_AUTHORITY_HOST": url,
        "TENANTOPS_GRAPH_URL": url,
        "TENANTOPS_CA_PATH": str(ca_path),
    }
    for number, identity in enumerate(simulation.store.identities.values()):
        name = re.sub(r"[^A-Z0-9]+", "_", identity.name.upper())
        id_name, secret_name = f"ENTRA_SIMULATOR_CLIENT_ID_{name}", f"ENTRA_SIMULATOR_SECRET_{name}"
        if number == 0:
            id_name, secret_name = "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"
        values[id_name], values[secret_name] = identity.client_id, identity.secret
        files = _certificate_files(path.absolute(), identity, name)
        values.update(files)
        if number == 0 and files:
            values["AZURE_CLIENT_CERTIFICATE_PATH"] = next(iter(files.values()))
    values.update(simulation.pipelines.environment(simulation.store, url))
    if simulation.options.plain_url is not None:
        values.update(simulation.managed_identity.environment(simulation.options.plain_url))
    text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    _write_private(path, text.encode("utf-8"))


def _certificate_files(env_file: Path, identity: Identity, name: str) -> dict[str, str]:
    """Write an identity's certificates that were made at start, as PEM and as PFX: the variables for them."""
    values = {}
    made = [certificate for certificate in identity.certificates if certificate.generated]
    for number, certificate in enumerate(made, 1):
        suffix = "" if number == 1 else f"_{number}"
        stem = f"{name}{suffix}".lower().replace("_", "-")
        pem, pfx = (env_file.with_suffix(f".{stem}.{kind}") for kind in ("pem", "pfx"))
        password = secrets.token_urlsafe(20)
        _write_private(pem, certificate.pem_file())
        _write_private(pfx, certificate.pfx_file(password))
        values[f"ENTRA_SIMULATOR_CERTIFICATE_{name}{suffix}"] = str(pem)
        values[f"ENTRA_SIMULATOR_PFX_{name}{suffix}"] = str(pfx)
        values[f"ENTRA_SIMULATOR_PFX_PASSWORD_{name}{suffix}"] = password
    return values


def _write_private(path: Path, content: bytes) -> None:
    # Removed first: a file of before may be readable by others, and opening it would keep its mode.
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
