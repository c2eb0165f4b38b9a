# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a test asks for: errors, lost, foreign and rewritten answers, closed connections, delays."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from entra_simulator.answer import Answer
from entra_simulator.clock import Clock
from entra_simulator.errors import GraphError, SeedError
from entra_simulator.graph.dispatch import error_answer
from entra_simulator.section import Section
from entra_simulator.server.journal import Exchange

_DEFAULTS = {
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    404: ("Directory_ObjectNotFound", "Unable to read the company information from the directory."),
    409: ("Directory_ConcurrencyViolation", "Due to concurrent requests, this request was not processed."),
    429: ("TooManyRequests", "Please retry again later."),
    500: ("Service_InternalServerError", "Encountered an internal server error."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable. Please wait and retry again."),
    504: ("GatewayTimeout", "The gateway did not receive a response in time."),
}


# What was sent, by its name in braces
_ECHO = re.compile(r"\{([\w-]+)\}")


class DroppedError(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Rule:
    """One fault. `item` True matches items of batches only, False never, None both.

    `times` None means without end; `after` matches are let through first. With `applied` the request is carried
    out and its answer thrown away. Without `answer`, `rewrite` and `drop` the rule only delays.
    """

    method: str | None
    path: re.Pattern[str]
    item: bool | None
    times: int | None
    after: int
    answer: dict[str, Any] | None
    rewrite: dict[str, Any] | None
    applied: bool
    drop: bool
    delay_ms: int

    def take(self, exchange: Exchange) -> bool:
        """Whether the rule strikes now; counts it."""
        if self.times == 0 or (self.item is not None and self.item != exchange.batch):
            return False
        if self.method not in (None, exchange.method) or self.path.search(exchange.path) is None:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def shown(self) -> dict[str, Any]:
        """The rule as JSON, with what remains of `times` and `after`."""
        return {
            "match": {"method": self.method, "path": self.path.pattern, "item": self.item},
            "times": self.times,
            "after": self.after,
            "answer": self.answer,
            "rewrite": self.rewrite,
            "applied": self.applied,
            "drop": self.drop,
            "delay_ms": self.delay_ms,
        }


class Faults:
    """The rules in force. The first one that matches a request strikes, alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rules: list[Rule] = []
        # Set, and replaced, when the rules are removed.
        self._removed = asyncio.Event()

    def add(self, rules: object) -> None:
        """Add rules as posted. Raises `SeedError` naming the place of a mistake, and then adds none."""
        if not isinstance(rules, list):
            raise SeedError("faults", "must be a list of rules")
        self._rules += [_rule(value, f"faults.{place}") for place, value in enumerate(rules)]

    def clear(self) -> None:
        """Remove all rules. Requests that one of them delays go on."""
        self._rules.clear()
        self._removed.set()
        self._removed = asyncio.Event()

    def shown(self) -> list[dict[str, Any]]:
        """The rules as JSON; used up ones have `times` 0."""
        return [rule.shown() for rule in self._rules]

    async def around(self, exchange: Exchange, perform: Callable[[], Awaitable[Answer]]) -> Answer:
        """Perform a request unless a rule has it otherwise. Raises `DroppedError`."""
        rule = next((rule for rule in self._rules if rule.take(exchange)), None)
        if rule is None:
            return await perform()
        exchange.fault = True
        if rule.delay_ms:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._removed.wait(), rule.delay_ms / 1000)
        if rule.rewrite is not None:
            return _rewritten(await perform(), rule.rewrite)
        if rule.answer is None and not rule.drop:
            return await perform()
        if rule.applied:
            await perform()
        if rule.answer is None or rule.drop:
            raise DroppedError
        return _answer(rule.answer, exchange, self._clock)


def _answer(wanted: Mapping[str, Any], exchange: Exchange, clock: Clock) -> Answer:
    headers = {} if wanted["retry_after"] is None else {"Retry-After": str(wanted["retry_after"])}
    headers.update(wanted["headers"])
    status = wanted["status"]
    if wanted["body"] is not None:
        # Of somebody between the client and Graph: a log-in page, another service's JSON.
        is_text = isinstance(wanted["body"], str)
        kind = {"Content-Type": "text/html" if is_text else "application/json"}
        text = wanted["body"] if is_text else json.dumps(wanted["body"])
        return Answer(status, None, {**kind, **headers}, text.encode())
    code, message = _DEFAULTS.get(status, ("UnknownError", ""))
    code = wanted["code"] if wanted["code"] is not None else code
    message = wanted["message"] if wanted["message"] is not None else message
    message = _ECHO.sub(lambda name: exchange.sent.get(name[1], name[0]), message)
    if "/oauth2/" in exchange.path:
        return Answer(status, {"error": code, "error_description": message, "error_codes": []}, headers)
    return error_answer(GraphError(status, code, message, headers=headers), clock, exchange.headers)


def _rewritten(answer: Answer, wanted: Mapping[str, Any]) -> Answer:
    """Graph's own answer after somebody on the way has changed it."""
    if isinstance(answer.body, dict):
        answer.body = {name: value for name, value in answer.body.items() if name not in wanted["remove"]}
        answer.body.update(wanted["set"])
    if wanted["cut"] is not None and answer.body is not None:
        answer.content = json.dumps(answer.body).encode()[: wanted["cut"]]
        answer.headers["Content-Type"] = "application/json"
    return answer


def _rule(value: object, place: str) -> Rule:
    section = Section(value, place, {"match", "times", "after", "answer", "rewrite", "applied", "drop", "delay_ms"})
    match = Section(section.raw("match", {}), f"{place}.match", {"method", "path", "item"})
    answer = section.raw("answer", None)
    checked: dict[str, Any] | None = None
    if answer is not None:
        given = Section(answer, f"{place}.answer", {"status", "code", "message", "retry_after", "body", "headers"})
        checked = {
            "body": given.raw("body", None),
            "headers": {str(name): str(text) for name, text in given.raw("headers", {}).items()},
            "status": given.number("status", 500),
            "code": given.optional_text("code"),
            "message": given.optional_text("message"),
            "retry_after": given.raw("retry_after", None),
        }
    rewrite = section.raw("rewrite", None)
    if rewrite is not None:
        given = Section(rewrite, f"{place}.rewrite", {"set", "remove", "cut"})
        rewrite = {
            "set": given.raw("set", {}),
            "remove": given.raw("remove", []),
            "cut": given.optional_number("cut"),
        }
    try:
        pattern = re.compile(match.text("path", ""))
    except re.error as error:
        raise SeedError(f"{place}.match.path", f"is no regular expression ({error})") from error
    method = match.optional_text("method")
    return Rule(
        method=method.upper() if method else None,
        path=pattern,
        item=match.optional_flag("item"),
        times=section.optional_number("times"),
        after=section.number("after", 0),
        answer=checked,
        rewrite=rewrite,
        applied=section.flag("applied", False),
        drop=section.flag("drop", False),
        delay_ms=section.number("delay_ms", 0),
    )
