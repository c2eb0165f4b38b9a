# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens of other identity providers, which Entra ID takes for a secret. PRIVATE to tenantops.entra."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
)
from ansible_collections.tenantops.entra.plugins.module_utils._graph.connection import bare_token, check_token
from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.session import origin

if t.TYPE_CHECKING:
    import requests

    from ansible_collections.tenantops.entra.plugins.module_utils._graph.sign_in.session import SignInSession
    from ansible_collections.tenantops.entra.plugins.module_utils._secrets import Masker

GITHUB_URL, GITHUB_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
GITHUB_PERMISSION = "permissions: id-token: write"


class TokenFile:
    """A token in a file, read anew for each sign-in: whoever wrote it replaces it before it ends."""

    def __init__(self, path: str, masker: Masker) -> None:
        self._path = path
        self._masker = masker
        if not os.access(path, os.R_OK):
            raise ConfigurationError(f"federated_token_file {path} cannot be read.")

    def __call__(self) -> str:
        try:
            with open(self._path, encoding="utf-8") as file:
                token = bare_token(file.read())
        except (OSError, UnicodeDecodeError) as error:
            raise AuthenticationError(f"federated_token_file {self._path} cannot be read.") from error
        if not token:
            raise AuthenticationError(f"federated_token_file {self._path} is empty.")
        self._masker.learn(token)
        check_token(f"federated_token_file {self._path}", token)
        return token


class GitHubToken:
    """A token that GitHub issues to the running job, fetched anew for each sign-in."""

    def __init__(self, session: SignInSession, audience: str, masker: Masker) -> None:
        self._session = session
        self._audience = audience
        self._masker = masker
        self._url = os.environ.get(GITHUB_URL, "").strip()
        self._bearer = bare_token(os.environ.get(GITHUB_TOKEN, ""))
        given = {GITHUB_URL: self._url, GITHUB_TOKEN: self._bearer}
        if missing := " and ".join(name for name, value in given.items() if not value):
            raise ConfigurationError(
                f"Signing in with github_actions needs {missing}, which GitHub sets for a job with "
                f"'{GITHUB_PERMISSION}', and never for a pull request from a fork."
            )
        check_token(GITHUB_TOKEN, self._bearer)

    def __call__(self) -> str:
        """Raises AuthenticationError, ConnectionFailedError."""
        from requests import RequestException

        headers = {"Authorization": f"Bearer {self._bearer}", "Accept": "application/json"}
        try:
            answer = self._session.http.get(
                self._url, params={"audience": self._audience}, headers=headers, allow_redirects=False
            )
        except RequestException as error:
            raise ConnectionFailedError(f"GitHub's token endpoint {self._session.failure}.") from error
        if self._session.failure:
            raise ConnectionFailedError(f"GitHub's token endpoint {self._session.failure}.")
        token = _value(answer) if answer.status_code == 200 else ""
        if not token:
            raise AuthenticationError(
                f"Signing in with github_actions failed: {origin(self._url)} gave the job no token "
                f"(HTTP status {answer.status_code}); check that the job has '{GITHUB_PERMISSION}' and is still running."
            )
        self._masker.learn(token)
        return token


def _value(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    value = body.get("value") if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
