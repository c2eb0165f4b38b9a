# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose certificates are trusted: one context for all connections of a run. PRIVATE to tenantops.entra. The only file that imports certifi.

Reading the usual authorities takes some 50 ms of processor time, so it is done once.
"""

from __future__ import annotations

import os
import ssl
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

# By which requests is told of more authorities; the first that is set counts.
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def context(connection: Connection) -> ssl.SSLContext:
    """The usual authorities and, if given, those of ``ca_path``: a file, or a directory prepared for OpenSSL."""
    import certifi

    made = ssl.create_default_context()
    made.load_verify_locations(cafile=certifi.where())
    if connection.ca_path:
        _add(made, "ca_path", connection.ca_path)
    return made


def add_bundle(context: ssl.SSLContext) -> None:
    """The authorities that requests would read anew for each connection, because a variable names them."""
    name, path = next(((name, path) for name in _BUNDLES if (path := os.environ.get(name))), ("", ""))
    if path and path != ssl.get_default_verify_paths().cafile:
        _add(context, name, path)


def _add(context: ssl.SSLContext, name: str, path: str) -> None:
    try:
        if os.path.isdir(path):
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise ConfigurationError(f"{name} {path} is no PEM file with certificates.") from error
    except OSError as error:
        raise ConfigurationError(f"{name} {path} can't be read: {error.strerror}.") from error
