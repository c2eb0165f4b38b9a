# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation that all modules share: how to sign in to a tenant."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of C(_args.CONNECTION) and what all modules need."""

    DOCUMENTATION = r"""
options:
  tenant_id:
    description:
      - The tenant, by id or by one of its domains.
      - Falls back to the environment variable E(AZURE_TENANT_ID).
    type: str
  auth:
    description:
      - How to sign in. The guide C(docs/sign-in.md) of the collection shows each.
      - V(auto) goes by what is given and never tries one way after the other. Options come before environment variables.
        Of O(access_token), O(client_secret), O(client_certificate), O(client_certificate_path), O(federated_token_file)
        and O(service_connection_id) one option decides; two are refused. Without any, the first of these that the
        environment offers is taken. A client secret, a certificate's path, a federated token's file, GitHub Actions (if
        O(client_id) is given and the job may have tokens), Azure Pipelines (if O(service_connection_id) is given), the
        managed identity of a service that announces one by E(IDENTITY_ENDPOINT) or E(MSI_ENDPOINT).
      - V(managed_identity) of virtual machines, V(azure_cli) and V(azure_powershell) are used only when named.
      - V(github_actions) and V(azure_pipelines) sign in with the token that the pipeline's job gets, without any stored
        secret.
      - V(device_code) is refused, because nobody would see the code before the module has ended. Log in with
        C(az login --use-device-code) first and use V(azure_cli).
      - Falls back to the environment variable E(TENANTOPS_AUTH).
    type: str
    default: auto
    choices:
      - auto
      - client_secret
      - client_certificate
      - workload_identity
      - github_actions
      - azure_pipelines
      - managed_identity
      - azure_cli
      - azure_powershell
      - device_code
      - access_token
  client_id:
    description:
      - The application (client) id of the app registration that the automation signs in as; for
        O(auth=managed_identity) the id of a user-assigned identity.
      - Falls back to the environment variable E(AZURE_CLIENT_ID).
    type: str
  client_secret:
    description:
      - A client secret of that app registration. White space and quotes around it are taken off.
      - Falls back to the environment variable E(AZURE_CLIENT_SECRET).
    type: str
  client_certificate:
    description:
      - A certificate of that app registration with its RSA private key, as PEM text or as a PFX file in base64, such as a
        vaulted variable holds. It is not written to any file.
      - The alternative to O(client_certificate_path).
    type: str
  client_certificate_path:
    description:
      - A PEM or PFX file with a certificate of that app registration and its RSA private key.
      - Falls back to the environment variable E(AZURE_CLIENT_CERTIFICATE_PATH).
    type: path
  client_certificate_password:
    description:
      - The password of O(client_certificate) or O(client_certificate_path), if it has one. Line breaks at its end are taken
        off, blanks belong to it.
      - Falls back to the environment variable E(AZURE_CLIENT_CERTIFICATE_PASSWORD).
    type: str
  federated_token_file:
    description:
      - A file with a token of another identity provider, for workload identity federation. It is read anew for each
        sign-in, so the token may be replaced during a long run.
      - Falls back to the environment variable E(AZURE_FEDERATED_TOKEN_FILE).
    type: path
  service_connection_id:
    description:
      - The id of the service connection that Azure Pipelines signs in by, for O(auth=azure_pipelines). The step also has
        to hand on the pipeline's own token as E(SYSTEM_ACCESSTOKEN).
      - Falls back to the environment variable E(AZURESUBSCRIPTION_SERVICE_CONNECTION_ID).
    type: str
  access_token:
    description:
      - A ready access token for Microsoft Graph. White space and quotes around it and the word C(Bearer) before it are
        taken off. Otherwise it is used as it is, and never renewed.
    type: str
  cloud:
    description:
      - The Microsoft cloud that the tenant is in.
      - Falls back to the environment variable E(TENANTOPS_CLOUD).
    type: str
    default: public
    choices:
      - public
      - us_government
      - us_government_dod
      - china
  authority_host:
    description:
      - The login endpoint, when it is not the one of O(cloud).
      - Falls back to the environment variable E(AZURE_AUTHORITY_HOST).
    type: str
  graph_url:
    description:
      - The address of Microsoft Graph without the version, when it is not the one of O(cloud).
      - Falls back to the environment variable E(TENANTOPS_GRAPH_URL).
    type: str
  ca_path:
    description:
      - A PEM file, or a directory prepared with C(openssl rehash), with authorities to trust besides the usual ones.
        TLS verification can't be switched off.
      - Falls back to the environment variable E(TENANTOPS_CA_PATH).
    type: path
  concurrency:
    description:
      - How many requests may be under way at once, batches of 20 counted as one. It begins with 4 and adapts to how
        Graph answers, up to this.
    type: int
    default: 8
requirements:
  - python >= 3.11
  - msgraph-sdk >= 1.40.0
  - azure-identity >= 1.25.2
  - cryptography >= 42.0.0
notes:
  - Proxies are taken from the standard environment variables E(HTTPS_PROXY) and E(NO_PROXY). A proxy's user and password
    stand in its address, percent-encoded.
  - No message shows a secret, whoever put it there. The guide C(docs/sign-in.md) tells what Ansible itself leaves on disk and in
    the process list, and how to avoid that.
"""
