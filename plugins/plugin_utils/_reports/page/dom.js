/* Copyright (c) 2026, tenantops contributors
   GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */

// Elements and small marks. Texts only ever become text nodes.

const PROPERTIES = new Set(["className", "hidden", "id", "open", "tabIndex", "textContent", "title", "value", "type", "disabled", "checked"]);

/** An element; properties by name, other keys as attributes, `on` as listeners. Children are elements or texts. */
function el(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (PROPERTIES.has(name)) {
      element[name] = value;
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** Words of the report: our own, somebody's name, or an identifier. */
function words(pieces) {
  const tags = { name: "bdi", code: "code" };
  return pieces.map(([kind, text]) => (kind === "" ? document.createTextNode(text) : el(tags[kind], { textContent: text })));
}

const LETTERS = { low: "L", unknown: "?", medium: "M", high: "H", critical: "C" };
const STATUS_WORDS = { as_declared: "As declared", drift: "Drift", undeclared: "Undeclared", incomplete: "Incomplete" };

function riskBadge(risk) {
  return risk === null ? "" : el("span", { className: `risk ${risk}` }, el("b", { "aria-hidden": "true", textContent: LETTERS[risk] }), ` ${risk}`);
}

function tierBadge() {
  return el("span", { className: "tier", textContent: "Tier 0" });
}

function pill(status, word = STATUS_WORDS[status]) {
  return el("span", { className: `pill ${status}`, textContent: word });
}

function mark(status) {
  return el("span", { className: `mark ${status}`, "aria-hidden": "true", textContent: REPORT.marks[status] });
}

/** Scopes as chips; those that need an admin's consent are told by a sign and in words. */
function chips(scopes, admin = [], side = "") {
  return el("ul", { className: "chips", "aria-label": side ? `Scopes ${side}` : "Scopes" }, ...scopes.map((scope) => {
    const needs = admin.includes(scope);
    const prefix = side ? `${REPORT.marks[side]} ` : "";
    return el("li", { className: `chip ${side}${needs ? " admin" : ""}`, title: needs ? "Needs an admin's consent" : "" },
      prefix, el("code", { textContent: scope }), needs ? el("span", { className: "needs", textContent: " admin" }) : "");
  }));
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
