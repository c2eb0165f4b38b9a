# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user chooses from a catalogue: features, their options, and for whom. PRIVATE to tenantops.entra.

Bad input raises ValueError with a sentence for the user.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.model import App, Catalogue, Feature
from ansible_collections.tenantops.entra.plugins.module_utils._catalogue.wording import (
    joined,
    near_miss,
    shown,
    unknown,
)

_KEYS = ("name", "options", "users", "groups")


@dataclass(frozen=True, slots=True)
class Audience:
    """Users and groups, as the user named them."""

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.users or self.groups)

    def __or__(self, other: Audience) -> Audience:
        return Audience(_unique(self.users + other.users), _unique(self.groups + other.groups))

    def same_as(self, other: Audience) -> bool:
        """Compare without regard to order and case."""
        return self._folded() == other._folded()

    def _folded(self) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(map(str.casefold, self.users)), frozenset(map(str.casefold, self.groups))


@dataclass(frozen=True, slots=True)
class Choice:
    """A feature with the options and the audience chosen for it."""

    feature: Feature
    options: tuple[str, ...]
    audience: Audience


def choose(
    catalogue: Catalogue,
    features: object,
    *,
    options: object = None,
    users: object = None,
    groups: object = None,
) -> list[Choice]:
    """Check what was chosen and return it in the order of the catalogue."""
    entries = _entries(catalogue, _items(features, "features"))
    common = Audience(_names(users, "users"), _names(groups, "groups"))
    shared = _common_options(catalogue, _names(options, "options"), [entry["name"] for entry in entries])
    choices = [_choice(catalogue, entry, shared, common) for entry in entries]
    order = list(catalogue.features)
    return sorted(choices, key=lambda choice: order.index(choice.feature.name))


def scopes_of(catalogue: Catalogue, choices: t.Iterable[Choice]) -> list[str]:
    """Unite the scopes of choices: the base first, then feature by feature with its options."""
    scopes = list(catalogue.base_scopes)
    for choice in choices:
        scopes.extend(choice.feature.scopes)
        for option in choice.options:
            scopes.extend(choice.feature.options[option])
    return list(dict.fromkeys(scopes))


def per_feature(choices: t.Iterable[Choice]) -> list[Choice]:
    """Unite the options of a feature that was chosen more than once; audiences play no part."""
    united: dict[str, Choice] = {}
    for choice in choices:
        feature = choice.feature
        known = united.get(feature.name, choice).options
        options = tuple(option for option in feature.options if option in (*known, *choice.options))
        united[feature.name] = Choice(feature, options, Audience())
    return list(united.values())


def by_app(choices: t.Iterable[Choice]) -> dict[App, list[Choice]]:
    """Put the choices that share a client together."""
    groups: dict[App, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.feature.app, []).append(choice)
    return groups


def _entries(catalogue: Catalogue, features: t.Sequence[object]) -> list[dict[str, t.Any]]:
    known = list(catalogue.features)
    if not features:
        raise ValueError(f"No feature is chosen: name at least one of {joined(known)}.")
    entries = [_entry(item, index) for index, item in enumerate(features)]
    strangers = [entry["name"] for entry in entries if entry["name"] not in known]
    if strangers:
        raise ValueError(f"{unknown('feature', strangers, known)}: choose from {joined(known)}.")
    return entries


def _entry(item: object, index: int) -> dict[str, t.Any]:
    if isinstance(item, str):
        return {"name": item.strip()}
    if not isinstance(item, t.Mapping):
        raise ValueError(f"features[{index}] must be a feature's name or a mapping, not {shown(item)}.")
    for key in item:
        if key not in _KEYS:
            hint = near_miss(str(key), _KEYS)
            raise ValueError(f"features[{index}] has the unknown key {shown(key)}{hint}: allowed are {joined(_KEYS)}.")
    name = item.get("name")
    if not isinstance(name, str):
        raise ValueError(f"features[{index}] needs a name, the feature's, as text.")
    return {**item, "name": name.strip()}


def _common_options(catalogue: Catalogue, options: tuple[str, ...], chosen: list[str]) -> tuple[str, ...]:
    strangers = [option for option in options if option not in catalogue.options]
    if strangers:
        raise ValueError(f"{unknown('option', strangers, catalogue.options)}: {_options_known(catalogue)}.")
    for option in options:
        owners = catalogue.features_with(option)
        if not set(owners) & set(chosen):
            features = joined(dict.fromkeys(chosen))
            raise ValueError(
                f"Option '{option}' belongs to none of the chosen features ({features}): "
                f"{joined(owners)} {_have(owners)} it."
            )
    return options


def _choice(catalogue: Catalogue, entry: dict[str, t.Any], shared: tuple[str, ...], common: Audience) -> Choice:
    feature = catalogue.features[entry["name"]]
    own = _names(entry.get("options"), f"options of feature '{feature.name}'")
    for option in own:
        if option not in feature.options:
            raise ValueError(_option_refused(catalogue, feature, option))
    audience = common
    if "users" in entry or "groups" in entry:
        audience = Audience(
            _names(entry.get("users"), f"users of feature '{feature.name}'"),
            _names(entry.get("groups"), f"groups of feature '{feature.name}'"),
        )
    options = tuple(option for option in feature.options if option in own or option in shared)
    return Choice(feature, options, audience)


def _option_refused(catalogue: Catalogue, feature: Feature, option: str) -> str:
    owners = catalogue.features_with(option)
    hint = near_miss(option, feature.options) if not owners else ""
    if feature.options:
        advice = f"its options are {joined(feature.options)}"
    elif owners:
        advice = f"{joined(owners)} {_have(owners)} it"
    else:
        advice = "it has no options"
    return f"Feature '{feature.name}' has no option '{option}'{hint}: {advice}."


def _options_known(catalogue: Catalogue) -> str:
    features = [feature for feature in catalogue.features.values() if feature.options]
    if not features:
        return f"{catalogue.name} has no options"
    return joined(f"{feature.name} has {joined(feature.options)}" for feature in features)


def _have(owners: t.Sized) -> str:
    return "have" if len(owners) > 1 else "has"


def _items(value: object, what: str) -> list[object]:
    """Return a list; text is taken apart at its commas, as Ansible does with list options."""
    if value is None:
        return []
    if isinstance(value, str):
        return [item.strip() for item in value.split(",")] if value.strip() else []
    if not isinstance(value, t.Sequence):
        raise ValueError(f"The {what} must be a list, not {shown(value)}.")
    return list(value)


def _names(value: object, what: str) -> tuple[str, ...]:
    names = []
    for item in _items(value, what):
        if not isinstance(item, str) or not item.strip():
            raise ValueError(f"The {what} must be names, not {shown(item)}.")
        names.append(item.strip())
    return _unique(names)


def _unique(names: t.Iterable[str]) -> tuple[str, ...]:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    return tuple(folded.values())
