# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data on application permissions covers Graph's app roles, each once, and follows the rules that it states."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._consent import application_risk_data as data
from ansible_collections.tenantops.entra.plugins.module_utils._consent import risk_data
from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID

GRAPH = Path(__file__).parents[3] / "simulator" / "src" / "entra_simulator" / "data" / "graph-application-roles.json"
RISING = ("low", "medium", "high", "critical")
LEVELS = {role: level for level, roles in data.LEVELS.items() for role in roles.split()}
DELEGATED = {scope: level for level, scopes in risk_data.LEVELS.items() for scope in scopes.split()}
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VALUE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)*")
CONTENT_AND_SECRETS = """
    AiEnterpriseInteraction.Read.All BitlockerKey.Read.All Calendars.Read Calendars.Read.All CallAiInsights.Read.All
    CallRecordings.Read.All CallTranscripts.Read.All ChannelMessage.Read.All Chat.Read.All Chat.Read.WhereInstalled
    ChatMessage.Read.All Contacts.Read DeviceLocalCredential.Read.All EngagementExport.Read.All Files.Read.All
    Files.ReadWrite.All Mail.Read Mail.ReadWrite Mail.Send MailboxItem.Export.All MailboxItem.Read.All Notes.Read.All
    OnlineMeetingAiInsight.Read.Chat OnlineMeetingRecording.Read.All OnlineMeetingTranscript.Read.All
    ShortNotes.Read.All Sites.FullControl.All Sites.Read.All TeamworkTargetedMessage.Read.All
    TrustFrameworkKeySet.Read.All
"""
SENTENCES = [(api, role, text) for api, roles in data.TIER_0.items() for role, text in roles.items()]


def of_graph() -> set[str]:
    return {role["value"] for role in json.loads(GRAPH.read_text(encoding="utf-8"))["app_roles"]}


def test_each_app_role_of_graph_has_exactly_one_level() -> None:
    assert tuple(data.LEVELS) == RISING
    assert Counter(role for roles in data.LEVELS.values() for role in roles.split()) == Counter(of_graph())


def test_what_takes_over_the_tenant_is_there_and_critical() -> None:
    assert set(data.TIER_0[GRAPH_APP_ID]) <= of_graph()
    assert {LEVELS[role] for role in data.TIER_0[GRAPH_APP_ID]} == {"critical"}


def test_what_else_is_critical_is_so_as_a_delegated_scope() -> None:
    critical = {role for role, level in LEVELS.items() if level == "critical"} - set(data.TIER_0[GRAPH_APP_ID])
    assert {role: DELEGATED.get(role) for role in critical} == dict.fromkeys(critical, "critical")


def test_other_apis_are_critical_where_they_take_over_the_tenant() -> None:
    assert GRAPH_APP_ID not in data.OTHER_APIS
    assert {
        (api, role) for api, roles in data.OTHER_APIS.items() for role, level in roles.items() if level == "critical"
    } == {(api, role) for api, role, _text in SENTENCES if api != GRAPH_APP_ID}


def test_without_a_user_an_app_can_do_no_less() -> None:
    assert {
        role: (LEVELS[role], DELEGATED[role])
        for role in LEVELS.keys() & DELEGATED.keys()
        if RISING.index(LEVELS[role]) < RISING.index(DELEGATED[role])
    } == {}


def test_content_and_secrets_are_high() -> None:
    assert {role: LEVELS[role] for role in CONTENT_AND_SECRETS.split()} == dict.fromkeys(
        CONTENT_AND_SECRETS.split(), "high"
    )


def test_what_reads_little_or_only_what_is_chosen_is_below_high() -> None:
    assert {LEVELS[role] for role in ("Mail.ReadBasic.All", "Presence.Read.All", "Sites.Selected")} == {"medium"}
    assert {LEVELS[role] for role in ("SensitivityLabels.Read.All", "AuditActivity.Read")} == {"low"}


def test_app_roles_on_the_same_objects_have_the_level_of_graphs() -> None:
    # SharePoint Online's are left out: its User.* are other objects than the directory's users.
    roles = {**data.OTHER_APIS[data.AZURE_AD_GRAPH], **data.OTHER_APIS[data.EXCHANGE_ONLINE]}
    shared = roles.keys() & LEVELS.keys()
    assert {"Mail.Read", "Directory.ReadWrite.All"} < shared
    assert {role: roles[role] for role in shared} == {role: LEVELS[role] for role in shared}


def test_values_and_ids_are_well_formed() -> None:
    apis = [*data.TIER_0, *data.OTHER_APIS]
    assert [api for api in apis if not GUID.fullmatch(api)] == []
    values = [*LEVELS, *(role for roles in data.OTHER_APIS.values() for role in roles), *(x for _a, x, _t in SENTENCES)]
    assert [value for value in values if not VALUE.fullmatch(value)] == []
    assert {level for roles in data.OTHER_APIS.values() for level in roles.values()} <= set(RISING)


@pytest.mark.parametrize(("api", "role", "text"), SENTENCES)
def test_sentences_complete_lets_the_app(api: str, role: str, text: str) -> None:
    assert re.fullmatch(r"[a-z]+ [^.;:\n]*[A-Za-z]", text), (api, role)
    assert "  " not in text
