# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tenants in which Microsoft registers apps of its own: data. PRIVATE to tenantops.entra.

An app's ``appOwnerOrganizationId`` tells its tenant. No list of Microsoft's is complete, so this one is put together; one
tenant too many only makes a deletion ask for ``force``. 9188040d-6c67-4c5b-b112-36a304b66dad is none of them: there, apps
belong to whoever has a personal account.

Sources: (1) Microsoft Learn, "Verify first-party Microsoft applications in sign-in reports"; (2) merill/microsoft-info
@43b8a5d9; (3) Microsoft Learn, on-premises provisioning, in whose examples of Graph's answers it owns the provisioning app;
(4) Microsoft Learn, Defender for Cloud's connector for AWS, whose tokens these tenants issue; (5) cisagov/ScubaGear, owners
of Exchange Online in the national clouds; (6) constants that name first-party tenants in Microsoft's public code;
(7) microsoft/vscode and projectkudu/ARMClient.
"""

from __future__ import annotations

MICROSOFT_TENANTS = frozenset(
    {
        "f8cdef31-a31e-4b4a-93e4-5f571e91255a",  # Microsoft Services (1, 2)
        "72f988bf-86f1-41af-91ab-2d7cd011db47",  # Microsoft's corporate tenant (1, 2)
        "cdc5aeea-15c5-4db6-b079-fcadd2505dc2",  # Microsoft Graph Command Line Tools (2)
        "47df5bb7-e6bc-4256-afb0-dd8c8e3c1ce8",  # provisioning and applications of the gallery (3)
        "33e01921-4d64-4f8c-a055-5bdaffd5e33d",  # Azure (4, 6)
        "975f013f-7f24-47e8-a7d3-abc4752bf346",  # other services (6)
        "124edf19-b350-4797-aefc-3206115ffdb3",  # other services (6)
        "cab8a31a-1906-4287-a0d8-4eef66b95f6e",  # US Government (4, 5)
        "a55a4d5b-9241-49b1-b4ff-befa8db00269",  # China (5)
        "ea8a4392-515e-481f-879e-6571ff2a8a36",  # Microsoft accounts, beside the first (7)
    }
)
