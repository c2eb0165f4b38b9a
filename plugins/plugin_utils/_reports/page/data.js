/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// The report, prepared for searching. plugin_utils/_reports/page_data.py makes what stands in the page.

const REPORT = JSON.parse(document.getElementById("report-data").textContent);

// Places in a cell.
const COLUMN = 0, ALL = 1, USERS = 2, MISSING_ALL = 3, MISSING_USERS = 4, EXTRA_ALL = 5, EXTRA_USERS = 6, INHERITED = 7;

/** Adds what is compared while searching, once for each tenant that is looked at. */
function prepare(tenant) {
  if (tenant.prepared) return tenant;
  for (const column of tenant.columns) column.find = `${column.scope}\n${column.resource}${column.tier_0 ? "\ntier 0" : ""}`.toLowerCase();
  for (const app of tenant.apps) {
    app.tier_0 = app.cells.some((cell) => cell[ALL] && tenant.columns[cell[COLUMN]].tier_0);
    app.find = `${app.name}\n${app.id}\n${app.owner}`.toLowerCase();
    for (const group of app.groups) {
      const texts = [...group.title.map((piece) => piece[1]), ...(group.missing || []), ...(group.extra || [])];
      group.find = texts.concat(group.settings.flat().map((piece) => piece[1])).join("\n").toLowerCase();
      group.lower = group.members.map((member) => `${member[0]}\n${member[1]}`.toLowerCase());
    }
  }
  tenant.prepared = true;
  return tenant;
}

function hasMark(cell) {
  return Boolean(cell[MISSING_ALL] || cell[MISSING_USERS] || cell[EXTRA_ALL] || cell[EXTRA_USERS]);
}

function riskLevel(risk) {
  return REPORT.risks.indexOf(risk);
}

/** What is left of a tenant by the filters: apps in their order, columns by place. */
function select(tenant, filters) {
  const least = riskLevel(filters.risk);
  const context = {
    filters,
    columns: tenant.columns,
    inRisk: (risk) => riskLevel(risk) >= least,
    inQuery: tenant.columns.map((column) => filters.query !== "" && column.find.includes(filters.query)),
  };
  const shown = tenant.apps.map((app) => selectApp(app, context)).filter((found) => found !== null);
  return { apps: shown, columns: new Set(shown.flatMap((found) => found.columns)) };
}

const DIFFERENCES = ["missing", "extra", "changed"];

function selectApp(app, { filters, columns, inRisk, inQuery }) {
  const byDifference = DIFFERENCES.includes(filters.status);
  if (!byDifference && filters.status !== "" && app.status !== filters.status) return null;
  const wanted = app.groups.filter((group) => (!byDifference || group.status === filters.status) && inRisk(group.risk));
  if ((filters.drift || byDifference) && wanted.length === 0) return null;
  let groups = wanted.map((group) => ({ group, members: null }));
  let cells = app.cells.filter((cell) => inRisk(columns[cell[COLUMN]].risk) && (!filters.drift || hasMark(cell)));
  if (filters.query !== "" && !app.find.includes(filters.query)) {
    groups = wanted.map((group) => matching(group, filters.query)).filter((item) => item !== null);
    const touched = new Set(groups.flatMap(({ group }) => (group.missing || []).concat(group.extra || [])));
    const meant = cells.filter((cell) => inQuery[cell[COLUMN]]);
    cells = meant.length > 0 ? meant : cells.filter((cell) => hasMark(cell) && touched.has(columns[cell[COLUMN]].scope));
    if (cells.length === 0 && groups.length === 0) return null;
  }
  if (filters.risk !== "" && cells.length === 0 && groups.length === 0) return null;
  return { app, groups, columns: cells.map((cell) => cell[COLUMN]) };
}

/** A group by its own words, or with those of its members that are meant. */
function matching(group, query) {
  if (group.find.includes(query)) return { group, members: null };
  const members = [];
  group.lower.forEach((text, place) => {
    if (text.includes(query)) members.push(place);
  });
  return members.length > 0 ? { group, members } : null;
}
