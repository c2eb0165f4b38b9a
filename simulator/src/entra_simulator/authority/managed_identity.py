# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints that give a machine's managed identities their tokens: App Service's, and that of virtual machines."""

from __future__ import annotations

import hmac
import secrets
import uuid
from collections.abc import Mapping

from entra_simulator.answer import Answer
from entra_simulator.authority.refusals import SignInError
from entra_simulator.authority.sign_in import SignIn, is_graph
from entra_simulator.authority.tokens import AUDIENCE
from entra_simulator.tenant.model import Identity
from entra_simulator.tenant.store import Store

APP_SERVICE = "/msi/token"
VIRTUAL_MACHINE = "/metadata/identity/oauth2/token"
_OTHER_NAMES = ("object_id", "principal_id", "mi_res_id", "msi_res_id")


class NoIdentityError(Exception):
    """The machine hasn't the identity that was asked for."""


class ManagedIdentity:
    """One machine. What `X-IDENTITY-HEADER` must hold is made at start."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._header = secrets.token_hex(16).upper()

    def environment(self, url: str) -> dict[str, str]:
        """The variables of the machine; `url` is that of the plain endpoint."""
        return {
            "IDENTITY_ENDPOINT": f"{url}{APP_SERVICE}",
            "IDENTITY_HEADER": self._header,
            "AZURE_POD_IDENTITY_AUTHORITY_HOST": url,
        }

    def app_service(self, store: Store, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """`GET IDENTITY_ENDPOINT?api-version=2019-08-01&resource=…`; `headers` have lower-case names."""

        def refusal(status: int, message: str) -> Answer:
            return Answer(status, {"statusCode": status, "message": message, "correlationId": str(uuid.uuid4())})

        given = headers.get("x-identity-header", "")
        if not hmac.compare_digest(given.encode("utf-8"), self._header.encode("ascii")):
            return refusal(401, "The X-IDENTITY-HEADER of the request is missing or wrong.")
        if not query.get("api-version"):
            return refusal(400, "The api-version parameter is missing.")
        try:
            return self._token(store, query)
        except NoIdentityError:
            return refusal(
                400,
                "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
            )
        except SignInError as error:
            return refusal(400, f"AADSTS{error.code}: {error.sentence}")

    def virtual_machine(self, store: Store, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """`GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=…`; header names in lower case."""

        def refusal(error: str, description: str) -> Answer:
            return Answer(400, {"error": error, "error_description": description})

        if headers.get("metadata", "").lower() != "true":
            return refusal("invalid_request", "Required metadata header not specified")
        if not query.get("api-version"):
            return refusal("invalid_request", "Required query variable 'api-version' is missing")
        if not query.get("resource"):
            return refusal("invalid_request", "Required audience parameter not specified")
        try:
            return self._token(store, query)
        except NoIdentityError as error:
            return refusal("invalid_request", str(error))
        except SignInError as error:
            return refusal(error.error, f"AADSTS{error.code}: {error.sentence}")

    def _token(self, store: Store, query: Mapping[str, str]) -> Answer:
        resource = query.get("resource", "")
        if not is_graph(resource):
            raise SignInError(
                "invalid_resource",
                500011,
                f"The resource principal named {resource} was not found in the tenant named "
                f"{store.tenant.display_name}. This can happen if the application has not been installed by the "
                "administrator of the tenant or consented to by any user in the tenant. You might have sent your "
                "authentication request to the wrong tenant.",
            )
        identity = _identity(store, query)
        issued = self._sign_in.issued(store, identity)
        now = int(store.clock.seconds())
        return Answer(
            200,
            {
                "access_token": issued.token,
                "client_id": identity.client_id,
                "expires_in": str(issued.lifetime),
                "expires_on": str(now + issued.lifetime),
                "ext_expires_in": str(issued.lifetime),
                "not_before": str(now),
                "resource": AUDIENCE,
                "token_type": "Bearer",
            },
        )


def _identity(store: Store, query: Mapping[str, str]) -> Identity:
    machine = store.managed_identities
    if any(query.get(name) for name in _OTHER_NAMES):
        raise NoIdentityError("Identity not found")
    wanted = query.get("client_id", "").lower()
    if wanted:
        if wanted not in machine.user_assigned:
            raise NoIdentityError("Identity not found")
        return store.identities[wanted]
    if machine.system_assigned is not None:
        return store.identities[machine.system_assigned]
    if len(machine.user_assigned) == 1:
        return store.identities[machine.user_assigned[0]]
    if machine.user_assigned:
        raise NoIdentityError(
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the "
            "token request"
        )
    raise NoIdentityError("Identity not found")
