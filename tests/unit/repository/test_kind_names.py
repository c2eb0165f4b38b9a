# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as telling kinds apart, shown on planted cases."""

from __future__ import annotations

import pytest
from unit.repository.kind_names import told_apart


@pytest.mark.parametrize(
    "source",
    [
        "change.kind == 'toy'",
        "'toy' != name",
        "name in ('other', 'toy')",
        "name in {'toy'}",
        "match name:\n    case 'toy':\n        pass",
        "match name:\n    case 'other' | 'toy':\n        pass",
        "order = {'toy': 1}",
        "objects['toy']",
        "of('toy')",
        "app.part(kind='toy')",
        "NAMES = ('toy', 'other')",
        "change.kind == 'unregistered'",
        "change.kind in ('unregistered', 'other')",
        "'unregistered' == item.change.kind",
        "change.kind == toy.KIND.name",
        "change.kind != ToyChange.kind",
        "match change.kind:\n    case 'unregistered':\n        pass",
        "isinstance(change, ToyChange)",
        "isinstance(change, (int, ToyChange))",
        "isinstance(change, kinds.toy.ToyChange | None)",
        "issubclass(sort, ToyChange)",
        "from kinds.toy import ToyChange as T\nisinstance(change, T)",
        "type(change) is ToyChange",
        "match change:\n    case ToyChange(action='create'):\n        pass",
    ],
)
def test_what_tells_kinds_apart_is_found(source: str) -> None:
    (told,) = told_apart(f"import kinds\n\n{source}", {"toy"}, {"ToyChange"})[:1]
    assert told.partition(":")[0] in ("3", "4")
    # The same is done with what is no kind.
    other = (
        source.replace("'toy'", "'boy'").replace("ToyChange", "Boy").replace(".kind", ".sort").replace("KIND", "SORT")
    )
    assert told_apart(other, {"toy"}, {"ToyChange"}) == []


@pytest.mark.parametrize(
    "source",
    [
        '"""Of a toy, for whose kind nobody asks."""',
        "kind.name == one.kind",
        "registry.of(change.kind)",
        "objects[kind.name]",
        "objects[change.kind, 'toys']",
        "isinstance(change, Change)",
        "def read(change: ToyChange) -> ToyChange: ...",
        "ToyChange(action='create')",
        "report['kind'] == 'tenant'",
    ],
)
def test_what_asks_for_no_kind_is_not_found(source: str) -> None:
    assert told_apart(source, {"toy"}, {"ToyChange"}) == []
