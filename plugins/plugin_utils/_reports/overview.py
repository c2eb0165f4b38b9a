# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tenants' reports → one over all. PRIVATE to tenantops.entra. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.tenantops.entra.plugins.plugin_utils._reports import shape

if t.TYPE_CHECKING:
    from ansible_collections.tenantops.entra.plugins.plugin_utils._reports.shape import JSON


def overview(reports: object, purpose: object, generated_at: object) -> JSON:
    """The worst status, the sums, and the reports in their order. Raises shape.ReportError."""
    tenants = shape.plain_tenants(reports)
    if purpose not in shape.PURPOSES:
        raise shape.ReportError(f"The purpose of an overview is one of {', '.join(shape.PURPOSES)}, not '{purpose}'.")
    names = [tenant["tenant"] for tenant in tenants]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise shape.ReportError(f"There are two consent reports of the tenant '{twice[0]}': give the newer one only.")
    return {
        "schema_version": shape.SCHEMA_VERSION,
        "kind": "overview",
        "generated_at": shape.time(generated_at),
        "purpose": str(purpose),
        "status": max((tenant["status"] for tenant in tenants), key=shape.STATUSES.index),
        "counts": {name: sum(tenant["counts"][name] for tenant in tenants) for name in shape.COUNTS.required},
        "tenants": tenants,
    }
