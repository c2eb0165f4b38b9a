# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the vendor's script sends to Graph, in its order, one request after the other, through the SDK's typed models.

For the users of a group, or for one user. Prints one JSON object at the end: ``users``, and ``seconds_per_user`` of all
users but the first, with whom the SDK loads most of its models.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import ssl
import time
import typing as t
from uuid import UUID

import httpx
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.oauth2_permission_grants.oauth2_permission_grants_request_builder import (
    Oauth2PermissionGrantsRequestBuilder as Grants,
)
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder as ServicePrincipals,
)
from msgraph_core import GraphClientFactory

from benchmarks.tenant import APP_ID, GRAPH, SCOPES

if t.TYPE_CHECKING:
    from collections.abc import AsyncIterator

_SCOPE = "https://graph.microsoft.com/.default"
_DEFAULT_ACCESS = UUID(int=0)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--group", help="the object id of a group")
    parser.add_argument("--limit", type=int, help="how many of its users")
    parser.add_argument("--user", help="a UPN instead")
    options = parser.parse_args()
    async with _client() as graph:
        client = await _service_principal(graph, APP_ID)
        if client is None:
            client = await graph.service_principals.post(ServicePrincipal(app_id=APP_ID))
        if options.user:
            user = await graph.users.by_user_id(options.user).get()
            users = [user.id]
        else:
            users = (await _members(graph, options.group))[: options.limit]
        moments = []
        for user_id in users:
            await _approve(graph, client.id, user_id)
            moments.append(time.perf_counter())
    per_user = (moments[-1] - moments[0]) / (len(moments) - 1) if len(moments) > 1 else 0.0
    print(json.dumps({"users": len(users), "seconds_per_user": per_user}))


async def _approve(graph: GraphServiceClient, client_id: str, user_id: str) -> None:
    """A grant and an assignment, unless the user has a grant of any kind for this app."""
    query = Grants.Oauth2PermissionGrantsRequestBuilderGetQueryParameters(
        filter=f"consentType eq 'Principal' and principalId eq '{user_id}' and clientId eq '{client_id}'"
    )
    existing = await graph.oauth2_permission_grants.get(RequestConfiguration(query_parameters=query))
    if existing.value:
        return
    resource = await _service_principal(graph, GRAPH)
    await graph.oauth2_permission_grants.post(
        OAuth2PermissionGrant(
            client_id=client_id,
            consent_type="Principal",
            principal_id=user_id,
            resource_id=resource.id,
            scope=" ".join(SCOPES),
        )
    )
    await graph.service_principals.by_service_principal_id(client_id).app_role_assigned_to.post(
        AppRoleAssignment(principal_id=UUID(user_id), resource_id=UUID(client_id), app_role_id=_DEFAULT_ACCESS)
    )


async def _service_principal(graph: GraphServiceClient, app_id: str) -> t.Any:
    query = ServicePrincipals.ServicePrincipalsRequestBuilderGetQueryParameters(filter=f"appId eq '{app_id}'")
    found = await graph.service_principals.get(RequestConfiguration(query_parameters=query))
    return found.value[0] if found.value else None


async def _members(graph: GraphServiceClient, group_id: str) -> list[str]:
    builder = graph.groups.by_group_id(group_id).members
    page = await builder.get()
    members = [member.id for member in page.value]
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        members += [member.id for member in page.value]
    return members


@contextlib.asynccontextmanager
async def _client() -> AsyncIterator[GraphServiceClient]:
    """The SDK's client, pointed at the tenant that the environment names."""
    trust = os.environ["TENANTOPS_CA_PATH"]
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        transport=RequestsTransport(connection_verify=trust, use_env_settings=False),
    )
    transport = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=trust))
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(transport=transport))
    with credential:
        async with http, transport:
            adapter = GraphRequestAdapter(AzureIdentityAuthenticationProvider(credential, scopes=[_SCOPE]), client=http)
            adapter.base_url = f"{os.environ['TENANTOPS_GRAPH_URL']}/v1.0"
            yield GraphServiceClient(request_adapter=adapter)


if __name__ == "__main__":
    asyncio.run(main())
