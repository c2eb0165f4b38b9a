# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a catalogue and what was chosen of it to apps for tenant_consent, and to links. PRIVATE to tenantops.entra.

Bad input raises ValueError with a sentence for the user.
"""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.choices import (
    Audience,
    Choice,
    by_app,
    choose,
    per_feature,
    scopes_of,
)
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.consent_url import admin_consent_url
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.model import Catalogue, parse_catalogue
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.wording import joined, shown, unknown
from ansible_collections.tenantops.entra.plugins.module_utils._text import visible

ACCESS = ("all_users", "per_user", "assigned", "review")

# With this tag the portal lists a service principal that was not created there.
PORTAL_TAG = "WindowsAzureActiveDirectoryIntegratedApp"

_Fields = dict[str, t.Any]


def catalogue_apps(
    data: object,
    features: object,
    *,
    access: object,
    options: object = None,
    users: object = None,
    groups: object = None,
    nested_groups: object = True,
    assignment_required: object = None,
    visible: object = True,
) -> list[_Fields]:
    """Build the option apps of tenant_consent: one entry per client, whatever features share it."""
    catalogue = parse_catalogue(data)
    choices = choose(catalogue, features, options=options, users=users, groups=groups)
    nested = _flag(nested_groups, "nested_groups")
    tagged = _flag(visible, "visible")
    required = None if assignment_required is None else _flag(assignment_required, "assignment_required")
    _check_access(choices, access, required)
    apps = []
    for app, chosen in by_app(choices).items():
        entry: _Fields = {"app_id": app.app_id, "name": app.name}
        if tagged:
            entry["tags"] = [PORTAL_TAG]
        if access == "assigned" or required is not None:
            entry["assignment_required"] = access == "assigned" or required
        if access == "per_user":
            entry |= _per_user(catalogue, chosen, nested)
        elif access == "assigned":
            entry |= _assigned(catalogue, chosen)
        elif access == "all_users":
            entry["delegated_permissions"] = _rules(catalogue, chosen, {"all_users": True})
        else:
            entry["delegated_permissions"] = []
        apps.append(entry)
    return apps


def catalogue_links(
    data: object,
    features: object,
    *,
    options: object = None,
    per_app: object = False,
    redirect_uri: object = None,
    state: object = None,
    **place: object,
) -> list[_Fields]:
    """Build the admin consent links: one for each feature, or one for each client with all its features."""
    catalogue = parse_catalogue(data)
    choices = per_feature(choose(catalogue, features, options=options))
    if redirect_uri is None or redirect_uri == "":
        redirect_uri = catalogue.redirect_uri
    if state is None:
        state = catalogue.state
    links = []
    united = _flag(per_app, "per_app")
    for chosen in by_app(choices).values() if united else [[choice] for choice in choices]:
        scopes = scopes_of(catalogue, chosen)
        app = chosen[0].feature.app
        links.append(
            {
                "title": ", ".join(_title(choice) for choice in chosen),
                "features": [choice.feature.name for choice in chosen],
                "app_name": app.name,
                "app_id": app.app_id,
                "scopes": scopes,
                "url": admin_consent_url(app.app_id, scopes, redirect_uri=redirect_uri, state=state, **place),
            }
        )
    return links


def catalogue_problem(data: object, features: object, **arguments: t.Any) -> str:
    """Say in a sentence why apps (if access is among the arguments) or links cannot be built, or nothing."""
    build = catalogue_apps if "access" in arguments else catalogue_links
    try:
        build(data, features, **arguments)
    except ValueError as error:
        return visible(str(error))
    return ""


def _flag(value: object, what: str) -> bool:
    """Read true or false, also as text: that is how variables arrive from the command line."""
    word = str(value).strip().lower() if isinstance(value, bool | str) else ""
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise ValueError(f"{what} must be true or false, not {shown(value)}.")


def _check_access(choices: t.Sequence[Choice], access: object, assignment_required: bool | None) -> None:
    if access not in ACCESS:
        word = access if isinstance(access, str) else shown(access)
        raise ValueError(f"{unknown('access', [word], ACCESS)}: choose from {joined(ACCESS)}.")
    named = _features(choice for choice in choices if choice.audience)
    nobody = _features(choice for choice in choices if not choice.audience)
    if access == "all_users" and named:
        raise ValueError(
            f"Access 'all_users' is for everybody, but users or groups are given for {joined(named)}: "
            "leave them out, or choose per_user or assigned."
        )
    if access in ("per_user", "assigned") and nobody:
        raise ValueError(f"Access '{access}' needs users or groups, and none are given for {joined(nobody)}.")
    if access == "assigned":
        _check_assigned(choices, assignment_required)


def _check_assigned(choices: t.Sequence[Choice], assignment_required: bool | None) -> None:
    if assignment_required is False:
        raise ValueError("Access 'assigned' requires assignment, so assignment_required cannot be false.")
    for app, chosen in by_app(choices).items():
        if not all(choice.audience.same_as(chosen[0].audience) for choice in chosen):
            raise ValueError(
                f"Access 'assigned' makes one grant for all who are assigned to {app.name}, so "
                f"{joined(_features(chosen))} need the same users and groups: "
                "give them the same, or choose per_user."
            )


def _features(choices: t.Iterable[Choice]) -> list[str]:
    return list(dict.fromkeys(choice.feature.name for choice in choices))


def _per_user(catalogue: Catalogue, choices: t.Sequence[Choice], nested_groups: bool) -> _Fields:
    audiences: list[tuple[Audience, list[Choice]]] = []
    for choice in choices:
        for audience, chosen in audiences:
            if audience.same_as(choice.audience):
                chosen.append(choice)
                break
        else:
            audiences.append((choice.audience, [choice]))
    everybody = Audience()
    rules = []
    for audience, chosen in audiences:
        everybody |= audience
        rules += _rules(catalogue, chosen, _whom(audience, nested_groups=nested_groups))
    whom = _whom(everybody, expand_groups=True, nested_groups=nested_groups)
    return {"delegated_permissions": rules, "assignments": [{**whom, "app_role": "default"}]}


def _assigned(catalogue: Catalogue, choices: t.Sequence[Choice]) -> _Fields:
    return {
        "delegated_permissions": _rules(catalogue, choices, {"all_users": True}),
        "assignments": [{**_whom(choices[0].audience), "app_role": "default"}],
    }


def _rules(catalogue: Catalogue, choices: t.Iterable[Choice], whom: _Fields) -> list[_Fields]:
    """Build a rule for each resource that the scopes belong to."""
    resources: dict[str | None, list[str]] = {}
    for name in scopes_of(catalogue, choices):
        resource, bare = catalogue.resource_of(name)
        resources.setdefault(resource, []).append(bare)
    return [
        {**({"resource_app_id": resource} if resource else {}), "scopes": scopes, **whom}
        for resource, scopes in resources.items()
    ]


def _whom(audience: Audience, **how_groups_count: bool) -> _Fields:
    """Name users and groups; how groups are to be taken matters only where there are some."""
    whom: _Fields = {}
    if audience.users:
        whom["users"] = list(audience.users)
    if audience.groups:
        whom["groups"] = list(audience.groups)
        whom |= how_groups_count
    return whom


def _title(choice: Choice) -> str:
    options = f" ({', '.join(choice.options)})" if choice.options else ""
    return f"{choice.feature.title}{options}"
