# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""examples/gitops, copied out and used: its pipelines run against two simulated tenants."""

from __future__ import annotations

import contextlib
import socket
import stat
import typing as t
from xml.etree import ElementTree as ET

import pytest
import yaml

from entra_simulator.testing import SimulatedTenant, running
from integration.gitops import COMMENT_TOKEN, EXAMPLE, PLATFORMS, Forge, Repository, checkout, commands, forge
from integration.runner import JSON, ROOT
from integration.tenant import GRAPH, OUTLOOK, PORTAL, TEAMS, TO_DO, app_ids, grant, scopes, service_principal

if t.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What the simulated tenants take for a token of workload identity federation.
TOKEN = "federated-token-of-the-tests"
PERMISSIONS = {
    "writer": [
        "Application.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "User.ReadBasic.All",
        "GroupMember.Read.All",
    ],
    "reader": ["Directory.Read.All", "AuditLog.Read.All"],
}
# The tenants by their inventory hosts.
Tenants: t.TypeAlias = dict[str, SimulatedTenant]
# Who is in the tenants: those that the example names.
PEOPLE = {
    "contoso": (["ada@contoso.example", "lead@contoso.example"], ["Jira users"]),
    "fabrikam": ([], ["Service desk", "Field engineers"]),
}
# The apps of the world, by the names that the example gives them.
APPS = {
    OUTLOOK: "Microsoft 365 for Jira",
    TO_DO: "Microsoft To Do for Jira",
    TEAMS: "Microsoft Teams for Jira",
    PORTAL: "Microsoft Teams for Jira JSM portal",
}
EVERYWHERE = {"openid", "profile", "email", "offline_access", "User.Read"}
# The token is the client secret here, and good only if nobody else may read its file.
SIGN_IN = {
    "auth": "client_secret",
    "tenant_id": "{{ tenant_id }}",
    "client_id": "{{ client_ids[sign_in_as] }}",
    "client_secret": "{{ lookup('file', token_file) if lookup('pipe', 'find ' ~ token_file ~ ' -perm 600') else 'x' }}",
}


def seed(name: str) -> JSON:
    """A tenant with the ids that the example gives it. Its directory has the people, and none of the apps."""
    own = yaml.safe_load((EXAMPLE / "inventory" / "host_vars" / name / "tenant.yml").read_text(encoding="utf-8"))
    users, groups = PEOPLE[name]
    return {
        "tenant": {"id": own["tenant_id"], "domain": f"{name}.example", "display_name": name},
        "users": [
            {"generate": 10, "prefix": "user", "display_name": "User {n}"},
            *({"user_principal_name": upn, "display_name": upn} for upn in users),
        ],
        "groups": [
            {"display_name": group, "members": [{"generated": "user", "first": 4 * place + 1, "last": 4 * place + 4}]}
            for place, group in enumerate(groups)
        ],
        "applications": [
            {"app_id": app_id, "display_name": label, "owner_tenant_id": "2b9e4a37-6c18-4f5d-8e02-91d7b3c5a640"}
            for app_id, label in APPS.items()
        ],
        "identities": [
            {"name": role, "client_id": own["client_ids"][role], "permissions": permissions, "secret": TOKEN}
            for role, permissions in PERMISSIONS.items()
        ],
    }


@pytest.fixture(scope="module")
def started() -> Iterator[Tenants]:
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(running(seed(name))) for name in PEOPLE}


@pytest.fixture
def tenants(started: Tenants) -> Tenants:
    for name, tenant in started.items():
        tenant.put_state(seed(name))
    return started


@pytest.fixture
def platform_forge() -> Iterator[Forge]:
    with forge(TOKEN) as served:
        yield served


@pytest.fixture
def repository(tmp_path: Path, platform_forge: Forge) -> Repository:
    return checkout(tmp_path, platform_forge)


def connect(repository: Repository, tenants: Tenants, **others: JSON) -> None:
    """Signs in to the simulated tenants instead: one more file of variables, the example's own stay as they are."""
    own = {
        name: {
            "authority_host": tenant.env["AZURE_AUTHORITY_HOST"],
            "graph_url": tenant.env["TENANTOPS_GRAPH_URL"],
            "ca_path": tenant.env["TENANTOPS_CA_PATH"],
            **others.get(name, {}),
        }
        for name, tenant in tenants.items()
    }
    variables = {
        "token_file": "{{ lookup('env', 'AZURE_FEDERATED_TOKEN_FILE') }}",
        "simulated": own,
        "tenant_connection": {
            **SIGN_IN,
            **{key: f"{{{{ simulated[inventory_hostname].{key} }}}}" for key in own["contoso"]},
        },
    }
    path = repository.path / "inventory" / "group_vars" / "all" / "simulated.yml"
    path.write_text(yaml.safe_dump(variables), encoding="utf-8")


def federated(path: Path) -> dict[str, str]:
    """The environment of commands outside of pipelines."""
    token = path / "token"
    token.write_text(TOKEN, encoding="ascii")
    token.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return {"AZURE_FEDERATED_TOKEN_FILE": str(token)}


def as_declared(state: JSON, name: str) -> bool:
    """Whether a tenant has what the example declares for it."""
    users = {user["id"]: user["user_principal_name"].partition("@")[0] for user in state["users"]}
    found = {
        (app_id, users.get(principal or "")): granted for (app_id, principal, _api), granted in scopes(state).items()
    }
    expected: dict[tuple[str, str | None], set[str]] = {(OUTLOOK, None): EVERYWHERE}
    calendars = range(1, 5) if name == "contoso" else range(1, 9)
    expected |= {(OUTLOOK, f"user{n:03}"): {"Calendars.ReadWrite", "OnlineMeetings.ReadWrite"} for n in calendars}
    if name == "contoso":
        chat = {"openid", "profile", "User.Read", "Chat.ReadWrite", "ChannelMessage.Send"}
        expected |= {(TEAMS, user): chat for user in ("ada", "lead")}
    enabled = {row["app_id"]: row["account_enabled"] for row in state["service_principals"] if not row["deleted"]}
    return found == expected and all(enabled[app_id] for app_id in app_ids(state))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_pipelines_plan_apply_and_find_drift(
    repository: Repository, tenants: Tenants, platform_forge: Forge, platform: str
) -> None:
    calls = commands(platform)
    connect(repository, tenants)
    # GitLab's runner checks out into a directory like this, in which Ansible takes no ansible.cfg for granted.
    repository.path.chmod(0o777 if platform == "gitlab" else 0o755)

    code, output = repository.job(platform, "plan")
    assert code == 0, output
    assert repository.called() == [f"2 {calls['plan']}"]
    assert app_ids(tenants["contoso"].state()) == app_ids(tenants["fabrikam"].state()) == set()
    markdown = (repository.path / "consent-reports" / "overview.md").read_text(encoding="utf-8")
    assert platform_forge.comments[120:] == [f"<!-- tenantops.entra plan -->\n{markdown}"]
    assert "contoso" in markdown
    assert "fabrikam" in markdown

    code, output = repository.job(platform, "apply")
    assert code == 0, output
    assert repository.called() == [f"0 {calls['apply']}"]
    assert [name for name in tenants if as_declared(tenants[name].state(), name)] == ["contoso", "fabrikam"]

    if platform == "github":
        code, output = repository.job(platform, "plan")
        assert code == 0, output
        assert repository.called() == [f"0 {calls['plan']}"]

    add_scope(tenants["contoso"], TEAMS, "Mail.ReadWrite")
    code, output = repository.job(platform, "drift")
    assert code == 2, output
    assert repository.called() == [f"2 {calls['drift']}"]
    reports = repository.path / "consent-reports"
    suites = {suite.get("name"): suite for suite in ET.parse(reports / "overview.xml").getroot()}
    bad = [case.get("name") for suite in suites.values() for case in suite if case.find("failure") is not None]
    assert bad == [f"Microsoft Teams for Jira ({TEAMS})"]
    (app,) = [app for one in repository.overview()["tenants"] for app in one["apps"] if app["status"] == "drift"]
    (drift,) = app["drift"]
    assert (drift["scopes_extra"], drift["principal"]["name"]) == (["Mail.ReadWrite"], "ada@contoso.example")
    assert [told["actor"] for told in drift["attribution"][:1]] == ["writer"]
    for name in ("overview.md", "overview.html"):
        assert "Mail.ReadWrite" in (reports / name).read_text(encoding="utf-8")
    if platform == "github":
        assert "Mail.ReadWrite" in (repository.path.parent / "summary.md").read_text(encoding="utf-8")
    assert not [path for path in repository.path.parent.rglob("*federated-token")]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_comment_is_updated_and_never_repeated(
    repository: Repository, platform_forge: Forge, platform: str, tmp_path: Path
) -> None:
    tokens = dict.fromkeys(("GITHUB_TOKEN", "SYSTEM_ACCESSTOKEN"), COMMENT_TOKEN)
    others = list(platform_forge.comments)
    for text in ("Two changes.\n", "None.\n"):
        (tmp_path / "report.md").write_text(text, encoding="utf-8")
        script = f"python3 ci/comment.py {tmp_path}/report.md"
        code, output = repository.shell(script, platform, {**tokens, "PULL_REQUEST_NUMBER": "7"})
        assert code == 0, output
        assert platform_forge.comments == [*others, f"<!-- tenantops.entra plan -->\n{text}"]


def add_scope(tenant: SimulatedTenant, app_id: str, scope: str) -> None:
    """Ada's grant gets one scope more, behind the declaration's back."""
    _status, user = tenant.graph("GET", "/users/ada@contoso.example?$select=id")
    _status, client = tenant.graph("GET", f"/servicePrincipals(appId='{app_id}')?$select=id")
    chosen = f"clientId eq '{client['id']}' and principalId eq '{user['id']}'"
    _status, found = tenant.graph("GET", f"/oauth2PermissionGrants?$filter={chosen}")
    (one,) = found["value"]
    changed = {"scope": f"{one['scope']} {scope}"}
    assert tenant.graph("PATCH", f"/oauth2PermissionGrants/{one['id']}", changed)[0] == 204


def test_a_tenant_that_does_not_answer_keeps_no_other_from_being_done(repository: Repository, tenants: Tenants) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"https://127.0.0.1:{closed.getsockname()[1]}"
        connect(repository, tenants, contoso={"authority_host": nowhere, "graph_url": nowhere})
        code, output = repository.job("github", "apply")
        assert code == 2, output
        assert as_declared(tenants["fabrikam"].state(), "fabrikam")
        code, output = repository.job("github", "plan")
    assert code == 1
    assert "The plan misses something of: contoso; see above." in output
    found = {report["tenant"]: report["status"] for report in repository.overview()["tenants"]}
    assert found == {"contoso": "failed", "fabrikam": "as_declared"}
    markdown = (repository.path / "consent-reports" / "overview.md").read_text(encoding="utf-8")
    assert "contoso" in markdown
    assert "fabrikam" in markdown


def test_a_plan_that_leaves_a_tenant_out_fails(repository: Repository, tenants: Tenants) -> None:
    connect(repository, tenants)
    apps = repository.path / "inventory" / "host_vars" / "contoso" / "apps.yml"
    apps.write_text('---\nconsent_apps_here: "{{ a_variable_that_nobody_sets }}"\n', encoding="utf-8")
    code, output = repository.job("github", "plan")
    assert code == 1
    assert "The plan misses something of: contoso; see above." in output


def test_a_check_of_no_tenant_is_no_success(repository: Repository) -> None:
    command = commands("github")["drift"]
    code, output = repository.shell(command.replace("tenants=all", "tenants=contso"))
    assert (code, "No host of the inventory matches tenants=contso" in output) == (2, True), output
    code, output = repository.shell(f"rm inventory/tenants.yml; {command}")
    assert (code, "No inventory was parsed" in output) == (1, True), output


def test_the_reader_can_not_apply(repository: Repository, tenants: Tenants) -> None:
    connect(repository, tenants)
    command = commands("github")["apply"].replace("writer", "reader")
    code, output = repository.shell(command, env=federated(repository.path.parent))
    assert code == 2
    assert "Authorization_RequestDenied" in output
    assert [app_ids(tenant.state()) for tenant in tenants.values()] == [set(), set()]


def test_a_tenant_is_adopted_and_its_declaration_rehearsed(repository: Repository, tenants: Tenants) -> None:
    """What docs/gitops.md shows: export, commit, plan says nothing; then the same on a copy of the tenant."""
    document = seed("contoso")
    document["service_principals"] = [service_principal(PORTAL)]
    document["grants"] = [grant(PORTAL, "openid User.Read"), grant(PORTAL, "Mail.Read", "ada@contoso.example")]
    tenants["contoso"].put_state(document)
    connect(repository, tenants)
    signed_in = federated(repository.path.parent)
    export = "ansible-playbook tenantops.entra.export -e tenants=contoso -e consent_rehearsal=true"
    plan = "ansible-playbook tenantops.entra.apply -e tenants=contoso --check --diff"
    guide = (ROOT / "docs" / "gitops.md").read_text(encoding="utf-8").splitlines()
    adopt = "cp consent-export/contoso.yml inventory/host_vars/contoso/apps.yml"
    code, output = repository.shell(f"{export}\n{adopt}\n{plan}", env=signed_in)
    assert code == 0, output
    assert "changed=0" in output

    with running(repository.path / "consent-export" / "contoso.seed.yml") as copy:
        rehearse = plan.replace(" --check", " -e '{\"tenant_connection\": {}}' --check")
        code, output = repository.shell(rehearse, env=copy.env)
        assert code == 0, output
        assert scopes(copy.state()).keys() == {
            (PORTAL, None, GRAPH),
            (PORTAL, next(u["id"] for u in copy.state()["users"] if u["user_principal_name"].startswith("ada")), GRAPH),
        }
    assert {export, adopt, plan, rehearse} <= set(guide)
