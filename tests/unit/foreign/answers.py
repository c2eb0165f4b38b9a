# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody between a client and Graph may answer in Graph's place."""

from __future__ import annotations

import json
import typing as t

import httpx

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from unit.foreign.world import JSON

    Answer: t.TypeAlias = Callable[[httpx.Request, httpx.Response], httpx.Response]

PAGE = "<html><title>Log in to the guest network</title></html>"
# How many are closed by hand is no limit to how deep JSON may be.
DEEP = "[" * 100_000


def sends(status: int, content: str | bytes = "", kind: str = "text/html", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    typed = {"content-type": kind} if kind else {}
    raw = content.encode() if isinstance(content, str) else content
    # Handed over as they arrive: who reads them finds out what they are.
    return lambda _request, _answer: httpx.Response(status, headers={**typed, **named}, stream=httpx.ByteStream(raw))


def says(body: t.Any, status: int = 200) -> Answer:
    return sends(status, json.dumps(body), "application/json")


def changed(change: Callable[[JSON], None]) -> Answer:
    """Graph's own JSON with a change; None in its place where there is no JSON to change."""

    def answer(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        body = json.loads(response.content) if response.content else {}
        change(body)
        headers = {"content-type": response.headers.get("content-type", "application/json")}
        return httpx.Response(response.status_code, headers=headers, content=json.dumps(body).encode())

    return answer


def _cut(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
    headers = {"content-type": "application/json"}
    return httpx.Response(
        response.status_code, headers=headers, content=response.content[: len(response.content) // 2] or b"{"
    )


# Whatever was asked.
ANYWHERE: dict[str, Answer] = {
    "a page": sends(200, PAGE),
    "a page that calls itself JSON": sends(200, PAGE, "application/json"),
    "nothing": sends(200, "", ""),
    "a status that was not asked for": sends(202, "", ""),
    "cut JSON": _cut,
    "other JSON": says({"ok": True}),
    "a bare list": says([]),
    "a bare text": says("value"),
    "null": says(None),
    "too deep JSON": sends(200, DEEP, "application/json"),
    "not a number": sends(200, '{"value": NaN, "id": Infinity}', "application/json"),
    "bytes that are no text": sends(200, b"\xff\xfe\x00\x80", "application/json"),
    "an error with status 200": says({"error": {"code": "Request_ResourceNotFound", "message": "does not exist"}}),
    "302 elsewhere": sends(302, "", "", location="https://portal.example/login"),
    "307 elsewhere": sends(307, "", "", location="https://portal.example/login"),
    "308 to itself": sends(308, "", "", location="/v1.0/servicePrincipals"),
    "303 without an address": sends(303, "", ""),
    "404 of a proxy": sends(404, PAGE),
    "403 of a proxy": sends(403, PAGE),
    "409 of a proxy": sends(409, PAGE),
    "404 with another's JSON": says({"error": {"code": 404, "message": "does not exist or one of its queried"}}, 404),
    "410 without content": sends(410, "", ""),
    "content that is not compressed": sends(200, '{"value": []}', "application/json", content_encoding="gzip"),
}


# Of a list.
def _link(link: t.Any) -> Answer:
    return changed(lambda body: body.update({"@odata.nextLink": link}))


def _without_id(body: JSON) -> None:
    body["value"] = [*body["value"], {"displayName": "Nobody"}]


def _another_value(value: t.Any) -> Answer:
    return changed(lambda body: body.update(value=value))


LISTS: dict[str, Answer] = {
    "no value": changed(lambda body: body.pop("value")),
    "a null value": _another_value(None),
    "a value that is an object": _another_value({"id": "x"}),
    "entries that are no objects": _another_value(["x"]),
    "an entry without id": changed(_without_id),
    "an entry whose id is a number": _another_value([{"id": 7}]),
    "JSON that calls itself a page": lambda _request, answer: httpx.Response(
        200, headers={"content-type": "text/html"}, content=answer.content
    ),
    "a next page at another host": _link("https://graph.fabrikam.example/v1.0/users?$skiptoken=x"),
    "a next page at another port": _link("https://graph.contoso.example:444/v1.0/users?$skiptoken=x"),
    "a next page without TLS": _link("http://graph.contoso.example/v1.0/users?$skiptoken=x"),
    "a next page of somebody": _link("https://graph.contoso.example@portal.example/v1.0/users?$skiptoken=x"),
    "a next page that is a number": _link(7),
    "a next page that is no address": _link("::nope::"),
    "a next page that is null": _link(None),
    "a next page of a broken host": _link("https://[::1/v1.0/users"),
}
# Of a list that was to be counted, its first page.
COUNTED: dict[str, Answer] = {
    "an empty list without a count": says({"value": []}),
    "a count that is a text": changed(lambda body: body.update({"@odata.count": "60"})),
    "too large a count": changed(lambda body: body.update({"@odata.count": 1_000_000})),
}
# A further page of it.
COUNTED_PAGE: dict[str, Answer] = {"an end too early": says({"value": []})}


# Of a batch.
def _first(change: Callable[[JSON], t.Any]) -> Answer:
    return changed(lambda body: change(body["responses"][0]))


BATCHES: dict[str, Answer] = {
    "no responses": changed(lambda body: body.pop("responses")),
    "null responses": changed(lambda body: body.update(responses=None)),
    "responses that are no objects": changed(lambda body: body.update(responses=["x", None])),
    "a response without id": _first(lambda one: one.pop("id")),
    "a response without status": _first(lambda one: one.pop("status")),
    "a status that is a text": _first(lambda one: one.update(status="204")),
    "a response to what was not sent": _first(lambda one: one.update(id="99")),
    "a response whose id is a list": _first(lambda one: one.update(id=["0"])),
    "the same response twice": changed(lambda body: body["responses"].append(body["responses"][0])),
    "a response left out": changed(lambda body: body["responses"].pop()),
    "no response at all": changed(lambda body: body.update(responses=[])),
    "an item answered with a page": _first(lambda one: one.update(status=200, body=PAGE)),
    "an item answered with other JSON": _first(lambda one: one.update(status=200, body={"ok": True})),
    "an item that is redirected": _first(lambda one: one.update(status=302, body=None, headers={"Location": "//x"})),
    "an item that a proxy does not find": _first(lambda one: one.update(status=404, body=PAGE)),
    "headers that are none": _first(lambda one: one.update(status=404, body=PAGE, headers=["x"])),
}
