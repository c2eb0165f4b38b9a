# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show a report on the pull request that this pipeline runs for: one comment, updated from then on.

Usage: python3 ci/comment.py REPORT.md. Works on GitHub, GitLab and Azure Repos, with the variables that their pipelines set and
the token that the pipeline file passes.
"""

from __future__ import annotations

import json
import sys
import typing as t
import urllib.request
from os import environ as env
from pathlib import Path

if t.TYPE_CHECKING:
    from collections.abc import Iterator

# What the comment begins with, to be found again. It is not shown.
MARK = "<!-- tenantops.entra plan -->"


class GitHub:
    """A comment on a pull request."""

    update = "PATCH"

    def __init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {env['GITHUB_TOKEN']}"}
        self._base = f"{env['GITHUB_API_URL']}/repos/{env['GITHUB_REPOSITORY']}/issues"
        self.create = f"{self._base}/{env['PULL_REQUEST_NUMBER']}/comments"

    def comments(self) -> Iterator[tuple[str, str]]:
        """The address and the text of each comment there is."""
        for comment in pages(self.create, self.headers):
            yield f"{self._base}/comments/{comment['id']}", comment["body"] or ""

    def first(self, text: str) -> object:
        """What creates the comment."""
        return {"body": text}

    def next(self, text: str) -> object:
        """What updates it."""
        return {"body": text}


class GitLab(GitHub):
    """A note on a merge request."""

    update = "PUT"

    def __init__(self) -> None:
        self.headers = {"PRIVATE-TOKEN": env["CONSENT_COMMENT_TOKEN"]}
        self.create = (
            f"{env['CI_API_V4_URL']}/projects/{env['CI_MERGE_REQUEST_PROJECT_ID']}"
            f"/merge_requests/{env['CI_MERGE_REQUEST_IID']}/notes"
        )

    def comments(self) -> Iterator[tuple[str, str]]:
        for note in pages(self.create, self.headers):
            yield f"{self.create}/{note['id']}", note["body"]


class AzureRepos:
    """A thread on a pull request."""

    update = "PATCH"

    def __init__(self) -> None:
        self.headers = {"Authorization": f"Bearer {env['SYSTEM_ACCESSTOKEN']}"}
        self._threads = (
            f"{env['SYSTEM_COLLECTIONURI']}{env['SYSTEM_TEAMPROJECTID']}/_apis/git/repositories/{env['BUILD_REPOSITORY_ID']}"
            f"/pullRequests/{env['SYSTEM_PULLREQUEST_PULLREQUESTID']}/threads"
        )
        self.create = f"{self._threads}?api-version=7.1"

    def comments(self) -> Iterator[tuple[str, str]]:
        for thread in call("GET", self.create, self.headers)["value"]:
            for comment in thread["comments"]:
                address = f"{self._threads}/{thread['id']}/comments/{comment['id']}?api-version=7.1"
                yield address, comment.get("content") or ""

    def first(self, text: str) -> object:
        return {"comments": [{"parentCommentId": 0, "content": text, "commentType": "text"}]}

    def next(self, text: str) -> object:
        return {"content": text}


def pages(url: str, headers: dict[str, str]) -> Iterator[dict[str, t.Any]]:
    """All entries of a list that comes in pages of a hundred."""
    number = 1
    while page := call("GET", f"{url}?per_page=100&page={number}", headers):
        yield from page
        number += 1


def call(method: str, url: str, headers: dict[str, str], body: object = None) -> t.Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main() -> None:
    place: GitHub | AzureRepos
    if "GITHUB_ACTIONS" in env:
        place = GitHub()
    elif "GITLAB_CI" in env:
        place = GitLab()
    else:
        place = AzureRepos()
    text = f"{MARK}\n{Path(sys.argv[1]).read_text(encoding='utf-8')}"
    for address, found in place.comments():
        if found.startswith(MARK):
            call(place.update, address, place.headers, place.next(text))
            return
    call("POST", place.create, place.headers, place.first(text))


if __name__ == "__main__":
    main()
