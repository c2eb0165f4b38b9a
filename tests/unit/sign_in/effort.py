# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a sign-in takes its time for, counted: how long it really takes is the machine's affair."""

from __future__ import annotations

import time
import typing as t

from requests.adapters import HTTPAdapter

if t.TYPE_CHECKING:
    import pytest
    import requests

# Seconds within which a failure is told.
SOON = 5.0


class Effort:
    """Requests that were sent, with their time-outs, and the pauses in between, which pass at once.

    :ivar tries: the seconds that each had to connect in; :ivar pauses: in seconds.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tries: list[float] = []
        self.pauses: list[float] = []
        send = HTTPAdapter.send

        def watched(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
            self.tries.append(options["timeout"][0])
            return send(adapter, request, **options)

        monkeypatch.setattr(HTTPAdapter, "send", watched)
        monkeypatch.setattr(time, "sleep", self.pauses.append)

    @property
    def waiting(self) -> float:
        """The seconds that go by where what is asked answers or refuses at once."""
        return sum(self.pauses)

    @property
    def longest(self) -> float:
        """The seconds that go by where connections are neither taken nor refused."""
        return sum(self.tries) + self.waiting
