# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Microsoft clouds: where each signs in and where its Graph answers. PRIVATE to tenantops.entra."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_CLOUD = "public"


@dataclass(frozen=True, slots=True)
class Cloud:
    """One Microsoft cloud. Both hosts are bare names, without scheme and path.

    :ivar federated_audience: what a token of another identity provider has to be issued for to be taken there.
    """

    name: str
    login_host: str
    graph_host: str
    federated_audience: str


CLOUDS: dict[str, Cloud] = {
    cloud.name: cloud
    for cloud in (
        Cloud(DEFAULT_CLOUD, "login.microsoftonline.com", "graph.microsoft.com", "api://AzureADTokenExchange"),
        Cloud("us_government", "login.microsoftonline.us", "graph.microsoft.us", "api://AzureADTokenExchangeUSGov"),
        Cloud(
            "us_government_dod", "login.microsoftonline.us", "dod-graph.microsoft.us", "api://AzureADTokenExchangeUSGov"
        ),
        Cloud("china", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn", "api://AzureADTokenExchangeChina"),
    )
}
