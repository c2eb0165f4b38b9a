# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writer of files that Ansible may read again."""

from __future__ import annotations

import copy
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.tenantops.entra.plugins.filter.to_data_yaml import to_data_yaml
from ansible_collections.tenantops.entra.plugins.filter.visible import FilterModule
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

ROOT = Path(__file__).parents[3]
MARKS = ("{{", "{%", "{#", "#jinja2:")
TEMPLATES = [
    "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}",
    "{% for x in y %}",
    "{# nothing #}",
    "Staff {{ site }}",
    "#jinja2: variable_start_string: '[%'\n[% x %]",
    " #jinja2:",
    "{" * 300 + "{",
    "{{" + "x" * 10_000,
    "{{ 'a' }}\x1b\u202e",
]
TEXTS = [
    *("", " ", "  x", "x  ", "\tx", "x\t", "\n", "a\nb\n", "\r\n", "\x85", "\u2028", "\u2029", "\xa0", "\u3000"),
    *(
        "yes",
        "No",
        "on",
        "null",
        "~",
        "true",
        "y",
        "N",
        "1e3",
        "1_000",
        "0o7",
        "0x1f",
        "0b1",
        "017",
        "1:20",
        ".5",
        ".inf",
        "1.",
    ),
    *("2026-01-01", "2026-01-01T00:00:00Z", "=", "<<", "123", "-1", "+1", "00000003-0000-0000-c000-000000000000"),
    *(
        "---",
        "...",
        "%TAG",
        "!x",
        "&a",
        "*a",
        "@a",
        "`a",
        "a: b",
        "a #b",
        "- a",
        "? a",
        ":",
        ",",
        "[a]",
        "{a}",
        "|",
        ">",
        "key:",
    ),
    *(
        "don't",
        'say "x"',
        "\\x41",
        "\\",
        "'" * 100,
        '"' * 300,
        "\\" * 300,
        " " * 500,
        "x y " * 100,
        "é" * 300,
        "x" * 10_000,
    ),
    *(
        "😀",
        "👩‍💻",
        "\x00",
        "\x1b]0;x\x07",
        "\x7f",
        "\ufeff",
        "\u202e",
        "\U000e0041",
        "\ufffe",
        "\U0001fffe",
        "##vso[x]",
        "::add-mask::x",
    ),
    *("=cmd|' /C calc'!A0", "$(touch pwned)", "`touch pwned`", "********"),
]


class Marked(str):
    """A text that was marked."""

    __slots__ = ()


def loader(base: type[t.Any]) -> t.Any:
    """Reads the tag as Ansible does: what is marked is resolved as if it were not."""
    own: t.Any = type("Loader", (base,), {})

    def unsafe(reader: t.Any, node: yaml.Node) -> object:
        plain = copy.copy(node)
        plain.tag = reader.resolve(type(node), node.value, (True, False))
        found = reader.construct_object(plain, deep=True)
        return Marked(found) if isinstance(found, str) else found

    own.add_constructor("!unsafe", unsafe)
    return own


LOADERS = [loader(yaml.SafeLoader), *([loader(yaml.CSafeLoader)] if yaml.__with_libyaml__ else [])]


def check(data: t.Any) -> str:
    """It reads back equal, what could be a template is marked, nothing in it is raw, and no line is long."""
    text = to_data_yaml(data)
    for reader in LOADERS:
        found = yaml.load(text, Loader=reader)
        assert found == data
        for one in texts(found):
            assert isinstance(one, Marked) or not any(mark in one for mark in MARKS)
    for line in text.removesuffix("\n").split("\n"):
        assert visible(line, exact=True) == line
        assert len(line) <= 160
    return text


def texts(data: t.Any) -> t.Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for item in data.values() if isinstance(data, dict) else data:
            yield from texts(item)


@pytest.mark.parametrize("text", [*TEXTS, *TEMPLATES], ids=lambda text: ascii(text)[:40])
def test_any_text_reads_back_as_it_was(text: str) -> None:
    written = check(
        {"own": text, "listed": [text], "deep": [{"a": [[text, text]], "b": {"notification_email_addresses": text}}]}
    )
    assert ("!unsafe" in written) == any(mark in text for mark in MARKS)


SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("a {}%#'\"\\\n\t\u202e\u200d😀:-!&*?|>é\x85\u2028~0e1_", max_size=400),
    st.integers(),
    st.booleans(),
    st.none(),
)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,40}", fullmatch=True)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)))
def test_any_data_read_back_as_they_were(data: t.Any) -> None:
    check({"data": data})


def test_it_passes_the_linter(tmp_path: Path) -> None:
    path = tmp_path / "all.yml"
    path.write_text(
        "---\n" + to_data_yaml({"texts": [*TEXTS, *TEMPLATES], "none": [], "nothing": {}}), encoding="utf-8"
    )
    command = [sys.executable, "-m", "yamllint", "--strict", "-c", str(ROOT / ".yamllint"), str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"a": [{"b": "x\ud800"}]}, "a[0].b has half a character in it, which no file can hold."),
        ({"a": {"{{ x }}": 1}}, "a has the key '{{ x }}': keys are lower case letters, digits and underscores."),
        ({"a": {"\u202e": 1}}, "a has the key '\\u202e': keys are lower case letters, digits and underscores."),
        ({1: 2}, "The data has the key 1: keys are lower case letters, digits and underscores."),
        ({"a": 1.5}, "a is a float, which is not written."),
        ({"a": object}, "a is a type, which is not written."),
    ],
)
def test_what_would_not_read_back_is_refused(data: object, said: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        to_data_yaml(data)
    assert str(caught.value) == said


def test_the_filter_visible_shows_every_text_in_data() -> None:
    shown = FilterModule().filters()["visible"]
    assert shown("a\u202e") == "a[U+202E]"
    assert shown([{"a": "b\x1b"}, 1]) == [{"a": "b[U+001B]"}, 1]
