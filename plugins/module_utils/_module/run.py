# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module from its options to its result: what all of them share, and those that only read. PRIVATE to tenantops.entra.

``ending`` catches errors and ends the module.
"""

from __future__ import annotations

import asyncio
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._module.ending import (
    EntraModule,
    end,
    masked_options,
    new,
)
from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import Progress

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._module.args import ArgumentSpec

    Options: t.TypeAlias = Mapping[str, t.Any]
    Result: t.TypeAlias = dict[str, t.Any]
    Work: t.TypeAlias = Callable[[GraphClient, Progress], Awaitable[Result]]

_LIBRARIES = "msgraph-sdk >= 1.40.0, azure-identity >= 1.25.2"


def run_info(spec: ArgumentSpec, find: Callable[[GraphClient, Options], Awaitable[Result]]) -> None:
    """A module that only reads. :param find: its return values."""
    module = new(spec)

    async def found(client: GraphClient, _progress: Progress) -> Result:
        result = await find(client, module.params)
        if (masked := masked_options(module, result)) is not None:
            raise ConfigurationError(masked)
        return {"changed": False, **result}

    end(module, lambda: work(module, lambda: found))


def work(module: EntraModule, prepare: Callable[[], Work]) -> Result:
    connection = Connection.from_options(module.params, module.masker)
    return asyncio.run(_connected(module, connection, prepare()))


async def _connected(module: EntraModule, connection: Connection, working: Work) -> Result:
    progress = Progress.from_environment(module.masker.mask(connection.tenant_id or "") or None)
    try:
        client = GraphClient(connection, on_read=progress.advance)
    except ImportError as error:
        module.fail_json(msg=f"{missing_required_lib(_LIBRARIES)} ({error})")
    progress.begin("Reading", "objects")
    try:
        async with client:
            return await working(client, progress)
    finally:
        progress.end()
