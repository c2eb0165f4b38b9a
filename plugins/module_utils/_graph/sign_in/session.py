# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How sign-in requests travel: trust, proxies, time-outs, a second try. PRIVATE to tenantops.entra."""

from __future__ import annotations

import functools
import math
import re
import time
import typing as t
from urllib.parse import urlsplit

from ansible_collections.tenantops.entra.plugins.module_utils._graph import trust

if t.TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    import requests

    Send: t.TypeAlias = Callable[..., requests.Response]

# Seconds.
CONNECT, READ, WHOLE = 15.0, 30.0, 60.0
LONGEST_PAUSE = 10.0
# These answers are no refusals: the endpoint has a bad moment.
_BUSY = frozenset({429, 500, 502, 503, 504})
# A proxy's answer to CONNECT, as requests and httpx print it.
_PROXY_ANSWER = re.compile(r"(?:^|: )([45]\d\d) ([A-Z][A-Za-z -]*[a-z])")


class SignInSession:
    """Requests with the same trust as those to Graph. What the network refuses is tried a second time, refusals never.

    :param tls: the trust, for endpoints and for proxies that are reached over TLS.
    :param connect: seconds to connect in.
    :param tries: how often a request is sent at most.
    :param proxies: whether the proxy variables count, and those that name more authorities.
    :ivar failure: why the last request got no proper answer, as a sentence without its full stop; or None.
    :ivar said: what the last refusal said in the words of OAuth 2, if it said anything.
    """

    def __init__(self, tls: ssl.SSLContext, *, connect: float = CONNECT, tries: int = 2, proxies: bool = True) -> None:
        self._tls = tls
        self._proxies = proxies
        self._connect = connect
        self._tries = tries
        self._end = math.inf
        self.failure: str | None = None
        self.said = ""

    @functools.cached_property
    def http(self) -> requests.Session:
        """What to send with. Not every way to sign in does."""
        if self._proxies:
            trust.add_bundle(self._tls)
        session = _session(self._tls, self._send)
        session.trust_env = self._proxies
        return session

    def begin(self) -> None:
        """Begins a sign-in: all of its requests together get a minute."""
        self.failure, self.said = None, ""
        self._end = time.monotonic() + WHOLE

    def _send(self, send: Send, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
        """As requests sends, but with this session's time-outs and trust instead of those given."""
        from requests import RequestException

        tried = 0
        while True:
            tried += 1
            left = max(self._end - time.monotonic(), 0.1)
            options |= {"timeout": (min(self._connect, left), min(READ, left)), "verify": True}
            try:
                answer = send(request, **options)
            except RequestException as error:
                self.failure = _failure(request, options.get("proxies"), str(error))
                if _is_refusal(error) or not self._may_wait(tried, 0.5):
                    raise
                time.sleep(0.5)
                continue
            if answer.status_code not in _BUSY:
                self.failure = None
                self.said = _description(answer) if answer.status_code >= 400 else ""
                return answer
            self.failure = (
                f"{origin(request.url or '')} is not available: it answered {answer.status_code} {answer.reason}"
            )
            pause = _pause(answer.headers.get("Retry-After", ""))
            if not self._may_wait(tried, pause):
                return answer
            time.sleep(pause)

    def _may_wait(self, tried: int, pause: float) -> bool:
        return tried < self._tries and pause <= LONGEST_PAUSE and time.monotonic() + pause < self._end


def _session(tls: ssl.SSLContext, patiently: Send) -> requests.Session:
    """A session with this trust. The classes stand here because their bases are the library's.

    :param patiently: sends, and is told how requests does it.
    """
    from requests import Session
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
            super().init_poolmanager(*args, **options, ssl_context=tls)

        def proxy_manager_for(self, proxy: str, **options: t.Any) -> t.Any:
            return super().proxy_manager_for(proxy, **options, ssl_context=tls, proxy_ssl_context=tls)

        def cert_verify(self, conn: t.Any, url: str, verify: t.Any, cert: t.Any) -> None:
            # Instead of reading the usual authorities again, which the context has: for each connection, 25 to 60 ms.
            conn.cert_reqs = "CERT_REQUIRED"

    class PatientSession(Session):
        def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
            return patiently(super().send, request, **options)

    session = PatientSession()
    session.mount("https://", Adapter())
    return session


def origin(url: str) -> str:
    """A URL without user, password, path and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _failure(request: requests.PreparedRequest, proxies: t.Mapping[str, str] | None, text: str) -> str:
    from requests.utils import select_proxy

    url = request.url or ""
    proxy = select_proxy(url, dict(proxies or {}))
    through = f" through the proxy {origin(proxy if '://' in proxy else f'http://{proxy}')}" if proxy else ""
    return f"{origin(url)} could not be reached{through}: {explain_network_error(text)}"


def _is_refusal(error: requests.RequestException) -> bool:
    from requests.exceptions import SSLError

    answered = _PROXY_ANSWER.search(str(error))
    return isinstance(error, SSLError) or (answered is not None and int(answered[1]) < 500)


def _description(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("error_description", "")) if isinstance(body, dict) else ""


def _pause(retry_after: str) -> float:
    return float(retry_after) if retry_after.isdecimal() else 1.0


def explain_network_error(text: str) -> str:
    """The cause in a few words, out of what the HTTP libraries print."""
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        return "its TLS certificate is not trusted; if a private authority issued it, give its certificate as ca_path"
    if answered := _PROXY_ANSWER.search(text):
        return _proxy_refused(int(answered[1]), answered[2])
    if "Connection refused" in text or "All connection attempts failed" in text:
        return "the connection was refused; check the address, the network and the proxy variables"
    if "Name or service not known" in text or "getaddrinfo" in text or "name resolution" in text:
        return "the host name is not known; check the address, the network and the proxy variables"
    if "timed out" in text.lower() or "timeout" in text.lower():
        return "it did not answer in time; check the network and the proxy variables"
    if "disconnected" in text or "Connection aborted" in text or "reset by peer" in text:
        return "it closed the connection without an answer; check the network and the proxy variables"
    first = text.strip().partition("\n")[0].rstrip(".")
    return first or "the connection broke"


def _proxy_refused(status: int, reason: str) -> str:
    if status == 407:
        return (
            "the proxy wants credentials, or others; give them in HTTPS_PROXY as http://user:password@host:port, "
            "with special characters percent-encoded"
        )
    if status >= 500:
        return f"the proxy could not get through to it ({status} {reason})"
    return f"the proxy refused the connection ({status} {reason}); have the host allowed there, or name it in NO_PROXY"
