/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// What an app has, the riskiest first, as chips; what is too much for a look is behind a button.

const PERMISSIONS_AT_ONCE = 12;

/** An app's cells: of what it may do as itself, or on behalf of users; tier 0 first, then the riskiest. */
function cellsOf(tenant, app, asItself) {
  const column = (cell) => tenant.columns[cell[COLUMN]];
  return app.cells.filter((cell) => Boolean(column(cell).as_itself) === asItself)
    .sort((one, other) => Boolean(column(other).tier_0) - Boolean(column(one).tier_0) || riskLevel(column(other).risk) - riskLevel(column(one).risk));
}

function permissionChip(column, inherited) {
  const risk = column.risk || "unknown";
  return el("li", { className: `chip ${risk}`, title: column.resource },
    el("b", { "aria-hidden": "true", textContent: column.tier_0 ? `${LETTERS[risk]} T0` : LETTERS[risk] }), " ", el("code", { textContent: column.scope }),
    inherited ? el("span", { className: "inherited", textContent: " inherited" }) : "",
    el("span", { className: "hide", textContent: `, ${column.tier_0 ? "tier 0, " : ""}${risk} risk` }));
}

function permissionChips(tenant, cells) {
  if (cells.length === 0) return ["–"];
  const list = el("ul", { className: "chips", "aria-label": "Permissions" });
  const chip = (cell) => permissionChip(tenant.columns[cell[COLUMN]], cell[INHERITED]);
  list.append(...cells.slice(0, PERMISSIONS_AT_ONCE).map(chip));
  const rest = cells.slice(PERMISSIONS_AT_ONCE);
  if (rest.length === 0) return [list];
  const more = el("button", { type: "button", className: "more", on: { click: () => { list.append(...rest.map(chip)); more.remove(); } } }, `and ${rest.length} more`);
  return [list, more];
}
