# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints that signing in talks to: Entra ID's, a pipeline's, a machine's, and a proxy in between."""

from __future__ import annotations

import base64
import dataclasses
import http.server
import json
import select
import socket
import ssl
import threading
import typing as t
from urllib.parse import parse_qs, urlsplit

if t.TYPE_CHECKING:
    from collections.abc import Callable

    import trustme

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.credentials import TokenSource

JSON: t.TypeAlias = dict[str, t.Any]
TENANT, CLIENT = "contoso.example", "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11"
SCOPE = "https://graph.microsoft.com/.default"

SECRET = "s3cret-value"

Start: t.TypeAlias = "Callable[..., Endpoint]"
Source: t.TypeAlias = "Callable[..., TokenSource]"


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


Reply: t.TypeAlias = "tuple[int, JSON | str] | None"  # None: the connection is closed without a word


class Endpoint:
    """A server, what was asked of it, and what it answers by the end of the path."""

    def __init__(self, server: _Server, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.answers: dict[str, Callable[[Asked], Reply]] = {}
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        found = [answer for end, answer in self.answers.items() if asked.path.endswith(end)]
        return found[0](asked) if found else (404, {"error": "not_found"})

    def of(self, end: str) -> list[Asked]:
        """What was asked of paths with this end."""
        return [asked for asked in self.asked if asked.path.endswith(end)]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(http.server.ThreadingHTTPServer):
    """:ivar endpoint: what answers; :ivar wanted: for a proxy, user and password."""

    daemon_threads = True
    endpoint: Endpoint
    wanted = ""

    def __init__(self, host: str, handler: type[http.server.BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), handler)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"{shown}:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        form, query = ({name: values[0] for name, values in parse_qs(text).items()} for text in (body, parts.query))
        reply = t.cast("_Server", self.server).endpoint.reply(
            Asked(self.command, parts.path, query, form, dict(self.headers))
        )
        self.close_connection = True
        if reply is None:
            return
        status, content = reply
        text = content if isinstance(content, str) else json.dumps(content)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(content, str) else "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_args: t.Any) -> None:
        pass


class _Proxy(http.server.BaseHTTPRequestHandler):
    """Lets through whoever gives the right user and password."""

    def do_CONNECT(self) -> None:
        server = t.cast("_Server", self.server)
        server.endpoint.asked.append(Asked("CONNECT", self.path, {}, {}, dict(self.headers)))
        if self.headers.get("Proxy-Authorization") != f"Basic {base64.b64encode(server.wanted.encode()).decode()}":
            self.send_response(407, "Proxy Authentication Required")
            self.send_header("Proxy-Authenticate", "Basic")
            self.end_headers()
            return
        host, _colon, port = self.path.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as there:
            self.send_response(200)
            self.end_headers()
            ways = {self.connection: there, there: self.connection}
            while True:
                for ready in select.select(list(ways), [], [], 10)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    ways[ready].sendall(data)

    def log_message(self, *_args: t.Any) -> None:
        pass


def serve(authority: trustme.CA, *, host: str = "127.0.0.1", tls: bool = True) -> Endpoint:
    """Starts an endpoint on a free port."""
    server = _Server(host, _Handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.endpoint = Endpoint(server, f"http{'s' if tls else ''}://{server.address}")
    return server.endpoint


def proxy(user: str) -> Endpoint:
    """Starts a proxy. :param user: with the password, behind a colon."""
    server = _Server("127.0.0.1", _Proxy)
    server.wanted = user
    server.endpoint = Endpoint(server, f"http://{server.address}")
    return server.endpoint


def entra(endpoint: Endpoint, *, lives: int = 3600, token: Callable[[Asked], Reply] | None = None) -> None:
    """Makes an endpoint sign in as Entra ID does. :param lives: seconds. :param token: another answer for tokens."""
    base = f"{endpoint.url}/{TENANT}"

    def configuration(_asked: Asked) -> Reply:
        return 200, {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "issuer": f"{base}/v2.0",
        }

    def issue(_asked: Asked) -> Reply:
        number = len(endpoint.of("/token"))
        return 200, {"token_type": "Bearer", "expires_in": lives, "access_token": f"token-{number}"}

    endpoint.answers = {"/openid-configuration": configuration, "/token": token or issue}


def refusal(code: int, sentence: str, status: int = 401) -> Reply:
    """What Entra ID answers when it refuses."""
    said = f"AADSTS{code}: {sentence} Trace ID: 11111111-aaaa Correlation ID: 22222222-bbbb Timestamp: 2026-11-25"
    return status, {"error": "invalid_client", "error_description": said, "error_codes": [code]}


def jwt(**claims: t.Any) -> str:
    """A token in form only."""
    parts = ({"alg": "RS256"}, claims)
    made = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join((*made, "c2lnbmF0dXJl"))


def ask(source: TokenSource, **options: t.Any) -> str:
    """As the SDK does for each request."""
    return str(source.get_token(SCOPE, enable_cae=True, **options).token)
