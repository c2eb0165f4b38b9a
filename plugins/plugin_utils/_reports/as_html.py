# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A consent report as one HTML page that needs nothing else. PRIVATE to tenantops.entra."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from pathlib import Path

import jinja2

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import page_data

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON

PAGE = Path(__file__).with_name("page")
# Put together in this order; they share one scope.
SCRIPTS = (
    "dom.js",
    "data.js",
    "filters.js",
    "matrix.js",
    "differences.js",
    "chips.js",
    "as_itself.js",
    "undeclared.js",
    "main.js",
)


def render(report: JSON) -> str:
    """The page; its policy lets nothing run but its own script and style, and nothing be fetched at all."""
    script = "\n(() => {\n'use strict';\n" + "".join(_file(name) for name in SCRIPTS) + "})();\n"
    style = "\n" + _file("report.css")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    tenants = report["tenants"] if report["kind"] == "overview" else [report]
    return environment.get_template("report.html.j2").render(
        head=page_data.head(report),
        purpose=report["purpose"],
        tenants=[page_data.head(tenant) for tenant in tenants],
        overview=report["kind"] == "overview",
        policy=f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        script=script,
        style=style,
        data=_embedded(page_data.data(report)),
    )


def _file(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _embedded(data: JSON) -> str:
    """JSON in which no text can end the element that it stands in; beyond ASCII everything is escaped, too."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
