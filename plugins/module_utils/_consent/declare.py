# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of ``apps`` → Declaration. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
    Reader,
)

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Options


def tenant_consent(options: Options) -> Declaration:
    """The declaration of module ``tenant_consent``. Raises DeclarationError."""
    reader = Reader()
    places: dict[str, int] = {}
    apps = []
    for place, entry in enumerate(options["apps"]):
        app = _app(reader, entry, f"apps[{place}].")
        which = app.managed_identity or app.app_id
        first = places.setdefault(which, place)
        if first != place:
            reader.problems.append(
                f"apps[{first}] and apps[{place}] are both for {which}: put their rules into one entry."
            )
        apps.append(app.exact() if options["prune"] else app)
    return reader.done(reader.declaration(tuple(apps), options))


def _app(reader: Reader, options: Options, where: str) -> AppDeclaration:
    app = reader.app(options, where)
    absent = options.get("state") == "absent"
    rules = [name for kind in registry.KINDS for name, spec in kind.options.items() if "options" in spec]
    if absent and (given := [name for name in rules if options.get(name)]):
        reader.problems.append(f"{where}state is absent, so it can't declare {' or '.join(given)}.")
    parts = {
        kind.name: kind.revoked(reader, options, where) if absent else kind.declared(reader, options, where)
        for kind in registry.KINDS
    }
    return dataclasses.replace(
        app, parts={name: part for name, part in parts.items() if part is not None}, revoke=absent
    )
