# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever stands where Entra ID is expected: no token, one sentence, and the secret goes nowhere else."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.tenantops.entra.plugins.module_utils._errors import AuthenticationError, ConnectionFailedError

from .endpoints import SECRET, Asked, Source, Start, ask, entra

PAGE = "<html>Log in to the guest network</html>"
REPLIES: dict[str, tuple[int, t.Any]] = {
    "a page": (200, PAGE),
    "nothing": (200, ""),
    "no content": (204, ""),
    "a redirect": (302, ""),
    "a redirect that keeps the form": (307, ""),
    "other JSON": (200, {"ok": True}),
    "a list": (200, []),
    "a text": (200, '"token"'),
    "null": (200, "null"),
    "a number for a token": (200, {"access_token": 7, "token_type": "Bearer", "expires_in": 3600}),
    "an empty token": (200, {"access_token": "", "token_type": "Bearer", "expires_in": 3600}),
    "a token with a line break": (200, {"access_token": "a\nb", "token_type": "Bearer", "expires_in": 3600}),
    "a life that is no number": (200, {"access_token": "x", "token_type": "Bearer", "expires_in": "soon"}),
    "an endless life": (200, '{"access_token": "x", "token_type": "Bearer", "expires_in": Infinity}'),
    "a life that is a list": (200, {"access_token": "x", "token_type": "Bearer", "expires_in": [1]}),
    "an error that is a list": (400, {"error": ["x"], "error_description": {"a": 1}}),
    "a page with an error": (403, PAGE),
    "too deep JSON": (200, "[" * 100_000),
}


@pytest.mark.parametrize("place", ["/openid-configuration", "/token"])
@pytest.mark.parametrize("what", REPLIES)
def test_what_is_no_sign_in_is_told_in_a_sentence(what: str, place: str, start: Start, source: Source) -> None:
    endpoint = start()
    entra(endpoint)

    def foreign(_asked: Asked) -> tuple[int, t.Any]:
        return REPLIES[what]

    endpoint.answers[place] = foreign
    with pytest.raises((AuthenticationError, ConnectionFailedError)) as caught:
        ask(source(endpoint, client_secret=SECRET))
    message = caught.value.message
    assert "\n" not in message
    assert SECRET not in message
    assert "<html>" not in message
    assert message.endswith(".")
