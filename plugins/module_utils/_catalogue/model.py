# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vendor's catalogue: apps, the features that users know, their scopes. PRIVATE to tenantops.entra.

A mistake in the data raises ValueError with a sentence that names its place.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.consent_url import guid, https_url, scope
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.wording import joined, near_miss, shown


@dataclass(frozen=True, slots=True)
class App:
    """An enterprise app of the vendor; several features may share it."""

    name: str
    app_id: str


@dataclass(frozen=True, slots=True)
class Feature:
    """What a user chooses. Options are scope sets that a user may add to it."""

    name: str
    title: str
    app: App
    scopes: tuple[str, ...]
    options: t.Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of a vendor's features, in the order of the file.

    Scopes without a resource are Microsoft Graph's. Those of other APIs begin with the API's identifier
    URI and a slash; resources maps the URI to the API's app id.
    """

    name: str
    base_scopes: tuple[str, ...]
    features: t.Mapping[str, Feature]
    resources: t.Mapping[str, str]
    redirect_uri: str | None
    state: str | None

    def resource_of(self, name: str) -> tuple[str | None, str]:
        """Split a scope into the app id of its resource (None: Microsoft Graph) and its bare name."""
        uri, bare = split_scope(name)
        return (self.resources[uri] if uri else None), bare

    def features_with(self, option: str) -> list[str]:
        """Name the features that have an option."""
        return [feature.name for feature in self.features.values() if option in feature.options]

    @property
    def options(self) -> list[str]:
        """Name every option of every feature once."""
        return list(dict.fromkeys(name for feature in self.features.values() for name in feature.options))


def split_scope(name: str) -> tuple[str, str]:
    """Split a scope into the identifier URI of its API (empty: Microsoft Graph) and its bare name."""
    uri, _slash, bare = name.rpartition("/")
    return uri.rstrip("/"), bare


def parse_catalogue(data: object) -> Catalogue:
    """Check the data of a catalogue file and return it as objects."""
    top = _mapping(data, "", needed=("name", "apps", "features"), optional=("base_scopes", "resources", "links"))
    links = _mapping(top.get("links", {}), "links", optional=("redirect_uri", "state"))
    resources = {
        uri.rstrip("/"): _checked(guid, app_id, f"resources.{uri}")
        for uri, app_id in _mapping(top.get("resources", {}), "resources").items()
    }
    apps = _apps(top["apps"])
    features = {
        name: _feature(name, item, apps, resources)
        for name, item in _mapping(top["features"], "features", filled=True).items()
    }
    redirect_uri, state = links.get("redirect_uri"), links.get("state")
    return Catalogue(
        name=_text(top["name"], "name"),
        base_scopes=_scopes(top.get("base_scopes", []), "base_scopes", resources),
        features=features,
        resources=resources,
        redirect_uri=None if redirect_uri is None else _checked(https_url, redirect_uri, "links.redirect_uri"),
        state=None if state is None else _text(state, "links.state"),
    )


def _apps(data: object) -> dict[str, App]:
    apps: dict[str, App] = {}
    owners: dict[str, str] = {}
    for key, value in _mapping(data, "apps", filled=True).items():
        path = f"apps.{key}"
        item = _mapping(value, path, needed=("name", "app_id"))
        app = App(
            name=_text(item["name"], f"{path}.name"),
            app_id=_checked(guid, item["app_id"], f"{path}.app_id"),
        )
        if app.app_id in owners:
            raise _mistake(f"{path}.app_id", f"is the app_id of apps.{owners[app.app_id]} already")
        owners[app.app_id] = key
        apps[key] = app
    return apps


def _feature(name: str, data: object, apps: t.Mapping[str, App], resources: t.Collection[str]) -> Feature:
    path = f"features.{name}"
    item = _mapping(data, path, needed=("title", "app", "scopes"), optional=("options",))
    app = _text(item["app"], f"{path}.app")
    if app not in apps:
        known = f"the apps are {joined(apps)}"
        raise _mistake(f"{path}.app", f"names the unknown app '{app}'{near_miss(app, apps)}: {known}")
    return Feature(
        name=name,
        title=_text(item["title"], f"{path}.title"),
        app=apps[app],
        scopes=_scopes(item["scopes"], f"{path}.scopes", resources, filled=True),
        options={
            option: _scopes(scopes, f"{path}.options.{option}", resources, filled=True)
            for option, scopes in _mapping(item.get("options", {}), f"{path}.options").items()
        },
    )


def _mistake(path: str, text: str) -> ValueError:
    return ValueError(f"The catalogue{f': {path}' if path else ''} {text}.")


def _checked(check: t.Callable[[object, str], str], value: object, path: str) -> str:
    return check(value, f"The catalogue: {path}")


def _mapping(
    value: object,
    path: str,
    *,
    needed: t.Sequence[str] = (),
    optional: t.Sequence[str] = (),
    filled: bool = False,
) -> dict[str, object]:
    """Return a mapping with text keys; with needed or optional keys, only those are allowed."""
    if not isinstance(value, t.Mapping):
        raise _mistake(path, f"must be a mapping, not {shown(value)}")
    if filled and not value:
        raise _mistake(path, "must not be empty")
    known = (*needed, *optional)
    for key in value:
        if not isinstance(key, str) or not key:
            raise _mistake(path, f"has the key {shown(key)}, which must be text: put it in quotes")
        if known and key not in known:
            raise _mistake(path, f"has the unknown key '{key}'{near_miss(key, known)}: allowed are {joined(known)}")
    for key in needed:
        if key not in value:
            raise _mistake(path, f"lacks the key '{key}'")
    return dict(value)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _mistake(path, f"must be text, not {shown(value)}")
    return value


def _scopes(value: object, path: str, resources: t.Collection[str], *, filled: bool = False) -> tuple[str, ...]:
    if not isinstance(value, t.Sequence) or isinstance(value, str):
        raise _mistake(path, f"must be a list of scopes, not {shown(value)}")
    if filled and not value:
        raise _mistake(path, "must not be empty")
    scopes: list[str] = []
    for index, item in enumerate(value):
        place = f"{path}[{index}]"
        name = _checked(scope, item, place)
        uri, _bare = split_scope(name)
        if "/" in name and uri not in resources:
            raise _mistake(place, f"is a scope of '{uri}', which resources does not list")
        if name in scopes:
            raise _mistake(place, f"repeats '{name}'")
        scopes.append(name)
    return tuple(scopes)
