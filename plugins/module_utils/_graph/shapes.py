# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Graph documents as the success of a request, as far as we read it. PRIVATE to tenantops.entra.

A proxy, a log-in page or a cut body may answer anything. What does not fit here is not Graph's answer, and nobody above has
to think of it. Properties that we don't read may be anything: Graph's types are open.
"""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check: t.TypeAlias = Callable[[object], bool]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """An object.

    :ivar properties: what each one must be; one that is missing counts as null.
    :ivar rule: what must hold between them.
    """

    properties: Mapping[str, Check]
    rule: Callable[[dict[str, t.Any]], bool] | None = None

    def fault(self, value: object) -> str | None:
        """Why a value is no such object, completing "… has "; None if it is one."""
        if type(value) is not dict:
            return "something that is no object"
        for name, is_right in self.properties.items():
            if not is_right(value.get(name)):
                return f"no proper {name}"
        if self.rule is not None and not self.rule(value):
            return "properties that contradict each other"
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class Success:
    """How Graph answers a request that it carries out.

    :ivar shape: of the object, or of each object in a list; None: there is no content.
    :ivar counted: the first page tells how many objects the whole list has.
    :ivar where: texts that each object must have (whatever their case), because the request asked for just these.
    """

    status: int
    shape: Shape | None = None
    is_list: bool = False
    counted: bool = False
    where: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def wanted(self) -> str:
        return "no content" if self.shape is None else "a list" if self.is_list else "an object"


def one(status: int, shape: Shape, **where: str) -> Success:
    """An object."""
    return Success(status, shape, where=where)


def many(shape: Shape, **where: str) -> Success:
    """A list, page by page."""
    return Success(200, shape, is_list=True, where=where)


def counted(shape: Shape) -> Success:
    """A list that is asked for with its count."""
    return Success(200, shape, is_list=True, counted=True)


DONE = Success(204)


# Values


def _key(value: object) -> bool:
    return type(value) is str and value != ""


def _maybe_key(value: object) -> bool:
    return value is None or (type(value) is str and value != "")


def _maybe_text(value: object) -> bool:
    return value is None or type(value) is str


def _maybe_flag(value: object) -> bool:
    return value is None or type(value) is bool


def _texts(value: object) -> bool:
    return value is None or (type(value) is list and all(type(item) is str for item in value))


def _maybe(shape: Shape) -> Check:
    return lambda value: value is None or shape.fault(value) is None


def _each(shape: Shape) -> Check:
    return lambda value: value is None or (type(value) is list and all(shape.fault(item) is None for item in value))


# Objects

GROUP = Shape({"id": _key, "displayName": _maybe_text, "visibility": _maybe_text})
USER = Shape({"id": _key, "userPrincipalName": _maybe_text, "displayName": _maybe_text})
SERVICE_PRINCIPAL = Shape(
    {
        "id": _key,
        "appId": _key,
        "displayName": _maybe_text,
        "accountEnabled": _maybe_flag,
        "appRoleAssignmentRequired": _maybe_flag,
        "tags": _texts,
        "notes": _maybe_text,
        "notificationEmailAddresses": _texts,
        "alternativeNames": _texts,
        "appOwnerOrganizationId": _maybe_text,
        "servicePrincipalType": _maybe_text,
        "disabledByMicrosoftStatus": _maybe_text,
        "appRoles": _each(
            Shape({"id": _key, "value": _maybe_text, "isEnabled": _maybe_flag, "allowedMemberTypes": _texts})
        ),
        "oauth2PermissionScopes": _each(Shape({"value": _maybe_text, "isEnabled": _maybe_flag, "type": _maybe_text})),
        "deletedDateTime": _maybe_text,
    }
)
# Of a directoryObject that is restored we read nothing but that it is one.
DIRECTORY_OBJECT = Shape({"id": _key})
# A grant without principalId is for everybody: nothing may turn one person's into that.
GRANT = Shape(
    {
        "id": _key,
        "clientId": _key,
        "consentType": _key,
        "principalId": _maybe_key,
        "resourceId": _key,
        "scope": _maybe_text,
    },
    rule=lambda grant: grant["consentType"] == ("AllPrincipals" if grant.get("principalId") is None else "Principal"),
)
ASSIGNMENT = Shape(
    {
        "id": _key,
        "appRoleId": _key,
        "principalId": _key,
        "principalType": _key,
        "principalDisplayName": _maybe_text,
        "resourceId": _key,
    }
)
ORGANIZATION = Shape(
    {
        "id": _maybe_key,
        "displayName": _maybe_text,
        "verifiedDomains": _each(Shape({"name": _maybe_text, "isDefault": _maybe_flag})),
    }
)
_ACTOR = Shape(
    {
        "userPrincipalName": _maybe_text,
        "displayName": _maybe_text,
        "appId": _maybe_text,
    }
)
AUDIT_ENTRY = Shape(
    {
        "id": _key,
        "activityDisplayName": _maybe_text,
        "activityDateTime": _maybe_text,
        "initiatedBy": _maybe(Shape({"user": _maybe(_ACTOR), "app": _maybe(_ACTOR)})),
        "targetResources": _each(
            Shape(
                {
                    "id": _maybe_text,
                    "modifiedProperties": _each(
                        Shape({"displayName": _maybe_text, "oldValue": _maybe_text, "newValue": _maybe_text})
                    ),
                }
            )
        ),
    }
)


def batch(size: int) -> Success:
    """The answer to a batch: each response has a number that was sent, at most once, and a status."""
    sent = {str(place) for place in range(size)}
    response = Shape(
        {"id": lambda value: type(value) is str and value in sent, "status": lambda value: type(value) is int}
    )

    def responses(value: object) -> bool:
        if type(value) is not list or any(response.fault(item) is not None for item in value):
            return False
        return len({item["id"] for item in value}) == len(value)

    return one(200, Shape({"responses": responses}))
