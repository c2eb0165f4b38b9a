# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a module ends: what is shown hides secrets and lets nothing go unseen. PRIVATE to tenantops.entra.

The only place that catches errors and the only one that ends a module.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.tenantops.entra.plugins.module_utils._errors import EntraError
from ansible_collections.tenantops.entra.plugins.module_utils._module.args import (
    CONNECTION,
    ArgumentSpec,
    unknown_options,
)
from ansible_collections.tenantops.entra.plugins.module_utils._secrets import Masker, may_be_secret, of_environment
from ansible_collections.tenantops.entra.plugins.module_utils._text import mapped, visible

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Result: t.TypeAlias = dict[str, t.Any]

# Below these keys a result that is no failure has sentences; all else in it is data, and stays as it is.
_SAID = frozenset({"msg", "problems", "summary", "attribution_note"})
# Characters of an unexpected error's own text that are shown.
_LONGEST = 300


class EntraModule(AnsibleModule):
    """Ansible's module, which names what is no option by the way to it, and shows no secret and nothing that can't be seen.

    What Ansible prints without being asked, all of a failed result and warnings, is made visible. A diff has been, line by line.
    """

    @functools.cached_property
    def masker(self) -> Masker:
        """Knows the secrets of options and variables, also where one stands in an option that should have none."""
        masker = Masker(of_environment(os.environ))
        for name, spec in CONNECTION.options.items():
            value = self.params.get(name)
            if value in (None, "") or not (
                spec.get("no_log") or may_be_secret(str(value), path=spec["type"] == "path")
            ):
                continue
            # Hosts are shown in lower case, and sentences have been made visible.
            for secret in (str(value), str(value).lower(), visible(str(value))):
                masker.learn(secret)
            # Ansible shows all options itself.
            self.no_log_values.add(str(value))
        return masker

    def fail_json(self, msg: str, *, exception: BaseException | str | None = None, **result: t.Any) -> t.NoReturn:
        given = {name: value for name, value in self.params.items() if not name.startswith("_ansible")}
        msg = " ".join(unknown_options(given, self.argument_spec)) or msg
        # Ansible would take the traceback from the exception itself, unmasked; it is shown only where asked for.
        error = exception if isinstance(exception, BaseException) else sys.exc_info()[1]
        trace = "".join(traceback.format_exception(error)) if error else None
        super().fail_json(
            msg=self._shown(msg.strip()),
            exception=trace and self.masker.mask(trace),
            **{
                name: mapped(value, self.masker.mask if name == "diff" else self._shown)
                for name, value in result.items()
            },
        )
        raise SystemExit(1)  # fail_json does not return, which its types do not tell

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        super().exit_json(**_said(result, self._shown, self.masker.mask))
        raise SystemExit(0)

    def warn(self, warning: str, **more: t.Any) -> None:
        super().warn(self._shown(warning), **more)

    def log(self, msg: t.Any, log_args: Mapping[str, t.Any] | None = None) -> None:
        super().log(mapped(msg, self.masker.mask), mapped(log_args, self.masker.mask))

    def _shown(self, text: str) -> str:
        return visible(self.masker.mask(text))


def _said(value: t.Any, sentence: Callable[[str], str], diff: Callable[[str], str]) -> t.Any:
    """Nested data with the sentences in it, and the diff, changed; the data are as they were."""
    if isinstance(value, list | tuple):
        return [_said(entry, sentence, diff) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: mapped(entry, sentence if key in _SAID else diff)
        if key in _SAID or key == "diff"
        else _said(entry, sentence, diff)
        for key, entry in value.items()
    }


def new(spec: ArgumentSpec) -> EntraModule:
    module = EntraModule(supports_check_mode=True, **CONNECTION.merge(spec).to_kwargs())
    # What is shown has been made visible, secrets in it too.
    module.no_log_values |= {visible(secret) for secret in module.no_log_values}
    return module


def masked_options(module: AnsibleModule, result: Result) -> str | None:
    """What to say where Ansible is going to mask data because a secret is a part of it; None where it is not.

    Ansible replaces the value of each option that is a secret wherever it occurs in a result: in names, too.
    """
    found = {secret for secret in module.no_log_values if _holds(result, secret)}
    if not found:
        return None
    secret_options = [name for name, option in module.argument_spec.items() if option.get("no_log")]
    which = " and ".join(name for name in secret_options if module.params[name] in found) or "a secret option"
    return (
        f"The value of {which} is a part of what the tenant holds, such as a name, and Ansible masks it there too, so this result "
        f"would not be true: give {which} another value, a longer one that stands in no name."
    )


def _holds(value: t.Any, secret: str) -> bool:
    """Whether Ansible masks a part of the data for this secret. It looks at numbers as texts, and at no keys."""
    if isinstance(value, dict):
        return any(_holds(item, secret) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(_holds(item, secret) for item in value)
    return not isinstance(value, (bool, type(None))) and secret in str(value)


def end(module: EntraModule, work: Callable[[], Result]) -> None:
    """Does the work and ends the module with its result, or with one sentence on what went wrong."""
    # Without a handler Python prints the libraries' logs to the module's stderr, which Ansible may show.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        result = work()
    except EntraError as error:
        module.fail_json(msg=error.message, **error.result())
    except Exception as error:
        module.fail_json(msg=_unexpected(error, module.masker))
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _unexpected(error: Exception, masker: Masker) -> str:
    """A sentence on an error that nobody has thought of."""
    files = [
        f"{frame.filename.rpartition('/tenantops/entra/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/tenantops/entra/" in frame.filename
    ]
    text = " ".join(masker.mask(str(error)).split())
    told = f" ({text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''})" if text else ""
    return (
        f"Unexpected error {type(error).__name__} in {files[-1] if files else 'a library'}{told}: this is a defect of "
        "tenantops.entra, please report it."
    )
