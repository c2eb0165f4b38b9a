# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to hand over a secret in every failure that can be provoked: nothing that a module prints holds one.

The secrets are looked for as they are and in every encoding, by decoding all that was printed.
"""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path
from urllib.parse import unquote_plus

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION
from entra_simulator.testing import running
from entra_simulator.waiting import PATIENCE
from integration.runner import COLLECTIONS
from integration.sign_in_world import AUTOMATION, NOWHERE, SEED, Proxy, World, silent_address
from integration.tenant import OUTLOOK

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

JSON: t.TypeAlias = dict[str, t.Any]
APP = "service_principal"
TOKEN = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}")
# A password that no encoding leaves as it is
AWKWARD = "p@ss'w/rd\\ &\"%+ 17"
# Forms of a text within another, one in the other
_UNDONE: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    unquote_plus,
    html.unescape,
    lambda text: re.sub(r"\\u00(..)|\\x(..)", lambda found: chr(int(found[1] or found[2], 16)), text),
    lambda text: re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), text),
)


def decoded(text: str) -> Iterator[str]:
    """A text as it is, and with each encoding undone, also two of them, also base64 wherever it begins."""
    once = list(dict.fromkeys(undo(text) for undo in _UNDONE))
    yield from once
    for one in once:
        yield from dict.fromkeys(undo(one) for undo in _UNDONE)
    for run in {run for one in once for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", one)}:
        for place in range(4):
            part = run[place:].replace("+", "-").replace("/", "_")
            yield base64.urlsafe_b64decode(part + "A" * (-len(part) % 4)).decode("latin-1")


def found(secrets: Iterable[str], text: str) -> list[str]:
    """The secrets that a text holds; of one with several lines or a long one, a piece is enough."""
    forms = set(decoded(text))
    pieces = {
        piece
        for secret in secrets
        for line in secret.strip().splitlines()
        if not line.startswith("-----") and len(line.strip()) > 3
        for piece in (line.strip(), *((line.strip()[:24], line.strip()[-24:]) if len(line.strip()) > 48 else ()))
    }
    return [piece for piece in pieces if any(piece in form for form in forms)]


@dataclasses.dataclass(frozen=True)
class Source:
    """A way to hand over secrets: options, variables, and what of them is secret."""

    name: str
    options: JSON
    environment: dict[str, str]
    secrets: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def with_(self, options: JSON, environment: dict[str, str]) -> Source:
        return dataclasses.replace(
            self, options={**self.options, **options}, environment={**self.environment, **environment}
        )


@dataclasses.dataclass(frozen=True)
class Failure:
    """What goes wrong: options and variables that differ, faults of the simulator, an error of a library."""

    name: str
    options: JSON = dataclasses.field(default_factory=dict)
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    faults: tuple[JSON, ...] = ()
    raises: bool = False
    refuses: bool = False

    def __str__(self) -> str:
        return self.name


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(SEED) as simulated:
        yield World(simulated, tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with Proxy() as between:
        yield between


def read(path: str) -> str:
    return Path(path).read_text(encoding="ascii")


@pytest.fixture(scope="module")
def sources(world: World) -> list[Source]:
    env = world.env
    app = {"AZURE_CLIENT_ID": AUTOMATION}
    secret, token = env["AZURE_CLIENT_SECRET"], world.simulated.token()
    pem, password = read(env["ENTRA_SIMULATOR_CERTIFICATE_AUTOMATION"]), env["ENTRA_SIMULATOR_PFX_PASSWORD_AUTOMATION"]
    pfx = base64.b64encode(Path(env["ENTRA_SIMULATOR_PFX_AUTOMATION"]).read_bytes()).decode("ascii")
    file = world.kubernetes("matrix")
    tools = world.tools(logged_in=True)
    github, pipelines, service = world.github(), world.azure_pipelines(), world.service()
    made = [
        Source("a secret as an option", {"client_secret": secret}, app, (secret,)),
        Source("a secret with a line break", {"client_secret": f"{secret}\n"}, app, (secret,)),
        Source("a secret as a variable", {}, {**app, "AZURE_CLIENT_SECRET": secret}, (secret,)),
        Source("a secret that is wrong", {"client_secret": AWKWARD}, app, (AWKWARD,)),
        Source("a PEM text", {"client_certificate": pem}, app, (pem,)),
        Source("a PFX text", {"client_certificate": pfx, "client_certificate_password": password}, app, (pfx, password)),
        Source(
            "a PFX text, and its password as a variable",
            {"client_certificate": pfx},
            {**app, "AZURE_CLIENT_CERTIFICATE_PASSWORD": AWKWARD},
            (pfx, AWKWARD),
        ),
        Source("a PEM file", {}, {**app, "AZURE_CLIENT_CERTIFICATE_PATH": env["ENTRA_SIMULATOR_CERTIFICATE_AUTOMATION"]}, (pem,)),
        Source("a federated token's file", {}, {**app, "AZURE_FEDERATED_TOKEN_FILE": file}, (read(file),)),
        Source("GitHub Actions", {"auth": "github_actions"}, github, (github["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],)),
        Source("Azure Pipelines", {"auth": "azure_pipelines"}, pipelines, (pipelines["SYSTEM_ACCESSTOKEN"],)),
        Source("a service's identity", {}, service, (service["IDENTITY_HEADER"],)),
        Source("a service's header with a line break", {}, {**service, "IDENTITY_HEADER": f"{AWKWARD}\nX"}, (AWKWARD,)),
        Source("a machine's endpoint with a secret", {}, {"MSI_ENDPOINT": f"{NOWHERE}/msi", "MSI_SECRET": AWKWARD}, (AWKWARD,)),
        Source("a token", {"access_token": token}, {}, (token,)),
        Source("a token with a line break at its end", {"access_token": f"{token}\n"}, {}, (token,)),
        Source("a token with a line break inside", {"access_token": f"{token[:50]}\n{token[50:]}"}, {}, (token,)),
        Source("a bearer in quotes", {"access_token": f'"Bearer {token}"'}, {}, (token,)),
        Source("an opaque token", {"access_token": "s3cr3t-opaque.thing"}, {}, ("s3cr3t-opaque.thing",)),
        Source("az", {"auth": "azure_cli"}, tools, (tools["STUB_TOKEN"],)),
        Source("pwsh", {"auth": "azure_powershell"}, tools, (tools["STUB_TOKEN"],)),
    ]  # fmt: skip
    given = {name for source in made for name in source.options}
    assert {name for name, option in CONNECTION.options.items() if option.get("no_log")} <= given
    return made


def echo(path: str, status: int) -> JSON:
    """A gateway that says back what it got."""
    fields = "{authorization} {client_secret} {client_assertion} {x-identity-header} {secret}"
    return {"match": {"path": path}, "answer": {"status": status, "message": f"AADSTS7000215: Not this: {fields}."}}


# The addresses of the proxy are put in later.
FAILURES = [
    Failure("none"),
    Failure("Graph echoes with 403", faults=(echo("^/v1.0/", 403),)),
    Failure("Graph echoes with 400", faults=(echo("^/v1.0/", 400),)),
    Failure("whoever signs in echoes", faults=(echo("^/(?!v1.0/)", 401),)),
    Failure("Graph out of reach", {"graph_url": NOWHERE}),
    Failure("the login out of reach", {"authority_host": NOWHERE}),
    Failure("an authority that nobody trusts", environment={"TENANTOPS_CA_PATH": ""}),
    Failure("a proxy that refuses", environment={"HTTPS_PROXY": "http://somebody:p%40ss%3Aword@PROXY"}),
    Failure("a proxy that is not there", environment={"HTTPS_PROXY": "http://me:s3cr3t%40x@127.0.0.1:9"}),
    Failure("a proxy's address with a mistake", environment={"HTTPS_PROXY": "http://me:s3cr3t/x@127.0.0.1:9"}),
    Failure("an option that does not exist", {"acess_token": "x"}),
    Failure("a choice that does not exist", {"cloud": "moon"}),
    Failure("a wrong number", {"concurrency": 0}),
    Failure("the tenant is another one", {"tenant_id": "fabrikam.example"}),
    Failure("an unexpected error with all secrets", raises=True),
    Failure("a library that prints all secrets", refuses=True),
]


def run(world: World, cases: list[tuple[Source, Failure]], module: str = APP) -> list[JSON]:
    """What the module prints in each case, and how it ends."""
    base = {
        name: world.env[name]
        for name in ("AZURE_TENANT_ID", "AZURE_AUTHORITY_HOST", "TENANTOPS_GRAPH_URL", "TENANTOPS_CA_PATH")
    }
    base |= {"PATH": os.environ["PATH"], "HOME": str(world.room), "no_proxy": ""}
    sent = []
    for source, failure in cases:
        changed = source.with_(failure.options, failure.environment)
        text = " ".join(
            form
            for secret in source.secrets
            for form in (secret, repr({"headers": {"Authorization": f"Bearer {secret}"}}), json.dumps({"x": secret}),
                         base64.b64encode(f"user:{secret}".encode()).decode(), repr(secret.encode()))
        )  # fmt: skip
        sent.append(
            {
                "module": module,
                "options": {"app_id": OUTLOOK, **changed.options},
                "environment": {**base, **changed.environment},
                "raises": text if failure.raises else "",
                "refuses": text if failure.refuses else "",
            }
        )
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("module_runs.py"))],
        env={**os.environ, "PYTHONPATH": str(COLLECTIONS)},
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    outcomes: list[JSON] = json.loads(done.stdout)
    return outcomes


def leaks(source: Source, failure: Failure, outcome: JSON) -> list[str]:
    text = outcome["stdout"] + outcome["stderr"]
    users = [
        value.rpartition("://")[2].rpartition("@")[0].partition(":")[2]
        for name, value in failure.environment.items()
        if name == "HTTPS_PROXY"
    ]
    return found([*source.secrets, *users], text) + TOKEN.findall(text)


def test_the_search_finds_a_secret_in_any_form() -> None:
    for form in (
        AWKWARD, repr(AWKWARD), repr(AWKWARD.encode()), json.dumps(AWKWARD), html.escape(AWKWARD),
        json.dumps({"msg": repr(AWKWARD)}), base64.b64encode(f"me:{AWKWARD}".encode()).decode(),
        "p%40ss%27w%2Frd%5C%20%26%22%25%2B%2017",
    ):  # fmt: skip
        assert found([AWKWARD], f"x {form} y") == [AWKWARD], form


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_no_source_shows_a_secret(failure: Failure, world: World, sources: list[Source], proxy: Proxy) -> None:
    environment = {name: value.replace("PROXY", proxy.address) for name, value in failure.environment.items()}
    failure = dataclasses.replace(failure, environment=environment)
    world.simulated.faults(list(failure.faults))
    outcomes = run(world, [(source, failure) for source in sources])
    world.simulated.clear_faults()
    leaked, odd, failed = [], [], 0
    for source, outcome in zip(sources, outcomes, strict=True):
        leaked += [f"{source}: {leak}" for leak in leaks(source, failure, outcome)]
        result = json.loads(outcome["stdout"])
        message = str(result.get("msg", ""))
        failed += bool(result.get("failed"))
        if outcome["stderr"] or "\n" in message or "Traceback" in message:
            odd.append(f"{source}: {message} {outcome['stderr']}")
    assert leaked == []
    assert odd == []
    # Some sources end before, or don't need, what the failure strikes; but no failure leaves most of them working.
    assert failed >= (0 if failure.name == "none" else len(sources) // 2)


@pytest.mark.parametrize(
    "module",
    sorted(path.stem for path in (COLLECTIONS / "ansible_collections/tenantops/entra/plugins/modules").glob("*.py")),
)
def test_no_module_shows_the_token_that_graph_echoes(module: str, world: World, sources: list[Source]) -> None:
    """Each module in its own kind of request: a list, a batch, a write."""
    everything: JSON = {
        "app_ids": [OUTLOOK], "users": ["ada@contoso.example", "lead@contoso.example"], "scopes": ["openid"],
        "app_roles": ["User.Read.All"],
        "apps": [{"app_id": OUTLOOK, "delegated_permissions": [{"scopes": ["openid"], "users": ["ada@contoso.example"]}]}],
        "declared": [{"app_id": OUTLOOK, "delegated_permissions": [{"scopes": ["openid"], "all_users": True}]}],
    }  # fmt: skip
    spec = __import__(f"ansible_collections.tenantops.entra.plugins.modules.{module}", fromlist=["SPEC"]).SPEC
    own = {name: value for name, value in everything.items() if name in spec.options}
    if "app_id" not in spec.options:
        own["app_id"] = None
    source = next(source for source in sources if source.name == "a secret as an option")
    for methods in ("POST", "GET"):
        rule = echo("^/v1.0/", 403)
        world.simulated.faults([{**rule, "match": {**rule["match"], "method": methods}}])
        (outcome,) = run(world, [(source.with_(own, {}), Failure("echo"))], module)
        world.simulated.clear_faults()
        assert "Not this: " in outcome["stdout"] or methods == "POST", outcome
        assert "(hidden)" in outcome["stdout"] or methods == "POST"
        assert leaks(source, Failure("echo"), outcome) == []
        assert outcome["stderr"] == ""


def test_a_secret_in_the_wrong_option_is_not_repeated(world: World, sources: list[Source]) -> None:
    """Swapped variables: an option that has no secret holds one."""
    secrets = {
        "an Entra secret": "abc8Q~0123456789abcdefghijklmnopqrstuvwx",
        "a random one": "kX0v_pQ2mN-r8sT4uVwXyZ1aBcDeFgHiJkLmNoPq",
        "a token": next(source for source in sources if source.name == "a token").secrets[0],
        "a key": read(world.env["ENTRA_SIMULATOR_CERTIFICATE_AUTOMATION"]),
    }
    options = [name for name, option in CONNECTION.options.items() if not option.get("no_log")]
    cases = []
    for name in options:
        for what, secret in secrets.items():
            fallback = CONNECTION.options[name].get("fallback", (None, []))[1]
            base: JSON = {"client_secret": AWKWARD, "client_id": AUTOMATION}
            if name in ("client_certificate_path", "federated_token_file"):
                base.pop("client_secret")
            cases.append(
                (Source(f"{what} as {name}", {**base, name: secret}, {}, (secret, AWKWARD)), Failure("swapped"))
            )
            if fallback:
                without = {key: value for key, value in base.items() if key != name}
                cases.append(
                    (Source(f"{what} in {fallback[0]}", without, {fallback[0]: secret}, (secret,)), Failure("swapped"))
                )
    for (source, failure), outcome in zip(cases, run(world, cases), strict=True):
        assert leaks(source, failure, outcome) == [], source
        result = json.loads(outcome["stdout"])
        assert result["failed"], source
        assert "\n" not in result["msg"], source
        assert outcome["stderr"] == "", source


def test_a_silent_machine_shows_nothing(world: World, sources: list[Source]) -> None:
    service = next(source for source in sources if source.name == "a service's identity")
    with silent_address() as address:
        (outcome,) = run(world, [(service.with_({}, {"IDENTITY_ENDPOINT": address}), Failure("silent"))])
    assert leaks(service, Failure("silent"), outcome) == []


def test_the_unexpected_is_told_in_one_sentence_with_its_place(world: World, sources: list[Source]) -> None:
    source = next(source for source in sources if source.name == "an opaque token")
    (outcome,) = run(world, [(source, Failure("unexpected", raises=True))])
    result = json.loads(outcome["stdout"])
    assert re.match(r"Unexpected error KeyError in plugins/module_utils/\S+\.py:\d+ \(", result["msg"])
    assert result["msg"].endswith("please report it.")
    assert "(hidden)" in result["msg"]
    assert "Traceback" in result["exception"]
    assert "(hidden)" in result["exception"]
