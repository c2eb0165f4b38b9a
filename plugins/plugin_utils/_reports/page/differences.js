/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// What is missing, extra or changed, by app. Long lists come page by page.

const GROUPS_AT_ONCE = 50, NAMES_AT_ONCE = 60, OPENED = 5;
// On paper: so many names in all, shared among the lists, and within these bounds.
const PRINTED = 1500, PRINTED_LEAST = 9, PRINTED_MOST = 150;
const WORDS = { missing: "Missing", extra: "Extra", changed: "Changed" };

/** Names in pages, made when they are looked at. */
function pager(group, members) {
  const places = members || group.members.map((_, place) => place);
  const list = el("ul", { className: "names" });
  const at = el("span", { className: "at", role: "status" });
  const pages = Math.ceil(places.length / NAMES_AT_ONCE);
  let page = 0;
  const button = (text, label, step) => el("button", { type: "button", "aria-label": label, on: { click: () => show(page + step) } }, text);
  const back = button("‹ Previous", "Previous names", -1);
  const on = button("Next ›", "Next names", 1);
  function show(wanted) {
    page = Math.min(Math.max(wanted, 0), pages - 1);
    fill(page * NAMES_AT_ONCE, NAMES_AT_ONCE);
    at.textContent = `${(page * NAMES_AT_ONCE + 1).toLocaleString("en")}–${Math.min((page + 1) * NAMES_AT_ONCE, places.length).toLocaleString("en")} of ${places.length.toLocaleString("en")}`;
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
  }
  function fill(begin, number) {
    list.replaceChildren(...places.slice(begin, begin + number).map((place) => {
      const [name, id, who] = group.members[place];
      return el("li", { title: id }, el("bdi", { textContent: name }), who ? el("span", { className: "by", textContent: ` ${who}` }) : "");
    }));
  }
  function print(number) {
    fill(0, number);
    const left = places.length - number;
    if (left > 0) list.append(el("li", { className: "left", textContent: `and ${left.toLocaleString("en")} more` }));
  }
  show(0);
  const controls = pages > 1 ? el("p", { className: "pages" }, back, on, at) : "";
  return { parts: [controls, list], print, again: () => show(page) };
}

function principals(group, members, opened) {
  const noun = members ? `${members.length.toLocaleString("en")} of ${group.crowd}` : group.crowd;
  const box = el("details", { className: "principals" }, el("summary", {}, noun));
  let names = null;
  const need = () => {
    if (names === null) {
      names = pager(group, members);
      box.append(...names.parts.filter((part) => part !== ""));
    }
  };
  if (opened) { need(); box.open = true; }
  box.addEventListener("toggle", () => { if (box.open) need(); });
  let before = false;
  box.print = (number) => { before = box.open; need(); names.print(number); box.open = true; };
  box.unprint = () => { names.again(); box.open = before; };
  return box;
}

function groupItem({ group, members }, opened) {
  const facts = [group.title.length > 0 ? el("span", { className: "about" }, ...words(group.title)) : "", riskBadge(group.risk)];
  const body = [el("p", { className: "what" }, el("strong", { className: group.status, textContent: WORDS[group.status] }), " ", ...facts)];
  if (group.tier_0) body.push(el("p", { className: "setting" }, tierBadge(), " ", el("bdi", { textContent: group.tier_0 })));
  const sides = ["missing", "extra"].filter((side) => group[side]).map((side) => chips(group[side], group.admin, side));
  if (sides.length > 0) body.push(el("div", { className: "sides" }, ...sides));
  for (const pieces of group.settings) body.push(el("p", { className: "setting" }, ...words(pieces)));
  // A single one is named in the title.
  if (group.members.length > 1) body.push(principals(group, members, opened));
  for (const pieces of group.events) body.push(el("p", { className: "event" }, ...words(pieces)));
  for (const note of group.notes) body.push(el("p", { className: "event", textContent: note }));
  if (!group.repaired) body.push(el("p", { className: "kept", textContent: REPORT.kept }));
  return el("li", { className: `group ${group.status}` }, mark(group.status), el("div", {}, ...body));
}

function appCard(found, place, searching) {
  const { app, groups } = found;
  const list = el("ul", { className: "groups" });
  const more = el("button", { type: "button", className: "more" });
  let shown = 0;
  function show() {
    const next = groups.slice(shown, shown + GROUPS_AT_ONCE);
    list.append(...next.map((item, index) => groupItem(item, searching && item.members !== null && shown + index < OPENED)));
    shown += next.length;
    more.hidden = shown >= groups.length;
    more.textContent = `Show ${Math.min(groups.length - shown, GROUPS_AT_ONCE)} more of ${counted(groups.length - shown, "difference")} left`;
  }
  more.addEventListener("click", () => {
    const begin = shown;
    show();
    list.children[begin].tabIndex = -1;
    list.children[begin].focus();
  });
  show();
  const id = `app-${place}`;
  return el("article", { className: "app-card", "aria-labelledby": id, tabIndex: -1 },
    el("header", {}, el("h3", { id }, el("bdi", { textContent: app.name })), pill(app.status), riskBadge(app.risk),
      el("p", { className: "under" }, el("code", { textContent: app.id }), appFlags(app) ? ` ${appFlags(app)}` : "")),
    list, more);
}

/** The section's content, and the card of each app. */
function differences(selection, filters) {
  const found = selection.apps.filter(({ groups }) => groups.length > 0);
  const cards = new Map(found.map((item, place) => [item.app, appCard(item, place, filters.query !== "")]));
  return { cards, number: found.length };
}
