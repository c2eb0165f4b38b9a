# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`$filter`: parsed by odata-query, checked against what each collection supports, then applied to records.

Literals are typed as in Graph: ids of grants and directory objects are strings and quoted, ids in app role
assignments are GUIDs and bare. The wrong form is an invalid filter clause, not an empty result. Properties within others
are named by their path, `initiatedBy/user/id`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from entra_simulator.errors import GraphError, gateway_error, unsupported_query

MAX_VALUES = 15  # of one filter: values of `in` and terms of `or` count alike
ADVANCED = frozenset({"ne", "not", "endswith"})
Predicate = Callable[[Any], bool]

_LITERALS: dict[str, tuple[type[Any], ...]] = {
    "string": (ast.String,),
    "guid": (ast.GUID,),
    "bool": (ast.Boolean,),
    "date": (ast.DateTime, ast.Date),
}
_COMPARATORS: dict[type[Any], str] = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.In: "in",
    ast.GtE: "ge",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.Lt: "lt",
}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "le": operator.le,
}
_TOKENS = re.compile(
    r"""(?P<single>\bin\s*\(\s*(?:'(?:[^']|'')*'|[0-9a-fA-F-]{36})\s*\))"""
    r"""|(?P<string>'(?:[^']|'')*')"""
    r"""|(?P<function>\b(?:startsWith|endsWith)(?=\())"""
    r"""|(?P<negation>\b(?:not|NOT)\b\s*)"""
)


@dataclass(frozen=True)
class Field:
    """A property that may stand in a filter: how to read it, its literal type, the operators on it.

    A property that may be null can't be compared with `ge` and `le`. An `advanced` one is for advanced queries alone.
    """

    read: Callable[[Any], Any]
    kind: str = "string"
    operators: frozenset[str] = frozenset({"eq"})
    advanced: bool = False


@dataclass(frozen=True)
class FilterSpec:
    """What a collection can be filtered by. `known` are further properties, which exist but can't be filtered.

    `collections` are properties that hold several things, for `any`.
    """

    resource: str
    fields: Mapping[str, Field]
    known: frozenset[str] = frozenset()
    refuse: Callable[[str], GraphError] | None = None
    collections: Mapping[str, Collection] = field(default_factory=dict)

    def unsupported(self, name: str) -> GraphError:
        """The answer to a filter on a property, or with an operator, that is not supported."""
        if self.refuse is not None:
            return self.refuse(name)
        return unsupported_query(
            f"Unsupported or invalid query filter clause specified for property '{name}' of resource '{self.resource}'."
        )


@dataclass(frozen=True)
class Collection:
    """A property that holds several things: how to read them, and what each can be filtered by.

    Where they are plain values, the field of no name is the value itself.
    """

    read: Callable[[Any], Iterable[Any]]
    spec: FilterSpec


@dataclass
class Filter:
    """A checked filter. `equal` holds, per property, the values that the whole filter insists on (lower case).
    For `targetResources/any(t:t/id eq 'value')` the property is `targetResources/id`.

    `exact`: it is nothing but one `property eq 'value'`, so that an index of the property answers it alone.
    """

    matches: Predicate = field(default=lambda _record: True)
    equal: dict[str, list[str]] = field(default_factory=dict)
    operators: set[str] = field(default_factory=set)
    exact: bool = False

    @property
    def narrowing(self) -> bool:
        """Whether it filters at all."""
        return bool(self.operators)


def compile_filter(text: str | None, spec: FilterSpec, advanced: bool) -> Filter:
    """Parse and check `text`; raise Graph's error for what it refuses."""
    if text is None:
        return Filter()
    try:
        tree = _parse(text)
    except (ODataException, ValueError) as error:
        raise gateway_error("Invalid filter clause") from error
    builder = _Builder(spec)
    result = Filter(matches=builder.predicate(tree), operators=builder.operators)
    _collect_equal(tree, result.equal)
    result.exact = isinstance(tree, ast.Compare) and result.operators == {"eq"} and bool(result.equal)
    if builder.terms > MAX_VALUES:
        raise unsupported_query(
            "Too many child clauses specified in search filter expression containing 'OR' operators: "
            f"{builder.terms}. Max allowed: {MAX_VALUES}."
        )
    if (builder.advanced or result.operators & ADVANCED) and not advanced:
        raise unsupported_query(
            "Operator is not supported because the required parameters might be missing. Try adding $count=true "
            "query parameter and ConsistencyLevel:eventual header. Refer to "
            "https://aka.ms/graph-docs/advanced-queries for more information"
        )
    return result


@lru_cache(maxsize=1024)
def _parse(text: str) -> Any:
    """The tree of a filter. Kept, for every page of a list brings the same one."""
    return ODataParser().parse(ODataLexer().tokenize(_TOKENS.sub(_normalise, text)))


def _normalise(match: re.Match[str]) -> str:
    """Bridge gaps of the grammar: a list of one value, function names in camel case, `not(` and `NOT`."""
    if match["single"]:
        return match["single"].rstrip()[:-1] + ",)"
    if match["negation"]:
        return "not "
    return match["string"] or match["function"].lower()


class _Builder:
    """`variable` is what stands for the element within `any`."""

    def __init__(self, spec: FilterSpec, variable: str | None = None) -> None:
        self._spec = spec
        self._variable = variable
        self.operators: set[str] = set()
        self.advanced = False
        self.terms = 1

    def predicate(self, node: Any) -> Predicate:
        """The test for one node of the tree."""
        if isinstance(node, ast.BoolOp):
            return self._bool(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self.operators.add("not")
            inner = self.predicate(node.operand)
            return lambda record: not inner(record)
        if isinstance(node, ast.Compare):
            return self._compare(node)
        if isinstance(node, ast.Call) and node.func.name in ("startswith", "endswith"):
            return self._call(node)
        if isinstance(node, ast.CollectionLambda):
            return self._lambda(node)
        raise gateway_error("Invalid filter clause")

    def _bool(self, node: ast.BoolOp) -> Predicate:
        left, right = self.predicate(node.left), self.predicate(node.right)
        if isinstance(node.op, ast.And):
            return lambda record: left(record) and right(record)
        self.terms += 1
        self.operators.add("or")
        return lambda record: left(record) or right(record)

    def _compare(self, node: ast.Compare) -> Predicate:
        name = _COMPARATORS[type(node.comparator)]
        read, kind = self._field(node.left, name)
        if name == "in":
            literals = node.right.val if isinstance(node.right, ast.List) else []
            self.terms += len(literals) - 1
            wanted = {_value(literal, kind) for literal in literals}
            return lambda record: _fold(read(record)) in wanted
        test, value = _TESTS[name], _value(node.right, kind)
        return lambda record: test(_fold(read(record)), value)

    def _call(self, node: ast.Call) -> Predicate:
        name = node.func.name
        read, kind = self._field(node.args[0], name)
        value = _value(node.args[1], kind)
        if not isinstance(value, str):
            raise gateway_error("Invalid filter clause")
        if name == "startswith":
            return lambda record: str(_fold(read(record)) or "").startswith(value)
        return lambda record: str(_fold(read(record)) or "").endswith(value)

    def _lambda(self, node: ast.CollectionLambda) -> Predicate:
        name = _path(node.owner, self._variable)
        collection = self._spec.collections.get(name)
        if collection is None or not isinstance(node.operator, ast.Any) or node.lambda_ is None:
            raise self._spec.unsupported(name)
        inner = _Builder(collection.spec, node.lambda_.identifier.name)
        matches = inner.predicate(node.lambda_.expression)
        self.operators |= inner.operators
        self.advanced |= inner.advanced
        self.terms += inner.terms - 1
        return lambda record: any(matches(element) for element in collection.read(record))

    def _field(self, node: Any, used: str) -> tuple[Callable[[Any], Any], str]:
        name = _path(node, self._variable)
        known = self._spec.fields.get(name)
        if known is None and not name:
            raise gateway_error("Invalid filter clause")
        if known is None and name not in self._spec.known:
            raise gateway_error(
                f"Could not find a property named '{name}' on type "
                f"'microsoft.graph.{self._spec.resource[0].lower()}{self._spec.resource[1:]}'."
            )
        if known is None or used not in known.operators:
            raise self._spec.unsupported(name)
        self.operators.add(used)
        self.advanced |= known.advanced
        return known.read, known.kind


def _path(node: Any, variable: str | None = None) -> str:
    """The path of a property; within `any` it begins behind the variable, which alone has none. Raises on anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.owner
    if not isinstance(node, ast.Identifier) or variable not in (None, node.name):
        raise gateway_error("Invalid filter clause")
    return "/".join(parts if variable is not None else [node.name, *parts])


def _fold(value: Any) -> Any:
    """The directory compares strings without regard to case."""
    return value.lower() if isinstance(value, str) else value


def _value(literal: Any, kind: str) -> str | bool | datetime | None:
    if isinstance(literal, ast.Null):
        return None
    if not isinstance(literal, _LITERALS[kind]):
        raise gateway_error("Invalid filter clause")
    if kind == "bool":
        return bool(literal.py_val)
    if kind == "date":
        return _moment(literal.val)
    return str(literal.val).lower()


def _moment(text: str) -> datetime:
    """A date, or a date and time, of which Graph has more digits than are kept here. Without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise gateway_error("Invalid filter clause") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _collect_equal(node: Any, found: dict[str, list[str]], within: str = "", variable: str | None = None) -> None:
    """Gather `property eq value` and `property in (…)` that stand under nothing but `and`, in an `any` alone.

    `within` is the path of the collection whose `any` the node is in, with a slash.
    """
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) and variable is None:
        _collect_equal(node.left, found)
        _collect_equal(node.right, found)
    elif isinstance(node, ast.CollectionLambda) and node.lambda_ is not None:
        _collect_equal(node.lambda_.expression, found, f"{_path(node.owner)}/", node.lambda_.identifier.name)
    elif isinstance(node, ast.Compare):
        values: list[Any] = list(node.right.val) if isinstance(node.right, ast.List) else [node.right]
        if isinstance(node.comparator, ast.Eq | ast.In) and all(
            isinstance(value, ast.String | ast.GUID) for value in values
        ):
            name = (within + _path(node.left, variable)).rstrip("/")
            found.setdefault(name, [str(value.val).lower() for value in values])
