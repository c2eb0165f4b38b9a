# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pipelines of examples/gitops, run step by step as the three platforms would, and a stand-in for the platforms."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import typing as t
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from entra_simulator.waiting import PATIENCE
from integration.runner import COLLECTIONS, JSON, ROOT

if t.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from email.message import Message

EXAMPLE = ROOT / "examples" / "gitops"
JOBS = ("plan", "apply", "drift")
FILES = {
    "github": [f".github/workflows/{job}.yml" for job in JOBS],
    "gitlab": [".gitlab-ci.yml"],
    "azure": ["azure-pipelines.yml"],
}
PLATFORMS = sorted(FILES)
COMMENT_TOKEN = "may-comment"


@dataclasses.dataclass(frozen=True)
class Step:
    """A piece of shell. ``always``: it runs after failures, too."""

    script: str
    env: dict[str, str]
    always: bool


def steps(platform: str, job: str) -> list[Step]:
    """The steps of a pipeline's job, without those that install."""
    files = [yaml.safe_load((EXAMPLE / file).read_text(encoding="utf-8")) for file in FILES[platform]]
    if platform == "github":
        jobs = files[JOBS.index(job)]["jobs"].values()
        found = [
            Step(
                step["run"],
                step.get("env", {}),
                "cancelled()" in str(step.get("if", "")) or "comment.py" in step["run"],
            )
            for one in jobs
            for step in one["steps"]
            if "run" in step
        ]
    elif platform == "gitlab":
        document = files[0]
        own = {**document["default"], **document[job]}
        after = [Step("\n".join(own["after_script"]), document["variables"], True)]
        found = [Step("\n".join(own["script"]), document["variables"], False), *after]
    else:
        (stage,) = [stage for stage in files[0]["stages"] if stage["stage"] == job]
        (one,) = stage["jobs"]
        listed = one["strategy"]["runOnce"]["deploy"]["steps"] if "strategy" in one else one["steps"]
        scripts = [(step, step.get("bash") or step.get("inputs", {}).get("inlineScript")) for step in listed]
        found = [
            Step(script, step.get("env", {}), "canceled()" in step.get("condition", ""))
            for step, script in scripts
            if script
        ]
    return [step for step in found if "pip install" not in step.script]


def commands(platform: str) -> dict[str, str]:
    """The call of ansible-playbook in each job."""
    found = {}
    for job in JOBS:
        (line,) = re.findall(
            r"^ansible-playbook [^|\n]+", "\n".join(s.script for s in steps(platform, job)), re.MULTILINE
        )
        found[job] = line.strip()
    return found


class Repository:
    """A copy of the example, as a job checks it out."""

    def __init__(self, path: Path, forge: Forge) -> None:
        self.path = path
        self._forge = forge
        self.calls = path.parent / "calls"
        self._shim()

    def _shim(self) -> None:
        """An ansible-playbook that notes its exit code and arguments."""
        shim = self.path.parent / "bin" / "ansible-playbook"
        shim.parent.mkdir()
        real = Path(sys.executable).with_name("ansible-playbook")
        shim.write_text(
            f'#!/bin/sh\n"{real}" "$@"\ncode=$?\necho "$code ansible-playbook $*" >> "{self.calls}"\nexit $code\n'
        )
        shim.chmod(0o755)

    def environment(self, platform: str) -> dict[str, str]:
        """The variables that the platform sets in a job for pull request 7."""
        bins = [str(self.path.parent / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
        url = self._forge.url
        own = {
            "github": {
                "GITHUB_ACTIONS": "true",
                "GITHUB_API_URL": url,
                "GITHUB_REPOSITORY": "contoso/consent",
                "GITHUB_STEP_SUMMARY": str(self.path.parent / "summary.md"),
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/oidc?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "may-fetch",
            },
            "gitlab": {
                "GITLAB_CI": "true",
                "CI_API_V4_URL": url,
                "CI_MERGE_REQUEST_PROJECT_ID": "3",
                "CI_MERGE_REQUEST_IID": "7",
                "ENTRA_ID_TOKEN": self._forge.token,
                "CONSENT_COMMENT_TOKEN": COMMENT_TOKEN,
            },
            "azure": {
                "TF_BUILD": "True",
                "SYSTEM_COLLECTIONURI": f"{url}/contoso/",
                "SYSTEM_TEAMPROJECTID": "3",
                "BUILD_REPOSITORY_ID": "4",
                "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
                "idToken": self._forge.token,
            },
        }
        return {
            "PATH": os.pathsep.join(bins),
            "HOME": str(self.path.parent),
            "ANSIBLE_HOME": str(self.path.parent / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_NOCOLOR": "1",
            **own[platform],
        }

    def shell(self, script: str, platform: str = "github", env: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Exit code and output of a script."""
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.path,
            env={**self.environment(platform), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout

    def job(self, platform: str, job: str) -> tuple[int, str]:
        """Runs a job of a pipeline: the code of the first step that fails, or 0, and the output."""
        values = {
            "${{ runner.temp }}": str(self.path.parent),
            "$(Agent.TempDirectory)": str(self.path.parent),
            "$CI_PROJECT_DIR": str(self.path),
            "${{ github.token }}": COMMENT_TOKEN,
            "$(System.AccessToken)": COMMENT_TOKEN,
            "${{ github.event.pull_request.number }}": "7",
        }
        failed, output = 0, ""
        for step in steps(platform, job):
            if failed and not step.always:
                continue
            env = dict(step.env)
            for name, value in step.env.items():
                for text, replacement in values.items():
                    value = value.replace(text, replacement)
                env[name] = value
            code, text = self.shell(step.script, platform, env)
            failed, output = failed or code, output + text
        return failed, output

    def called(self) -> list[str]:
        """The calls of ansible-playbook since the last time, each with its exit code before it."""
        lines = self.calls.read_text(encoding="utf-8").splitlines()
        self.calls.unlink()
        return lines

    def overview(self) -> JSON:
        """The report on all tenants."""
        found: JSON = json.loads((self.path / "consent-reports" / "overview.json").read_bytes())
        return found


def checkout(room: Path, forge: Forge) -> Repository:
    """The example, copied out as it is."""
    shutil.copytree(EXAMPLE, room / "repository", ignore=shutil.ignore_patterns("__pycache__", "consent-*"))
    return Repository(room / "repository", forge)


class Forge:
    """What the pipelines ask of their platform: a token, and the comments on a pull request."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        # More than one page of others' comments.
        self.comments: list[str] = [f"comment {number}" for number in range(120)]

    def answer(self, method: str, target: str, headers: Message, body: JSON) -> tuple[int, t.Any]:
        """Status and answer, as far as the pipelines look at it."""
        path, _, text = target.partition("?")
        query = dict(urllib.parse.parse_qsl(text))
        if path == "/oidc":
            good = headers["Authorization"] == "Bearer may-fetch" and query["audience"] == "api://AzureADTokenExchange"
            return (200, {"value": self.token}) if good else (401, {})
        if COMMENT_TOKEN not in (
            headers.get("PRIVATE-TOKEN"),
            headers.get("Authorization", "").removeprefix("Bearer "),
        ):
            return 401, {}
        threads = path == "/contoso/3/_apis/git/repositories/4/pullRequests/7/threads"
        lists = threads or path in ("/repos/contoso/consent/issues/7/comments", "/projects/3/merge_requests/7/notes")
        if lists and method == "POST":
            self.comments.append(body["comments"][0]["content"] if threads else body["body"])
            return 201, {}
        if lists and threads:
            return 200, {"value": [self._thread(number) for number in range(len(self.comments))]}
        if lists:
            begin = (int(query["page"]) - 1) * int(query["per_page"])
            shown = list(enumerate(self.comments))[begin : begin + int(query["per_page"])]
            return 200, [{"id": number, "body": comment} for number, comment in shown]
        single = (
            r"PATCH /repos/contoso/consent/issues/comments/(\d+)|PUT /projects/3/merge_requests/7/notes/(\d+)"
            r"|PATCH /contoso/3/_apis/git/repositories/4/pullRequests/7/threads/(\d+)/comments/1"
        )
        if match := re.fullmatch(single, f"{method} {path}"):
            self.comments[int(match[match.lastindex or 0])] = body.get("body") or body["content"]
            return 200, {}
        return 404, {}

    def _thread(self, number: int) -> JSON:
        return {"id": number, "comments": [{"id": 1, "content": self.comments[number]}]}


class _Handler(BaseHTTPRequestHandler):
    """Asks the forge, whatever the method."""

    served: t.ClassVar[Forge]

    def serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, answer = self.served.answer(self.command, self.path, self.headers, json.loads(sent or "{}"))
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: t.Any) -> None:
        """Nothing: the tests' output is theirs."""


@contextlib.contextmanager
def forge(token: str) -> Iterator[Forge]:
    """A stand-in for the platforms on loopback."""

    methods = {f"do_{method}": _Handler.serve for method in ("GET", "POST", "PUT", "PATCH")}
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), methods)) as server:
        served = Forge(f"http://127.0.0.1:{server.server_port}", token)
        _Handler.served = served
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
