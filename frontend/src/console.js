// The staff console: tables that fit; a button that was pressed says so and cannot be pressed again; a running repair says how far it is.

import { send, sleep } from "./net/request.js";
import { setUpNames } from "./ui/console_names.js";
import { setUpTables } from "./ui/console_tables.js";

const LOOK_AGAIN_MS = 2000;

function press(event) {
  const form = event.target.closest("form[data-busy]");
  if (!form) return;
  if (form.dataset.pressed) {
    event.preventDefault();
    return;
  }
  form.dataset.pressed = "yes";
  const button = form.querySelector("button");
  button.dataset.words = button.textContent;
  button.textContent = form.dataset.busy;
  button.setAttribute("aria-disabled", "true");
}

/** The browser may bring the page back as it was left: then the button is there to be pressed again. */
function release() {
  for (const form of document.querySelectorAll("form[data-pressed]")) {
    delete form.dataset.pressed;
    const button = form.querySelector("button");
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
}

async function follow(place) {
  for (;;) {
    await sleep(LOOK_AGAIN_MS);
    const now = await send(place.dataset.progress).catch(() => null);
    if (now === null) continue; // away for a moment: the worker goes on
    if (now.state !== "applying") {
      location.reload();
      return;
    }
    place.querySelector("progress").value = now.done;
    place.querySelector("[role=status]").textContent = now.words;
  }
}

setUpTables();
function nameWidgets() {
  setUpNames();
  document.documentElement.dataset.ready = "true"; // tests wait for it
}

// After the admin's own widgets: some begin when the page has loaded, some when its jQuery is ready.
addEventListener("load", () => (globalThis.django?.jQuery ? globalThis.django.jQuery(nameWidgets) : nameWidgets()));
document.addEventListener("submit", press);
window.addEventListener("pageshow", (event) => event.persisted && release());
for (const place of document.querySelectorAll("[data-progress]")) follow(place);
