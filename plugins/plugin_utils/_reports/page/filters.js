/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Search and filters: their form, and their place in the address.

const EMPTY = { tenant: 0, query: "", status: "", risk: "", drift: false };

const STATUSES = [
  ["", "Any status"], ["as_declared", "As declared"], ["drift", "Drift"], ["incomplete", "Incomplete"], ["missing", "− Missing"], ["extra", "+ Extra"],
  ["changed", "~ Changed"], ["undeclared", "Undeclared"],
];
const LEVELS = [
  ["", "Any risk"], ["unknown", "Unknown and above"], ["medium", "Medium and above"], ["high", "High and above"], ["critical", "Critical only"],
];

/** The address's fragment as filters; what it does not know stays as it is by default. */
function readFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  const one = (name, choices) => (choices.some(([value]) => value === given.get(name)) ? given.get(name) : "");
  const tenant = REPORT.tenants.findIndex((item) => item.name === given.get("tenant"));
  return {
    tenant: Math.max(tenant, 0),
    query: (given.get("q") || "").trim().toLowerCase(),
    status: one("status", STATUSES),
    risk: one("risk", LEVELS),
    drift: given.get("drift") === "1",
  };
}

function writeFragment(filters) {
  const given = new URLSearchParams();
  if (REPORT.tenants.length > 1) given.set("tenant", REPORT.tenants[filters.tenant].name);
  if (filters.query) given.set("q", filters.query);
  if (filters.status) given.set("status", filters.status);
  if (filters.risk) given.set("risk", filters.risk);
  if (filters.drift) given.set("drift", "1");
  history.replaceState(null, "", given.toString() === "" ? "#" : `#${given}`);
}

/** The form; calls `changed` with the filters. Returns what shows filters in the form and says what is found. */
function filterForm(form, changed) {
  const choice = (id, label, options) => {
    const select = el("select", { id }, ...options.map(([value, text]) => el("option", { value }, text)));
    return [select, el("div", { className: "field" }, el("label", { for: id }, label), select)];
  };
  const [tenant, tenantField] = choice("tenant", "Tenant", REPORT.tenants.map((item, place) => [String(place), `${item.name} – ${item.word}`]));
  const [status, statusField] = choice("status", "Status", STATUSES);
  const [risk, riskField] = choice("risk", "Risk", LEVELS);
  const query = el("input", { id: "query", type: "search", placeholder: "App, permission or user", autocomplete: "off", spellcheck: "false" });
  const drift = el("input", { id: "drift", type: "checkbox" });
  const reset = el("button", { type: "button", className: "reset", on: { click: () => { changed({ ...EMPTY, tenant: Number(tenant.value) }, true); query.focus(); } } }, "Clear");
  const found = el("output", { id: "found", "aria-live": "polite" });
  const current = () => ({
    tenant: Number(tenant.value), query: query.value.trim().toLowerCase(), status: status.value, risk: risk.value, drift: drift.checked,
  });
  form.append(
    el("div", { className: "field grow" }, el("label", { for: "query" }, "Search"), query),
    ...(REPORT.tenants.length > 1 ? [tenantField] : []), statusField, riskField,
    el("div", { className: "field check" }, drift, el("label", { for: "drift" }, "Only drift")), reset, found,
  );
  form.addEventListener("input", () => changed(current()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  return {
    show(filters) {
      tenant.value = String(filters.tenant);
      if (current().query !== filters.query) query.value = filters.query;
      status.value = filters.status;
      risk.value = filters.risk;
      drift.checked = filters.drift;
    },
    say(text, filtered) {
      if (found.textContent !== text) found.textContent = text;
      reset.disabled = !filtered;
    },
  };
}
