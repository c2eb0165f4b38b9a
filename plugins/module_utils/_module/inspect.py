# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What module tenant_consent_info finds: the live state as a declaration, or where it is not as declared.

PRIVATE to tenantops.entra.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent import (
    declaration,
    declare,
    export,
    overview,
    pseudonyms,
    registry,
    rehearsal,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent import drift as drift_rules
from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import (
    AppDeclaration,
    Declaration,
)
from ansible_collections.tenantops.entra.plugins.module_utils._consent.levels import LEVELS
from ansible_collections.tenantops.entra.plugins.module_utils._consent.risk import RiskTable
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._module.apps import declared_apps
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import audit, identities, inherited, read, survey
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import registry as kinds
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.directory import Directory
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.members import Members
from ansible_collections.tenantops.entra.plugins.module_utils._text import mapped, whole

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON

    Options: t.TypeAlias = Mapping[str, t.Any]

SCHEMA_VERSION = 1
# What a report says of declared apps only.
_OF_DECLARED = ("exists", "assignment_required")


async def tenant_consent(client: GraphClient, options: Options) -> JSON:
    """Of module ``tenant_consent_info``."""
    risks = RiskTable.read(options["risk_levels"])
    declared = None
    if options["declared"] is not None:
        declared = declare.tenant_consent(
            {**options, "apps": declared_apps(options["declared"]), "prune": False, "max_removals": None}
        )
    if declared is not None and not options["rehearsal"]:
        return {"report": await _compare(client, declared, options, risks)}
    return await _export(client, declared, options)


# The live state as a declaration


async def _export(client: GraphClient, declared: Declaration | None, options: Options) -> JSON:
    declared = declared and await identities.resolved(client, declared)
    chosen = await _chosen(client, options)
    if chosen is None and declared is None:
        found = await survey.survey(client)
        app_ids, state = sorted(found.app_ids()), await found.named(client)
    else:
        app_ids = sorted((await survey.survey(client)).app_ids()) if chosen is None else chosen
        state = await read.read(client, _all_of(app_ids, declared))
    names = await Directory(client).group_names(_groups(state))
    members = await _members(client, state) if options["rehearsal"] else {}
    if options["pseudonymize"]:
        hidden = pseudonyms.Pseudonyms(state, members)
        state, members, names = hidden.state(state), hidden.members(members), hidden.group_names()
    apps, problems = export.apps(state, app_ids, names)
    result: JSON = {"apps": apps, "problems": problems}
    if options["rehearsal"]:
        seed = rehearsal.seed(
            state,
            members,
            new=_new(declared, state),
            tenant=None if options["pseudonymize"] else options["tenant_id"],
        )
        result["seed"] = mapped(seed, whole)
        if result["seed"] != seed:
            problems.append(
                "The seed has a replacement character for each half of a character, which no file can hold."
            )
    return result


async def _chosen(client: GraphClient, options: Options) -> list[str] | None:
    """The apps that are asked for; None means all that hold anything."""
    if options["app_ids"] is None and options["publisher_tenant_ids"] is None:
        return None
    chosen = [] if options["app_ids"] is None else declaration.app_ids(options["app_ids"])
    if options["publisher_tenant_ids"] is not None:
        publishers = set(declaration.tenant_ids(options["publisher_tenant_ids"]))
        chosen += [app.app_id for app in await survey.apps_of(client, publishers)]
    return list(dict.fromkeys(chosen))


def _all_of(app_ids: Iterable[str], declared: Declaration | None) -> Declaration:
    """Everything that these apps and the declared ones have is read, with whom the declaration names."""
    known = {app.app_id: app for app in declared.apps} if declared else {}
    apps = [known.get(app_id) or AppDeclaration(app_id) for app_id in dict.fromkeys([*app_ids, *known])]
    return Declaration(tuple(map(_whole, apps)))


def _whole(app: AppDeclaration) -> AppDeclaration:
    return app.with_everything(kind.name for kind in registry.KINDS)


def _new(declared: Declaration | None, state: TenantState) -> dict[str, str]:
    """Declared apps that the tenant does not have, by app id: what they are called."""
    apps = declared.apps if declared else ()
    return {app.app_id: app.name or app.app_id for app in apps if app.app_id not in state.service_principals}


async def _members(client: GraphClient, state: TenantState) -> dict[str, list[Principal]]:
    """The users in all groups that are assigned or declared, those of groups in them included."""
    groups = {**_groups(state), **{group.id: group for group in state.groups.values()}}
    members = Members(client, [(group.id, group.label, True) for group in groups.values()])
    await members.begin()
    await members.read_rest()
    return {group_id: list(users) for (group_id, _nested), users in members.users().items()}


def _groups(state: TenantState) -> dict[str, Principal]:
    """Those that have something, by object id."""
    people = (one for kind in registry.KINDS for one in kind.people(state))
    return {one.id: one for one in people if one.type == "Group"}


# Where the live state is not as declared


async def _compare(client: GraphClient, declared: Declaration, options: Options, risks: RiskTable) -> JSON:
    """The report of docs/report.schema.json, without what only the playbook knows."""
    declared = await identities.resolved(client, declared)
    state = await read.read(client, dataclasses.replace(declared, apps=tuple(map(_whole, declared.apps))))
    drifts, incomparable = drift_rules.drift(declared, state)
    problems = list(dict.fromkeys(problem for found in incomparable.values() for problem in found))
    undeclared: list[JSON] = []
    if options["undeclared"]:
        try:
            undeclared, unread = await _undeclared(client, {app.app_id for app in declared.apps}, risks)
            problems += unread
        except EntraError as error:
            problems.append(f"Apps that nobody declared are not in this report. {error.message}")
    state, unread = await inherited.with_inherited(client, state, kinds.KINDS, (app.app_id for app in declared.apps))
    problems += unread
    entries = [drift_rules.entry(item, state, risks) for item in drifts]
    if options["attribution"] and entries:
        await audit.attribute(client, state, zip(drifts, entries, strict=True))
    apps = [_app(app, state, entries, risks, comparable=app.app_id not in incomparable) for app in declared.apps]
    statuses = [entry["status"] for entry in entries]
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "tenant",
        "tenant_id": options["tenant_id"],
        "generated_at": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": "incomplete" if problems else "drift" if entries or undeclared else "as_declared",
        "complete": not problems,
        "problems": problems,
        "counts": {
            "apps": len(apps),
            **{status: statuses.count(status) for status in ("missing", "extra", "changed")},
            "undeclared": len(undeclared),
        },
        "apps": apps,
        "undeclared": undeclared,
    }


def _app(app: AppDeclaration, state: TenantState, entries: list[JSON], risks: RiskTable, *, comparable: bool) -> JSON:
    own = [entry for entry in entries if entry["app_id"] == app.app_id]
    found = overview.app(state, app.app_id, risks)
    return {
        **found,
        "name": app.name or found["name"],
        "status": "drift" if own else "as_declared" if comparable else "incomplete",
        "drift": own,
    }


async def _undeclared(client: GraphClient, declared: set[str], risks: RiskTable) -> tuple[list[JSON], list[str]]:
    """Apps that hold anything of any kind and that nobody declared, the riskiest first; and what could not be read."""
    surveyed = await survey.survey(client)
    app_ids = surveyed.app_ids() - declared
    # An agent may have nothing of its own.
    agents = {app.app_id for app in surveyed.apps.values() if app.is_agent} - declared
    summed = await surveyed.summed(client)
    state, problems = await inherited.with_inherited(client, summed, kinds.KINDS, sorted(app_ids | agents))
    app_ids |= {item.app_id for items in state.inherited.values() for item in items}
    found = []
    for app_id in app_ids:
        entry = {name: value for name, value in overview.app(state, app_id, risks).items() if name not in _OF_DECLARED}
        for kind in registry.KINDS:
            entry |= kind.holders(app_id, state)
        found.append(entry)
    return sorted(found, key=_riskiest_first), problems


def _riskiest_first(app: JSON) -> tuple[int, int, str, str]:
    level = LEVELS.index(app["risk"]) if app["risk"] in LEVELS else -1
    return (-level, -app["users"], str(app["name"] or app["app_id"]).casefold(), app["app_id"])
