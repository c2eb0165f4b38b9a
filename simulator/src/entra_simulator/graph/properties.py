# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request may write on a service principal, and how each value is checked."""

from __future__ import annotations

from typing import Any

from entra_simulator.errors import bad_request, invalid_value
from entra_simulator.graph.entities import SERVICE_PRINCIPAL_KNOWN
from entra_simulator.tenant.model import ServicePrincipal

MAX_NOTE = 1024  # characters of `notes` and of `description`
_RESOURCE = "ServicePrincipal"
_ATTRIBUTES = {
    "accountEnabled": "account_enabled",
    "appRoleAssignmentRequired": "assignment_required",
    "description": "description",
    "homepage": "homepage",
    "loginUrl": "login_url",
    "notes": "notes",
    "notificationEmailAddresses": "notification_email_addresses",
    "preferredSingleSignOnMode": "preferred_single_sign_on_mode",
    "tags": "tags",
}
_FLAGS = frozenset({"accountEnabled", "appRoleAssignmentRequired"})
_LISTS = frozenset({"notificationEmailAddresses", "tags"})


def check_properties(body: dict[str, Any]) -> None:
    """Refuse what can't be written, before anything is."""
    for name, value in body.items():
        if name not in _ATTRIBUTES:
            if name in SERVICE_PRINCIPAL_KNOWN:
                raise bad_request(f"Property '{name}' is read-only and cannot be set.")
            raise bad_request(f"Property {name} does not exist as a declared property or extension property.")
        if not _fits(name, value):
            raise invalid_value(name, _RESOURCE)


def apply_properties(record: ServicePrincipal, body: dict[str, Any]) -> None:
    """Write checked properties."""
    for name, value in body.items():
        if name == "accountEnabled" and value is None:
            value = True
        setattr(record, _ATTRIBUTES[name], list(value) if name in _LISTS else value)


def written_properties(record: ServicePrincipal, body: dict[str, Any]) -> dict[str, Any]:
    """The values that a record has of the properties of a checked body."""
    return {name: getattr(record, _ATTRIBUTES[name]) for name in body}


def _fits(name: str, value: Any) -> bool:
    if name in _FLAGS:
        # appRoleAssignmentRequired is the one of both that is not nullable.
        return isinstance(value, bool) or (value is None and name == "accountEnabled")
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    limit = MAX_NOTE if name in ("notes", "description") else 100_000
    return value is None or (isinstance(value, str) and len(value) <= limit)
