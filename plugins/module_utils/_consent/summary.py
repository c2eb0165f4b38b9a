# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken away from whom, and who keeps access, in a few sentences. PRIVATE to tenantops.entra. Pure.

The same in check mode and out of it.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry

if t.TYPE_CHECKING:
    from collections.abc import Iterable

    from ansible_collections.tenantops.entra.plugins.module_utils._consent.declaration import Declaration
    from ansible_collections.tenantops.entra.plugins.module_utils._consent.model import Change, TenantState


def summary(declaration: Declaration, state: TenantState, made: Iterable[Change]) -> list[str]:
    """Nothing is said of what is added: the changes tell.

    :param state: as it is afterwards.
    """
    kept = [sentence for app in declaration.apps for kind in registry.KINDS for sentence in kind.kept(app, state)]
    return [*_taken(made), *kept]


def _taken(made: Iterable[Change]) -> list[str]:
    alike: dict[tuple[t.Any, ...], list[Change]] = defaultdict(list)
    for change in made:
        if change.takes_away:
            alike[change.app_id, change.kind, *change.lost].append(change)
    return [changes[0].loss(changes) for changes in alike.values()]
