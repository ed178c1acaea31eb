// Tables of the console: cards on a phone, and where they are wider than their place, a region that scrolls and says so.
import { findAll } from "./find.js";

const TABLES = "#result_list, .results table, .console-table";
const PLACES = ".results, .console-scroll";
/** @type {Record<string, string>} */
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row" };

/** @param {Element} head */
const wordsOf = (head) => (head.querySelector(".text") ?? head).textContent.trim();

/**
 * A card names each value by its column. Shown as blocks, a table would no longer be told as one: roles say it is.
 * @param {HTMLTableElement} table
 */
function label(table) {
  const names = [...table.querySelectorAll("thead th")].map(wordsOf);
  for (const part of [table, ...table.querySelectorAll("thead, tbody, tr")]) part.setAttribute("role", ROLES[part.tagName]);
  for (const head of table.querySelectorAll("thead th")) head.setAttribute("role", "columnheader");
  for (const row of findAll("tbody tr", HTMLTableRowElement, table)) {
    [...row.cells].forEach((cell, column) => {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      cell.dataset.label = names[column] ?? "";
      cell.toggleAttribute("data-empty", !cell.textContent.trim().replace(/^[-–—]$/, "") && !cell.querySelector("input, img, svg"));
    });
  }
  table.dataset.cards = "";
}

/** @param {HTMLElement} place */
function say(place) {
  const more = place.scrollWidth - place.clientWidth;
  place.toggleAttribute("data-more", more > 1 && place.scrollLeft < more - 1);
  if (more <= 1 || place.hasAttribute("tabindex")) return;
  place.tabIndex = 0;
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", `${document.querySelector("h1")?.textContent.trim() ?? "Table"}, scrolls sideways`);
}

function setUp() {
  findAll(TABLES, HTMLTableElement).forEach(label);
  findAll(PLACES).forEach(say);
}

/** Filters of a list come after it on a phone; folded, they are not a page of their own. */
function foldFilters() {
  if (!matchMedia("(max-width: 767px)").matches) return;
  for (const filter of findAll("#changelist-filter details", HTMLDetailsElement)) filter.open = !filter.querySelector("li:first-child.selected");
}

export function setUpTables() {
  setUp();
  foldFilters();
  document.addEventListener("scroll", ({ target }) => target instanceof HTMLElement && target.matches(PLACES) && say(target), true);
  addEventListener("resize", () => findAll(PLACES).forEach(say));
  document.addEventListener("htmx:afterSwap", setUp); // the live board brings new rows
}
