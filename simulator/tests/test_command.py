# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: start, refusals, environment file, state file, stop."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import signal
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from simulator_helpers import JIRA, SEEDS, Tenant

from entra_simulator.cli import main
from entra_simulator.testing import STOP_SECONDS, running, stop
from entra_simulator.waiting import PATIENCE, wait_until

SEED = SEEDS / "contoso.yml"


Captured = pytest.CaptureFixture[str]


def _refusal(capsys: Captured, *arguments: str) -> str:
    """The one line that a start with bad arguments ends with."""
    try:
        code = main(["serve", *arguments])
    except SystemExit as exit_:
        code = int(str(exit_.code))
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err.strip()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com"])
def test_only_loopback(capsys: Captured, host: str) -> None:
    line = _refusal(capsys, f"--seed={SEED}", f"--host={host}")
    assert line.startswith(f"entra-simulator: --host: {host} is refused, the simulated tenant listens on loopback only")
    assert "\n" not in line


def test_bad_seeds_are_one_sentence(capsys: Captured, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text("tenant: {id: x, domain: contoso.example}")
    assert _refusal(capsys, f"--seed={bad}") == "entra-simulator: tenant.id: must be a GUID, not 'x'"
    none = tmp_path / "none"
    assert _refusal(capsys, f"--seed={none}") == f"entra-simulator: {none}: can't be read: No such file or directory"
    for option in ("--env-file", "--request-log"):
        line = _refusal(capsys, f"--seed={SEED}", f"{option}={none / 'x'}")
        assert re.fullmatch(r"entra-simulator: .*none/x.*: No such file or directory", line)


def test_a_port_in_use(capsys: Captured, tenant: Tenant) -> None:
    port = tenant.simulated.url.rpartition(":")[2]
    assert "can't be listened on: Address already in use" in _refusal(capsys, f"--seed={SEED}", f"--port={port}")


def test_arguments(capsys: Captured) -> None:
    assert "--seed" in _refusal(capsys)
    assert "not a number from 1 to 999" in _refusal(capsys, f"--seed={SEED}", "--page-limit=0")
    for option in ("--latency-ms", "--audit-delay-ms", "--audit-retention-days"):
        assert "not a number from 0" in _refusal(capsys, f"--seed={SEED}", f"{option}=-1")
    assert "'0' is not a number from 1" in _refusal(capsys, f"--seed={SEED}", "--token-lifetime-s=0")
    for factor in ("0.5", "nan", "inf", "x"):
        assert f"'{factor}' is not a number from 1" in _refusal(capsys, f"--seed={SEED}", f"--throttle-factor={factor}")
    assert "invalid choice: 'some'" in _refusal(capsys, f"--seed={SEED}", "--throttle=some")


def test_a_refusal_of_the_real_command() -> None:
    command = [sys.executable, "-m", "entra_simulator", "serve", "--seed=none.yml"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_ready_line(tenant: Tenant) -> None:
    assert re.fullmatch(
        r"entra-simulator ready: https://127\.0\.0\.1:\d+ tenant contoso\.example "
        r"\(5f0c1a52-7d4e-4b8e-9a51-0c2f6f6d9e10\)",
        tenant.simulated.ready_line,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_environment_file(tmp_path: Path, host: str) -> None:
    env_file = tmp_path / "a room" / "tenant.env"
    env_file.parent.mkdir()
    env_file.write_text("old")
    env_file.chmod(0o644)
    with running(SEED, env_file=env_file, host=host) as simulated:
        assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
        show = "set -a; . ./tenant.env; set +a; env"
        shell = subprocess.run(
            ["sh", "-c", show], cwd=env_file.parent, capture_output=True, text=True, check=True, env={}
        )
        lines = set(shell.stdout.splitlines())
        assert {f"{name}={value}" for name, value in simulated.env.items()} <= lines
        assert set(simulated.env) == {
            "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_AUTHORITY_HOST",
            "TENANTOPS_GRAPH_URL", "TENANTOPS_CA_PATH", "ENTRA_SIMULATOR_CLIENT_ID_READER",
            "ENTRA_SIMULATOR_SECRET_READER",
        }  # fmt: skip
        assert simulated.env["TENANTOPS_GRAPH_URL"] == simulated.env["AZURE_AUTHORITY_HOST"] == simulated.url
        assert simulated.graph("GET", "/users?$top=1")[0] == 200
        assert shlex.quote(simulated.env["TENANTOPS_CA_PATH"]) in env_file.read_text()


def test_restart_with_a_state_file(tmp_path: Path) -> None:
    state_file = tmp_path / "state.json"
    with running(SEED, state_file=state_file) as first:
        secret = first.env["AZURE_CLIENT_SECRET"]
        first.graph("POST", "/servicePrincipals", {"appId": JIRA})
        state = first.state()
    with running(SEED, state_file=state_file) as second:
        assert second.state() == state
        assert second.env["AZURE_CLIENT_SECRET"] != secret
        assert second.graph("GET", f"/servicePrincipals(appId='{JIRA}')")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_with_an_open_connection(tmp_path: Path, number: signal.Signals) -> None:
    state_file = tmp_path / "state.json"
    with running(SEED, state_file=state_file) as simulated:
        context = ssl.create_default_context(cafile=simulated.env["TENANTOPS_CA_PATH"])
        plain = socket.create_connection(("127.0.0.1", int(simulated.url.rpartition(":")[2])))
        # A farewell is told from a connection that is cut.
        with context.wrap_socket(plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as connection:
            connection.sendall(b"GET /_simulator/clock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert (answer.status, json.loads(answer.read())["frozen"]) == (200, False)
            simulated.process.send_signal(number)
            assert stop(simulated.process) == 0
            # A farewell would wait for a client that keeps its connection open.
            with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
                connection.recv(65536)
    assert state_file.exists()


def test_stop_with_a_request_under_way(tmp_path: Path) -> None:
    rule = {"match": {"path": "users"}, "times": 1, "delay_ms": int(2 * STOP_SECONDS * 1000)}
    with running(SEED) as simulated:
        simulated.faults([rule])
        context = ssl.create_default_context(cafile=simulated.env["TENANTOPS_CA_PATH"])
        port = int(simulated.url.rpartition(":")[2])
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
        connection.request("GET", "/v1.0/users")
        wait_until(lambda: simulated.remaining_faults()[0]["times"] == 0)
        # A server that waits for the request is killed.
        assert stop(simulated.process) == 0
        connection.close()


def test_a_start_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="tenant: is required"), running({}):
        pass


def test_a_start_that_takes_too_long_is_told(tmp_path: Path) -> None:
    """A pipe that nobody writes to is a seed that takes for ever to read."""
    seed = tmp_path / "seed.json"
    os.mkfifo(seed)
    with (
        pytest.raises(RuntimeError, match=r"it was not ready after 0\.01 seconds"),
        running(seed, start_seconds=0.01),
    ):
        pass
