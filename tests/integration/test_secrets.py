# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: neither in the output, however verbose, nor in a file or in a process's arguments."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pytest
import yaml

from entra_simulator.testing import running
from entra_simulator.waiting import wait_until
from integration.runner import Task, task, tolerated
from integration.sign_in_world import AUTOMATION, NOWHERE, SEED, World
from integration.tenant import ADA, NOBODY, OUTLOOK, TEAMS, Tenant, service_principal
from integration.test_failures import fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

# Of any access token: a JSON Web Token.
TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}")
APP, GRANT = "service_principal", "delegated_permission_grant"
# A gateway that says back what it got
ECHO = {"status": 403, "message": "Not this: {authorization} {client_secret} {client_assertion} {x-identity-header}"}


class Arguments(threading.Thread):
    """Looks at the arguments of all processes until it is stopped."""

    def __init__(self, leaks: Callable[[str], bool]) -> None:
        super().__init__(daemon=True)
        self._leaks = leaks
        self._enough = threading.Event()
        self.looked = 0
        self.found: list[str] = []

    def run(self) -> None:
        while not self._enough.wait(0.02):
            self.looked += 1
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    text = path.read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if self._leaks(text):
                    self.found.append(text)

    def stop(self) -> None:
        self._enough.set()
        self.join()


def from_environment(one: Task, **variables: str) -> Task:
    """The task with options that are looked up, so that no file of the test holds them."""
    (module,) = [key for key in one if key.startswith("tenantops.entra.")]
    looked_up = {name: f"{{{{ lookup('ansible.builtin.env', '{variable}') }}}}" for name, variable in variables.items()}
    return {**one, module: {**one[module], **looked_up}}


def test_secrets_and_tokens_show_up_nowhere(tenant: Tenant) -> None:
    """Successful runs and failing ones, with secrets as variables, as options and as defaults of the action group."""
    secret, token = tenant.simulated.env["AZURE_CLIENT_SECRET"], tenant.simulated.token()
    password = "a-password-of-no-certificate"
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults([fault("POST", "/oauth2PermissionGrants$", 403)])
    temporary = tenant.room / "tmp"
    temporary.mkdir()
    certificate = tenant.room / "no-certificate.pem"
    certificate.write_text("nothing")

    def leaks(text: str) -> bool:
        return any(hidden in text for hidden in (secret, token, password)) or bool(TOKEN.search(text))

    watch = Arguments(leaks)
    watch.start()
    tasks = [
        task(APP, app_id=TEAMS, notes="by variables"),
        from_environment(task(APP, app_id=TEAMS, notes="by options"), client_secret="THE_SECRET"),
        from_environment(task(APP, app_id=TEAMS, notes="by token"), access_token="THE_TOKEN"),
        tolerated(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["openid"])),
        tolerated(task(GRANT, app_id=OUTLOOK, users=[ADA], scopes=["opened"])),
        tolerated(from_environment(task(APP, app_id=TEAMS, tenant_id=NOBODY), client_secret="THE_SECRET")),
        tolerated(from_environment(task(APP, app_id=TEAMS, client_id=NOBODY), client_secret="THE_SECRET")),
        tolerated(from_environment(task(APP, app_id=TEAMS, graph_url="https://127.0.0.1:9"), access_token="THE_TOKEN")),
        tolerated(
            from_environment(
                task(APP, app_id=TEAMS, auth="client_certificate", client_certificate_path=str(certificate)),
                client_certificate_password="THE_PASSWORD",
            )
        ),
        tolerated(from_environment(task(APP, app_id=TEAMS, no_such_option=True), client_secret="THE_SECRET")),
    ]
    run = tenant.play(
        *tasks,
        module_defaults={
            "group/tenantops.entra.tenant": {
                "client_certificate_password": "{{ lookup('ansible.builtin.env', 'THE_PASSWORD') }}"
            }
        },
        arguments=["-vvvv", "--diff"],
        env={
            "THE_SECRET": secret,
            "THE_TOKEN": token,
            "THE_PASSWORD": password,
            "ANSIBLE_PIPELINING": "0",
            # Since ansible-core 2.21 a module's arguments are shown only when asked for.
            "ANSIBLE_INJECT_INVOCATION": "1",
            "TMPDIR": str(temporary),
            "ANSIBLE_LOCAL_TEMP": str(temporary),
            "ANSIBLE_LOG_PATH": str(tenant.room / "ansible.log"),
        },
    )
    watch.stop()
    assert [result.failed for result in run] == [False] * 3 + [True] * 7
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in run.stdout
    assert not leaks(run.text), "output"
    files = [path for path in tenant.room.rglob("*") if path.is_file()]
    assert tenant.room / "ansible.log" in files
    assert [path for path in files if leaks(path.read_text(encoding="utf-8", errors="replace"))] == []
    assert watch.looked > 10
    assert watch.found == []


def test_no_source_shows_its_secrets_in_a_playbook(tmp_path: Path) -> None:
    """All of them in the environment of one run: what works, what Graph and the login echo, what is out of reach."""
    with running(SEED) as simulated:
        world = World(simulated, tmp_path)
        env = {
            **world.github(),
            **world.azure_pipelines(),
            **world.service(),
            "AZURE_CLIENT_SECRET": world.env["AZURE_CLIENT_SECRET"],
            "AZURE_CLIENT_CERTIFICATE_PATH": world.env["ENTRA_SIMULATOR_PFX_AUTOMATION"],
            "AZURE_CLIENT_CERTIFICATE_PASSWORD": world.env["ENTRA_SIMULATOR_PFX_PASSWORD_AUTOMATION"],
            "AZURE_FEDERATED_TOKEN_FILE": world.kubernetes("cluster"),
            "THE_PEM": Path(world.env["ENTRA_SIMULATOR_CERTIFICATE_AUTOMATION"]).read_text(encoding="ascii"),
            "THE_TOKEN": simulated.token(),
        }
        tools = world.tools(logged_in=True)
        env |= {**tools, "PATH": f"{tools['PATH']}:{os.environ['PATH']}"}
        key = [line for line in env["THE_PEM"].splitlines() if len(line) > 40]
        hidden = [*world.secrets(), env["THE_TOKEN"], Path(env["AZURE_FEDERATED_TOKEN_FILE"]).read_text(), *key]
        given_there = {Path(env["AZURE_FEDERATED_TOKEN_FILE"])}
        (tmp_path / "shown").mkdir()

        def leaks(text: str) -> bool:
            return any(secret in text for secret in hidden) or bool(TOKEN.search(text))

        named = [
            "client_secret", "client_certificate", "workload_identity", "github_actions", "azure_pipelines",
            "azure_cli", "azure_powershell",
        ]  # fmt: skip
        ways = [task(APP, app_id=OUTLOOK, auth=auth) for auth in named]
        # As the machine itself: client_id would name another identity.
        ways += [from_environment(task(APP, app_id=OUTLOOK, auth="managed_identity"), client_id="NOTHING")]
        ways += [from_environment(task(APP, app_id=OUTLOOK, auth="client_certificate"), client_certificate="THE_PEM")]
        ways[-1]["tenantops.entra.service_principal"]["client_certificate_path"] = ""
        ways += [from_environment(task(APP, app_id=OUTLOOK), access_token="THE_TOKEN")]
        module = f"tenantops.entra.{APP}"
        lost = [{**way, module: {**way[module], "graph_url": NOWHERE}} for way in ways]
        watch = Arguments(leaks)
        watch.start()
        arguments = {
            "arguments": ["-vvvv", "--diff"],
            "env": {**env, "AZURE_CLIENT_ID": AUTOMATION, "NOTHING": "", "ANSIBLE_DISPLAY_TRACEBACK": "always",
                    "ANSIBLE_INJECT_INVOCATION": "1", "TMPDIR": str(tmp_path / "shown"),
                    "ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log")},
        }  # fmt: skip
        fine = world.play(*[tolerated(way) for way in [*ways, *lost]], **arguments)
        simulated.faults([{"answer": ECHO}])
        echoed = world.play(*[tolerated(way) for way in ways], **arguments)
        watch.stop()
    working, lost_results = fine.results[: len(ways)], fine.results[len(ways) :]
    assert [result.message for result in working if result.failed] == []
    assert all(result.failed for result in (*lost_results, *echoed))
    assert sum("Not this: " in result.message for result in echoed) > 3
    assert "Traceback" in echoed.text
    assert not leaks(fine.text + echoed.text)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path not in given_there]
    assert [path for path in files if leaks(path.read_text(encoding="utf-8", errors="replace"))] == []
    assert (watch.looked > 10, watch.found) == (True, [])


@pytest.mark.parametrize("pipelining", [True, False])
def test_what_a_killed_run_leaves(pipelining: bool, tenant: Tenant) -> None:
    """With pipelining nothing. Without it Ansible leaves the module with its options, as docs/sign-in.md says."""
    secret = tenant.simulated.env["AZURE_CLIENT_SECRET"]
    tenant.simulated.faults([{"match": {"path": "^/v1.0/"}, "delay_ms": 60_000}])
    one = from_environment(task(APP, app_id=TEAMS), client_secret="THE_SECRET")
    (tenant.room / "play.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [one]}])
    )
    env = {
        **tenant.ansible.environment(tenant.room / "record"),
        "THE_SECRET": secret,
        "AZURE_CLIENT_SECRET": "",
        "ANSIBLE_PIPELINING": str(int(pipelining)),
        "ANSIBLE_LOCAL_TEMP": str(tenant.room / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(tenant.room / "tmp"),
    }
    playbook = subprocess.Popen(
        [Path(sys.executable).with_name("ansible-playbook"), "play.yml", "-c", "local", "-i", "localhost,",
         "-e", f"ansible_python_interpreter={sys.executable}"],
        cwd=tenant.room, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        # Signed in: the request to Graph is under way.
        wait_until(
            lambda: (
                playbook.poll() is not None
                or any(entry["path"].endswith("/token") for entry in tenant.simulated.requests())
            )
        )
        assert playbook.poll() is None, playbook.communicate()
    finally:
        os.killpg(playbook.pid, signal.SIGKILL)
        output = playbook.communicate()[0].decode()
        tenant.simulated.clear_faults()
    assert secret not in output
    left = [
        path.name
        for path in tenant.room.rglob("*")
        if path.is_file() and secret in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert left == ([] if pipelining else ["AnsiballZ_service_principal.py"])
