# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is hidden in texts that are shown: known secrets in any encoding or in pieces, others by their form."""

from __future__ import annotations

import base64
import html
import json
import re
import typing as t
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.choice import PIPELINES_TOKEN
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.federation import GITHUB_TOKEN
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import CONNECTION
from ansible_collections.tenantops.entra.plugins.module_utils._secrets import (
    HIDDEN,
    Masker,
    kind,
    may_be_secret,
    of_environment,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJjb250b3NvIn0.c2lnbmF0dXJl"
BODY = "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "Zm9vYmFyYmF6cXV4cXV1eA=="])
PEM = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n"
ENCODINGS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent": lambda text: quote(text, safe=""),
    "percent but slashes": quote,
    "percent in lower case": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "form": quote_plus,
    "repr": repr,
    "repr of bytes": lambda text: repr(text.encode()),
    "JSON": json.dumps,
    "JSON beyond ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "HTML": html.escape,
    "HTML of templates": lambda text: html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
}
FORMS = {
    "a JSON web token": JWT,
    "a cut one": JWT[:40],
    "one in quotes of bytes": f"b'{JWT}\\n'",
    "one in base64": base64.b64encode(JWT.encode()).decode(),
    "a bearer": "Bearer opaque/thing+1=",
    "a bearer in a header's bytes": "b'authorization: bearer abc.def'",
    "a bearer, percent-encoded": "Bearer%20opaque-thing",
    "a user of a proxy": "Basic bWU6c2VjcmV0",
    "a refresh token": "0.AXoAbcdefghijklmnopqrstuvwxyz.AgABAAEAAAD",
    "a refresh token of 2024": "1.AXoAbcdefghijklmnopqrstuvwxyz",
    "an opaque access token": "EwBwA8l6BAAUkj1NuJYtTVha+Mogk+HEiPbQo04AAa==",
    "a refresh token of a person": "M.C507_BAY.0.U.-Cn4xabcdefghijklmnop!q*r$",
    "a code": "OAQABAAAAAAAabcdefghijklmnopqrstuvw",
    "a client secret": "abc8Q~0123456789abcdefghijklmnopqrstuvwx",
    "a client secret, percent-encoded": "abc8Q%7E0123456789abcdefghijklmnopqrstuvwx",
    "a key": PEM,
    "a key with its own headings": PEM.replace("\nMII", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nMII"),
    "a key in one line": PEM.replace("\n", "\\n"),
    "a key in one line, quoted twice": PEM.replace("\n", "\\\\n"),
    "a key, percent-encoded": quote(PEM),
    "a key's beginning": PEM[:80],
    "a key's end": PEM[45:],
    "a PFX in base64": BODY.replace("\n", ""),
    "a form's password": "password=hunter2",
    "a form's secret": "client_id=x&client_secret=hunter2&scope=y",
    "a form's assertion": "client_assertion=hunter2",
    "JSON's token": '{"access_token": "hunter2 and more"}',
    "JSON's token in JSON": '{\\"refresh_token\\": \\"hunter2\\"}',
    "Python's password": "{'password': 'hunter 2'}",
    "a shared access signature": "https://x.example/?se=2026&sig=hunter2%2F&sp=r",
    "a user in an address": "http://hunter2:hunter2@proxy.example:3128",
    "a user in an address with an at": "http://me:hunter2@hunter2@proxy.example:3128",
}
PLAIN = [
    "Could not read the user ada@contoso.example: Graph answered 403 Authorization_RequestDenied: Insufficient privileges.",
    "client_certificate_password is wrong; check client_secret (the secret's value, not its id).",
    'Bearer token is missing, and the bearer was refused. WWW-Authenticate: Bearer realm="", Basic authentication.',
    "give them in HTTPS_PROXY as http://user:password@host:port, with special characters percent-encoded",
    "access_token has expired at 2026-11-25 10:00:00 UTC: give a new one.",
    "e7185a25-9df9-4d05-b779-76b04bf46424 on https://graph.microsoft.com/v1.0/users?$filter=id eq 'x'",
    "+ Mail.ReadWrite.Shared User.Read\n- offline_access\n+++ after: Microsoft 365 for Jira",
    "No matching federated identity record found for presented assertion subject 'repo:contoso/tenants:ref'.",
]


def decoded(text: str) -> str:
    """All that is in a text, also in base64 wherever that begins."""
    runs = [run[place:] for run in re.findall(r"[A-Za-z0-9+/_-]{6,}", text) for place in range(4)]
    return text + " ".join(
        base64.urlsafe_b64decode((run + "A" * (-len(run) % 4)).replace("+", "-").replace("/", "_")).decode("latin-1")
        for run in runs
    )


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize(
    "secret",
    [
        "s3cr3t-value",
        "p@ss:w/rd+é '\"\\&<",
        "with blanks in it",
        "x8Q~abc",
        "Pa55",
        "line one 1\nline two 2",
        "contoso",
    ],
)
def test_a_known_secret_is_hidden_in_any_encoding(secret: str, encoding: Callable[[str], str]) -> None:
    shown = Masker([secret]).mask(f"It says: {encoding(secret)}, twice '{encoding(secret)}'.")
    assert encoding(secret).strip("b'\"") not in shown
    assert not [line for line in secret.splitlines() if line in shown]
    assert shown.startswith("It says: ")
    assert shown.endswith("'.")


@pytest.mark.parametrize("before", ["", "u", "us", "user:"])
@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_known_secret_is_hidden_in_base64(before: str, alphabet: Callable[[bytes], bytes]) -> None:
    secret = "s3cr3t>?value~~"
    text = f"Basic: {alphabet((before + secret + 'x').encode()).decode()} end"
    assert secret in decoded(text)
    assert secret[3:-3] not in decoded(Masker([secret]).mask(text))


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{}\r\n"])
def test_a_secret_is_known_as_given_and_trimmed(around: str) -> None:
    assert Masker([around.format("s3cr3t")]).mask("a s3cr3t b") == f"a {HIDDEN} b"


def test_pieces_of_a_known_secret_are_hidden() -> None:
    """Libraries cut and wrap what they print."""
    secret = "Zx9-" + "".join(f"{number:02}" for number in range(30))
    masker = Masker([secret])
    for piece in (
        secret[:20],
        secret[-20:],
        secret[7:27],
        f"{secret[:30]}\n  {secret[30:]}",
        f"{secret[:25]}...{secret[-18:]}",
    ):
        assert not re.search(r"\d{4}", masker.mask(f"got '{piece}'"))


def test_a_key_is_hidden_line_by_line_and_plain_words_beside_it_are_not() -> None:
    masker = Masker([f"subject=CN = consent-automation\n{PEM}"])
    assert masker.mask(f"x {BODY.splitlines()[0][5:]} y") == f"x {HIDDEN} y"
    assert masker.mask(BODY.splitlines()[1]) == HIDDEN
    assert HIDDEN not in masker.mask("signing in as CN = consent-automation")
    whole = base64.b64encode(PEM.encode()).decode()
    assert whole[40:80] not in masker.mask(whole)


def test_words_and_short_secrets_do_not_spoil_sentences() -> None:
    """By the gaps they would be told: what is shorter than four characters is left, a word counts only as a whole."""
    masker = Masker(["a", "pw", "123", "contoso", "password", "2026"])
    assert masker.mask("a pw 123") == "a pw 123"
    assert masker.mask("contoso") == HIDDEN
    assert masker.mask("mycontosos client_certificate_password 20261") == "mycontosos client_certificate_password 20261"
    assert masker.mask("client_secret=pw") == f"client_secret={HIDDEN}"


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_what_is_secret_by_its_form_is_hidden(text: str) -> None:
    shown = Masker().mask(f"It said '{text}' to us.")
    assert HIDDEN in shown
    assert shown.startswith("It said ")
    for secret in ("hunter", "eyJ", "MII", "opaque", "bWU6", "abcdefgh", "Zm9v", "0123456", "abc.def", "Mogk", "ZXlK"):
        assert secret not in shown


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert Masker(["s3cr3t-value", JWT, PEM]).mask(text) == text


@pytest.mark.parametrize("text", [*FORMS.values(), *PLAIN])
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    masker = Masker(["s3cr3t-value"])
    assert masker.mask(masker.mask(text)) == masker.mask(text)


SECRETS = st.text(min_size=1, max_size=80) | st.text("ab1~'\"\\%+/=é\n ", min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(SECRETS, max_size=3), st.text(max_size=200), st.sampled_from(sorted(ENCODINGS)))
def test_nothing_makes_it_raise_and_nothing_known_stays(secrets: list[str], text: str, encoding: str) -> None:
    masker = Masker(secrets)
    shown = masker.mask(text.join(["", *(ENCODINGS[encoding](secret) for secret in secrets), ""]))
    for secret in secrets:
        if len(secret.strip()) >= 4 and not (secret.strip().isalpha() or secret.strip().isdigit()):
            rest = shown.replace(HIDDEN, "\0")
            assert secret.strip() not in rest
            assert ENCODINGS[encoding](secret.strip()).strip("b'\"") not in rest


@given(
    st.lists(st.text(st.characters(exclude_categories=())), max_size=2), st.text(st.characters(exclude_categories=()))
)
@settings(deadline=None)
def test_halves_of_characters_do_not_make_it_raise(secrets: list[str], text: str) -> None:
    Masker(secrets).mask(text)
    may_be_secret(text)


@pytest.mark.parametrize(
    "unit",
    ["eyJ", "eyJaaaaaa.", "Bearer ", "Bearer .", "://", "://a@", "-----BEGIN A-----", "-----BEGIN ", "password=", "pwd='",
     "a8Q~", "MIIa", "MIIA\\n", "\\", "A", "Ab1", " ", ".", "0.A", "EwA", "AAA\n", "M.A1_B.", "?sig=", "&quot;", "token:"],
)  # fmt: skip
def test_long_texts_are_no_trouble(unit: str) -> None:
    """A pattern that goes over them again and again would not end within any test's limit."""
    text = unit * (400_000 // len(unit))
    Masker(["s3cr3t-value", JWT]).mask(f"{text}!")
    may_be_secret(text)
    kind(text)


def test_the_secrets_among_variables() -> None:
    ours = {
        name
        for option in CONNECTION.options.values()
        if option.get("no_log")
        for name in option.get("fallback", (None, []))[1]
    }
    assert ours == {"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD"}
    of_libraries = {
        "AZURE_PASSWORD",
        "IDENTITY_HEADER",
        "MSI_SECRET",
        "GITHUB_TOKEN",
        "CI_JOB_TOKEN",
        "ARM_CLIENT_SECRET",
    }
    secret = ours | of_libraries | {PIPELINES_TOKEN, GITHUB_TOKEN}
    plain = {
        *(name for option in CONNECTION.options.values() for name in option.get("fallback", (None, []))[1]),
        "ACTIONS_ID_TOKEN_REQUEST_URL", "IDENTITY_ENDPOINT", "ANSIBLE_VAULT_PASSWORD_FILE", "HOME", "PATH",
    } - ours  # fmt: skip
    assert set(of_environment({name: f"of {name}" for name in secret | plain})) == {f"of {name}" for name in secret}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_the_user_of_a_proxy_is_secret(name: str, scheme: str) -> None:
    masker = Masker(of_environment({name: f"{scheme}me:s%40cret/1@proxy.example:3128"}))
    for shown in ("s@cret/1", "s%40cret/1", base64.b64encode(b"me:s@cret/1").decode()):
        assert HIDDEN in masker.mask(f"x {shown} y")
    assert masker.mask("proxy.example:3128") == "proxy.example:3128"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (PEM, "a certificate or key"),
        (PEM.replace("\n", "\\n"), "a certificate or key"),
        (f"\n{BODY}\n", "a certificate"),
        (f"{JWT}\n", "a token"),
        ("/etc/app.pem", ""),
        ("certs/eyJabcdef.pem", ""),
        ("a secret", ""),
    ],
)
def test_what_a_text_is_as_a_whole(text: str, what: str) -> None:
    assert kind(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "abc8Q~0123456789abcdefghijklmnopqrstuvwx", JWT, PEM, "kX0v_pQ2mN-r8sT4uVwXyZ1aBcDeFgHiJkLmNoPq",
        "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "https://me:pw@login.example",
    ],
)  # fmt: skip
def test_a_secret_in_the_wrong_option_looks_like_one(text: str) -> None:
    assert may_be_secret(text)
    assert may_be_secret(text, path=True)


@pytest.mark.parametrize(
    "text",
    [
        "7b1c0e0e-4b0c-4c0a-8f57-2f4f6f0f3a11", "7B1C0E0E-4b0c-4c0a-8f57-2f4f6f0f3a11", "contoso.example",
        "Contoso2.onmicrosoft.com", "Contoso Ltd", "https://[2001:db8::1]:8443", "https://Login2.contoso.example/x",
        "client_certificate", "us_government_dod", "8", "", "127.0.0.1",
    ],
)  # fmt: skip
def test_what_options_have_does_not_look_like_a_secret(text: str) -> None:
    assert not may_be_secret(text)


@pytest.mark.parametrize(
    "text", ["/home/me/Certs/App2026.pem", "Certs/ConsentAutomation2026", "ConsentAutomation2026.pem"]
)
def test_a_path_does_not_look_like_a_secret(text: str) -> None:
    assert not may_be_secret(text, path=True)
