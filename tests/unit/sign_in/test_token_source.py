# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signing in with azure-identity as it is, over TLS, against an endpoint that answers as Entra ID does."""

from __future__ import annotations

import logging
import threading
import time
import types
import typing as t

import pytest
import requests
from azure.core.credentials import AccessToken
from requests.adapters import HTTPAdapter

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in import session
from entra_simulator.waiting import PATIENCE

from .effort import SOON, Effort
from .endpoints import CLIENT, SCOPE, SECRET, TENANT, Asked, Reply, Source, Start, ask, entra, jwt, proxy, refusal
from .test_certificate import KEY, issued, pem, public

if t.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time of day ahead, in seconds."""
    real = time.time

    def ahead(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return ahead


def test_a_secret_signs_in_once_for_all_requests(start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint)
    assert [ask(one) for _ in range(5)] == ["token-1"] * 5
    (asked,) = endpoint.of("/token")
    assert (asked.form["client_secret"], asked.form["client_id"], asked.form["scope"]) == (SECRET, CLIENT, SCOPE)
    assert one.source == "client_secret"


def test_a_certificate_from_a_variable_signs_an_assertion(start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    text = (public(issued(KEY, ends=36500)) + pem()).decode()
    assert ask(source(endpoint, client_certificate=text)) == "token-1"
    assert endpoint.of("/token")[0].form["client_assertion"].count(".") == 2


def test_a_certificate_that_will_not_do_sends_nothing(start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    with pytest.raises(ConfigurationError, match="lacks the private key"):
        source(endpoint, client_certificate=public().decode())
    assert endpoint.asked == []


def test_a_federated_token_is_read_anew_each_time(
    start: Start, source: Source, tmp_path: Path, clock: Callable[[float], None]
) -> None:
    endpoint = start()
    entra(endpoint)
    path = tmp_path / "token"
    path.write_text("first\n")
    one = source(endpoint, federated_token_file=str(path))
    assert ask(one) == "token-1"
    path.write_text("second\n")
    clock(3400)
    assert ask(one) == "token-2"
    path.write_text("third\n")
    assert ask(one, claims="{}") == "token-3"
    assert [asked.form["client_assertion"] for asked in endpoint.of("/token")] == ["first", "second", "third"]
    path.write_text("")
    with pytest.raises(AuthenticationError, match=r"federated_token_file .* is empty\.$"):
        ask(one, claims="{}")
    path.unlink()
    with pytest.raises(AuthenticationError, match=r"federated_token_file .* cannot be read\.$"):
        ask(one, claims="{}")


def test_a_run_longer_than_a_token_goes_on_with_a_new_one(
    start: Start, source: Source, clock: Callable[[float], None]
) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint)
    ask(one)
    clock(3600 - 310)
    assert ask(one) == "token-1"
    clock(3600 - 290)
    assert [ask(one), ask(one)] == ["token-2"] * 2


def test_a_short_token_is_used_for_half_of_its_life(
    start: Start, source: Source, clock: Callable[[float], None]
) -> None:
    endpoint = start()
    entra(endpoint, lives=120)
    one = source(endpoint)
    assert [ask(one), ask(one)] == ["token-1"] * 2
    clock(55)
    assert ask(one) == "token-1"
    clock(65)
    assert ask(one) == "token-2"


def test_claims_get_a_new_token_that_is_kept(start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint)
    claims = '{"access_token": {"nbf": {"essential": true, "value": "1"}}}'
    assert [ask(one), ask(one, claims=claims), ask(one)] == ["token-1", "token-2", "token-2"]
    assert "nbf" in endpoint.of("/token")[1].form["claims"]


def test_a_token_that_still_holds_survives_a_failed_renewal(
    start: Start, source: Source, clock: Callable[[float], None]
) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint)
    ask(one)
    endpoint.answers["/token"] = lambda _asked: None
    clock(3600 - 200)
    assert [ask(one), ask(one)] == ["token-1"] * 2
    assert len(endpoint.of("/token")) == 1 + 2
    clock(3600 - 20)
    with pytest.raises(ConnectionFailedError):
        ask(one)


@pytest.mark.parametrize(
    ("options", "name"),
    [({"client_secret": SECRET}, "client_secret"), ({"federated_token_file": "token"}, "workload_identity")],
)
def test_a_refusal_is_one_sentence_and_final(
    options: dict[str, str],
    name: str,
    start: Start,
    source: Source,
    effort: Effort,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text(jwt(sub="repo:contoso/tenants"))
    endpoint = start()
    entra(endpoint, token=lambda _asked: refusal(700213, "No matching federated identity record found."))
    with pytest.raises(AuthenticationError) as caught:
        ask(source(endpoint, **options))
    assert caught.value.message == (
        f"Signing in to tenant {TENANT} with {name} was refused: AADSTS700213: No matching federated identity record "
        "found (trace id 11111111-aaaa); compare the app's federated credential with what the token says: issuer, "
        "subject and audience have to be equal, letter by letter."
    )
    assert len(endpoint.of("/token")) == 1
    assert effort.waiting == 0


def test_an_unknown_tenant_is_told_with_its_code(start: Start, source: Source, effort: Effort) -> None:
    endpoint = start()
    endpoint.answers["/openid-configuration"] = lambda _asked: refusal(90002, "Tenant not found.", 400)
    with pytest.raises(AuthenticationError, match=r"AADSTS90002: Tenant not found .*; check tenant_id"):
        ask(source(endpoint))
    assert effort.waiting == 0


def test_an_endpoint_that_is_no_entra_is_told(start: Start, source: Source) -> None:
    with pytest.raises(AuthenticationError, match=r"client_secret failed: https://.* knows no such tenant"):
        ask(source(start()))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "it closed the connection without an answer"),
        ((503, "sorry"), "is not available: it answered 503 Service Unavailable"),
    ],
)
def test_the_token_endpoint_is_tried_twice_at_most(
    answer: Reply, says: str, start: Start, source: Source, effort: Effort
) -> None:
    endpoint = start()
    entra(endpoint, token=lambda _asked: answer)
    with pytest.raises(ConnectionFailedError) as caught:
        ask(source(endpoint))
    assert caught.value.message.startswith(f"The login endpoint {endpoint.url} ")
    assert says in caught.value.message
    assert caught.value.message.endswith("(signing in with client_secret).")
    assert len(endpoint.of("/token")) == 2
    assert 0 < effort.waiting < SOON


def test_a_login_endpoint_that_nobody_listens_at(source: Source, effort: Effort) -> None:
    with pytest.raises(ConnectionFailedError, match=r"The login endpoint https://127.0.0.1:9 .* was refused"):
        ask(source("https://127.0.0.1:9"))
    assert len(effort.tries) == 2
    assert effort.waiting < SOON


def test_a_second_try_helps(start: Start, source: Source) -> None:
    endpoint = start()

    def token(_asked: Asked) -> Reply:
        late = len(endpoint.of("/token")) > 1
        return (200, {"token_type": "Bearer", "expires_in": 3600, "access_token": "late"}) if late else None

    entra(endpoint, token=token)
    assert ask(source(endpoint)) == "late"


def test_a_silent_endpoint_is_given_up(start: Start, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers only once it was given up."""
    monkeypatch.setattr(session, "READ", 0.3)
    endpoint, given_up = start(), threading.Event()

    def silence(_asked: Asked) -> Reply:
        given_up.wait(PATIENCE)
        return None

    entra(endpoint, token=silence)
    endpoint.answers["/openid-configuration"] = silence
    try:
        with pytest.raises(ConnectionFailedError, match="it did not answer in time"):
            ask(source(endpoint))
    finally:
        given_up.set()


@pytest.mark.parametrize("slow", [0.0, 29.0, 59.0])
def test_the_whole_sign_in_has_one_limit(
    slow: float, start: Start, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever each request might take: the first is answered after ``slow`` seconds, or not at all, the others never."""
    passed = [0.0]
    send = HTTPAdapter.send

    def late(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
        if slow and not passed[0]:
            passed[0] += slow
            return send(adapter, request, **options)
        passed[0] += options["timeout"][1]
        raise requests.ReadTimeout("Read timed out.")

    def pause(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(session, "time", types.SimpleNamespace(monotonic=lambda: passed[0], sleep=pause))
    monkeypatch.setattr(HTTPAdapter, "send", late)
    endpoint = start()
    entra(endpoint)
    with pytest.raises(ConnectionFailedError, match="it did not answer in time"):
        ask(source(endpoint))
    assert passed[0] == pytest.approx(session.WHOLE)


def test_the_limits_are_those_that_are_documented() -> None:
    assert (session.CONNECT, session.WHOLE) == (15.0, 60.0)


def test_an_authority_that_only_ca_path_knows(start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)
    with pytest.raises(ConnectionFailedError, match=r"its TLS certificate is not trusted.*ca_path"):
        ask(source(endpoint, client_secret=SECRET, ca_path=None))
    assert endpoint.asked == []


def test_an_address_of_ipv6(start: Start, source: Source) -> None:
    endpoint = start(host="::1")
    entra(endpoint)
    assert ask(source(endpoint)) == "token-1"


def test_a_proxy_that_wants_credentials(start: Start, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = start()
    entra(endpoint)
    between = proxy("me:p@ss word")
    try:
        monkeypatch.setenv("HTTPS_PROXY", between.url.replace("//", "//me:p%40ss%20word@"))
        assert ask(source(endpoint)) == "token-1"
        assert between.asked
        for user in ("", "me:s3cret@"):
            between.asked.clear()
            monkeypatch.setenv("HTTPS_PROXY", between.url.replace("//", f"//{user}"))
            with pytest.raises(ConnectionFailedError) as caught:
                ask(source(endpoint))
            assert f"{endpoint.url} could not be reached through the proxy {between.url}: " in caught.value.message
            assert "the proxy wants credentials, or others; give them in HTTPS_PROXY" in caught.value.message
            assert "s3cret" not in caught.value.message
            assert len(between.asked) == 1
        between.asked.clear()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert ask(source(endpoint)) == "token-2"
        assert between.asked == []
    finally:
        between.stop()


def test_a_ready_token_knows_its_end(source: Source, clock: Callable[[float], None]) -> None:
    end = int(time.time()) + 1000
    ready = jwt(exp=end)
    one = source(access_token=ready)
    assert one.get_token(SCOPE) == AccessToken(ready, end)
    clock(1001)
    with pytest.raises(AuthenticationError, match=r"^access_token has expired at \d{4}-.* UTC: give a new one\.$"):
        ask(one)
    clock(0)
    with pytest.raises(AuthenticationError, match="claims challenge"):
        ask(one, claims="{}")


def test_a_ready_token_that_tells_nothing_is_used_as_it_is(source: Source) -> None:
    assert ask(source(access_token="opaque")) == "opaque"
    assert ask(source(access_token=f"a.{'%'}.c")) == "a.%.c"


def test_nothing_shows_a_secret_or_a_token(
    start: Start, source: Source, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoint = start()
    entra(endpoint)
    one = source(endpoint)
    ask(one)
    shown = [repr(one), repr(one._connection), repr(one._credential), repr(one._session), str(vars(one._session))]
    endpoint.answers["/token"] = lambda _asked: refusal(7000215, "Invalid client secret provided.")
    with pytest.raises(AuthenticationError) as caught, caplog.at_level(logging.DEBUG):
        ask(one, claims="{}")
    shown += [caught.value.message, repr(caught.value), caplog.text]
    assert not [text for text in shown if SECRET in text or "token-1" in text]
