# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The face of a kind in a live tenant: what reads it, what changes it. PRIVATE to tenantops.entra.

Its other half, what is declared of it and what follows from that, is ``_consent/kind.py``.
"""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._tenant.settle import Settled

if t.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import AppDeclaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import TenantState
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import Principal, ServicePrincipal
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.removals import Removals
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.client import GraphClient
    from ansible_collections.tenantops.entra.plugins.module_utils._graph.request import JSON, Answer, Request

    AreFew: t.TypeAlias = Callable[[Collection[object]], bool]


# What up to so many users and groups have of an app is read one by one, in one batch; for more, all that the app has
# is listed.
FEW = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What is read of an app's objects of a kind.

    :ivar whole: the list that would tell those of others, too.
    """

    app_id: str
    kind: str
    requests: list[Request]
    whole: Request

    @property
    def is_whole(self) -> bool:
        return self.requests == [self.whole]


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """What object ids stand for.

    :ivar apps: app ids by object id.
    :ivar people: users by object id.
    :ivar everything: whether what is on apps that nothing speaks of counts, too.
    """

    apps: Mapping[str, str]
    people: Mapping[str, Principal]
    everything: bool


class Run(t.Protocol):
    """The changes of one run as they are made.

    :ivar apps: service principals by app id, as they are by now.
    :ivar created: app ids of those that this run has made.
    """

    client: GraphClient
    apps: dict[str, ServicePrincipal]
    created: set[str]

    def succeeded(self, change: t.Any, object_id: str) -> None: ...

    def failed(self, change: t.Any, error: EntraError) -> None: ...

    def settled(self, settled: Settled) -> None: ...

    async def plain(self, changes: Sequence[t.Any]) -> None: ...


class TenantKind(abc.ABC):
    """How a sort of consent state is read and changed.

    :cvar name: as its pure half has it.
    :cvar activities: of the audit log that concern it, by how their names begin, in lower case.
    """

    name: t.ClassVar[str]
    activities: t.ClassVar[tuple[str, ...]]

    # Reading

    def asked(self, app: AppDeclaration, state: TenantState, are_few: AreFew) -> Asked | None:
        """What to read for a declaration; None if nothing has to be known, or the app does not exist."""
        return None

    def row(self, graph: JSON) -> t.Any:
        """An object of Graph's as it is kept until all have their names: small, texts that are the same kept once."""
        return graph

    def ends(self, rows: Iterable[t.Any]) -> tuple[set[str], set[str]]:
        """The object ids of apps, and of users, that rows name."""
        return set(), set()

    def objects(self, rows: Iterable[t.Any], names: Names) -> dict[t.Any, t.Any]:
        """Rows with their names, by natural key."""
        return {}

    def of_tenant(self, apps: Sequence[ServicePrincipal]) -> list[Request]:
        """The lists that together hold all of a tenant's objects; kinds may share some.

        :param apps: the tenant's service principals.
        """
        return []

    def inherited_by(self, agent: ServicePrincipal) -> Request | None:
        """The list of what an agent identity has from its blueprint's principal."""
        return None

    def publishers(self, rows: Iterable[t.Any]) -> set[str]:
        """The object ids of the apps that publish the scopes and roles in rows."""
        return set()

    # Writing

    def is_plain(self, change: t.Any) -> bool:
        """Whether one request makes a change, whatever is there."""
        return True

    def ready(self, change: t.Any, apps: Mapping[str, ServicePrincipal]) -> t.Any:
        """The change with what only the service principals tell that this run has made.

        Raises DeclarationError if they tell that it can't be made.
        """
        return change

    @abc.abstractmethod
    def request(self, change: t.Any, apps: Mapping[str, ServicePrincipal]) -> Request:
        """The request that makes a change. :param apps: service principals by app id."""

    async def make(self, run: Run, changes: Sequence[t.Any]) -> None:
        """Makes the changes that are not plain, which do not depend on each other; by one request each, if nothing else is said."""
        await run.plain(changes)

    async def settle(
        self,
        client: GraphClient,
        apps: Mapping[str, ServicePrincipal],
        removals: Removals,
        changes: Sequence[t.Any],
        on_settled: Callable[[Settled], None],
    ) -> None:
        """Creates that Graph answered with "exists already": reads what is there, and brings it to what is declared.

        Where a kind can't tell what is there, the changes fail.

        :param removals: what the run may still take away.
        :param on_settled: called once for each change.
        """
        for change in changes:
            message = f"Graph says that {change.subject} exists already: run again to see what it has."
            on_settled(Settled(change, error=EntraError(message)))

    # The audit log

    def ends_of(self, change: t.Any) -> tuple[str, ...]:
        """The apps that an entry must mention."""
        return change.refers_to or (change.app_id,)

    def concerns(self, change: t.Any, mentioned: str, told: JSON) -> bool:
        """Whether an entry of one of the activities is about this object of the app.

        :param mentioned: all ids in the entry, lower case.
        """
        return change.principal is None or change.principal.id in mentioned


def answered(change: t.Any, answer: Answer) -> str:
    """The id of the object that a request has made or changed."""
    return answer.body.get("id") or change.object_id or ""
