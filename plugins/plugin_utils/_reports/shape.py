# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a consent report looks like, and its plain copy in the documented order. PRIVATE to tenantops.entra. Pure.

docs/report.schema.json says the same to other programs.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from collections.abc import Mapping, Sequence

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

JSON: t.TypeAlias = dict[str, t.Any]

SCHEMA_VERSION = 1
STATUSES = ("as_declared", "drift", "incomplete", "failed")  # rising
RISKS = ("low", "unknown", "medium", "high", "critical")  # rising
DIFFERENCES = ("missing", "extra", "changed")
PURPOSES = ("drift", "plan")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


class ReportError(ValueError):
    """The input is no consent report; the text is one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


@dataclasses.dataclass(frozen=True, slots=True)
class Value:
    """A scalar, or anything at all.

    :ivar types: what it may be; empty for anything that JSON knows.
    :ivar choices: the only texts allowed, if any.
    """

    types: tuple[type, ...] = ()
    choices: tuple[str, ...] = ()
    time: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    of: Shape
    at_least: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Entries:
    """A mapping whose keys are data."""

    of: Shape


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys, in the order in which they are written; others are kept behind them."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = dataclasses.field(default_factory=dict)


Shape: t.TypeAlias = Value | Items | Entries | Record

_TEXT = Value((str,))
_NAME = Value((str, type(None)))
_FLAG = Value((bool,))
_NUMBER = Value((int,))
_MAYBE_RISK = Value((str, type(None)), RISKS)

PERMISSION = Record(
    {
        "resource_app_id": _TEXT,
        "resource_name": _NAME,
        "scope": _TEXT,
        "admin_consent_required": Value((bool, type(None))),
        "risk": _MAYBE_RISK,
        "all_users": _FLAG,
        "users": _NUMBER,
    },
    {"inherited": _FLAG},
)
APPLICATION_PERMISSION = Record(
    {
        "resource_app_id": _TEXT,
        "resource_name": _NAME,
        "app_role": _TEXT,
        "app_role_id": _TEXT,
        "risk": _MAYBE_RISK,
        "tier_0": _NAME,
        "inherited": _FLAG,
    }
)
EVENT = Record(
    {"time": _TEXT, "actor": _NAME, "actor_type": Value((str, type(None)), ("user", "app")), "activity": _TEXT},
    {"id": _NAME},
)
DIFFERENCE = Record(
    {"status": Value((str,), DIFFERENCES), "kind": _TEXT, "app_id": _TEXT, "repaired_by_apply": _FLAG},
    {
        "app_display_name": _NAME,
        "resource_app_id": _TEXT,
        "resource_display_name": _NAME,
        "consent_type": Value((str,), ("AllPrincipals", "Principal")),
        "principal": Record({"id": _TEXT, "type": Value((str,), ("User", "Group")), "name": _NAME}),
        "app_role": _TEXT,
        "scopes_missing": Items(_TEXT),
        "scopes_extra": Items(_TEXT),
        "properties": Entries(Record({"declared": Value(), "found": Value()})),
        "admin_scopes": Items(_TEXT),
        "risk": _MAYBE_RISK,
        "tier_0": _NAME,
        "attribution": Items(EVENT),
        "attribution_note": _TEXT,
    },
)
ASSIGNED = Record({"users": _NUMBER, "groups": _NUMBER})
APP = Record(
    {
        "app_id": _TEXT,
        "name": _NAME,
        "exists": _FLAG,
        "account_enabled": Value((bool, type(None))),
        "assignment_required": Value((bool, type(None))),
        "owner_tenant_id": _NAME,
        "risk": _MAYBE_RISK,
        "status": Value((str,), ("as_declared", "drift", "incomplete")),
        "permissions": Items(PERMISSION),
        "assigned": ASSIGNED,
        "drift": Items(DIFFERENCE),
    },
    {"application_permissions": Items(APPLICATION_PERMISSION)},
)
UNDECLARED = Record(
    {
        "app_id": _TEXT,
        "name": _NAME,
        "owner_tenant_id": _NAME,
        "account_enabled": Value((bool, type(None))),
        "risk": _MAYBE_RISK,
        "all_users": _FLAG,
        "users": _NUMBER,
        "permissions": Items(PERMISSION),
    },
    {"application_permissions": Items(APPLICATION_PERMISSION), "assigned": ASSIGNED},
)
COUNTS = Record(dict.fromkeys(("apps", *DIFFERENCES, "undeclared"), _NUMBER))
_HEAD: dict[str, Shape] = {"schema_version": _NUMBER, "kind": Value((str,), ("tenant", "overview"))}
_FACTS: dict[str, Shape] = {
    "generated_at": Value((str,), time=True),
    "purpose": Value((str,), PURPOSES),
    "status": Value((str,), STATUSES),
}
TENANT = Record(
    {
        **_HEAD,
        "tenant": _TEXT,
        "tenant_id": _NAME,
        **_FACTS,
        "complete": _FLAG,
        "problems": Items(_TEXT),
        "counts": COUNTS,
        "apps": Items(APP),
        "undeclared": Items(UNDECLARED),
    }
)
OVERVIEW = Record({**_HEAD, **_FACTS, "counts": COUNTS, "tenants": Items(TENANT, at_least=1)})


def plain(report: object) -> JSON:
    """A copy of plain dicts and lists, keys in the documented order.

    Raises ReportError unless it is a tenant's report or an overview.
    """
    if not isinstance(report, Mapping):
        raise ReportError(f"A consent report is a mapping, not {_shown(report)}.")
    if report.get("kind") not in ("tenant", "overview"):
        raise ReportError(f"A consent report has the kind 'tenant' or 'overview', not {_shown(report.get('kind'))}.")
    _version(report, "")
    found: JSON = _copy(report, OVERVIEW if report["kind"] == "overview" else TENANT, "")
    return found


def plain_tenants(reports: object) -> list[JSON]:
    """The same for a list of tenants' reports. Raises ReportError."""
    if not isinstance(reports, Sequence) or isinstance(reports, (str, bytes)):
        raise ReportError(f"An overview is made of a list of consent reports, not of {_shown(reports)}.")
    if not reports:
        raise ReportError("An overview is made of at least one consent report.")
    return [_copy(report, TENANT, f"reports[{place}]") for place, report in enumerate(reports)]


def time(text: object) -> str:
    """The time as it is. Raises ReportError unless it is one in UTC."""
    return str(_copy(text, Value((str,), time=True), "generated_at"))


def _copy(value: t.Any, shape: Shape, where: str) -> t.Any:
    if isinstance(shape, Value):
        return _scalar(value, shape, where)
    if isinstance(shape, Items):
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            raise ReportError(f"{_at(where)} must be a list, not {_shown(value)}.")
        if len(value) < shape.at_least:
            raise ReportError(f"{_at(where)} must not be empty.")
        return [_copy(item, shape.of, f"{where}[{place}]") for place, item in enumerate(value)]
    if not isinstance(value, Mapping):
        raise ReportError(f"{_at(where)} must be a mapping, not {_shown(value)}.")
    if isinstance(shape, Entries):
        return {str(name): _copy(value[name], shape.of, f"{where}.{name}") for name in sorted(value)}
    return _record(value, shape, where)


def _record(value: Mapping[str, t.Any], shape: Record, where: str) -> JSON:
    missing = [name for name in shape.required if name not in value]
    if missing:
        raise ReportError(f"{_at(where)} has no '{missing[0]}'.")
    if shape is TENANT:
        _version(value, where)
        if value["kind"] != "tenant":
            raise ReportError(f"{_at(where)} has the kind {_shown(value['kind'])}, and must be that of a tenant.")
    prefix = f"{where}." if where else ""
    found = {name: _copy(value[name], part, f"{prefix}{name}") for name, part in shape.required.items()}
    for name, part in shape.optional.items():
        if name in value:
            found[name] = _copy(value[name], part, f"{prefix}{name}")
    for name in sorted(value.keys() - found.keys()):
        found[str(name)] = _scalar(value[name], Value(), f"{prefix}{name}")
    return found


def _scalar(value: t.Any, shape: Value, where: str) -> t.Any:
    if not shape.types:
        return _any(value)
    # To Python a truth value is a number, too.
    if not isinstance(value, shape.types) or (isinstance(value, bool) and bool not in shape.types):
        raise ReportError(f"{_at(where)} must be {_types(shape)}, not {_shown(value)}.")
    if shape.choices and value is not None and value not in shape.choices:
        raise ReportError(f"{_at(where)} must be one of {', '.join(shape.choices)}, not {_shown(value)}.")
    if shape.time and not _TIME.fullmatch(str(value)):
        raise ReportError(f"{_at(where)} must be a time such as 2026-11-25T02:00:00Z, not {_shown(value)}.")
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        raise ReportError(f"{_at(where)} must not be negative.")
    return value


def _any(value: t.Any) -> t.Any:
    if isinstance(value, Mapping):
        return {str(name): _any(value[name]) for name in sorted(value)}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_any(item) for item in value]
    return value


def _version(report: Mapping[str, t.Any], where: str) -> None:
    version = report.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise ReportError(
            f"{_at(where)} has the schema version {_shown(version)}, and this release of the collection "
            f"reads version {SCHEMA_VERSION}."
        )


def _at(where: str) -> str:
    return f"The consent report's {where}" if where else "The consent report"


def _types(shape: Value) -> str:
    names = {str: "a text", bool: "true or false", int: "a number", type(None): "null"}
    return " or ".join(names[kind] for kind in shape.types)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return "a list"
    if isinstance(value, str):
        return f"'{value}'" if len(value) <= 60 else "a long text"
    return {None: "null", True: "true", False: "false"}[value] if isinstance(value, (bool, type(None))) else str(value)
