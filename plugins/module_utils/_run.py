# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module: options → declaration → state → plan → (check mode stops here) → outcome → result. PRIVATE to tenantops.entra.

The only place that catches errors and the only one that ends a module.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import sys
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.tenantops.entra.plugins.module_utils import _apply, _read
from ansible_collections.tenantops.entra.plugins.module_utils._args import CONNECTION, ArgumentSpec, unknown_options
from ansible_collections.tenantops.entra.plugins.module_utils._consent import assignments, grants, report
from ansible_collections.tenantops.entra.plugins.module_utils._consent.diff import diff
from ansible_collections.tenantops.entra.plugins.module_utils._consent.plan import plan
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError, EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._progress import Progress
from ansible_collections.tenantops.entra.plugins.module_utils._secrets import Masker, may_be_secret, of_environment

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
        Outcome,
        Plan,
        TenantState,
    )
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient

    Options: t.TypeAlias = Mapping[str, t.Any]
    Result: t.TypeAlias = dict[str, t.Any]
    Objects: t.TypeAlias = Callable[[Declaration, TenantState, int], Result]
    Work: t.TypeAlias = Callable[[GraphClient, Progress], Awaitable[Result]]

_LIBRARIES = "msgraph-sdk >= 1.40.0, azure-identity >= 1.20.0"
# Below these keys a result that is no failure has sentences; all else in it is data, and stays as it is.
_SAID = frozenset({"msg", "diff", "problems", "warnings"})
# Characters of an unexpected error's own text that are shown.
_LONGEST = 300


def run_state(spec: ArgumentSpec, declare: Callable[[Options], Declaration], objects: Objects) -> None:
    """A module that brings the tenant to what its options declare.

    :param objects: the module's own return values, from the declaration, the state afterwards and ``return_limit``.
    """
    module = _module(spec)

    def prepare() -> Work:
        declaration = declare(module.params)
        limit, risks = _return_limit(module.params), RiskTable.read(module.params.get("risk_levels"))

        def returned(state: TenantState) -> Result:
            return objects(declaration, state, limit)

        return lambda client, progress: _converge(module, client, progress, declaration, returned, limit, risks)

    _end(module, prepare)


def run_info(spec: ArgumentSpec, find: Callable[[GraphClient, Options], Awaitable[Result]]) -> None:
    """A module that only reads. :param find: its return values."""
    module = _module(spec)

    async def work(client: GraphClient, _progress: Progress) -> Result:
        return {"changed": False, **await find(client, module.params)}

    _end(module, lambda: work)


def service_principal(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The declared app's service principal, or null."""
    app = state.service_principals.get(declaration.apps[0].app_id)
    return {"service_principal": report.service_principal(app) if app else None, "counts": {}}


def everything(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The declared apps' service principals, those that exist, and what the rules speak of."""
    apps = [state.service_principals.get(app.app_id) for app in declaration.apps]
    grants, assignments = granted(declaration, state, limit), assigned(declaration, state, limit)
    return {
        "service_principals": [report.service_principal(app) for app in apps if app],
        **grants,
        **assignments,
        "counts": {**grants["counts"], **assignments["counts"]},
    }


def granted(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The grants that the declaration's rules speak of, and how many they are."""
    found = _at(state.grants, {key for app in declaration.apps for key in grants.keys(app, state)})
    shown = [report.grant(item, state) for item in report.by_name(found, limit)]
    return {"grants": shown, "counts": {"grants": len(found)}}


def assigned(declaration: Declaration, state: TenantState, limit: int) -> Result:
    """The assignments that the declaration's rules speak of, and how many they are."""
    found = _at(state.assignments, {key for app in declaration.apps for key in assignments.keys(app, state)})
    shown = [report.assignment(item, state) for item in report.by_name(found, limit)]
    return {"assignments": shown, "counts": {"assignments": len(found)}}


def _at(items: Mapping[t.Any, t.Any], keys: set[t.Any]) -> list[t.Any]:
    return [items[key] for key in keys if key in items]


class _Module(AnsibleModule):
    """Ansible's module, which shows no secret, and names what is no option by the way to it."""

    @functools.cached_property
    def masker(self) -> Masker:
        """Knows the secrets of options and variables, also where one stands in an option that should have none."""
        masker = Masker(of_environment(os.environ))
        for name, spec in CONNECTION.options.items():
            value = self.params.get(name)
            if value in (None, "") or not (
                spec.get("no_log") or may_be_secret(str(value), path=spec["type"] == "path")
            ):
                continue
            for secret in (str(value), str(value).lower()):  # hosts are shown in lower case
                masker.learn(secret)
            # Ansible shows all options itself.
            self.no_log_values.add(str(value))
        return masker

    def fail_json(self, msg: str, *, exception: BaseException | str | None = None, **result: t.Any) -> t.NoReturn:
        given = {name: value for name, value in self.params.items() if not name.startswith("_ansible")}
        msg = " ".join(unknown_options(given, self.argument_spec)) or msg
        # Ansible would take the traceback from the exception itself, unmasked; it is shown only where asked for.
        error = exception if isinstance(exception, BaseException) else sys.exc_info()[1]
        trace = "".join(traceback.format_exception(error)) if error else None
        super().fail_json(
            msg=self.masker.mask(msg).strip(),
            exception=trace and self.masker.mask(trace),
            **_mapped(result, self.masker.mask),
        )
        raise SystemExit(1)  # fail_json does not return, which its types do not tell

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        super().exit_json(**_mapped_sentences(result, self.masker.mask))
        raise SystemExit(0)

    def warn(self, warning: str, **more: t.Any) -> None:
        super().warn(self.masker.mask(warning), **more)

    def log(self, msg: t.Any, log_args: Mapping[str, t.Any] | None = None) -> None:
        super().log(_mapped(msg, self.masker.mask), _mapped(log_args, self.masker.mask))


def _mapped(value: t.Any, change: Callable[[str], str]) -> t.Any:
    """Nested data with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(entry, change) for key, entry in value.items()}
    return [_mapped(entry, change) for entry in value] if isinstance(value, list | tuple) else value


def _mapped_sentences(value: t.Any, change: Callable[[str], str]) -> t.Any:
    """Nested data with the sentences in it changed, but not the data."""
    if isinstance(value, dict):
        return {key: (_mapped if key in _SAID else _mapped_sentences)(entry, change) for key, entry in value.items()}
    return [_mapped_sentences(entry, change) for entry in value] if isinstance(value, list | tuple) else value


def _module(spec: ArgumentSpec) -> _Module:
    return _Module(supports_check_mode=True, **CONNECTION.merge(spec).to_kwargs())


async def _converge(
    module: AnsibleModule,
    client: GraphClient,
    progress: Progress,
    declaration: Declaration,
    returned: Callable[[TenantState], Result],
    limit: int,
    risks: RiskTable,
) -> Result:
    state = await _read.read(client, declaration, patient=not module.check_mode)
    planned = plan(declaration, state)
    _check_assumptions(module, planned)
    for warning in planned.warnings:
        module.warn(warning)
    if module.check_mode:
        outcome = report.predicted(planned, state)
    else:
        client.on_read = None
        progress.begin("Writing", "changes", len(planned.changes))
        outcome = await _apply.apply(client, planned, state, on_change=progress.advance)
    return _result(module, outcome, returned(report.after(state, outcome)), limit, risks)


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


def _end(module: _Module, prepare: Callable[[], Work]) -> None:
    """Does the work and ends the module with its result, or with one sentence on what went wrong."""
    # Without a handler Python prints the libraries' logs to the module's stderr, which Ansible may show.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        connection = Connection.from_options(module.params, module.masker)
        result = asyncio.run(_connected(module, connection, prepare()))
    except EntraError as error:
        module.fail_json(msg=error.message, **error.result())
    except Exception as error:
        module.fail_json(msg=_unexpected(error, module.masker))
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _unexpected(error: Exception, masker: Masker) -> str:
    """A sentence on an error that nobody has thought of."""
    files = [
        f"{frame.filename.rpartition('/tenantops/entra/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/tenantops/entra/" in frame.filename
    ]
    text = " ".join(masker.mask(str(error)).split())
    told = f" ({text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''})" if text else ""
    return (
        f"Unexpected error {type(error).__name__} in {files[-1] if files else 'a library'}{told}: this is a defect of "
        "tenantops.entra, please report it."
    )


async def _connected(module: _Module, connection: Connection, work: Work) -> Result:
    try:
        from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    except ImportError as error:
        module.fail_json(msg=f"{missing_required_lib(_LIBRARIES)} ({error})")
    progress = Progress.from_environment(module.masker.mask(connection.tenant_id or "") or None)
    progress.begin("Reading", "objects")
    try:
        async with GraphClient(connection, on_read=progress.advance) as client:
            return await work(client, progress)
    finally:
        progress.end()
