/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Apps with consent that no declaration names, the riskiest first.

function undeclaredTable(tenant, selection) {
  const apps = selection.apps.map((found) => found.app).filter((app) => app.status === "undeclared");
  const rows = apps.map((app) => el("tr", {},
    el("th", { scope: "row" }, el("bdi", { textContent: app.name }), app.name === app.id ? "" : el("code", { className: "id", textContent: app.id })),
    el("td", {}, riskBadge(app.risk) || "–"),
    el("td", {}, app.holders, app.enabled === false ? el("span", { className: "flags", textContent: " sign-in disabled" }) : ""),
    el("td", { className: "permissions" }, ...permissionChips(tenant, cellsOf(tenant, app, false))),
    el("td", { className: "permissions" }, ...permissionChips(tenant, cellsOf(tenant, app, true))),
    el("td", {}, app.owner ? el("code", { textContent: app.owner }) : "–")));
  const table = el("table", { className: "plain" },
    el("thead", {}, el("tr", {}, ...["App", "Risk", "Consent for", "On behalf of users", "As itself", "Owner tenant"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {}, ...rows));
  return { table, number: apps.length };
}
