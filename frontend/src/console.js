// The staff console: tables that fit; a button that was pressed says so and cannot be pressed again; a running repair says how far it is.

import { send, sleep } from "./net/request.js";
import { setUpCases } from "./ui/case_rows.js";
import { setUpNames } from "./ui/console_names.js";
import { setUpPlayback } from "./ui/playback.js";
import { setUpTables } from "./ui/console_tables.js";
import { closest, find, findAll } from "./ui/find.js";

const LOOK_AGAIN_MS = 2000;

/** @param {Event} event */
function press(event) {
  const form = closest(event, "form[data-busy]");
  if (!form) return;
  if (form.dataset.pressed) {
    event.preventDefault();
    return;
  }
  form.dataset.pressed = "yes";
  const button = find("button", HTMLButtonElement, form);
  button.dataset.words = button.textContent ?? "";
  button.textContent = form.dataset.busy ?? "";
  button.setAttribute("aria-disabled", "true");
}

/** The browser may bring the page back as it was left: then the button is there to be pressed again. */
function release() {
  for (const form of findAll("form[data-pressed]")) {
    delete form.dataset.pressed;
    const button = find("button", HTMLButtonElement, form);
    button.textContent = button.dataset.words ?? "";
    button.removeAttribute("aria-disabled");
  }
}

/** @param {HTMLElement} place */
async function follow(place) {
  for (;;) {
    await sleep(LOOK_AGAIN_MS);
    const now = await send(place.dataset.progress ?? "").catch(() => null);
    if (now === null) continue; // away for a moment: the worker goes on
    if (now.state !== "applying") {
      location.reload();
      return;
    }
    find("progress", HTMLProgressElement, place).value = now.done;
    find("[role=status]", HTMLElement, place).textContent = now.words;
  }
}

setUpTables();
setUpCases();
setUpPlayback();
function nameWidgets() {
  setUpNames();
  document.documentElement.dataset.ready = "true"; // tests wait for it
}

// After the admin's own widgets: some begin when the page has loaded, some when its jQuery is ready.
addEventListener("load", () => {
  const { django } = /** @type {any} */ (globalThis);
  if (django?.jQuery) django.jQuery(nameWidgets);
  else nameWidgets();
});
document.addEventListener("submit", press);
window.addEventListener("pageshow", (event) => event.persisted && release());
for (const place of findAll("[data-progress]")) follow(place);
