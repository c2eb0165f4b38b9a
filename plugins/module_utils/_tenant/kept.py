# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes that keep what others have put into the same grant. PRIVATE to tenantops.entra.

An update of a grant replaces all its scopes, Graph has no condition to make it depend on what is there, and another run may
read and write at the same time. So each grant is read right before its write, and read again once whoever had read it
before that write must have written, too. Who finds its own scopes undone then does them again, on top of what is there:
each run answers for its own intent only, and both end well.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._consent.grants import (
    Grant,
    GrantChange,
)
from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError, GraphError
from ansible_collections.tenantops.entra.plugins.module_utils._tenant import grants, refusals
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import Settled

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import Answer, Request

# Seconds from a write to its check at least, and at most. Twice what a reading and its write took here is what others get.
QUIET, LONGEST_QUIET = 1.0, 30.0
# How often a change is made anew that others undo, or that meets something else than was read.
TRIES = 8
# How often to wait for what a new grant refers to: all of it was there when the run began.
LAGS = 3
# Readings and their writes that are under way at once, 20 grants each: few, so that none waits between the two.
AT_ONCE, TOGETHER = 4, 20
# Seconds without any success after which Graph's refusals to take a write for the moment are final.
STALL_LIMIT = 300.0


@dataclasses.dataclass(slots=True)
class _Course:
    """A change on its way.

    :ivar now: the grant as it was read last.
    :ivar base: the grant as it was when the last write was made.
    :ivar written: what the last write did.
    :ivar is_new: whether that write was made in this turn, and is to be checked.
    :ivar unsure: what a write may have done whose answer was lost.
    :ivar end: how it ended.
    """

    change: GrantChange
    now: Grant | None
    must_read: bool
    base: Grant | None = None
    written: GrantChange | None = None
    is_new: bool = False
    unsure: GrantChange | None = None
    object_id: str = ""
    tries: int = 0
    lags: int = 0
    refusals: int = 0
    pause: float = 0.0
    end: Settled | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the grant is as wanted. One without scopes is not: it is to be deleted."""
        scopes = self.now.scopes if self.now else frozenset()
        return self.change.wanted.holds(scopes) and (self.now is None or bool(scopes))

    def next_write(self) -> GrantChange:
        if self.now is not None:
            return grants.updated(self.change, self.now)
        scopes = self.change.wanted.after(frozenset())
        return dataclasses.replace(
            self.change, action="create", scopes_before=frozenset(), scopes_after=scopes, object_id=None
        )

    def settle(self) -> None:
        """The grant is as wanted: by this run's doing, or by somebody else's."""
        if self.written is None:
            self.end = Settled(self.change, nothing=True, key=self.change.key, seen=self.now)
        else:
            object_id = self.now.id if self.now else self.object_id
            self.end = Settled(self.change, object_id, instead=self.written, key=self.change.key, seen=self.now)

    def fail(self, error: EntraError) -> None:
        self.end = Settled(self.change, error=error)


class Keeper:
    """Makes such changes of one run.

    :param apps: service principals by app id.
    :param quiet: seconds from a write to its check at least.
    """

    def __init__(self, client: GraphClient, apps: Mapping[str, ServicePrincipal], *, quiet: float = QUIET) -> None:
        self._client = client
        self._apps = apps
        self._quiet = quiet
        # Seconds from a reading to the answer of its write, the longest so far.
        self._took = 0.0
        self._last_success = time.monotonic()

    async def keep(self, changes: Sequence[GrantChange], on_settled: Callable[[Settled], None]) -> None:
        """Calls ``on_settled`` once for each change."""
        courses = [_Course(change, _planned(change), change.action != "create") for change in changes]
        slots = asyncio.Semaphore(AT_ONCE)
        while courses:
            parts = [courses[start : start + TOGETHER] for start in range(0, len(courses), TOGETHER)]
            await asyncio.gather(*(self._read_and_write(part, slots) for part in parts))
            await self._check([course for course in courses if course.is_new])
            for course in courses:
                if course.end is None and course.tries >= TRIES:
                    course.fail(EntraError(_undone(course)))
                if course.end is not None:
                    on_settled(course.end)
            courses = [course for course in courses if course.end is None]
            await asyncio.sleep(max((course.pause for course in courses), default=0.0))

    async def _read_and_write(self, courses: Sequence[_Course], slots: asyncio.Semaphore) -> None:
        """One attempt at each."""
        async with slots:
            for course in courses:
                course.is_new, course.pause = False, 0.0
            began = time.monotonic()
            await self._read_until_it_is_sure([course for course in courses if course.must_read])
            writes: list[_Course] = []
            for course in courses:
                if course.end is None and course.must_read and course.is_kept:
                    course.written = course.written or course.unsure
                    course.settle()
                elif course.end is None:
                    writes.append(course)
            if writes:
                await self._client.send_each(writes, self._request, self._heard)
                self._took = max(self._took, time.monotonic() - began)

    async def _read_until_it_is_sure(self, courses: Sequence[_Course]) -> None:
        """Reads grants again; those that are not as they were read last once more, for one of the two may be out of date."""
        again = list(courses)
        for _turn in range(LAGS):
            if not again:
                return
            before = [course.now for course in again]
            await self._read(again)
            again = [
                course
                for course, was in zip(again, before, strict=True)
                if course.end is None and not _alike(course.now, was)
            ]

    async def _read(self, courses: Sequence[_Course]) -> None:
        readings = await grants.read_grants(self._client, self._apps, [course.change for course in courses])
        for course, reading in zip(courses, readings, strict=True):
            if isinstance(reading, EntraError):
                course.fail(reading)
            else:
                course.now = reading

    def _request(self, course: _Course) -> Request:
        """Never sent again by itself: what it says holds for what was read right before."""
        return dataclasses.replace(grants.request(course.next_write(), self._apps), once=True)

    def _heard(self, course: _Course, answer: Answer) -> None:
        write, error = course.next_write(), answer.error
        if error is None or (write.action == "delete" and refusals.is_gone(error)):
            self._last_success = time.monotonic()
            course.object_id = answer.body.get("id") or write.object_id or ""
            if course.written is not None and course.written.action == "create":
                write = dataclasses.replace(write, action="create")
            course.base, course.written, course.is_new, course.must_read = course.now, write, True, True
            return
        course.must_read = True
        if write.action == "create" and refusals.exists(error):
            course.tries += 1
        elif write.action == "create" and refusals.is_not_replicated(error) and course.lags < LAGS:
            course.must_read, course.pause, course.lags = False, 2.0**course.lags, course.lags + 1
        elif write.action == "update" and refusals.is_gone(error):
            course.tries += 1
            course.pause = self._quiet
        elif error.is_passing and self._is_worth_waiting(course, error):
            course.unsure = write
        else:
            course.fail(error)

    def _is_worth_waiting(self, course: _Course, error: GraphError) -> bool:
        wait = min(LONGEST_QUIET, 2.0**course.refusals) if error.retry_after is None else error.retry_after
        course.refusals += 1
        course.pause = wait * (1 + random.random() / 4)
        if error.retry_after is None and course.refusals >= TRIES:
            return False
        return time.monotonic() + course.pause - self._last_success <= STALL_LIMIT

    async def _check(self, courses: Sequence[_Course]) -> None:
        """Reads again what was written, when it is quiet. Some of Graph's answers are older than the write: waited out."""
        quiet = min(LONGEST_QUIET, max(self._quiet, 2 * self._took)) * (1 + random.random() / 2)
        for _turn in range(LAGS):
            if not courses:
                return
            await asyncio.sleep(quiet)
            await self._read(courses)
            behind: list[_Course] = []
            for course in courses:
                if course.end is not None:
                    continue
                if course.is_kept:
                    course.settle()
                elif _alike(course.now, course.base):
                    behind.append(course)
                else:
                    course.tries += 1
            courses = behind
        for course in courses:
            course.tries += 1


def _planned(change: GrantChange) -> Grant | None:
    """The grant as the plan knew it."""
    if change.action == "create":
        return None
    scope = " ".join(sorted(change.scopes_before))
    return Grant(change.app_id, change.resource_app_id, change.principal, scope, change.object_id or "")


def _alike(one: Grant | None, other: Grant | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.scopes == other.scopes


def _undone(course: _Course) -> str:
    change, now = course.change, course.now.scopes if course.now else frozenset()
    lacking = sorted(change.wanted.after(now) - now)
    left = sorted(now - change.wanted.after(now))
    state = f"it still lacks {', '.join(lacking)}" if lacking else f"it still has {', '.join(left)}"
    return (
        f"Could not keep the scopes of {change.subject}: something else changes this grant at the same time, and after "
        f"{TRIES} tries {state}; run again once nothing else does."
    )
