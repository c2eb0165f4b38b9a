/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// What apps may do as themselves, without a user; those of tier 0 first, each with what it can do.

function asItselfTable(tenant, selection) {
  const found = selection.apps.map(({ app, columns }) => {
    const shown = new Set(columns);
    return { app, cells: cellsOf(tenant, app, true).filter((cell) => cell[ALL] && shown.has(cell[COLUMN])) };
  }).filter(({ cells }) => cells.length > 0);
  found.sort((one, other) => Boolean(other.app.tier_0) - Boolean(one.app.tier_0) || riskLevel(other.app.risk) - riskLevel(one.app.risk));
  const rows = found.map(({ app, cells }) => {
    const isTop = (cell) => tenant.columns[cell[COLUMN]].tier_0;
    return el("tr", {},
      el("th", { scope: "row" }, el("bdi", { textContent: app.name }), app.name === app.id ? "" : el("code", { className: "id", textContent: app.id }),
        app.status === "undeclared" ? pill(app.status) : ""),
      el("td", {}, riskBadge(app.risk) || "–"),
      el("td", { className: "permissions" }, topList(tenant, cells.filter(isTop)), ...(cells.every(isTop) ? [] : permissionChips(tenant, cells.filter((cell) => !isTop(cell))))));
  });
  const table = el("table", { className: "plain" },
    el("thead", {}, el("tr", {}, ...["App", "Risk", "Application permissions"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {}, ...rows));
  return { table, number: found.length };
}

/** Those of tier 0, each in a line that says what its holder can do. */
function topList(tenant, cells) {
  if (cells.length === 0) return "";
  return el("ul", { className: "top-list", "aria-label": "Tier 0" }, ...cells.map((cell) => {
    const column = tenant.columns[cell[COLUMN]];
    return el("li", {}, tierBadge(), " ", el("code", { textContent: column.scope, title: column.resource }), cell[INHERITED] ? " (inherited) " : " ",
      el("bdi", { textContent: column.tier_0 }));
  }));
}
