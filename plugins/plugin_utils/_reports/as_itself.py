# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What apps may do as themselves, without a user: the same words for every format. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import wording

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.kinds.face import Piece
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

TITLE = "As themselves, without a user"
HELP = (
    "What apps may do with nobody signed in. An application permission reaches everybody's data: "
    "Mail.Read reads every mailbox. Tier 0 means that its holder can take over the tenant."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """Application permissions of an app.

    :ivar tier_0: whether it is about one of tier 0.
    :ivar words: what comes first.
    :ivar listed: the others, in words each, if it is about many.
    """

    tier_0: bool
    words: list[Piece]
    listed: list[list[Piece]] = dataclasses.field(default_factory=list)


def held(app: JSON) -> list[JSON]:
    """Its application permissions, tier 0 first, then the riskiest; none where a report does not tell of them."""
    return wording.by_risk(app.get("application_permissions", ()))


def has_tier_0(app: JSON) -> bool:
    return any(item["tier_0"] for item in app.get("application_permissions", ()))


def holders(report: JSON) -> list[JSON]:
    """Apps of a tenant that hold some, declared or not, in the same order."""
    apps = [app for app in [*report["apps"], *report["undeclared"]] if app.get("application_permissions")]
    return sorted(wording.by_risk(apps), key=lambda app: not has_tier_0(app))


def lines(app: JSON) -> list[Line]:
    """One for each of tier 0, with what its holder can do; then one for the others of each API."""
    found = [
        Line(
            True,
            [
                ("code", item["app_role"]),
                ("", " on "),
                _api(item),
                ("", f"{_judged(item)}: "),
                ("name", item["tier_0"]),
            ],
        )
        for item in held(app)
        if item["tier_0"]
    ]
    others: dict[str, Line] = {}
    for item in held(app):
        if not item["tier_0"]:
            line = others.setdefault(item["resource_app_id"], Line(False, [_api(item), ("", ": ")]))
            line.listed.append([("code", item["app_role"]), ("", _judged(item))])
    return [*found, *others.values()]


def _api(item: JSON) -> Piece:
    return ("name", item["resource_name"]) if item["resource_name"] else ("code", item["resource_app_id"])


def _judged(item: JSON) -> str:
    return f" ({item['risk'] or 'unknown'} risk){wording.inherited(item)}"
