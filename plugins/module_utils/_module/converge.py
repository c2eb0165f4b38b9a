# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that brings the tenant to what its options declare. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry, report
from ansible_collections.tenantops.entra.plugins.module_utils._consent import summary as summaries
from ansible_collections.tenantops.entra.plugins.module_utils._consent.diff import diff
from ansible_collections.tenantops.entra.plugins.module_utils._consent.kinds import service_principal
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
from ansible_collections.tenantops.entra.plugins.module_utils._module.ending import (
    EntraModule,
    end,
    masked_options,
    new,
)
from ansible_collections.tenantops.entra.plugins.module_utils._module.run import work
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import apply, identities, read

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.kind import Kind
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        Outcome,
        Plan,
        TenantState,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._module.args import ArgumentSpec
    from ansible_collections.tenantops.entra.plugins.module_utils._module.progress import Progress
    from ansible_collections.tenantops.entra.plugins.module_utils._module.run import Options, Result, Work

    Objects: t.TypeAlias = Callable[[Declaration, TenantState, int], Result]


def run_state(spec: ArgumentSpec, declare: Callable[[Options], Declaration], objects: Objects) -> None:
    """A module that brings the tenant to what its options declare.

    :param objects: the module's own return values, from the declaration, the state afterwards and ``return_limit``.
    """
    module = new(spec)

    def prepare() -> Work:
        declaration = declare(module.params)
        limit, risks = _return_limit(module.params), RiskTable.read(module.params.get("risk_levels"))

        def returned(declaration: Declaration, state: TenantState) -> Result:
            return objects(declaration, state, limit)

        return lambda client, progress: _converge(module, client, progress, declaration, returned, limit, risks)

    end(module, lambda: work(module, prepare))


def one_service_principal(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The declared app's service principal, or null."""
    shown, _counts = service_principal.KIND.returned(declaration, state, limit)
    return {"service_principal": shown[0] if shown else None, "counts": {}}


def objects_of(kind: Kind) -> Objects:
    """What the declaration's rules speak of, and how many they are."""

    def returned(declaration: Declaration, state: TenantState, limit: int) -> Result:
        shown, counts = kind.returned(declaration, state, limit)
        return {kind.result: shown, "counts": counts}

    return returned


def everything(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The same of all kinds."""
    result: Result = {}
    counts: Result = {}
    others: list[int | None] = []
    for kind in registry.KINDS:
        result[kind.result], own = kind.returned(declaration, state, limit)
        others.append(own.pop("others"))
        counts.update(own)
    known = [number for number in others if number is not None]
    return {**result, "counts": {**counts, "others": sum(known) if len(known) == len(others) else None}}


async def _converge(
    module: EntraModule,
    client: GraphClient,
    progress: Progress,
    declaration: Declaration,
    returned: Callable[[Declaration, TenantState], Result],
    limit: int,
    risks: RiskTable,
) -> Result:
    declaration = await identities.resolved(client, declaration)
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
    objects = {"summary": summaries.summary(declaration, after, made), **returned(declaration, after)}
    return _result(module, outcome, objects, limit, risks)


def _result(module: EntraModule, outcome: Outcome, objects: Result, limit: int, risks: RiskTable) -> Result:
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


def _check_assumptions(module: EntraModule, planned: Plan) -> None:
    if not planned.assumed:
        return
    message = report.assumed_message(planned.assumed, check_mode=module.check_mode)
    if not module.check_mode:
        raise DeclarationError([message])
    module.warn(message)
