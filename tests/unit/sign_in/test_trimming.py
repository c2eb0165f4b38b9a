# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials as they come out of files, variables and copies: trimmed, or refused without being repeated."""

from __future__ import annotations

import base64
import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import ConfigurationError
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in import certificate
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.choice import PIPELINES_TOKEN, choose
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.federation import GITHUB_TOKEN, GITHUB_URL
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION

from .endpoints import CLIENT, TENANT, Asked, Endpoint, Reply, Source, Start, ask, entra, jwt

if t.TYPE_CHECKING:
    from pathlib import Path

TOKEN = jwt(sub="me", aud="https://graph.microsoft.com")
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----"
PFX = base64.b64encode(bytes.fromhex("308209") + bytes(range(200))).decode()
TEXTS = {
    name: "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11"
    for name in (
        "tenant_id",
        "client_id",
        "client_secret",
        "service_connection_id",
        "access_token",
        "client_certificate",
    )
} | {"auth": "access_token", "cloud": "china", "authority_host": "login.example", "graph_url": "https://graph.example"}
WITH_BLANKS = {
    "client_certificate_password": " two  blanks ",
    "client_certificate_path": "/certs/my app .pem",
    "federated_token_file": "/run/a token",
    "ca_path": "/etc/my authorities",
}


def of(**options: t.Any) -> Connection:
    return Connection.from_options(options)


def refused(**options: t.Any) -> str:
    """The sentence on options that can't work."""
    with pytest.raises(ConfigurationError) as caught:
        choose(of(**{"tenant_id": TENANT, "client_id": CLIENT, **options}), {})
    message = caught.value.message
    assert message.endswith(".")
    assert "\n" not in message
    for value in options.values():
        assert str(value)[:20] not in message.removeprefix("client_certificate").removeprefix("access_token")
    return message


def test_every_option_that_is_a_text_is_trimmed_one_way_or_the_other() -> None:
    texts = {name for name, option in CONNECTION.options.items() if option["type"] in ("str", "path")}
    assert texts == TEXTS.keys() | WITH_BLANKS.keys()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "around", ["{}\n", " {}", "\r\n{}\r\n", "\t{} \n\n", "\ufeff{}", "\u00a0{}\u200b", '"{}"\n', "'{}'", ' " {} "']
)
def test_what_stands_around_a_value_is_taken_off(name: str, around: str) -> None:
    assert getattr(of(**{name: around.format(TEXTS[name])}), name) == TEXTS[name]


@pytest.mark.parametrize("name", WITH_BLANKS)
def test_where_blanks_may_belong_to_it_only_line_breaks_at_the_end_are_taken_off(name: str) -> None:
    for end in ("\n", "\r\n", ""):
        assert getattr(of(**{name: WITH_BLANKS[name] + end}), name) == WITH_BLANKS[name]
    if name == "client_certificate_password":
        assert of(**{name: '"quoted"'}).client_certificate_password == '"quoted"'


@pytest.mark.parametrize(
    "name", ["access_token", "client_secret", "tenant_id", "client_certificate_password", "ca_path"]
)
def test_a_line_break_alone_counts_as_not_given(name: str) -> None:
    assert of(**{name: "\n"}) == Connection()


@pytest.mark.parametrize(
    "text", [f"Bearer {TOKEN}", f"bearer  {TOKEN}\n", f'"Bearer {TOKEN}"', f"Bearer '{TOKEN}'", f"BEARER\t{TOKEN}"]
)
def test_a_bearer_in_front_is_taken_off(text: str) -> None:
    assert of(access_token=text).access_token == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        f"{TOKEN[:30]}\n{TOKEN[30:]}",
        f"{TOKEN} x",
        f"{TOKEN}é",
        f"{TOKEN}\x00",
        f"Authorization: Bearer {TOKEN}",
        f"{TOKEN}\r\n{TOKEN}",
    ],
)
def test_a_token_with_more_in_it_is_refused(text: str) -> None:
    assert refused(access_token=text).startswith(
        "access_token holds more than a token: white space or a letter outside ASCII"
    )


@pytest.mark.parametrize(
    "text", [f'{{"accessToken": "{TOKEN}"}}', f'{{\n  "accessToken": "{TOKEN}"\n}}\n', '{"accessToken":"x"}']
)
def test_the_json_of_az_is_told(text: str) -> None:
    assert "--query accessToken" in refused(access_token=text)


@pytest.mark.parametrize(
    "thing", [PEM, f"{PEM}\n", PEM.replace("\n", "\\n"), PFX, f"{PFX[:76]}\n{PFX[76:]}\n", TOKEN, f"{TOKEN}\n"]
)
@pytest.mark.parametrize("name", [name for name in WITH_BLANKS if name != "client_certificate_password"])
def test_a_path_that_is_the_thing_itself_is_told(name: str, thing: str) -> None:
    assert " itself, not a path: " in refused(**{name: thing})


def test_the_paths_are_those_of_the_options() -> None:
    paths = {name for name, option in CONNECTION.options.items() if option["type"] == "path"}
    assert paths == WITH_BLANKS.keys() - {"client_certificate_password"}


@pytest.mark.parametrize("text", ["x" * 300, "/" + "y" * 5000, "some\nlines\nof text", "é" * 200])
@pytest.mark.parametrize("name", [name for name in WITH_BLANKS if name != "client_certificate_password"])
def test_what_is_no_path_is_not_repeated(name: str, text: str) -> None:
    assert refused(**{name: text}).startswith(f"{name} is no path: ")


@pytest.mark.parametrize(
    "path", ["/etc/app.pem", "~/app.pfx", "./app", "certs/app.p12", "C:\\certs\\app.pfx", "app.key"]
)
def test_a_certificate_that_is_a_path_is_told(path: str) -> None:
    assert "give it as client_certificate_path." in refused(client_certificate=path)


@pytest.mark.parametrize("path", ["/run/secrets/token", "~/token", "./token", "../token"])
def test_a_token_that_is_a_path_is_told(path: str) -> None:
    assert "access_token holds a path, not the token itself" in refused(access_token=path)


def test_a_secret_that_is_a_path_is_told_where_there_is_such_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    assert "client_secret holds a path" in refused(client_secret=str(tmp_path / "secret"))
    assert of(client_secret="/looks/like/one").client_secret == "/looks/like/one"


@pytest.mark.parametrize(
    ("thing", "option"), [(PEM, "client_certificate"), (PFX, "client_certificate"), (TOKEN, "access_token")]
)
def test_another_thing_than_a_secret_is_told(thing: str, option: str) -> None:
    assert refused(client_secret=thing).endswith(f", not a client secret: give it as {option}.")
    assert of(auth="managed_identity", client_secret=thing).client_secret == thing


def test_a_certificate_as_a_token_and_two_secrets_at_once_are_told() -> None:
    assert "access_token holds a certificate or key, not a token" in refused(access_token=PEM)
    assert "client_secret has several lines" in refused(client_secret="s3cret-number-one\ns3cret-number-two")


@pytest.mark.parametrize("value", ["abc8Q~0123456789abcdefghijk", "a secret", "s3cret/value"])
@pytest.mark.parametrize("name", ["authority_host", "graph_url"])
def test_a_host_with_signs_of_a_secret_is_no_host(name: str, value: str) -> None:
    if "/" not in value:
        with pytest.raises(ConfigurationError, match="is no URL with a host"):
            of(**{name: value})


@pytest.mark.parametrize("end", ["\n", " ", "\r\n"])
def test_a_trimmed_variable_still_counts_as_a_variable(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What falls back to a variable comes after options, however the variable ends."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", f"of-the-environment{end}")
    monkeypatch.setenv("AZURE_CLIENT_CERTIFICATE_PATH", f"~/app.pem{end}".replace(" ", "\n"))
    app = {"tenant_id": TENANT, "client_id": CLIENT}
    secret = {**app, "client_secret": f"of-the-environment{end}"}
    assert choose(of(**secret)) == "client_secret"
    assert choose(of(**secret, client_certificate=PEM)) == "client_certificate"


@pytest.mark.parametrize("text", [f"{TOKEN}\n", f"\ufeff{TOKEN}", f'"{TOKEN}"', f"Bearer {TOKEN}\r\n"])
def test_a_federated_token_is_trimmed(text: str, start: Start, source: Source, tmp_path: Path) -> None:
    endpoint = start()
    entra(endpoint)
    file = tmp_path / "token"
    file.write_text(text, encoding="utf-8")
    ask(source(endpoint, federated_token_file=str(file)))
    assert endpoint.of("/token")[0].form["client_assertion"] == TOKEN


def test_a_file_with_more_than_a_federated_token_is_refused(start: Start, source: Source, tmp_path: Path) -> None:
    endpoint = start()
    entra(endpoint)
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n{TOKEN}\n")
    with pytest.raises(ConfigurationError, match=r"^federated_token_file /.*/token holds more than a token") as caught:
        ask(source(endpoint, federated_token_file=str(file)))
    assert TOKEN not in caught.value.message
    assert endpoint.of("/token") == []


def github(monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint, bearer: str) -> None:
    monkeypatch.setenv(GITHUB_URL, f"{endpoint.url}/idtoken?api-version=2.0\n")
    monkeypatch.setenv(GITHUB_TOKEN, bearer)

    def issue(_asked: Asked) -> Reply:
        return 200, {"value": TOKEN}

    endpoint.answers["/idtoken"] = issue


@pytest.mark.parametrize("end", ["\n", " ", "\r\n"])
def test_the_token_of_a_pipeline_is_trimmed(
    end: str, start: Start, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start()
    entra(endpoint)
    github(monkeypatch, endpoint, f"Bearer of-the-job{end}")
    ask(source(endpoint, auth="github_actions"))
    assert endpoint.of("/idtoken")[0].headers["Authorization"] == "Bearer of-the-job"


def test_the_token_of_a_pipeline_with_more_in_it_is_refused(
    start: Start, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = start()
    github(monkeypatch, endpoint, "of-the-job\nof-another")
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", endpoint.url)
    monkeypatch.setenv(PIPELINES_TOKEN, "of-the-job of-another")
    for auth, variable in (("github_actions", GITHUB_TOKEN), ("azure_pipelines", PIPELINES_TOKEN)):
        with pytest.raises(ConfigurationError, match=f"^{variable} holds more than a token") as caught:
            source(endpoint, auth=auth, tenant_id=TENANT, client_id=CLIENT, service_connection_id="x")
        assert "of-the-job" not in caught.value.message
    assert endpoint.asked == []


def test_what_is_learned_on_the_way_to_a_token_is_hidden(
    start: Start, source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The access token itself, opaque as it may be, and the token of a provider."""
    endpoint = start()
    entra(endpoint)
    github(monkeypatch, endpoint, "of-the-job")
    endpoint.answers["/idtoken"] = lambda _asked: (200, {"value": "opaque-of-provider"})
    file = tmp_path / "token"
    file.write_text("opaque-of-cluster\n")
    for options in ({"auth": "github_actions"}, {"federated_token_file": str(file)}):
        one = source(endpoint, **options)
        token = ask(one)
        for secret in (token, "opaque-of-provider" if "auth" in options else "opaque-of-cluster"):
            assert one._connection.masker.mask(f"was {secret} so") == "was (hidden) so"


def test_the_key_of_a_certificate_is_hidden(tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    file.write_text(PEM)
    connection = of(client_certificate_path=str(file))
    with pytest.raises(ConfigurationError, match="its private key is damaged"):
        certificate.read(connection)
    assert connection.masker.mask(f"was {PEM.splitlines()[1]} so") == "was (hidden) so"
