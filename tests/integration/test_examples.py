# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation is run: every example of every module, and every result against RETURN."""

from __future__ import annotations

import typing as t

import pytest

from integration.documented import documentation, is_documented
from integration.runner import JSON, ROOT, Result, Task, task, tolerated
from integration.tenant import (
    ADA,
    CRM,
    GRAPH,
    LEAD,
    OUTLOOK,
    TEAMS,
    TO_DO,
    Tenant,
    assignment,
    grant,
    service_principal,
)
from integration.test_failures import fault

if t.TYPE_CHECKING:
    from entra_simulator.testing import SimulatedTenant

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))


@pytest.fixture(scope="module")
def results(
    simulated: SimulatedTenant, initial: JSON, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Result]]:
    """The results of each module's examples. All are tasks of one play, in the order of the pages."""
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("examples"))
    tenant.seed(
        service_principals=[service_principal(app_id) for app_id in (OUTLOOK, TEAMS, TO_DO)],
        grants=[grant(OUTLOOK, " openid", LEAD), grant(OUTLOOK, "Crm.Read", ADA, resource=CRM)],
        assignments=[
            assignment(OUTLOOK, ADA),
            assignment(OUTLOOK, "Jira mail users"),
            assignment(GRAPH, TO_DO, "User.Read.All"),
        ],
    )
    examples: list[tuple[str, Task]] = [
        (module, one) for module in MODULES for one in documentation(module, "EXAMPLES")
    ]
    run = tenant.play(*[one for _module, one in examples])
    assert len(run.results) == len(examples)
    found: dict[str, list[Result]] = {module: [] for module in MODULES}
    for (module, _one), result in zip(examples, run, strict=True):
        found[module].append(result)
    return found


@pytest.fixture(scope="module")
def failures(
    simulated: SimulatedTenant, initial: JSON, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Result]]:
    """Results of tasks that fail: by what is declared, by a refused read, by refused writes."""
    tenant = Tenant(simulated, initial, tmp_path_factory.mktemp("failing"))
    tenant.seed(service_principals=[service_principal(OUTLOOK)])
    tenant.simulated.faults([fault(method, "/v1.0/(?!.batch)", 403) for method in ("POST", "PATCH")])
    tenant.simulated.faults([fault("GET", f"/servicePrincipals.*{TEAMS}", 403)])
    people: JSON = {"users": [ADA]}
    calls: dict[str, list[JSON]] = {
        "app_role_assignment": [{"app_id": app_id, **people} for app_id in (OUTLOOK, TEAMS, "x")],
        "app_role_assignment_info": [{"app_id": app_id} for app_id in (TEAMS, "x")],
        "application_permission_grant": [
            {"app_id": app_id, "app_roles": ["User.Read.All"]} for app_id in (OUTLOOK, TEAMS, "x")
        ],
        "application_permission_grant_info": [{"app_id": app_id} for app_id in (TEAMS, "x")],
        # The client secret of the environment would do; the token is none.
        "caller_info": [{"access_token": "x"}],
        "delegated_permission_grant": [
            {"app_id": app_id, "scopes": ["openid"], **people} for app_id in (OUTLOOK, TEAMS, "x")
        ],
        "delegated_permission_grant_info": [{"app_id": app_id} for app_id in (TEAMS, "x")],
        "service_principal": [{"app_id": app_id, "notes": "x"} for app_id in (OUTLOOK, TEAMS, "x")],
        "service_principal_info": [{"app_ids": [app_id]} for app_id in (TEAMS, "x")],
        "tenant_consent_info": [{"app_ids": [app_id]} for app_id in (TEAMS, "x")],
        "tenant_consent": [{"apps": [{"app_id": app_id, "notes": "x"}]} for app_id in (OUTLOOK, TEAMS, "x")],
    }
    flat = [(module, options) for module, several in calls.items() for options in several]
    run = tenant.play(*[tolerated(task(module, **options)) for module, options in flat])
    found: dict[str, list[Result]] = {module: [] for module in MODULES}
    for (module, _options), result in zip(flat, run, strict=True):
        found[module].append(result)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_examples_run_and_return_what_is_documented(module: str, results: dict[str, list[Result]]) -> None:
    documented = documentation(module, "RETURN")
    always = {name for name, spec in documented.items() if spec["returned"].startswith(("success", "always"))}
    assert results[module]
    for result in results[module]:
        assert result.status == "ok"
        # Other keys come with some of the options only.
        sometimes = {name for name, spec in documented.items() if spec["returned"].startswith("with")}
        assert is_documented(module, result).keys() - sometimes == always


@pytest.mark.parametrize("module", MODULES)
def test_objects_have_all_documented_keys(module: str, results: dict[str, list[Result]]) -> None:
    """Keys do not come and go; only those of changes may be left out, and each of those occurs somewhere."""
    documented = documentation(module, "RETURN")
    for name, spec in documented.items():
        if "contains" not in spec or spec["returned"].startswith("when"):
            continue
        values = [result.data[name] for result in results[module] if result.data.get(name) is not None]
        objects = [item for value in values for item in (value if isinstance(value, list) else [value])]
        assert objects, f"no example returns {name}"
        occurring = {key for item in objects for key in item}
        if name == "changes":
            assert spec["contains"].keys() == occurring
        else:
            assert all(item.keys() == spec["contains"].keys() for item in objects)


@pytest.mark.parametrize("module", MODULES)
def test_failures_return_what_is_documented(module: str, failures: dict[str, list[Result]]) -> None:
    documented = documentation(module, "RETURN")
    when = {name for name, spec in documented.items() if spec["returned"].startswith("when")}
    assert all(result.failed for result in failures[module])
    assert {name for result in failures[module] for name in is_documented(module, result) if name in when} == when
