# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scopes: what may be declared, what a resource publishes, what an admin must consent to. PRIVATE to tenantops.entra."""

from __future__ import annotations

import difflib
import functools
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal

# Graph stores no longer scope text in a grant.
LONGEST_SCOPE_TEXT = 3850
# Ten thousand grants mostly have a few texts between them.
_KEPT = 1024


@functools.lru_cache(maxsize=_KEPT)
def tokens(scope_text: str) -> frozenset[str]:
    """The set of scopes in Graph's text, whatever its spacing."""
    return frozenset(scope_text.split())


def text(scopes: Iterable[str]) -> str:
    """The one way in which a set of scopes is written."""
    return " ".join(sorted(scopes))


def form_problems(scopes: Iterable[str]) -> list[str]:
    """What is wrong with declared scopes by their form alone. Graph would store any of it."""
    problems = []
    for scope in scopes:
        if not scope.strip():
            problems.append("A scope is empty: leave it out.")
        elif "," in scope:
            problems.append(f"The scope {scope!r} contains a comma: give scopes as separate list items.")
        elif scope.split() != [scope]:
            problems.append(f"The scope {scope!r} contains white space: give scopes as separate list items.")
    return problems


def published_problems(scopes: Iterable[str], resource: ServicePrincipal) -> list[str]:
    """Scopes that the resource does not publish, or has disabled. Graph would store them without a word."""
    published = {scope.value: scope for scope in resource.scopes}
    names = [scope.value for scope in resource.scopes if scope.enabled]
    problems = []
    for scope in sorted(set(scopes)):
        known = published.get(scope)
        if known is None:
            problems.append(f"{resource.label} publishes no scope {scope!r}{hint(scope, names)}")
        elif not known.enabled:
            problems.append(f"The scope {scope!r} of {resource.label} is disabled there and can't be granted.")
    return problems


@functools.lru_cache(maxsize=_KEPT)
def length_problem(scopes: frozenset[str]) -> str | None:
    """That the joined scopes are longer than Graph stores; completes "The scopes of … "."""
    length = len(text(scopes))
    if length <= LONGEST_SCOPE_TEXT:
        return None
    return f"are {length} characters long when joined, and Graph stores at most {LONGEST_SCOPE_TEXT}: declare fewer."


def needing_admin(scopes: Iterable[str], resource: ServicePrincipal | None) -> tuple[str, ...] | None:
    """Those that need an admin's consent by the resource's own word; None if that is not known."""
    if resource is None or not resource.scopes:
        return None
    admin = {scope.value for scope in resource.scopes if scope.admin_consent_required}
    return tuple(sorted(admin.intersection(scopes)))


def hint(name: str, known: Iterable[str]) -> str:
    """Ends a sentence with the name that may have been meant."""
    by_lower_case = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), by_lower_case, n=1, cutoff=0.6)
    return f"; did you mean {by_lower_case[near[0]]}?" if near else "."
