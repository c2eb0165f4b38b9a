/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Apps with consent that no declaration names, the riskiest first.

const SCOPES_AT_ONCE = 12;

function undeclaredTable(tenant, selection) {
  const apps = selection.apps.map((found) => found.app).filter((app) => app.status === "undeclared");
  const rows = apps.map((app) => el("tr", {},
    el("th", { scope: "row" }, el("bdi", { textContent: app.name }), app.name === app.id ? "" : el("code", { className: "id", textContent: app.id })),
    el("td", {}, riskBadge(app.risk) || "–"),
    el("td", {}, app.holders, app.enabled === false ? el("span", { className: "flags", textContent: " sign-in disabled" }) : ""),
    el("td", { className: "permissions" }, ...scopesOf(tenant, app)),
    el("td", {}, app.owner ? el("code", { textContent: app.owner }) : "–")));
  const table = el("table", { className: "plain" },
    el("thead", {}, el("tr", {}, ...["App", "Risk", "Consent for", "Permissions", "Owner tenant"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {}, ...rows));
  return { table, number: apps.length };
}

/** The riskiest scopes as chips, the others behind a button. */
function scopesOf(tenant, app) {
  const columns = app.cells.map((cell) => tenant.columns[cell[COLUMN]]).sort((one, other) => riskLevel(other.risk) - riskLevel(one.risk));
  const list = el("ul", { className: "chips", "aria-label": "Permissions" });
  const chip = (column) => el("li", { className: `chip ${column.risk || "unknown"}`, title: column.resource },
    el("b", { "aria-hidden": "true", textContent: LETTERS[column.risk || "unknown"] }), " ", el("code", { textContent: column.scope }),
    el("span", { className: "hide", textContent: `, ${column.risk || "unknown"} risk` }));
  list.append(...columns.slice(0, SCOPES_AT_ONCE).map(chip));
  const rest = columns.slice(SCOPES_AT_ONCE);
  if (rest.length === 0) return [list];
  const more = el("button", { type: "button", className: "more", on: { click: () => { list.append(...rest.map(chip)); more.remove(); } } }, `and ${rest.length} more`);
  return [list, more];
}
