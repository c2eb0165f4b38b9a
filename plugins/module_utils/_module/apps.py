# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument spec of declared apps, from what each kind takes. PRIVATE to tenantops.entra."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.tenantops.entra.plugins.module_utils._consent import registry
from ansible_collections.tenantops.entra.plugins.module_utils._errors import DeclarationError
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import (
    STATE,
    WHICH_APP,
    Options,
    unknown_options,
)


def app_options() -> Options:
    """Of an entry of ``apps``."""
    options: Options = {**WHICH_APP, "name": {"type": "str"}, **STATE}
    for kind in registry.KINDS:
        options.update(kind.options)
    return options


def apps_option() -> Options:
    one_of = [tuple(WHICH_APP)]
    spec = {"type": "list", "elements": "dict", "required": True, "options": app_options()}
    return {"apps": {**spec, "required_one_of": one_of, "mutually_exclusive": one_of}}


def declared_apps(apps: object) -> list[dict[str, t.Any]]:
    """Apps as module ``tenant_consent`` gets them, from the same text; raises DeclarationError."""
    given, options = {"apps": apps}, apps_option()
    if problems := unknown_options(given, options):
        raise DeclarationError(problems)
    result = ArgumentSpecValidator(options).validate(given)
    if result.error_messages:
        raise DeclarationError([f"{message[0].upper()}{message[1:]}." for message in result.error_messages])
    found: list[dict[str, t.Any]] = result.validated_parameters["apps"]
    return found
