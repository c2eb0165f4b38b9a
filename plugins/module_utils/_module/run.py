# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module: options → declaration → state → plan → (check mode stops here) → outcome → result. PRIVATE to tenantops.entra.

``ending`` catches errors and ends the module.
"""

from __future__ import annotations

import asyncio
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.tenantops.entra.plugins.module_utils._consent import assignments, grants, report
from ansible_collections.tenantops.entra.plugins.module_utils._consent import summary as summaries
from ansible_collections.tenantops.entra.plugins.module_utils._consent.diff import diff
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    ConfigurationError,
    DeclarationError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import ArgumentSpec
from ansible_collections.tenantops.entra.plugins.module_utils._module.ending import (
    EntraModule,
    end,
    masked_options,
    new,
)
from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import Progress
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import apply, read

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        Outcome,
        Plan,
        TenantState,
    )

    Options: t.TypeAlias = Mapping[str, t.Any]
    Result: t.TypeAlias = dict[str, t.Any]
    Objects: t.TypeAlias = Callable[[Declaration, TenantState, int], Result]
    Work: t.TypeAlias = Callable[[GraphClient, Progress], Awaitable[Result]]

_LIBRARIES = "msgraph-sdk >= 1.40.0, azure-identity >= 1.25.2"


def run_state(spec: ArgumentSpec, declare: Callable[[Options], Declaration], objects: Objects) -> None:
    """A module that brings the tenant to what its options declare.

    :param objects: the module's own return values, from the declaration, the state afterwards and ``return_limit``.
    """
    module = new(spec)

    def prepare() -> Work:
        declaration = declare(module.params)
        limit, risks = _return_limit(module.params), RiskTable.read(module.params.get("risk_levels"))

        def returned(state: TenantState) -> Result:
            return objects(declaration, state, limit)

        return lambda client, progress: _converge(module, client, progress, declaration, returned, limit, risks)

    end(module, lambda: _work(module, prepare))


def run_info(spec: ArgumentSpec, find: Callable[[GraphClient, Options], Awaitable[Result]]) -> None:
    """A module that only reads. :param find: its return values."""
    module = new(spec)

    async def work(client: GraphClient, _progress: Progress) -> Result:
        found = await find(client, module.params)
        if (masked := masked_options(module, found)) is not None:
            raise ConfigurationError(masked)
        return {"changed": False, **found}

    end(module, lambda: _work(module, lambda: work))


def service_principal(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The declared app's service principal, or null."""
    app = state.service_principals.get(declaration.apps[0].app_id)
    return {"service_principal": report.service_principal(app) if app else None, "counts": {}}


def everything(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The declared apps' service principals, those that exist, and what the rules speak of."""
    apps = [state.service_principals.get(app.app_id) for app in declaration.apps]
    grants, assignments = granted(declaration, state, limit), assigned(declaration, state, limit)
    others = [part["counts"]["others"] for part in (grants, assignments)]
    return {
        "service_principals": [report.service_principal(app) for app in apps if app],
        **grants,
        **assignments,
        "counts": {**grants["counts"], **assignments["counts"], "others": None if None in others else sum(others)},
    }


def granted(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The grants that the declaration's rules speak of, and how many they are."""
    found = _at(state.grants, {key for app in declaration.apps for key in grants.keys(app, state)})
    shown = [report.grant(item, state) for item in report.by_name(found, limit)]
    others = summaries.others(declaration, state, "delegated_permission_grant")
    return {"grants": shown, "counts": {"grants": len(found), "others": others}}


def assigned(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The assignments that the declaration's rules speak of, and how many they are."""
    found = _at(state.assignments, {key for app in declaration.apps for key in assignments.keys(app, state)})
    shown = [report.assignment(item, state) for item in report.by_name(found, limit)]
    others = summaries.others(declaration, state, "app_role_assignment")
    return {"assignments": shown, "counts": {"assignments": len(found), "others": others}}


def _at(items: Mapping[t.Any, t.Any], keys: set[t.Any]) -> list[t.Any]:
    return [items[key] for key in keys if key in items]


async def _converge(
    module: AnsibleModule,
    client: GraphClient,
    progress: Progress,
    declaration: Declaration,
    returned: Callable[[TenantState], Result],
    limit: int,
    risks: RiskTable,
) -> Result:
    state = await read.read(client, declaration, patient=not module.check_mode)
    planned = plan(declaration, state)
    _check_assumptions(module, planned)
    for warning in planned.warnings:
        module.warn(warning)
    if module.check_mode:
        outcome = report.predicted(planned, state)
    else:
        client.on_read = None
        progress.begin("Writing", "changes", len(planned.changes))
        outcome = await apply.apply(client, planned, state, on_change=progress.advance)
    after = report.after(state, outcome)
    made = [change for change, _object_id in outcome.done]
    objects = {"summary": summaries.summary(declaration, after, made), **returned(after)}
    return _result(module, outcome, objects, limit, risks)


def _result(module: AnsibleModule, outcome: Outcome, objects: Result, limit: int, risks: RiskTable) -> Result:
    """What a state module returns, in check mode and out of it. Long lists are cut, and counted."""
    made = [change for change, _object_id in outcome.done]
    result: Result = {
        "changed": bool(made),
        "changes": report.changes(made[:limit], risks),
        **objects,
        "counts": {"changes": len(made), "failures": len(outcome.failures), **objects["counts"]},
    }
    if module._diff:
        result["diff"] = diff(made, risks)
    if outcome.failures:
        result["failures"] = report.failures(outcome.failures[:limit], risks)
        result["failed"] = True
        result["msg"] = report.failure_message(outcome)
    if (masked := masked_options(module, result)) is not None:
        module.warn(masked)
    return result


def _return_limit(options: Options) -> int:
    """How many entries of each list are returned. Of one object there is one entry, and no option for it."""
    limit = int(options.get("return_limit", 1))
    if limit < 0:
        raise DeclarationError([f"return_limit must be 0 or more, not {limit}."])
    return limit


def _check_assumptions(module: AnsibleModule, planned: Plan) -> None:
    if not planned.assumed:
        return
    message = report.assumed_message(planned.assumed, check_mode=module.check_mode)
    if not module.check_mode:
        raise DeclarationError([message])
    module.warn(message)


def _work(module: EntraModule, prepare: Callable[[], Work]) -> Result:
    connection = Connection.from_options(module.params, module.masker)
    return asyncio.run(_connected(module, connection, prepare()))


async def _connected(module: EntraModule, connection: Connection, work: Work) -> Result:
    progress = Progress.from_environment(module.masker.mask(connection.tenant_id or "") or None)
    try:
        client = GraphClient(connection, on_read=progress.advance)
    except ImportError as error:
        module.fail_json(msg=f"{missing_required_lib(_LIBRARIES)} ({error})")
    progress.begin("Reading", "objects")
    try:
        async with client:
            return await work(client, progress)
    finally:
        progress.end()
