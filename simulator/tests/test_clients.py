# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real clients, unmodified: azure-identity signs in, msgraph-sdk reads and writes."""

from __future__ import annotations

import asyncio
import ssl
import warnings

import pytest
from simulator_helpers import JIRA, SEEDS, Tenant

from entra_simulator.testing import running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import httpx
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import ClientSecretCredential
    from kiota_authentication_azure.azure_identity_authentication_provider import (
        AzureIdentityAuthenticationProvider,
    )
    from msgraph import GraphRequestAdapter, GraphServiceClient
    from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError
    from msgraph.generated.models.service_principal import ServicePrincipal
    from msgraph_core import GraphClientFactory

pytestmark = pytest.mark.filterwarnings("ignore")


def _credential(tenant: Tenant, name: str) -> ClientSecretCredential:
    env = tenant.simulated.env
    return ClientSecretCredential(
        name,
        env["AZURE_CLIENT_ID"],
        env["AZURE_CLIENT_SECRET"],
        authority=env["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        transport=RequestsTransport(connection_verify=env["TENANTOPS_CA_PATH"], use_env_settings=False),
    )


@pytest.mark.parametrize("by_domain", [False, True])
def test_azure_identity(tenant: Tenant, by_domain: bool) -> None:
    name = "contoso.example" if by_domain else tenant.simulated.env["AZURE_TENANT_ID"]
    with _credential(tenant, name) as credential:
        token = credential.get_token("https://graph.microsoft.com/.default")
    assert tenant.call("GET", "/users?$top=1", token=token.token)[0] == 200


def test_azure_identity_over_ipv6() -> None:
    with running(SEEDS / "contoso.yml", host="::1") as simulated:
        assert simulated.url.startswith("https://[::1]:")
        with _credential(Tenant(simulated, {}), "contoso.example") as credential:
            token = credential.get_token("https://graph.microsoft.com/.default")
        assert simulated.graph("GET", "/users?$top=1", token=token.token)[0] == 200


def test_sdk(tenant: Tenant) -> None:
    credential = _credential(tenant, tenant.simulated.env["AZURE_TENANT_ID"])

    async def work() -> None:
        context = ssl.create_default_context(cafile=tenant.simulated.env["TENANTOPS_CA_PATH"])
        transport = httpx.AsyncHTTPTransport(verify=context)
        client = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(transport=transport))
        # The factory wraps the transport and never closes it.
        async with client, transport:
            adapter = GraphRequestAdapter(
                AzureIdentityAuthenticationProvider(credential, scopes=["https://graph.microsoft.com/.default"]),
                client=client,
            )
            adapter.base_url = f"{tenant.simulated.url}/v1.0"
            sdk = GraphServiceClient(request_adapter=adapter)
            made = await sdk.service_principals.post(ServicePrincipal(app_id=JIRA, account_enabled=True))
            assert made is not None
            resource = await sdk.service_principals_with_app_id("00000003-0000-0000-c000-000000000000").get()
            assert resource is not None
            assert resource.oauth2_permission_scopes
            grant = await sdk.oauth2_permission_grants.post(
                OAuth2PermissionGrant(
                    client_id=made.id, resource_id=resource.id, consent_type="AllPrincipals", scope="User.Read"
                )
            )
            assert grant is not None
            assert grant.scope == "User.Read"
            user = await sdk.users.by_user_id("bob_fabrikam.example#EXT#@contoso.example").get()
            assert user is not None
            assert user.display_name == "Bob (guest)"
            with pytest.raises(ODataError) as caught:
                await sdk.users.by_user_id("nobody@contoso.example").get()
            assert caught.value.response_status_code == 404
            assert caught.value.error is not None
            assert caught.value.error.code == "Request_ResourceNotFound"
            await sdk.service_principals_with_app_id(JIRA).delete()

    with credential:
        asyncio.run(work())
    assert [row["app_id"] for row in tenant.simulated.state()["service_principals"] if row["deleted"]] == [JIRA]
