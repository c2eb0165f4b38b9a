# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends requests to Graph and reads the answers. PRIVATE to tenantops.entra. The only file that imports msgraph and kiota.

The SDK's request adapter, authentication provider (with its answer to claims challenges) and middleware are used.
Bodies go out and come in as plain JSON: loading the SDK's typed models costs seconds for a process, and milliseconds
for each object. The SDK's own retries are off, because an item of a batch cannot be repeated there; ``pacing``
decides on all of them.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import typing as t
from itertools import islice

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConnectionFailedError,
    GraphError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph import credentials, trust
from ansible_collections.tenantops.entra.plugins.module_utils._graph.answers import AnswerReader, parse
from ansible_collections.tenantops.entra.plugins.module_utils._graph.batch import Batcher
from ansible_collections.tenantops.entra.plugins.module_utils._graph.pacing import Pacer
from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import (
    JSON,
    Answer,
    Listing,
    Request,
)

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    import httpx

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import Connection

_T = t.TypeVar("_T")

# Seconds.
_CONNECT, _ANSWER = 15.0, 100.0


class GraphClient:
    """The way to one tenant's Graph; use it as an async context manager.

    Raises ConfigurationError for unusable options and ImportError for a library that is not installed; while sending
    AuthenticationError and ConnectionFailedError.

    :ivar on_read: called with the number of objects of each page that arrives.
    """

    def __init__(self, connection: Connection, *, on_read: Callable[[int], None] | None = None) -> None:
        import httpx
        from kiota_authentication_azure.azure_identity_authentication_provider import (
            AzureIdentityAuthenticationProvider,
        )
        from kiota_http.middleware.options import RedirectHandlerOption, RetryHandlerOption, UserAgentHandlerOption
        from msgraph.graph_request_adapter import GraphRequestAdapter
        from msgraph.graph_request_adapter import options as sdk_options
        from msgraph_core import GraphClientFactory

        tls = trust.context(connection)
        self._root = connection.graph_root
        self._scope = connection.token_scope
        self._tokens = credentials.TokenSource(connection, tls)
        plain = httpx.AsyncClient(
            base_url=self._root,
            verify=tls,
            http2=True,
            timeout=httpx.Timeout(_ANSWER, connect=_CONNECT),
            limits=httpx.Limits(max_connections=connection.concurrency + 1),
        )
        # The SDK wraps them and does not close what it wraps.
        self._ways = [way for way in (plain._transport, *plain._mounts.values()) if way is not None]
        self._http = GraphClientFactory.create_with_default_middleware(
            client=plain,
            options={
                **sdk_options,
                RetryHandlerOption.get_key(): RetryHandlerOption(should_retry=False),
                RedirectHandlerOption.get_key(): RedirectHandlerOption(should_redirect=False),
                UserAgentHandlerOption.get_key(): UserAgentHandlerOption(
                    product_name="tenantops.entra", product_version="0.1.0"
                ),
            },
        )
        self._adapter = GraphRequestAdapter(
            AzureIdentityAuthenticationProvider(
                self._tokens,
                scopes=[self._scope],
                allowed_hosts=[httpx.URL(self._root).host],
            ),
            self._http,
        )
        self._pacer = Pacer(clock=time.monotonic, jitter=random.random, concurrency=connection.concurrency)
        self._reader = AnswerReader(self._root)
        self._batcher = Batcher(self.send, self._pacer, self._reader, clock=time.monotonic)
        self.on_read = on_read
        self._reached = False
        self._slots = asyncio.Semaphore(connection.concurrency)

    async def __aenter__(self) -> GraphClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()
        for way in self._ways:
            await way.aclose()

    def token(self) -> str:
        """The access token that requests carry, to read what it says; it must never be shown.

        Raises AuthenticationError and ConnectionFailedError.
        """
        # As the SDK asks for it, so that both have the same one.
        token: str = self._tokens.get_token(self._scope, enable_cae=True).token
        return token

    async def send(self, request: Request, *, url: str | None = None) -> Answer:
        """Graph's final answer, after all retries.

        :param url: an absolute address that replaces the request's own: the next page's.
        """
        from httpx import TransportError

        tries = 0
        while True:
            tries += 1
            try:
                answer = await self._once(request, url)
            except TransportError as error:
                wait = self._pacer.back_off(tries)
                if not self._reached or tries > 3 or self._pacer.stalled(wait):
                    raise ConnectionFailedError(self._unreachable(request, error)) from error
            else:
                self._reached = True
                pause = self._pacer.wait(answer, tries=tries)
                if pause is None or request.once:
                    return answer
                wait = pause
            await asyncio.sleep(wait)

    async def send_each(
        self, items: Sequence[_T], request: Callable[[_T], Request], heard: Callable[[_T, Answer], None]
    ) -> None:
        """Sends a request for each item, in batches; a single one goes out by itself.

        When the way to Graph is lost on the way that is an answer too, with status 0: others may have been had before.

        :param request: makes the request, when it is sent.
        :param heard: called with the item and its final answer, in the order of the answers.
        """
        if len(items) == 1:
            heard(items[0], await self._send_alone(request(items[0])))
        else:
            await self._batcher.run(map(request, items), lambda place, answer: heard(items[place], answer))

    async def send_many(self, requests: Sequence[Request]) -> list[Answer]:
        """A final answer for each of some requests, in their order."""
        answers: dict[int, Answer] = {}
        await self.send_each(range(len(requests)), requests.__getitem__, answers.__setitem__)
        return [answers[place] for place in range(len(requests))]

    async def _send_alone(self, request: Request) -> Answer:
        try:
            return await self.send(request)
        except (AuthenticationError, ConnectionFailedError) as error:
            if not self._reached:
                raise
            return Answer(0, error=GraphError(error.message, status=0))

    async def first_pages(self, requests: Sequence[Request]) -> list[Listing]:
        """The beginnings of several lists, in batches. A list that can't be read has its ``error``."""
        listings = [Listing(request) for request in requests]
        for listing, answer in zip(listings, await self.send_many(requests), strict=True):
            self._add_page(listing, answer)
        return listings

    async def each_page(self, listing: Listing, read: Callable[[list[JSON]], None]) -> None:
        """Hands over a list's objects page by page, to its end; raises GraphError.

        A page may be empty and still have a next one. The last one is handed over only if the list is complete.
        """
        while True:
            if listing.error is not None:
                raise listing.error
            read(listing.take())
            # The link is opaque and never to be combined with the query again; the request's headers are not in it.
            if listing.next_page is None:
                return
            self._add_page(listing, await self.send(listing.request, url=listing.next_page))

    async def objects(self, requests: Sequence[Request]) -> list[JSON]:
        """The objects of lists that belong together; raises GraphError."""
        (found,) = await self.objects_of([requests])
        return found

    async def objects_of(self, groups: Sequence[Sequence[Request]]) -> list[list[JSON]]:
        """The objects of several groups of lists, all in the same batches; raises GraphError."""
        listings = iter(await self.first_pages([request for requests in groups for request in requests]))
        found: list[list[JSON]] = []
        for requests in groups:
            objects: list[JSON] = []
            for listing in islice(listings, len(requests)):
                await self.each_page(listing, objects.extend)
            found.append(objects)
        return found

    def _add_page(self, listing: Listing, answer: Answer) -> None:
        listing.add(answer)
        self._reader.check_list(listing)
        if self.on_read is not None:
            self.on_read(len(answer.body.get("value", ())))

    async def _once(self, request: Request, url: str | None) -> Answer:
        from httpx import DecodingError
        from kiota_abstractions.method import Method
        from kiota_abstractions.native_response_handler import NativeResponseHandler
        from kiota_abstractions.request_information import RequestInformation
        from kiota_http.middleware.options import ResponseHandlerOption

        information = RequestInformation(Method(request.method))
        information.url = url or self._root + request.url
        information.headers.try_add("Accept", "application/json")
        for name, value in request.headers.items():
            information.headers.try_add(name, value)
        if request.body is not None:
            information.set_stream_content(json.dumps(request.body).encode(), "application/json")
        information.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        try:
            async with self._slots:
                response = t.cast(
                    "httpx.Response", await self._adapter.send_primitive_async(information, "bytes", None)
                )
        except DecodingError:
            return self._reader.foreign(request, "its content is not compressed as it says")
        return self._reader.read(
            request, response.status_code, response.headers, parse(response.content), page=url, alone=True
        )

    def _unreachable(self, request: Request, error: httpx.TransportError) -> str:
        cause = credentials.explain_network_error(f"{error} {error.__cause__ or ''}")
        return f"Could not {request.purpose}: Microsoft Graph at {self._root} could not be reached: {cause}."
