# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcome of a plan → what a module returns. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import (
    Change,
    Failure,
    Outcome,
    Plan,
    TenantState,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import Risks
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import JSON


def predicted(plan: Plan, state: TenantState) -> Outcome:
    """The outcome that check mode reports: all changes made, without the ids that only Graph can give."""
    apps = dict(state.service_principals)
    for change in plan.changes:
        apps = change.predict(apps, state)
    return Outcome(done=tuple((change, change.object_id or "") for change in plan.changes), service_principals=apps)


def after(state: TenantState, outcome: Outcome) -> TenantState:
    """The state with the changes that were made."""
    apps = dict(outcome.service_principals)
    objects = {kind: dict(held) for kind, held in state.objects.items()}
    for change, object_id in outcome.done:
        change.put(objects.setdefault(change.kind, {}), apps, object_id)
    for (kind, key), found in outcome.seen.items():
        held = objects.setdefault(kind, {})
        if found is None:
            held.pop(key, None)
        else:
            held[key] = found
    return dataclasses.replace(state, service_principals=apps, objects=objects)


def changes(made: Iterable[Change], risks: Risks) -> list[JSON]:
    """Changes as data, keys that do not apply left out."""
    return [_change(change, risks) for change in made]


def failures(failed: Iterable[Failure], risks: Risks) -> list[JSON]:
    return [{"change": _change(failure.change, risks), **failure.error} for failure in failed]


def _change(change: Change, risks: Risks) -> JSON:
    return {name: value for name, value in change.facts(risks).items() if value is not None}


# Texts


def failure_message(outcome: Outcome) -> str:
    """The first error, and how much else failed and was made; all errors are in ``failures``."""
    failed, made = len(outcome.failures), len(outcome.done)
    first = str(outcome.failures[0].error["msg"])
    if failed + made == 1:
        return first
    others = f" The others are in failures ({failed - 1})." if failed > 1 else ""
    return f"{failed} of {failed + made} changes failed; run again to make them once this is solved: {first}{others}"


def assumed_message(assumed: Sequence[str], *, check_mode: bool) -> str:
    apps = ", ".join(assumed)
    if check_mode:
        return f"No service principal exists for {apps}: check mode assumes that an earlier task creates it."
    return (
        f"No service principal exists for {apps} in this tenant: create it first with "
        "tenantops.entra.service_principal."
    )
