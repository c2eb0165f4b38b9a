# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may sign in, with what; and the pipelines and machines that get tokens without a secret."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from entra_simulator.errors import SeedError
from entra_simulator.section import Section
from entra_simulator.tenant import certificates, permissions
from entra_simulator.tenant.certificates import Certificate
from entra_simulator.tenant.model import (
    AZURE_PIPELINES,
    GITHUB_ACTIONS,
    TOKEN_EXCHANGE,
    FederatedCredential,
    Identity,
    ManagedIdentities,
    Pipeline,
)
from entra_simulator.tenant.store import Store

_IDENTITY = {
    "name", "client_id", "permissions", "secret", "secret_expires", "certificates", "federated_credentials",
}  # fmt: skip


def add_identity(store: Store, value: object, place: str, running: Mapping[str, Identity] | None) -> None:
    """Add one that may sign in; `running` are those of a simulator that has started already."""
    section = Section(value, place, _IDENTITY)
    client_id = section.guid("client_id")
    if client_id in store.identities:
        raise SeedError(section.at("client_id"), f"'{client_id}' is there already")
    held = section.texts("permissions")
    for number, permission in enumerate(held):
        if permission not in permissions.known():
            raise SeedError(
                f"{section.at('permissions')}.{number}",
                f"'{permission}' is not an application permission of Microsoft Graph",
            )
    fixed = section.optional_text("secret")
    before = (running or {}).get(client_id)
    if fixed is None and running is not None and before is None:
        raise SeedError(section.at("secret"), "is required for an identity that the simulator did not start with")
    store.identities[client_id] = Identity(
        name=section.text("name"),
        client_id=client_id,
        permissions=tuple(held),
        secret=fixed or (before.secret if before else secrets.token_urlsafe(30)),
        fixed=fixed is not None,
        secret_expires=_optional_moment(section, "secret_expires"),
        certificates=_certificates(store, section, before, started=running is not None),
        federated_credentials=tuple(
            _federated_credential(item, f"{section.at('federated_credentials')}.{number}")
            for number, item in enumerate(section.items("federated_credentials"))
        ),
    )


def add_pipelines(store: Store, value: object) -> None:
    """Add the jobs that get tokens of their provider."""
    every = Section(value, "pipelines", {GITHUB_ACTIONS, AZURE_PIPELINES})
    if GITHUB_ACTIONS in every:
        github = Section(every.raw(GITHUB_ACTIONS), every.at(GITHUB_ACTIONS), {"subject"})
        store.pipelines[GITHUB_ACTIONS] = Pipeline(github.text("subject"))
    if AZURE_PIPELINES in every:
        azure = Section(every.raw(AZURE_PIPELINES), every.at(AZURE_PIPELINES), {"subject", "service_connection_id"})
        store.pipelines[AZURE_PIPELINES] = Pipeline(azure.text("subject"), azure.guid("service_connection_id"))


def add_managed_identities(store: Store, value: object) -> None:
    """Give the machine its identities, which are there already."""
    section = Section(value, "managed_identities", {"system_assigned", "user_assigned"})
    system = section.guid("system_assigned") if "system_assigned" in section else None
    user = tuple(item.lower() for item in section.texts("user_assigned"))
    for client_id in (*([system] if system else ()), *user):
        if client_id not in store.identities:
            raise SeedError("managed_identities", f"'{client_id}' is not the client_id of an identity")
    store.managed_identities = ManagedIdentities(system, user)


def _certificates(store: Store, section: Section, before: Identity | None, *, started: bool) -> tuple[Certificate, ...]:
    """Those of PEM texts as they are; one to be made keeps the key that it has in a running simulator."""
    made = iter([item for item in before.certificates if item.generated] if before else ())
    found = []
    for number, item in enumerate(section.items("certificates")):
        place = f"{section.at('certificates')}.{number}"
        if isinstance(item, str):
            try:
                found.append(certificates.read(item))
            except ValueError as error:
                raise SeedError(place, f"must be a PEM certificate with an RSA key: {error}") from error
            continue
        wanted = Section(item, place, {"generate", "valid_until"})
        if not wanted.flag("generate"):
            raise SeedError(wanted.at("generate"), "must be true, or the certificate a PEM text")
        certificate = next(made, None)
        if certificate is None and started:
            raise SeedError(place, "can be generated only when the simulator starts")
        until = _optional_moment(wanted, "valid_until")
        found.append(certificate or certificates.generate(section.text("name"), store.clock.now(), until))
    return tuple(found)


def _federated_credential(value: object, place: str) -> FederatedCredential:
    section = Section(value, place, {"issuer", "subject", "audience"})
    issuer = section.text("issuer")
    if not issuer.startswith("/") and urlsplit(issuer).scheme != "https":
        raise SeedError(section.at("issuer"), f"must be an https URL, or a path of the simulator's, not '{issuer}'")
    return FederatedCredential(issuer, section.text("subject"), section.text("audience", TOKEN_EXCHANGE))


def _optional_moment(section: Section, key: str) -> datetime | None:
    """A date with or without time; YAML reads one that is not quoted as a date. Without a zone it is UTC."""
    value = section.raw(key, None)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise SeedError(section.at(key), f"must be a date, not '{value}'") from error
    if not isinstance(value, date):
        raise SeedError(section.at(key), f"must be a date, not '{value}'")
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
