# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: neither in the output, however verbose, nor in a file or in a process's arguments."""

from __future__ import annotations

import re
import threading
import typing as t
from pathlib import Path

from integration.runner import Task, task, tolerated
from integration.tenant import ADA, NOBODY, OUTLOOK, TEAMS, Tenant, service_principal
from integration.test_failures import fault

if t.TYPE_CHECKING:
    from collections.abc import Callable

# Of any access token: a JSON Web Token.
TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}")
APP, GRANT = "service_principal", "delegated_permission_grant"


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
