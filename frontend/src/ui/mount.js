// Behavior for markup: runs for what stands in the page and for every fragment that htmx brings.
import { onCustom } from "./find.js";

/** @type {((root: ParentNode) => void)[]} */
const work = [];

/**
 * Run `setUp(element)` once for each element that matches, now and later.
 * @template {HTMLElement} [E=HTMLElement] @param {string} selector @param {(element: E) => unknown} setUp
 */
export function mount(selector, setUp) {
  const seen = new WeakSet();
  /** @param {ParentNode} root */
  const run = (root) => {
    const found = /** @type {E[]} */ ([...root.querySelectorAll(selector)]);
    if (root instanceof Element && root.matches(selector)) found.unshift(/** @type {any} */ (root));
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      setUp(element);
    }
  };
  work.push(run);
  run(document);
}

onCustom(document, "htmx:load", (event) => work.forEach((run) => run(event.detail.elt)));
