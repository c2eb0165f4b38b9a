# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a simulated tenant in tests:

    with running("seeds/contoso.yml", latency_ms=20) as tenant:
        subprocess.run([...], env={**os.environ, **tenant.env})
        assert [r["method"] for r in tenant.requests()] == [...]

Needs nothing but the standard library. The server is a process of its own and is stopped in any case.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shlex
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entra_simulator.waiting import PATIENCE

STOP_SECONDS = 120.0  # before it is killed; a large state file takes its time
_HELD_MS = int(2 * PATIENCE * 1000)


@dataclass
class SimulatedTenant:
    """A running simulator. `env` holds the variables that a client needs; `url` has no version."""

    url: str
    env: dict[str, str]
    process: subprocess.Popen[str]
    ready_line: str
    _cached_token: str | None = None

    def __post_init__(self) -> None:
        # Loopback must never go through a proxy that the environment names.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.env["TENANTOPS_CA_PATH"])),
        )

    def state(self) -> dict[str, Any]:
        """The tenant as a document; a seed of just this content."""
        document: dict[str, Any] = self._control("GET", "state")
        return document

    def put_state(self, document: Mapping[str, Any]) -> None:
        """Replace the tenant."""
        self._cached_token = None
        self._control("PUT", "state", document)

    def requests(self) -> list[dict[str, Any]]:
        """The requests so far, items of batches behind their batch."""
        entries: list[dict[str, Any]] = self._control("GET", "requests")
        return entries

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._control("DELETE", "requests")

    def summary(self) -> dict[str, Any]:
        """The number of requests so far, by kind and status; cheap however many there were."""
        counts: dict[str, Any] = self._control("GET", "requests?summary=true")
        return counts

    def throttle(self) -> dict[str, Any]:
        """The limits in force and how far each is used up."""
        limits: dict[str, Any] = self._control("GET", "throttle")
        return limits

    def clear_throttle(self) -> None:
        """Forget all usage of the limits."""
        self._control("DELETE", "throttle")

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Add fault rules."""
        self._control("POST", "faults", rules)

    def remaining_faults(self) -> list[dict[str, Any]]:
        """The rules with what remains of them."""
        rules: list[dict[str, Any]] = self._control("GET", "faults")
        return rules

    def clear_faults(self) -> None:
        """Remove all fault rules; requests that one of them delays go on."""
        self._control("DELETE", "faults")

    @contextlib.contextmanager
    def holding(self, rule: Mapping[str, Any], *, times: int = 1) -> Iterator[Callable[[], bool]]:
        """Hold so many requests that a fault rule strikes, until the block ends; the rules are removed then, all of them.

        Gives what tells whether all of them are there.
        """
        self.faults([{**rule, "times": times, "delay_ms": _HELD_MS}])
        try:
            yield lambda: any(one["delay_ms"] == _HELD_MS and not one["times"] for one in self.remaining_faults())
        finally:
            self.clear_faults()

    def replica_behind(
        self, path: str = "", *, times: int | None = None, after: int = 0, seconds: int | None = None
    ) -> None:
        """From now on, reads that match `path` are answered with the tenant as it is now; see `POST /_simulator/replicas`."""
        body = {"match": {"path": path}, "times": times, "after": after, "seconds": seconds}
        self._control("POST", "replicas", body)

    def remaining_replicas(self) -> list[dict[str, Any]]:
        """The replicas with what remains of them."""
        replicas: list[dict[str, Any]] = self._control("GET", "replicas")
        return replicas

    def replicas_follow(self) -> None:
        """No replica is behind any more."""
        self._control("DELETE", "replicas")

    def advance(self, seconds: float) -> None:
        """Let the simulator's clock run ahead; tokens of before may have expired then."""
        self._cached_token = None
        self._control("POST", "clock", {"advance_seconds": seconds})

    def freeze(self, frozen: bool = True) -> None:
        """Stop the simulator's clock, so that only `advance` moves it, or let it go on."""
        self._control("POST", "clock", {"frozen": frozen})

    def act_as(self, user: str, permissions: Sequence[str] | None = None) -> str:
        """A token of a user, for `graph(…, token=…)`: what it changes, the user did."""
        body = {"user": user, "permissions": None if permissions is None else list(permissions)}
        return str(self._control("POST", "act-as", body)["access_token"])

    def consent(
        self,
        user: str,
        app_id: str,
        scope: str,
        *,
        resource_app_id: str | None = None,
        consent_type: str = "Principal",
        admin: bool | None = None,
    ) -> dict[str, str]:
        """A user accepts a consent screen: the ids of service principal and grant, and the `correlation_id`."""
        body = {
            "user": user,
            "app_id": app_id,
            "scope": scope,
            "resource_app_id": resource_app_id,
            "consent_type": consent_type,
            "admin": admin,
        }
        ids: dict[str, str] = self._control("POST", "consent", body)
        return ids

    def claims_challenge(self) -> None:
        """Graph refuses all tokens issued so far, with a claims challenge where the client can answer one."""
        self._cached_token = None
        self._control("POST", "claims-challenge")

    def issuer(self, name: str) -> str:
        """The address of an identity provider that the simulator plays."""
        return f"{self.url}/_simulator/issuer/{name}"

    def provider_token(
        self, name: str, subject: str, *, audience: str = "api://AzureADTokenExchange", expires_in: int = 300
    ) -> str:
        """A token of that provider; a negative `expires_in` (seconds) makes one that has expired."""
        body = {"subject": subject, "audience": audience, "expires_in": expires_in}
        return str(self._control("POST", f"issuer/{name}/token", body)["token"])

    def audit_log(self) -> list[dict[str, Any]]:
        """Every entry of the audit log, newest first, delayed and expired ones included."""
        entries: list[dict[str, Any]] = self._control("GET", "audit")
        return entries

    def token(self, client_id: str | None = None, secret: str | None = None, *, challengeable: bool = False) -> str:
        """An access token; without arguments of the first identity.

        With `challengeable` it is that of a client which can answer claims challenges.
        """
        claims = {"claims": '{"access_token":{"xms_cc":{"values":["cp1"]}}}'} if challengeable else {}
        form = urllib.parse.urlencode(
            {
                **claims,
                "grant_type": "client_credentials",
                "client_id": client_id or self.env["AZURE_CLIENT_ID"],
                "client_secret": secret or self.env["AZURE_CLIENT_SECRET"],
                "scope": "https://graph.microsoft.com/.default",
            }
        )
        url = f"{self.url}/{self.env['AZURE_TENANT_ID']}/oauth2/v2.0/token"
        answer = self.send("POST", url, form.encode("ascii"), {})
        return str(json.loads(answer[2])["access_token"])

    def graph(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One request to Graph, `path` behind the version (or a whole URL): status and JSON body."""
        url = path if path.startswith("https://") else f"{self.url}/v1.0{path}"
        sent = {"Authorization": f"Bearer {token or self._own_token()}", **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode("utf-8")
            sent.setdefault("Content-Type", "application/json")
        status, _, text = self.send(method, url.replace(" ", "%20"), data, sent)
        return status, json.loads(text) if text else None

    def send(
        self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        """One request as it is: status, headers (lower-case names) and body, errors alike."""
        request = urllib.request.Request(url, data, dict(headers), method=method)
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()

    def _own_token(self) -> str:
        if self._cached_token is None:
            self._cached_token = self.token()
        return self._cached_token

    def _control(self, method: str, name: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode("utf-8")
        status, _, text = self.send(method, f"{self.url}/_simulator/{name}", data, {})
        if status >= 400:
            raise ValueError(f"{method} {name}: {text.decode('utf-8', 'replace')}")
        return json.loads(text) if text else None


@contextlib.contextmanager
def running(
    seed: str | Path | Mapping[str, Any], *, start_seconds: float = PATIENCE, **options: object
) -> Iterator[SimulatedTenant]:
    """Start `entra-simulator serve` with a seed (file or document) and stop it at the end.

    `options` are those of the command, with underscores: `latency_ms=50`, `state_file=path`,
    `sparse_pages=True`. Raises `RuntimeError` with the command's own words if it doesn't start within
    `start_seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="entra-simulator-") as folder:
        room = Path(folder)
        if isinstance(seed, Mapping):
            seed_path = room / "seed.json"
            # Out of YAML come dates too.
            seed_path.write_text(json.dumps(seed, default=str), encoding="utf-8")
        else:
            seed_path = Path(seed)
        env_file = Path(str(options.pop("env_file", room / "tenant.env")))
        command = [sys.executable, "-m", "entra_simulator", "serve", f"--seed={seed_path}", f"--env-file={env_file}"]
        command += _arguments(options)
        with (room / "stderr").open("w+", encoding="utf-8") as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
            )
            try:
                line = _ready_line(process, room / "stderr", start_seconds)
                yield SimulatedTenant(line.split()[2], read_environment(env_file), process, line)
            finally:
                stop(process)


def stop(process: subprocess.Popen[str]) -> int:
    """Stop a simulator: asked first, killed if it doesn't listen. Gives its exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        if process.stdout is not None:
            process.stdout.close()


def read_environment(path: Path) -> dict[str, str]:
    """The variables of an environment file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (shlex.split(line)[0].partition("=") for line in lines if line)
    return {name: value for name, _, value in pairs}


def _arguments(options: Mapping[str, object]) -> list[str]:
    found = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            found.append(flag)
        elif value is not None and value is not False:
            found.append(f"{flag}={os.fspath(value) if isinstance(value, os.PathLike) else value}")
    return found


def _ready_line(process: subprocess.Popen[str], errors: Path, seconds: float) -> str:
    stdout = process.stdout
    if stdout is None:
        raise RuntimeError("the simulator's output is not captured")
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        if selector.select(seconds):
            line = stdout.readline().strip()
            if line:
                return line
    stop(process)
    reason = errors.read_text(encoding="utf-8").strip() or f"it was not ready after {seconds:g} seconds"
    raise RuntimeError(f"the simulator did not start: {reason}")
