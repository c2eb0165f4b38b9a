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
      - How to sign in.
      - V(auto) takes the first for which its own option is given, in the order O(access_token), O(client_secret),
        O(client_certificate_path), O(federated_token_file).
      - V(managed_identity) and V(azure_cli) are used only when named.
    type: str
    default: auto
    choices:
      - auto
      - client_secret
      - client_certificate
      - workload_identity
      - managed_identity
      - azure_cli
      - access_token
  client_id:
    description:
      - The application (client) id of the app registration that the automation signs in as; for
        O(auth=managed_identity) the id of a user-assigned identity.
      - Falls back to the environment variable E(AZURE_CLIENT_ID).
    type: str
  client_secret:
    description:
      - A client secret of that app registration.
      - Falls back to the environment variable E(AZURE_CLIENT_SECRET).
    type: str
  client_certificate_path:
    description:
      - A PEM or PFX file with a certificate of that app registration and its private key.
      - Falls back to the environment variable E(AZURE_CLIENT_CERTIFICATE_PATH).
    type: path
  client_certificate_password:
    description:
      - The password of O(client_certificate_path), if it has one.
      - Falls back to the environment variable E(AZURE_CLIENT_CERTIFICATE_PASSWORD).
    type: str
  federated_token_file:
    description:
      - A file with a token of another identity provider, for workload identity federation.
      - Falls back to the environment variable E(AZURE_FEDERATED_TOKEN_FILE).
    type: path
  access_token:
    description:
      - A ready access token for Microsoft Graph. It is used as it is and never renewed.
    type: str
  cloud:
    description:
      - The Microsoft cloud that the tenant is in.
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
  - azure-identity >= 1.20.0
notes:
  - Proxies are taken from the standard environment variables E(HTTPS_PROXY) and E(NO_PROXY).
"""
