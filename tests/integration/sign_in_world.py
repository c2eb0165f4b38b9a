# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What signing in needs around a tenant: variables of each source, a proxy, command line tools, silent addresses."""

from __future__ import annotations

import base64
import contextlib
import re
import select
import socket
import socketserver
import threading
import time
import typing as t
from pathlib import Path

from integration.runner import ROOT, Ansible, Result, Run, Task
from integration.tenant import observed

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from entra_simulator.testing import SimulatedTenant

SEED = ROOT / "simulator" / "seeds" / "sign-in.yml"
NOWHERE = "https://127.0.0.1:9"  # the port "discard"; nothing listens there
AUTOMATION = "7e57ab1e-0001-4a2b-9c3d-1f2e3d4c5b6a"
OUTDATED = "7e57ab1e-0002-4a2b-9c3d-1f2e3d4c5b6a"
STRANGER = "7e57ab1e-0003-4a2b-9c3d-1f2e3d4c5b6a"
MACHINE = "7e57ab1e-0004-4a2b-9c3d-1f2e3d4c5b6a"
WORKER = "7e57ab1e-0005-4a2b-9c3d-1f2e3d4c5b6a"
SERVICE_ACCOUNT = "system:serviceaccount:automation:ansible"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}")  # a JSON web token

_GITHUB = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
_AZURE = ("SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
_SERVICE = ("IDENTITY_ENDPOINT", "IDENTITY_HEADER")
_VIRTUAL_MACHINE = ("AZURE_POD_IDENTITY_AUTHORITY_HOST",)

# Stand-ins for the tools: they print what a logged-in one would, or complain as one that is not.
_AZ = """#!/bin/sh
if [ -z "$STUB_TOKEN" ]; then echo "ERROR: Please run 'az login' to setup account." >&2; exit 1; fi
printf '{"accessToken": "%s", "expires_on": %s}' "$STUB_TOKEN" "$STUB_END"
"""
_PWSH = """#!/bin/sh
if [ -z "$STUB_TOKEN" ]; then echo "Run Connect-AzAccount to login." >&2; exit 1; fi
printf '\\nazsdk%%%s%%%s\\n' "$STUB_TOKEN" "$STUB_END"
"""


class World:
    """A simulated tenant, and ansible-playbook with nothing of it but its addresses."""

    def __init__(self, simulated: SimulatedTenant, room: Path) -> None:
        self.simulated = simulated
        self.room = room
        self.env = simulated.env
        addresses = ("AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST", "TENANTOPS_GRAPH_URL", "TENANTOPS_CA_PATH")
        self._ansible = Ansible(room, {**{name: self.env[name] for name in addresses}, **observed(simulated)})

    def play(self, *tasks: Task, **more: t.Any) -> Run:
        """Runs tasks as one play."""
        return self._ansible.play(tasks, **more)

    def app(self, client_id: str = AUTOMATION, **more: str) -> dict[str, str]:
        """Variables of an app registration, and others."""
        return {"AZURE_CLIENT_ID": client_id, **more}

    def github(self, **changes: str) -> dict[str, str]:
        """What a job of GitHub Actions has."""
        return {**self.app(), **self._of(_GITHUB), **changes}

    def azure_pipelines(self, **changes: str) -> dict[str, str]:
        """What a job of Azure Pipelines has."""
        return {**self.app(), **self._of(_AZURE), **changes}

    def service(self, **changes: str) -> dict[str, str]:
        """What a container or function of App Service has."""
        return {**self._of(_SERVICE), **changes}

    def virtual_machine(self, **changes: str) -> dict[str, str]:
        """What leads a virtual machine to its endpoint; a live one needs nothing."""
        return {**self._of(_VIRTUAL_MACHINE), **changes}

    def kubernetes(self, name: str, subject: str = SERVICE_ACCOUNT, issuer: str = "kubernetes", **more: t.Any) -> str:
        """A file with a token of a cluster."""
        file = self.room / f"{name}.token"
        file.write_text(self.simulated.provider_token(issuer, subject, **more))
        return str(file)

    def tools(self, *, logged_in: bool) -> dict[str, str]:
        """Variables with which az and pwsh are found."""
        folder = self.room / "bin"
        folder.mkdir(exist_ok=True)
        for name, script in (("az", _AZ), ("pwsh", _PWSH)):
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)
        token = self.simulated.token() if logged_in else ""
        return {"PATH": f"{folder}:/usr/bin:/bin", "STUB_TOKEN": token, "STUB_END": str(int(time.time()) + 3000)}

    def secrets(self) -> list[str]:
        """Whatever no output may show."""
        marks = ("SECRET", "PASSWORD", "IDENTITY_HEADER", "ACCESSTOKEN", "REQUEST_TOKEN")
        return [value for name, value in self.env.items() if any(mark in name for mark in marks)]

    def _of(self, names: tuple[str, ...]) -> dict[str, str]:
        return {name: self.env[name] for name in names}


def with_environment(one: Task, environment: Mapping[str, str]) -> Task:
    """The task with variables."""
    return {**one, "environment": dict(environment)}


def sign_ins(result: Result) -> list[dict[str, t.Any]]:
    """The requests that a task made to get a token, all of them."""
    return [entry for entry in result.requests if not entry["path"].startswith("/v1.0/")]


def tokens_asked(result: Result) -> list[dict[str, t.Any]]:
    """Those to the token endpoint itself."""
    return [entry for entry in sign_ins(result) if entry["path"].endswith("/oauth2/v2.0/token")]


@contextlib.contextmanager
def silent_address() -> Iterator[str]:
    """An address on loopback where connections are neither accepted nor refused, as behind a firewall."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # whoever comes once the queue is full waits
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class Proxy:
    """An HTTP proxy that opens tunnels to this machine for who knows user and password.

    :ivar tunnels: where the opened ones lead to; :ivar refused: how many connections had no or wrong credentials.
    """

    USER, PASSWORD = "automation", "p@ss:word"

    def __init__(self) -> None:
        self.tunnels: list[str] = []
        self.refused = 0
        self._server = _Server(("127.0.0.1", 0), _Tunnel)
        self._server.proxy = self
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """The address with user and password, percent-encoded."""
        return f"http://{self.USER}:p%40ss%3Aword@{self.address}"

    @property
    def wanted(self) -> str:
        """What Proxy-Authorization must say."""
        return "Basic " + base64.b64encode(f"{self.USER}:{self.PASSWORD}".encode()).decode()

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    proxy: Proxy


class _Tunnel(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        proxy = t.cast("_Server", self.server).proxy
        method, target = [*self.rfile.readline().decode("latin-1").split(), "", ""][:2]
        headers = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("proxy-authorization") != proxy.wanted:
            proxy.refused += 1
            self._say("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="proxy"')
            return
        host, _, port = target.rpartition(":")
        if method != "CONNECT" or host.strip("[]") not in LOOPBACK:
            self._say("403 Forbidden")
            return
        proxy.tunnels.append(target)
        with socket.create_connection((host.strip("[]"), int(port))) as far:
            self._say("200 Connection established")
            with contextlib.suppress(ConnectionError):
                _carry(self.connection, far)

    def _say(self, status: str, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, *([] if status.startswith("200") else ["Content-Length: 0"]), "", ""]
        self.wfile.write("\r\n".join(lines).encode("ascii"))


def _carry(near: socket.socket, far: socket.socket) -> None:
    """Hands on what either end sends, until one closes."""
    while True:
        for ready in select.select([near, far], [], [])[0]:
            content = ready.recv(65536)
            if not content:
                return
            (far if ready is near else near).sendall(content)
