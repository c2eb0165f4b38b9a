# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What comes from a tenant is data: never evaluated, never raw on a terminal, never lost."""

from __future__ import annotations

import json
import re
import shutil
import typing as t
import urllib.parse
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._text import visible
from entra_simulator import ids
from entra_simulator.testing import running
from integration import hostile
from integration.hostile import API, CLIENT, GRAPH, UNDECLARED, USERS, Texts
from integration.runner import JSON, ROOT, Run, task, tolerated
from integration.tenant import ADA, OUTLOOK, Tenant, assigned, grant, scopes, service_principal

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
# What Markdown needs to keep names from being links and mentions.
BREAK = "\u200b"


class Hostile:
    """The hostile tenant, and its files."""

    def __init__(self, room: Path, tenant: Tenant, texts: Texts) -> None:
        self.room, self.tenant, self.texts = room, tenant, texts
        self.exports, self.reports = room / "exports", room / "reports"

    def run(self, name: str, *arguments: str, fails: bool = False, **variables: t.Any) -> Run:
        """A playbook of the collection, of which nothing may be evaluated or raw."""
        given = {
            "consent_export_dir": str(self.exports),
            "consent_report_dir": str(self.reports),
            "consent_export_app_ids": [CLIENT],
            "consent_validate_scopes": False,
            **variables,
        }
        done = self.tenant.ansible.run(f"tenantops.entra.{name}", *arguments, "--diff", variables=given)
        self.check(done, fails=fails)
        return done

    def check(self, done: Run, *, fails: bool) -> None:
        assert done.status == (2 if fails else 0), visible(done.text)
        assert raw(done.text) == []
        assert not list(self.room.rglob("pwned*"))

    def declare(self) -> None:
        """The export becomes the declaration of the host, as docs/gitops.md says."""
        (self.room / "host_vars").mkdir(exist_ok=True)
        shutil.copy(self.exports / "localhost.yml", self.room / "host_vars" / "localhost.yml")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Hostile]:
    texts = Texts(tmp_path / "pwned")
    with running(hostile.seed(texts)) as simulated:
        yield Hostile(tmp_path, Tenant(simulated, simulated.state(), tmp_path), texts)


def raw(text: str) -> list[str]:
    """Lines that would steer a terminal or a pipeline, or hold what nobody sees."""
    return [visible(line) for line in text.split("\n") if visible(line, exact=True) != line]


def test_the_hostile_tenant_has_every_kind_of_thing_that_a_tenant_holds() -> None:
    kinds = hostile.records()
    assert {kind.__name__ for kind in kinds} == {
        *("Tenant", "User", "Group", "AppRole", "Scope", "Application", "ServicePrincipal", "Identity")
    }
    assert {"tenant", "users", "groups", "applications", "service_principals", "identities"} < hostile.seed(
        Texts(ROOT / "pwned")
    ).keys()


def unplanted(place: Hostile) -> set[str]:
    """Properties whose text is not hostile in any answer to what the runs so far asked, and no rule excuses."""
    seen: dict[str, set[bool]] = {}
    for path in dict.fromkeys(entry["path"] for entry in place.tenant.simulated.requests() if entry["method"] == "GET"):
        if not path.startswith("/v1.0/"):
            continue
        status, answer = place.tenant.simulated.graph(
            "GET",
            urllib.parse.quote(path.removeprefix("/v1.0"), safe="/?$&=(),'@:"),
            headers={"ConsistencyLevel": "eventual"},
        )
        assert status == 200, (path, answer)
        for name, text in hostile.strings(answer):
            last = name.rpartition(".")[2]
            if last.startswith("@odata") or "@odata" in name or not hostile.is_text(last) or last.endswith("DateTime"):
                continue
            if ids.is_guid(text) or ids.is_assignment_id(text) or text in ("", "contoso.example"):
                continue
            seen.setdefault(name, set()).add(place.texts.is_hostile(text))
    assert seen
    return {name for name, found in seen.items() if True not in found} - hostile.AUDIT_OWN


def test_nothing_is_evaluated_nothing_is_raw_and_nothing_is_lost(place: Hostile) -> None:
    """export → drift → plan → apply to an empty tenant → export; all reports; the file read in each way that there is."""
    place.run("export", consent_rehearsal=True)
    first = (place.exports / "localhost.yml").read_text(encoding="utf-8")
    seed = place.exports / "localhost.seed.yml"
    assert raw(first) == raw(seed.read_text(encoding="utf-8")) == []
    file = f"@{place.exports / 'localhost.yml'}"

    # A user consents to more, and the audit log tells who.
    upn = {user["id"]: user["user_principal_name"] for user in place.tenant.initial["users"]}
    published = [scope["value"] for app in place.tenant.initial["applications"] for scope in app["scopes"]]
    place.tenant.simulated.consent(upn[USERS[2]], CLIENT, published[0], resource_app_id=API)
    place.run("drift", "-e", file, fails=True, drift_attribution=True)
    check_reports(place)
    assert unplanted(place) == set()

    place.declare()
    place.run("apply", "--check", fails=True)
    place.run("apply", consent_prune=True)
    again = place.run("drift", fails=True)
    assert json.loads((place.reports / "localhost.json").read_bytes())["counts"] == {
        **dict.fromkeys(("missing", "extra", "changed"), 0),
        "apps": 1,
        "undeclared": 1,
    }, again.text

    before = place.tenant.state()
    place.tenant.simulated.put_state(
        {**place.tenant.initial, "service_principals": [], "grants": [], "assignments": []}
    )
    place.tenant.simulated.clear_requests()
    # Roles can be declared of an app that is in the tenant.
    there = [task("service_principal", app_id=app_id) for app_id in (API, CLIENT)]
    place.check(place.tenant.ansible.play(there), fails=False)
    place.run("apply")
    after = place.tenant.state()
    mine = {key: found for key, found in scopes(before).items() if key[0] == CLIENT}
    assert scopes(after) == mine
    assert assigned(after, CLIENT) == assigned(before, CLIENT)
    place.run("export")
    assert (place.exports / "localhost.yml").read_text(encoding="utf-8") == first

    with running(seed) as copy:
        rehearsed = Hostile(place.room, Tenant(copy, copy.state(), place.room), place.texts)
        rehearsed.exports = place.room / "of-the-copy"
        rehearsed.run("export")
        assert (rehearsed.exports / "localhost.yml").read_text(encoding="utf-8") == first
        rehearsed.run("apply", "--check")


def check_reports(place: Hostile) -> None:
    """Of each format, with all texts in it and nothing raw."""
    report: JSON = json.loads((place.reports / "localhost.json").read_bytes())
    jsonschema.validate(report, SCHEMA)
    (app,), (undeclared,) = report["apps"], report["undeclared"]
    names = {row["app_id"]: row["display_name"] for row in place.tenant.initial["applications"]}
    assert (app["name"], undeclared["name"]) == (names[CLIENT], names[UNDECLARED])
    found = set(map(str, (one["scope"] for one in app["permissions"])))
    state = place.tenant.state()
    assert found == {token for key, held in scopes(state).items() if key[0] == CLIENT for token in held}
    assert [one["actor"] for entry in app["drift"] for one in entry.get("attribution", [])]
    for name in ("localhost", "overview"):
        for extension in ("json", "xml", "md", "html"):
            text = (place.reports / f"{name}.{extension}").read_text(encoding="utf-8")
            assert raw(text.replace(BREAK, "") if extension == "md" else text) == [], (name, extension)
        ET.parse(place.reports / f"{name}.xml")
        page = (place.reports / f"{name}.html").read_text(encoding="utf-8")
        assert not re.search(r"<b>\||</script>é", page)


def test_a_failing_run_shows_everything_visible(place: Hostile) -> None:
    """Graph's own words, whole failed results, and the sentences of later tasks that quote them."""
    said = place.texts.full()
    refuse = {"status": 403, "code": "Authorization\x1b[2J\u202e", "message": said}
    # Given beside the playbook, of which Ansible shows lines; what a user gives may be a template, so this is none.
    odd = "x\x1b[2J\x9b31m\u202e\u2028\x85\n##vso[task.complete]"
    given = json.dumps({"odd": odd, "user": f"{odd}@contoso.example", "apps": [{"app_id": CLIENT, odd: odd}]})
    place.tenant.simulated.faults([{"match": {"method": "POST", "path": "/oauth2PermissionGrants$"}, "answer": refuse}])
    wanted = {"app_id": API, "resource_app_id": GRAPH, "scopes": ["openid"], "users": USERS}
    tasks = [
        tolerated(task("delegated_permission_grant", **wanted)),
        tolerated(task("delegated_permission_grant", **{**wanted, "users": ["{{ user }}"]})),
        tolerated(task("tenant_consent_info", app_ids=["{{ odd }}"])),
        tolerated(task("tenant_consent", apps="{{ apps }}")),
        tolerated(task("service_principal_info", app_ids=[CLIENT], tenant_id="{{ odd }}")),
    ]
    done = place.tenant.ansible.play(tasks, arguments=["--diff", "-e", given])
    place.check(done, fails=False)
    assert [result.failed for result in done] == [True] * len(tasks)
    assert "[U+202E]" in done[0].message

    place.tenant.simulated.clear_faults()
    place.tenant.simulated.faults([{"match": {"method": "GET", "path": "servicePrincipals"}, "answer": refuse}])
    place.run("drift", fails=True, consent_apps=[{"app_id": CLIENT}])
    report = json.loads((place.reports / "localhost.json").read_bytes())
    assert "[U+202E]" in report["problems"][0]
    place.run("export", fails=True)
    place.tenant.simulated.clear_faults()
    place.run("revoke", "--check", consent_revoke=[CLIENT])


def test_the_preflight_shows_who_it_is_visibly(place: Hostile) -> None:
    place.tenant.simulated.put_state(
        {**place.tenant.state(), "identities": [{**place.tenant.initial["identities"][0], "permissions": []}]}
    )
    place.run("drift", fails=True, preflight=True, consent_apps=[{"app_id": CLIENT}])


@pytest.mark.parametrize("option", ["client_certificate_password", "client_secret", "client_certificate"])
def test_what_ansible_would_mask_is_never_written(option: str, tenant: Tenant) -> None:
    """Ansible masks a secret wherever it occurs, in names too: an info module fails, a state module warns."""
    tenant.seed(
        service_principals=[service_principal(OUTLOOK)],
        grants=[grant(OUTLOOK, "openid", ADA)],
    )
    token = tenant.simulated.token()
    secret = {"auth": "access_token", "access_token": token, option: "Jira"}
    info = [
        tolerated(task("tenant_consent_info", app_ids=[OUTLOOK], **secret)),
        tolerated(task("tenant_consent_info", declared=[{"app_id": OUTLOOK}], undeclared=False, **secret)),
        tolerated(task("service_principal_info", app_ids=[OUTLOOK], **secret)),
        tolerated(task("delegated_permission_grant_info", app_id=OUTLOOK, **secret)),
    ]
    state = [task("service_principal", app_id=OUTLOOK, assignment_required=True, **secret)]
    done = tenant.ansible.play([*info, *state])
    for result in list(done)[: len(info)]:
        assert result.message.startswith(f"The value of {option} is a part of what the tenant holds")
        assert "********" not in json.dumps(result.data)
        assert "Jira" not in result.message
    assert (done[-1].failed, done[-1].changed) == (False, True)
    assert [warning.startswith(f"The value of {option} is a part") for warning in done[-1].warnings] == [True]
