# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of the authority: OAuth's word, Entra's number and its sentence."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class SignInError(Exception):
    """A refusal."""

    error: str
    code: int
    sentence: str
    status: int = 400


def no_tenant(name: str) -> SignInError:
    """The tenant in the address is not this one."""
    return SignInError(
        "invalid_request",
        90002,
        f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant.",
    )


def invalid_client(code: int, sentence: str) -> SignInError:
    """What the client proves its identity with isn't accepted."""
    return SignInError("invalid_client", code, sentence, 401)


def disabled(client_id: str, name: str) -> SignInError:
    """The app's service principal may not sign in."""
    return SignInError("unauthorized_client", 7000112, f"Application '{client_id}'({name}) is disabled.")


def outside_its_time(now: float, valid_from: float | None, valid_until: float) -> SignInError:
    """An assertion of before or of later. All times are seconds since the epoch."""
    begin = "" if valid_from is None else f"assertion valid from {_written(valid_from)}, "
    return invalid_client(
        700024,
        f"Client assertion is not within its valid time range. Current time: {_written(now)}, {begin}expiry time of "
        f"assertion {_written(valid_until)}. Review the documentation at https://docs.microsoft.com/azure/"
        "active-directory/develop/active-directory-certificate-credentials .",
    )


def bad_signature(client_id: str, thumbprint: str, reason: str) -> SignInError:
    """A certificate's signature isn't accepted. `thumbprint` is what the header names, `reason` a sentence."""
    try:
        shown = base64.urlsafe_b64decode(thumbprint + "=" * (-len(thumbprint) % 4)).hex().upper()
    except ValueError:
        shown = thumbprint
    return invalid_client(
        700027,
        f"The certificate with identifier used to sign the client assertion is not registered on application. "
        f"[Reason - {reason}, Thumbprint of key used by client: '{shown}', Please visit the Azure Portal, Graph "
        f"Explorer or directly use MS Graph to see configured keys for app Id '{client_id}'.]",
    )


def no_federated_credential(code: int, part: str, value: str) -> SignInError:
    """No federated credential of the app fits the token's `part`: issuer, subject or audience."""
    return invalid_client(
        code,
        f"No matching federated identity record found for presented assertion {part} '{value}'. Check your federated "
        "identity credential Subject, Audience and Issuer against the presented assertion. "
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
    )


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
