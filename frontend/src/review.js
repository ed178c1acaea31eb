// The review page: print, and open the question that the address names.
import { findAll } from "./ui/find.js";


function openNamed() {
  const named = location.hash ? document.querySelector(location.hash) : null;
  if (named instanceof HTMLDetailsElement) named.open = true;
}

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
addEventListener("hashchange", openNamed);
openNamed();

// On paper nothing is folded away.
/** @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener("beforeprint", () => {
  opened = findAll("details:not([open])", HTMLDetailsElement);
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});
