# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: how they are told from other texts, and hidden in what is shown. PRIVATE to tenantops.entra.

Whoever said a text, Graph, a library or the system, may have put a secret into it. Secrets that are known are found in
any of their encodings and also in pieces; others by their form.
"""

from __future__ import annotations

import base64
import html
import json
import re
import string
import typing as t
from urllib.parse import quote, quote_plus, unquote

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Span: t.TypeAlias = tuple[int, int]

HIDDEN = "(hidden)"
# What editors, shells and copies leave around a value: white space, a byte order mark, a space of no width.
AROUND = string.whitespace + "\u00a0\u200b\ufeff"
# This many characters in a row of a known secret are hidden wherever they stand: libraries cut and wrap what they print.
_PIECE = 16
# Shorter ones can be guessed anyway; and gaps all over a sentence would tell them, and nothing else any more.
_SHORTEST = 4
# Of a secret no more than this is looked for: none is longer, but a wrong file may be.
_LONGEST = 65536
_ENCODED_LEAST = 6

_SECRET_VARIABLE = re.compile(r"SECRET|PASSW|TOKEN|CREDENTIAL|IDENTITY_HEADER|PRIVATE_KEY|(?:ACCESS|API)_?KEY", re.I)
# They tell where a secret is, or of what kind.
_NO_SECRET_VARIABLE = re.compile(r"(?:FILE|PATH|DIR|URL|URI|ENDPOINT|ID|NAME|TYPE|HOST|HELPER|SCOPES?)$", re.I)
_PROXY_VARIABLE = re.compile(r"(?:HTTPS?|ALL)_PROXY", re.I)

_WORDS_BEHIND_BEARER = (
    "tokens?|auth[a-z_]*|realm|scheme|error[a-z_]*|scope|headers?|credentials?|challenge|and|or|is|was|in"
)
# Names of values, by what all of them have in common
_NAMES = {
    "pass": "pass(?:word|wd|phrase)",
    "pwd": "pwd",
    "secret": "(?:client_?)?secret_?(?:text|value)?",
    "assertion": "(?:client_?)?assertion",
    "token": "(?:access|refresh|id|federated|sas)_?token",
    "key": "(?:private|access|api)_?key",
    "authorization": "authorization",
    "x-identity": "x-identity-header",
}
_QUOTE = r"(?:\\{0,4}[\"']|&quot;|&\#3[49];|&\#x27;|%2[27])"
_PLAIN = r"[^\s\"'<>&,;()\\]"
_JWT = r"eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]+)*"
_PEM = r"-----BEGIN[A-Z0-9 %+]{1,60}-----"
# Keys and PFX files without any heading begin like this, as all DER does.
_DER = r"MI[IGH][A-Za-z0-9+/]{40,}(?:(?:\s|\\+[nr])+[A-Za-z0-9+/]{20,})*={0,2}"
# What is secret by its form; if there is a group, that. Before each, in lower case, what a text must have to be looked
# through. No pattern goes over a text more than once, so that they stay linear: repetitions are followed by what they
# can't match, or by nothing that must match.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (needed, re.compile(pattern))
    for needed, pattern in (
        (
            "-----begin",
            rf"{_PEM}(?:Proc-Type: ?\d,ENCRYPTED|DEK-Info: ?[A-Z0-9-]+,[0-9A-F]+|(?!-----)[A-Za-z0-9+/=\s\\%&#;])*"
            r"(?:-----END[A-Z0-9 %+]{1,60}-----)?",
        ),
        ("-----end", r"(?<![A-Za-z0-9+/=\\\r\n])[A-Za-z0-9+/=\\\r\n]{4,}+-----END[A-Z0-9 %+]{1,60}-----"),
        ("mi", _DER),
        ("eyj", _JWT),
        ("zxlk", r"ZXlK[A-Za-z0-9+/_-]{20,}={0,2}"),  # a JSON web token in base64
        (
            "bearer",
            rf"(?i:bearer)(?:\s|%20|\+|\\[nt])+(?!(?i:{_WORDS_BEHIND_BEARER})\b)({_PLAIN}*[^\s\"'<>&,;()\\.])",
        ),
        ("basic", r"(?i:basic)(?:\s|%20|\+)+(?!(?i:auth))(?=[a-z]*[A-Z0-9+/=])([A-Za-z0-9+/_-]{8,}={0,2})"),
        # Refresh tokens and codes of Entra ID, and what personal accounts get
        (".a", r"(?<![\w.])[01]\.A[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]+)*"),
        ("aqaba", r"(?<![A-Za-z0-9_-])O?AQABA[A-Za-z0-9_-]{24,}"),
        ("ew", r"(?<![A-Za-z0-9+/])Ew[A-Z][A-Za-z0-9+/%_-]{24,}={0,2}"),
        ("m.", r"\bM\.[A-Z]\d+_[A-Z0-9]+\.[\w.!*$-]{16,}"),
        # Client secrets of Entra ID
        ("q", r"[A-Za-z0-9_~.-]{3}\dQ(?:~|%7[Ee])[A-Za-z0-9_~.-]{7,}[A-Za-z0-9_~-]"),
        *(
            (stem, rf"(?i:{names}){_QUOTE}?\s{{0,4}}(?:[:=]|%3[AaDd])\s{{0,4}}{value}")
            for stem, names in _NAMES.items()
            for value in (
                rf"(?P<quote>{_QUOTE})((?:(?!(?P=quote))[\s\S])+)",
                rf"({_PLAIN}*[^\s\"'<>&,;()\\.])",
            )
        ),
        ("sig=", r"[?&;]sig=([^&\s\"'<>]+)"),
        ("://", r"://(?!user:password@)([^/?#\s\"'<>]+)@"),
    )
)
_IDENTIFIER = re.compile(r"[{(]?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}[)}]?")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_DENSE = re.compile(r"[A-Za-z0-9_~+/=!@#$%^&*-]{16,}")
_LONG = re.compile(r"[A-Za-z0-9]{24,}")
_KINDS_OF_LETTERS = tuple(re.compile(kind) for kind in ("[a-z]", "[A-Z]", "[0-9]", "[~+=!@#$%^&*]"))


class Masker:
    """Hides secrets in texts: those it knows, and what is secret by its form. In linear time; it never raises."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Pieces of secrets and of their encoded forms; and short forms, with whether they count only as a whole word.
        self._pieces: set[str] = set()
        self._short: dict[str, bool] = {}
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """One more secret. What stands around it by mistake is no part of it, so it is found as given and trimmed."""
        bare = secret[:_LONGEST].strip(AROUND)
        lines = bare.splitlines()
        pem = "-----BEGIN" in bare
        if pem:
            # Beside the keys there may be plain words, such as a certificate's subject.
            known = [line.strip() for line in lines if re.fullmatch(r"[A-Za-z0-9+/=]{8,}", line.strip())]
        else:
            known = [bare, *(line.strip() for line in lines if len(lines) > 1)]
        for text in dict.fromkeys(known):
            if len(text) < _SHORTEST:
                continue
            word = (text.isalpha() or text.isdigit()) and len(text) < _PIECE
            for form in _encoded(text):
                self._add(form, word=word and form == text)
        if pem:
            for form in _in_base64(bare):
                self._add(form, word=False)

    def mask(self, text: str) -> str:
        """The text with all that is secret in it replaced; the lines of one secret together."""
        shown: list[str] = []
        done = 0
        for begin, end in _joined([*self._known(text), *by_form(text)]):
            if not (shown and text[done:begin].isspace()):
                shown += [text[done:begin], HIDDEN]
            done = end
        return "".join([*shown, text[done:]])

    def _add(self, form: str, *, word: bool) -> None:
        if len(form) < _PIECE:
            self._short[form] = word
        self._pieces.update(form[place : place + _PIECE] for place in range(len(form) - _PIECE + 1))

    def _known(self, text: str) -> Iterator[Span]:
        for short, word in self._short.items():
            place = text.find(short)
            while place >= 0:
                end = place + len(short)
                if not (word and (_in_word(text[place - 1 : place]) or _in_word(text[end : end + 1]))):
                    yield place, end
                place = text.find(short, end)
        if self._pieces:
            for place in range(len(text) - _PIECE + 1):
                if text[place : place + _PIECE] in self._pieces:
                    yield place, place + _PIECE


def by_form(text: str) -> Iterator[Span]:
    """Where a text has secrets that show by their form."""
    lower = text.lower()
    for needed, pattern in _FORMS:
        if needed in lower:
            for found in pattern.finditer(text):
                yield found.span(pattern.groups)


def of_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """The secrets among variables, by their names: those that options fall back to, libraries read, pipelines set."""
    for name, value in environment.items():
        if _PROXY_VARIABLE.fullmatch(name):
            user = value.rpartition("://")[2].rpartition("@")[0]
            yield from dict.fromkeys((user, unquote(user), user.partition(":")[2], unquote(user.partition(":")[2])))
        elif _SECRET_VARIABLE.search(name) and not _NO_SECRET_VARIABLE.search(name):
            yield value


def kind(text: str) -> str:
    """What a text as a whole is, if it is one of the things that options take in place of their path; or empty."""
    if re.search(_PEM, text):
        return "a certificate or key"
    bare = "".join(text.split())
    if re.fullmatch(_DER, bare):
        return "a certificate"
    return "a token" if re.fullmatch(_JWT, bare) and "." in bare else ""


def may_be_secret(text: str, *, path: bool = False) -> bool:
    """Whether a text that should be an id, an address, a word or a path looks like a secret put there by mistake."""
    bare = text.strip()
    if kind(bare) or next(by_form(bare), None):
        return True
    if path and (len(bare.splitlines()) > 1 or len(bare) > 1024):
        return True
    if "://" in bare or _IDENTIFIER.fullmatch(bare) or _DOMAIN.fullmatch(bare) or (path and re.search("[/.]", bare)):
        return False
    if any(not run.isalpha() and not run.isdigit() for run in _LONG.findall(bare)):
        return True
    return sum(bool(letters.search(bare)) for letters in _KINDS_OF_LETTERS) > 2 and bool(_DENSE.search(bare))


def _encoded(secret: str) -> Iterator[str]:
    """A secret as it may stand in texts: as it is, in addresses and forms, in Python's and JSON's quotes, in HTML."""
    data = secret.encode("utf-8", "surrogatepass")
    yield secret
    for percent in (quote(data), quote(data, safe=""), quote(data, safe="!'()*~"), quote_plus(data)):
        yield percent
        yield re.sub("%..", _lower, percent)
    for quoted in (
        repr(secret),
        repr(data).removeprefix("b"),
        json.dumps(secret),
        json.dumps(secret, ensure_ascii=False),
    ):
        yield quoted[1:-1]
    escaped = html.escape(secret)
    yield from (
        html.escape(secret, quote=False),
        escaped,
        escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    )
    yield from _in_base64(secret)


def _in_base64(secret: str) -> Iterator[str]:
    """What base64 makes of a secret wherever in the data it begins, but for what depends on its neighbours."""
    data = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + data).decode("ascii")
        certain = coded[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        if len(certain) >= _ENCODED_LEAST:
            yield certain
            yield certain.translate(str.maketrans("+/", "-_"))


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _joined(spans: list[Span]) -> Iterator[Span]:
    """The spans in order, those that touch or overlap as one."""
    begin = end = -1
    for left, right in sorted(spans):
        if left > end:
            if end > begin:
                yield begin, end
            begin, end = left, right
        end = max(end, right)
    if end > begin:
        yield begin, end
