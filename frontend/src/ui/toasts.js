// Short news at the foot of the page. What must be acted on stays until it is dismissed.
import { makeIcon } from "./icons.js";
import { reportButton } from "./report.js";
import { closest, findAll, onCustom } from "./find.js";

const SHOWN_MS = 6000;
/** @type {HTMLElement | null} */
let box = null;

/** @returns {HTMLElement} */
function place() {
  box = document.querySelector("[data-toasts]");
  if (box) return box;
  box = document.createElement("div");
  box.className = "toasts";
  box.dataset.toasts = "";
  box.setAttribute("role", "status");
  return document.body.appendChild(box);
}

function closeButton() {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", "Dismiss");
  close.append(makeIcon("x", "small"));
  return close;
}

/** @param {HTMLElement} toast */
function leaveLater(toast) {
  let timer = setTimeout(() => toast.remove(), SHOWN_MS);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => (timer = setTimeout(() => toast.remove(), SHOWN_MS)));
}

/**
 * @param {string} text
 * @param {{tone?: "info"|"success"|"warning"|"danger", action?: {label: string, run: () => void}, stay?: boolean,
 *   report?: {requestId?: string, path?: string, note?: string}}} options `report` offers "Report this"
 * @returns {HTMLElement} the toast; `.remove()` takes it away
 */
export function toast(text, { tone = "info", action, stay = false, report } = {}) {
  const where = place();
  for (const same of where.querySelectorAll(".toast")) {
    if (same.querySelector(".toast-text")?.textContent === text) same.remove();
  }
  const element = document.createElement("div");
  element.className = "toast";
  element.dataset.tone = tone;
  const words = element.appendChild(document.createElement("span"));
  words.className = "toast-text";
  words.textContent = text;
  if (action) {
    const button = element.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "toast-action";
    button.textContent = action.label;
    button.addEventListener("click", () => (element.remove(), action.run()));
  }
  if (report) element.append(reportButton(report));
  element.append(closeButton());
  where.append(element);
  if (!stay && !action && !report) leaveLater(element);
  return element;
}

export function setUpToasts() {
  const where = place();
  where.addEventListener("click", (event) => closest(event, ".toast-close")?.closest(".toast")?.remove());
  for (const first of findAll(".toast", HTMLElement, where)) {
    if (!["error", "danger", "warning"].includes(first.dataset.tone ?? "")) leaveLater(first);
  }
  // A server answer may ask for one: HX-Trigger: {"toast": {"text": …, "tone": …}}
  onCustom(document.body, "toast", ({ detail }) => toast(detail.text ?? detail.value, detail));
}
