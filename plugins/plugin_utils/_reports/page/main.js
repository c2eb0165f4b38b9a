/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Puts the parts together, and shows again what the filters leave.

const place = document.getElementById("report");
let filters = readFragment();
let view = null;

function legend(tenant) {
  const signs = [
    [tenant.columns.some((column) => column.as_itself), "app", " the app itself, without a user"],
    [tenant.columns.some((column) => column.tier_0), "T0", " the same, and it can take over the tenant"],
    [tenant.apps.some((app) => app.cells.some((cell) => cell[INHERITED])), "↑", " inherited from its blueprint"],
  ];
  const risks = ["low", "medium", "high", "critical", "unknown"].map((risk) => el("li", {}, riskBadge(risk)));
  const marks = [["missing", "missing"], ["extra", "extra"], ["changed", "both"]].map(([status, text]) => el("li", {}, mark(status), ` ${text}`));
  return el("ul", { className: "legend", "aria-label": "Legend" }, ...risks, ...marks,
    el("li", {}, el("b", {}, "all"), " consent for all users"), el("li", {}, el("b", {}, "40"), " for so many users"),
    ...signs.filter(([there]) => there).map(([, sign, text]) => el("li", {}, el("b", {}, sign), text)));
}

function section(id, title, ...children) {
  const count = el("span", { className: "count" });
  const element = el("section", { className: "card", "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title, " ", count), ...children);
  return { element, count };
}

function notice(text) {
  return el("p", { className: "nothing", textContent: text });
}

function open(app) {
  const target = view.cards.get(app) || (app.status === "undeclared" ? view.undeclared.element : null);
  if (!target) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start" });
}

function problems(tenant) {
  if (tenant.problems.length === 0) return "";
  const title = tenant.status === "failed" ? "The tenant could not be read" : "A part could not be read";
  return el("section", { className: "card problems", "aria-labelledby": "problems-title" }, el("h2", { id: "problems-title" }, title),
    el("ul", {}, ...tenant.problems.map((problem) => el("li", {}, el("bdi", { textContent: problem })))));
}

/** Everything of one tenant, built once until another is chosen. */
function build(number) {
  const tenant = prepare(REPORT.tenants[number]);
  const grid = matrix(tenant, open);
  const frame = el("div", { className: "scroll matrix-frame" }, grid.table);
  const printed = el("div", { className: "printed" });
  const help = el("p", { className: "help hide", id: "matrix-help" }, "Arrow keys move, Enter goes to the app's differences.");
  const nothing = notice("No app is left by the filters.");
  const what = section("matrix", "Permissions", legend(tenant), nothing, frame, printed, grid.line, help);
  const [heading, meaning] = REPORT.as_itself;
  const ownFrame = el("div", { className: "scroll own-frame", role: "region", "aria-label": "Table of application permissions", tabIndex: 0 });
  const own = section("own", heading, el("p", { className: "repairs", textContent: meaning }), ownFrame);
  const list = el("div", { className: "cards" });
  const drift = section("drift", "Differences", tenant.repairs ? el("p", { className: "repairs", textContent: tenant.repairs }) : "", list);
  const table = el("div", { className: "scroll", role: "region", "aria-label": "Table of undeclared apps", tabIndex: 0 });
  const undeclared = section("undeclared", "Undeclared apps", el("p", { className: "repairs", textContent: "Consent that no declaration names. Apply leaves it as it is." }), table);
  const title = REPORT.tenants.length > 1
    ? el("div", { className: "tenant-title" }, el("h2", {}, el("bdi", { textContent: tenant.name }), " ", pill(tenant.status, tenant.word)),
      el("p", {}, tenant.headline, tenant.tenant_id && tenant.tenant_id !== tenant.name ? el("code", { textContent: tenant.tenant_id }) : "")) : "";
  const failed = tenant.status === "failed";
  place.replaceChildren(...[title, problems(tenant), ...(failed ? [] : [what.element, own.element, drift.element, undeclared.element])].filter((part) => part !== ""));
  return { number, tenant, grid, frame, printed, nothing, what, own, ownFrame, list, drift, table, undeclared, cards: new Map(), selection: null };
}

function update() {
  if (view === null || view.number !== filters.tenant) view = build(filters.tenant);
  const { tenant } = view;
  const selection = select(tenant, filters);
  const filtered = filters.query !== "" || filters.status !== "" || filters.risk !== "" || filters.drift;
  view.selection = selection;
  view.grid.update(selection);
  view.frame.hidden = selection.apps.length === 0;
  view.nothing.hidden = selection.apps.length > 0;
  view.nothing.textContent = tenant.apps.length > 0 ? "No app is left by the filters." : "No app is declared, and none has consent.";
  view.what.count.textContent = `${counted(selection.apps.length, "app")} × ${counted(selection.columns.size, "permission")}`;
  const own = asItselfTable(tenant, selection);
  // A report may not tell of them at all, so nothing is said of there being none.
  view.own.element.hidden = own.number === 0;
  view.ownFrame.replaceChildren(own.table);
  view.own.count.textContent = counted(own.number, "app");
  const found = differences(selection, filters);
  view.cards = found.cards;
  view.list.replaceChildren(...(found.number > 0 ? found.cards.values() : [notice(filtered ? "No difference is left by the filters." : "Nothing differs from the declaration.")]));
  view.drift.count.textContent = found.number > 0 ? counted(found.number, "app") : "";
  const undeclared = undeclaredTable(tenant, selection);
  view.table.replaceChildren(undeclared.number > 0 ? undeclared.table : notice(filtered ? "No undeclared app is left by the filters." : "Every app with consent is declared."));
  view.undeclared.count.textContent = undeclared.number > 0 ? counted(undeclared.number, "app") : "";
  const total = tenant.apps.length;
  form.show(filters);
  form.say(tenant.status === "failed" ? "" : filtered ? `${selection.apps.length} of ${counted(total, "app")}` : counted(total, "app"), filtered);
  for (const link of document.querySelectorAll("[data-tenant]")) {
    if (Number(link.dataset.tenant) === filters.tenant) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const form = filterForm(document.getElementById("filters"), (changed) => {
  filters = changed;
  update();
  writeFragment(filters);
});

window.addEventListener("hashchange", () => {
  filters = readFragment();
  update();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
for (const link of document.querySelectorAll("[data-tenant]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    filters = { ...filters, tenant: Number(link.dataset.tenant) };
    update();
    writeFragment(filters);
    place.scrollIntoView({ block: "start" });
  });
}
window.addEventListener("beforeprint", () => {
  view.printed.replaceChildren(...(view.selection.apps.length > 0 ? printedMatrix(view.tenant, view.selection) : []));
  const boxes = [...place.querySelectorAll(".principals")];
  const names = Math.min(Math.max(Math.floor(PRINTED / boxes.length), PRINTED_LEAST), PRINTED_MOST);
  boxes.forEach((box) => box.print(names));
});
window.addEventListener("afterprint", () => {
  view.printed.replaceChildren();
  for (const box of place.querySelectorAll(".principals")) box.unprint();
});
update();
