# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints that give a job of a pipeline its token: GitHub Actions and Azure Pipelines."""

from __future__ import annotations

import hmac
import secrets
import uuid

from entra_simulator.answer import Answer
from entra_simulator.authority.issuers import PATH, Issuers
from entra_simulator.tenant.model import AZURE_PIPELINES, GITHUB_ACTIONS, TOKEN_EXCHANGE
from entra_simulator.tenant.store import Store

ADDRESSES = {
    GITHUB_ACTIONS: "/_apis/github-actions/idtoken",
    AZURE_PIPELINES: "/_apis/azure-pipelines/oidctoken",
}
ISSUERS = {kind: f"{PATH}/{kind.replace('_', '-')}" for kind in (GITHUB_ACTIONS, AZURE_PIPELINES)}
AZURE_LIFETIME_SECONDS = 600


class Pipelines:
    """One job of each kind that the seed names. The tokens to ask with are made at start."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers
        self._asking = {kind: secrets.token_urlsafe(30) for kind in ADDRESSES}

    def environment(self, store: Store, url: str) -> dict[str, str]:
        """The variables of the jobs."""
        found: dict[str, str] = {}
        if GITHUB_ACTIONS in store.pipelines:
            found["ACTIONS_ID_TOKEN_REQUEST_URL"] = f"{url}{ADDRESSES[GITHUB_ACTIONS]}?api-version=2.0"
            found["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = self._asking[GITHUB_ACTIONS]
        if AZURE_PIPELINES in store.pipelines:
            connection = store.pipelines[AZURE_PIPELINES].service_connection_id
            found["SYSTEM_OIDCREQUESTURI"] = f"{url}{ADDRESSES[AZURE_PIPELINES]}"
            found["SYSTEM_ACCESSTOKEN"] = self._asking[AZURE_PIPELINES]
            found["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = connection or ""
        return found

    def github(self, store: Store, authorization: str, audience: str) -> Answer:
        """`GET ACTIONS_ID_TOKEN_REQUEST_URL&audience=…`."""
        job = store.pipelines.get(GITHUB_ACTIONS)
        if job is None or not self._may_ask(GITHUB_ACTIONS, authorization):
            return Answer(401, {"message": "The job's request token is missing, wrong or expired."})
        owner = job.subject.removeprefix("repo:").partition("/")[0]
        token = self._issuers.token("github-actions", job.subject, audience or f"https://github.com/{owner}")
        return Answer(200, {"count": len(token), "value": token})

    def azure(self, store: Store, authorization: str, service_connection_id: str) -> Answer:
        """`POST SYSTEM_OIDCREQUESTURI?api-version=…&serviceConnectionId=…`."""
        job = store.pipelines.get(AZURE_PIPELINES)
        if job is None or not self._may_ask(AZURE_PIPELINES, authorization):
            return Answer(401, {"message": "TF400813: The user is not authorized to access this resource."})
        if service_connection_id.lower() != job.service_connection_id:
            return Answer(
                404,
                {
                    "$id": "1",
                    "message": f"The service connection {service_connection_id} was not found, or the job may not use it.",
                    "typeKey": "ServiceEndpointNotFoundException",
                    "activityId": str(uuid.uuid4()),
                },
            )
        token = self._issuers.token("azure-pipelines", job.subject, TOKEN_EXCHANGE, AZURE_LIFETIME_SECONDS)
        return Answer(200, {"oidcToken": token})

    def _may_ask(self, kind: str, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), self._asking[kind].encode())
