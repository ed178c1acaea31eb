// What the admin's own widgets leave without a name, or name in a way that is not heard.
import { findAll } from "./find.js";

/** @param {Element} field */
const near = (field) => field.closest("td, .form-row, .flex-container");

/** @param {HTMLTableCellElement} cell */
function columnOf(cell) {
  const head = cell.closest("table")?.querySelectorAll("thead th") ?? [];
  return head[cell.cellIndex]?.textContent.trim() ?? "";
}

/** A date and its time are two fields; in a table of rows neither has a label. @param {HTMLInputElement} field */
function nameParts(field) {
  if (field.labels?.length || field.getAttribute("aria-label")) return;
  const place = near(field);
  const words = place instanceof HTMLTableCellElement ? columnOf(place) : place?.querySelector("label")?.textContent.trim();
  field.setAttribute("aria-label", `${words || field.name}, ${field.matches(".vDateField") ? "date" : "time"}`);
}

/**
 * The box that stands for a select with a search is called by its value alone, which may be empty.
 * @param {HTMLSelectElement} select
 */
function nameSearched(select) {
  const [label] = select.labels ?? [];
  const box = select.nextElementSibling?.querySelector(".select2-selection");
  if (!label || !box) return;
  label.id ||= `${select.id}-label`;
  box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") ?? ""}`.trim());
  box.querySelector("[role=textbox]")?.setAttribute("aria-labelledby", label.id);
}

export function setUpNames() {
  findAll("select.admin-autocomplete", HTMLSelectElement).forEach(nameSearched);
  findAll(".vDateField, .vTimeField", HTMLInputElement).forEach(nameParts);
  // A name needs something that can have one: the filter's explanation is a picture.
  for (const tip of document.querySelectorAll("span.help-tooltip[aria-label]")) tip.setAttribute("role", "img");
}
