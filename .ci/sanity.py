# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-test's sanity tests on what the collection's archive holds. Ends with 0 if nothing is wrong.

All of them with the Python that runs this; what depends on the version also with the others that are found on the PATH
or in pyenv's folder, as far as ansible-core supports them. What it makes stays in .build/sanity, and is used again.
"""

from __future__ import annotations

import ast
import configparser
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".build" / "sanity"
COLLECTION = FOLDER / "ansible_collections" / "tenantops" / "entra"
HOME = FOLDER / "home"
BIN = Path(sys.executable).parent
# What `make lint` and the unit tests do already, each in an environment of its own; and pylint, whose rules are others.
LEFT_OUT = ("ansible-doc", "pep8", "pylint", "runtime-metadata", "yamllint")
OF_VERSIONS = ("import", "compile")
# Gives an environment the pip that comes with its Python; unpacking is five times as fast as installing.
GET_PIP = """\
import ensurepip, pathlib, sysconfig, zipfile

wheels = list((pathlib.Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
if wheels:
    zipfile.ZipFile(wheels[0]).extractall(sysconfig.get_path("purelib"))
else:
    ensurepip.bootstrap()
"""


def main() -> int:
    """Sets up and runs; prints what is wrong."""
    unpack()
    settle_in()
    own, *others = pythons()
    runs = [(own, [f"--skip-test={name}" for name in LEFT_OUT])]
    runs += [(other, [f"--test={name}" for name in OF_VERSIONS]) for other in others]
    # ansible-test takes only these two from whoever calls it.
    path = os.pathsep.join([str(BIN), *(str(found.parent) for found in others), os.environ["PATH"]])
    wrong = 0
    for python, tests in runs:
        version = python.name.removeprefix("python")
        command = [str(BIN / "ansible-test"), "sanity", "--color=no", f"--python={version}", *tests]
        environment = {**os.environ, "HOME": str(HOME), "PATH": path}
        done = subprocess.run(
            command,
            cwd=COLLECTION,
            env=environment,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        print(f"{' '.join(tests)} on Python {version}: {'failed' if done.returncode else 'passed'}", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            wrong += 1
    return min(wrong, 1)


def unpack() -> None:
    """The collection as it is shipped, where ansible-test looks for it."""
    shutil.rmtree(COLLECTION, ignore_errors=True)
    (COLLECTION / "tests").mkdir(parents=True)
    build = [str(BIN / "ansible-galaxy"), "collection", "build", "--force", "--output-path", str(FOLDER)]
    built = subprocess.run(build, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
    archive = Path(built.strip().rpartition(" ")[2])
    with tarfile.open(archive) as files:
        files.extractall(COLLECTION, filter="data")
    archive.unlink()
    shutil.copy(ROOT / "tests" / "config.yml", COLLECTION / "tests")
    # Otherwise it asks the checkout around, by which all of this is ignored.
    subprocess.run(["git", "init", "--quiet"], cwd=COLLECTION, check=True)


def settle_in() -> None:
    """A home for ansible-test: with this Python's settings of pip, and with a pip that need not be downloaded."""
    settings = configparser.RawConfigParser()
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, text=True, stdout=subprocess.PIPE
    )
    for section, name, value in re.findall(r"^(.+)\.([\w-]+)=(['\"].*)$", listed.stdout, re.MULTILINE):
        # Variables come behind the files that they outrank.
        section = "global" if section == ":env:" else section
        if not settings.has_section(section):
            settings.add_section(section)
        settings.set(section, name, ast.literal_eval(value).strip().replace("\n", "\n  "))
    folder = HOME / ".config" / "pip"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "pip.conf").open("w", encoding="utf-8") as file:
        settings.write(file)
    package = importlib.metadata.distribution("ansible-core")
    text = Path(str(package.locate_file("ansible_test/_internal/python_requirements.py"))).read_text(encoding="utf-8")
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", text):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP, encoding="utf-8")


def pythons() -> list[Path]:
    """This one, then the newest of each other version."""
    own = f"python3.{sys.version_info.minor}"
    classifiers = importlib.metadata.metadata("ansible-core").get_all("Classifier") or []
    names = {f"python{said[1]}" for one in classifiers if (said := re.fullmatch(r".*Python :: (3\.\d+)", one))}
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [BIN / own]
    for name in sorted(names - {own}):
        places = [*sorted(pyenv.glob(f"{name.removeprefix('python')}*/bin/{name}"), key=_patch, reverse=True)]
        if on_path := shutil.which(name):
            places.insert(0, Path(on_path))
        found += [place for place in places if _works(place)][:1]
    return found


def _patch(python: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", python.parents[1].name)]


def _works(python: Path) -> bool:
    """Whether there is more behind the name than a hint of how to install it."""
    return not subprocess.run([python, "-c", "import ensurepip, venv"], check=False, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
