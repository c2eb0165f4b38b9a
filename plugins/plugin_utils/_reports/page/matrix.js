/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Apps × permissions: a grid in which the arrow keys move, and a line that says what a cell means.

const PRINTED_COLUMNS = 18;
// Rows that fill a window; those below follow a moment later, so that typing is never held up.
const ROWS_AT_ONCE = 25;

/** A number in the room of three characters. */
function short(number) {
  if (number < 1000) return String(number);
  return number < 10000 ? `${(Math.floor(number / 100) / 10).toString()}k` : `${Math.floor(number / 1000)}k`;
}

function holdersOf(all, users) {
  if (!all) return users ? counted(users, "user") : "nobody";
  return users ? `all users, and ${counted(users, "user")} on their own` : "all users";
}

/** The same of what an app may do as itself. */
function ownWords(cell) {
  return cell[ALL] ? "the app itself, without a user" : "not held";
}

/** What a cell says, in words. */
function cellWords(cell, column) {
  const said = [column.as_itself ? ownWords(cell) : holdersOf(cell[ALL], cell[USERS])];
  if (cell[INHERITED]) said.push("inherited from its blueprint");
  if (column.tier_0) said.push(`tier 0: ${column.tier_0}`);
  if (column.risk !== null) said.push(`${column.risk} risk`);
  if (column.admin) said.push("needs an admin's consent");
  if (column.as_itself) return said.concat(cell[MISSING_ALL] ? ["missing"] : [], cell[EXTRA_ALL] ? ["extra"] : []).join(", ");
  if (cell[MISSING_ALL] || cell[MISSING_USERS]) said.push(`missing for ${holdersOf(cell[MISSING_ALL], cell[MISSING_USERS])}`);
  if (cell[EXTRA_ALL] || cell[EXTRA_USERS]) said.push(`extra for ${holdersOf(cell[EXTRA_ALL], cell[EXTRA_USERS])}`);
  return said.join(", ");
}

function cellMark(cell) {
  const missing = cell[MISSING_ALL] || cell[MISSING_USERS];
  const extra = cell[EXTRA_ALL] || cell[EXTRA_USERS];
  return missing && extra ? "changed" : missing ? "missing" : extra ? "extra" : "";
}

function tile(cell, column) {
  const held = cell[ALL] || cell[USERS];
  const who = column.as_itself ? (column.tier_0 ? "T0" : "app") : cell[ALL] ? (cell[USERS] ? "all+" : "all") : short(cell[USERS]);
  const text = held ? `${who}${cell[INHERITED] ? "↑" : ""}` : "";
  const status = cellMark(cell);
  const letter = LETTERS[column.risk || "unknown"];
  // Two lines of one text: there are thousands of tiles, and each element more is felt while filtering.
  return el("span", { className: `tile ${held ? column.risk || "unknown" : "nobody"}`, "aria-hidden": "true" },
    held ? `${text}\n${letter}` : letter, status ? mark(status) : "");
}

function assignedWords(app) {
  if (!app.assigned) return app.holders;
  const [users, groups] = app.assigned;
  return [users || !groups ? counted(users, "user") : "", groups ? counted(groups, "group") : ""].filter((part) => part !== "").join(", ");
}

/** As words, and in the same words for the eye with marks. */
function assignedDrift(app) {
  return ["missing", "extra"].filter((side) => app.assigned_drift && app.assigned_drift[side] > 0)
    .map((side) => [side, `${app.assigned_drift[side].toLocaleString("en")} ${side}`]);
}

function assignedCell(app) {
  const cell = el("td", { className: "assigned", tabIndex: -1 }, assignedWords(app));
  for (const [side, text] of assignedDrift(app)) cell.append(el("span", { className: "differs" }, mark(side), ` ${text}`));
  return cell;
}

function appFlags(app) {
  const flags = [];
  if (!app.exists) flags.push("not in the tenant");
  else if (app.enabled === false) flags.push("sign-in disabled");
  if (app.assignment_required) flags.push("assignment required");
  if (app.settings_differ) flags.push("settings differ");
  return flags.join(", ");
}

function rowHead(app) {
  return el("th", { scope: "row", tabIndex: -1 }, el("span", { className: "app" }, el("bdi", { textContent: app.name })),
    el("span", { className: "under" }, pill(app.status), riskBadge(app.risk), app.tier_0 ? tierBadge() : "", el("span", { className: "flags", textContent: appFlags(app) })));
}

function apiHead(column) {
  const own = column.as_itself ? el("b", { textContent: "As itself" }) : "";
  return el("th", { scope: "colgroup", className: column.as_itself ? "api own" : "api", title: `${column.resource}${own ? ": what apps may do as themselves, without a user" : ""}` },
    el("span", {}, own, own ? " " : "", column.resource));
}

/** The table of these columns. `cells` has the elements: by row, the first two are the app and who is assigned. */
function buildTable(tenant, apps, places) {
  const position = new Map(places.map((place, index) => [place, index + 2]));
  const heads = places.map((place) => {
    const column = tenant.columns[place];
    const facts = [column.resource, column.as_itself ? "as itself, without a user" : "", column.tier_0 ? "tier 0" : "", column.admin ? "needs an admin's consent" : ""];
    return el("th", { scope: "col", className: `scope${column.as_itself ? " own" : ""}`, title: `${column.scope} – ${facts.filter((part) => part !== "").join(", ")}` },
      el("span", { textContent: column.scope }));
  });
  const apis = [];
  for (const place of places) {
    const column = tenant.columns[place];
    const last = apis[apis.length - 1];
    if (last && last.api === column.api && last.own === column.as_itself) last.places.push(place);
    else apis.push({ api: column.api, own: column.as_itself, places: [place], head: apiHead(column) });
  }
  for (const api of apis) {
    api.head.colSpan = api.places.length;
    heads[places.indexOf(api.places[0])].classList.add("first");
  }
  const firsts = new Set(apis.map((api) => api.places[0]));
  const classes = tenant.columns.map((column, place) => [firsts.has(place) ? "first" : "", column.as_itself ? "own" : ""].filter((name) => name !== "").join(" "));
  const blanks = new Map(classes.map((name) => [name, el("td", { tabIndex: -1, className: name, "aria-label": "not granted" })]));
  const cells = [];
  const rows = apps.map((app) => {
    const row = [rowHead(app), assignedCell(app)];
    for (const place of places) row.push(blanks.get(classes[place]).cloneNode());
    for (const cell of app.cells) {
      if (!position.has(cell[COLUMN])) continue;
      const element = row[position.get(cell[COLUMN])];
      const column = tenant.columns[cell[COLUMN]];
      element.append(tile(cell, column));
      element.setAttribute("aria-label", cellWords(cell, column));
    }
    cells.push(row);
    return el("tr", { className: app.status }, ...row);
  });
  const table = el("table", { className: "matrix" },
    el("thead", {},
      el("tr", {}, el("th", { scope: "col", className: "corner" }, "App"), el("th", { scope: "col", className: "corner" }, "Assigned"), ...apis.map((api) => api.head)),
      el("tr", {}, el("td", { className: "corner" }), el("td", { className: "corner" }), ...heads)),
    el("tbody", {}, ...rows));
  return { table, rows, cells, heads, apis };
}

/** The matrix of a tenant; `update` shows what a selection leaves, `open` is called with the app on Enter. */
function matrix(tenant, open) {
  const places = tenant.columns.map((_, place) => place);
  const { table, rows, cells, heads, apis } = buildTable(tenant, tenant.apps, places);
  const line = el("p", { className: "line" }, "Point at a cell, or go there with the arrow keys, and it is told here in words. Enter goes to the app's differences.");
  const shown = places.map(() => true);
  let active = [0, 0];
  let later = 0;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-labelledby", "matrix-title");
  table.setAttribute("aria-describedby", "matrix-help");
  const where = new Map(cells.flatMap((row, r) => row.map((cell, c) => [cell, [r, c]])));

  function say([r, c]) {
    const app = tenant.apps[r];
    const column = c < 2 ? null : tenant.columns[c - 2];
    const what = column === null ? (c === 0 ? [app.id, app.owner ? `owner tenant ${app.owner}` : "", appFlags(app)].filter((part) => part !== "").join(", ") : ["assigned to " + assignedWords(app), ...assignedDrift(app).map(([, text]) => text)].join(", "))
      : cells[r][c].getAttribute("aria-label");
    line.replaceChildren(el("strong", {}, el("bdi", { textContent: app.name })), column ? " · " : "",
      column ? el("code", { textContent: column.scope }) : "", column ? ` on ${column.resource}${column.as_itself ? ", as itself" : ""}` : "", `: ${what}`);
  }
  function activate([r, c], focus) {
    cells[active[0]][active[1]].tabIndex = -1;
    active = [r, c];
    const cell = cells[r][c];
    cell.tabIndex = 0;
    if (focus) {
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
  const rowShown = (r) => !rows[r].hidden;
  const cellShown = (c) => c < 2 || shown[c - 2];
  /** The next that is shown, from a place, in steps of 1 or -1; the place itself if there is none. */
  function next(place, step, length, isShown) {
    for (let at = place + step; at >= 0 && at < length; at += step) if (isShown(at)) return at;
    return place;
  }
  function first(length, isShown) {
    return next(-1, 1, length, isShown);
  }
  table.addEventListener("keydown", (event) => {
    const [r, c] = active;
    const width = cells[r].length;
    const moves = {
      ArrowRight: () => [r, next(c, 1, width, cellShown)],
      ArrowLeft: () => [r, next(c, -1, width, cellShown)],
      ArrowDown: () => [next(r, 1, rows.length, rowShown), c],
      ArrowUp: () => [next(r, -1, rows.length, rowShown), c],
      Home: () => [event.ctrlKey ? first(rows.length, rowShown) : r, 0],
      End: () => [event.ctrlKey ? next(rows.length, -1, rows.length, rowShown) : r, next(width, -1, width, cellShown)],
    };
    if (event.key === "Enter") open(tenant.apps[r]);
    else if (moves[event.key] && !event.altKey && !event.metaKey) activate(moves[event.key](), true);
    else return;
    event.preventDefault();
  });
  const placeOf = (event) => where.get(event.target.closest("tbody th, tbody td"));
  table.addEventListener("focusin", (event) => {
    const place = placeOf(event);
    if (place) { activate(place, false); say(place); }
  });
  table.addEventListener("pointerover", (event) => { const place = placeOf(event); if (place) say(place); });
  table.addEventListener("dblclick", (event) => { const place = placeOf(event); if (place) open(tenant.apps[place[0]]); });

  function update(selection) {
    const left = new Set(selection.apps.map((found) => found.app));
    const wanted = rows.filter((row, r) => left.has(tenant.apps[r]));
    clearTimeout(later);
    const now = new Set(wanted.slice(0, ROWS_AT_ONCE));
    // Rows that are there may stay, unless all of them are laid out anew anyway.
    const anew = places.some((place) => shown[place] !== selection.columns.has(place));
    rows.forEach((row, r) => { row.hidden = !now.has(row) && (anew || row.hidden || !left.has(tenant.apps[r])); });
    const rest = wanted.slice(ROWS_AT_ONCE);
    if (rest.length > 0) later = setTimeout(() => rest.forEach((row) => { row.hidden = false; }), 30);
    for (const place of places) {
      const visible = selection.columns.has(place);
      if (visible === shown[place]) continue;
      shown[place] = visible;
      heads[place].hidden = !visible;
      for (const row of cells) row[place + 2].hidden = !visible;
    }
    for (const api of apis) {
      const span = api.places.filter((place) => shown[place]).length;
      api.head.hidden = span === 0;
      api.head.colSpan = Math.max(span, 1);
    }
    if (rows.length > 0 && (!rowShown(active[0]) || !cellShown(active[1])) && left.size > 0) activate([first(rows.length, rowShown), 0], false);
  }
  if (rows.length > 0) activate([0, 0], false);
  return { table, line, update };
}

/** For paper: the same in tables of few columns each. */
function printedMatrix(tenant, selection) {
  const places = [...selection.columns].sort((one, other) => one - other);
  const apps = selection.apps.map((found) => found.app);
  const tables = [];
  for (let begin = 0; begin < Math.max(places.length, 1); begin += PRINTED_COLUMNS) {
    tables.push(buildTable(tenant, apps, places.slice(begin, begin + PRINTED_COLUMNS)).table);
  }
  return tables;
}
