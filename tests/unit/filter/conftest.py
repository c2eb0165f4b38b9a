# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Catalogues that the tests of the filters share."""

from __future__ import annotations

import copy
import pathlib
import typing as t

import pytest
import yaml

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "m365_for_jira"

# Another vendor: nothing of it is known to the code.
TICKETS: dict[str, t.Any] = {
    "name": "Contoso Tickets",
    "base_scopes": ["openid", "profile"],
    "links": {"redirect_uri": "https://tickets.contoso.example/consented"},
    "resources": {"https://files.contoso.example": "6a1d1d0e-8f0a-4d0f-9d3c-0c4f3c1f7d10"},
    "apps": {
        "office": {"name": "Contoso Tickets for Outlook", "app_id": "b7a51a6e-6d6c-4c2c-9f0e-0d5a3f1c2b11"},
        "archive": {"name": "Contoso Archive", "app_id": "c8b62b7f-7e7d-4d3d-8a1f-1e6b4f2d3c22"},
    },
    "features": {
        "mail": {"title": "Mail", "app": "office", "scopes": ["Mail.Read"]},
        "agenda": {
            "title": "Agenda",
            "app": "office",
            "scopes": ["Calendars.Read"],
            "options": {"rooms": ["Place.Read.All"], "people": ["People.Read", "Mail.Read"]},
        },
        "files": {
            "title": "Files",
            "app": "archive",
            "scopes": ["User.Read", "https://files.contoso.example/Archive.Read"],
            "options": {"write": ["https://files.contoso.example/Archive.Write"]},
        },
    },
}


@pytest.fixture
def tickets() -> dict[str, t.Any]:
    """Another vendor's catalogue, to be changed at will."""
    return copy.deepcopy(TICKETS)


@pytest.fixture(scope="session")
def jira() -> dict[str, t.Any]:
    """The catalogue of the role."""
    text = (ROLE / "files" / "microsoft_365_for_jira.yml").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", yaml.safe_load(text))
