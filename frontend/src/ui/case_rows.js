// Cases of a coding question as rows: another row at the end, and only the fields of a row's kind in view.
import { closest, find, findAll } from "./find.js";

/** @param {HTMLElement} row */
function show(row) {
  row.dataset.kind = find("select", HTMLSelectElement, row).value;
}

/** @param {HTMLElement} cases */
function add(cases) {
  const total = find("[name$=-TOTAL_FORMS]", HTMLInputElement, cases);
  const number = Number(total.value);
  const made = document.createElement("div");
  made.append(find("template", HTMLTemplateElement, cases).content.cloneNode(true));
  for (const element of findAll("*", HTMLElement, made)) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace("__prefix__", String(number)));
    }
  }
  const row = find(".case", HTMLElement, made);
  find("[data-number]", HTMLElement, row).textContent = String(number + 1);
  find("[data-rows]", HTMLElement, cases).append(row);
  total.value = String(number + 1);
  show(row);
  find("select", HTMLSelectElement, row).focus();
}

export function setUpCases() {
  for (const cases of findAll("[data-cases]")) {
    findAll(".case", HTMLElement, cases).forEach(show);
    const button = find("[data-add]", HTMLButtonElement, cases);
    button.hidden = false;
    button.addEventListener("click", () => add(cases));
    cases.addEventListener("change", (event) => {
      const row = closest(event, ".case");
      if (row) show(row);
    });
  }
}
