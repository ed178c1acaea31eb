// Elements with the types that the page's templates give them.

/**
 * An element that the page surely has: its absence is a fault of ours.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {new () => T} [Kind]       default: HTMLElement
 * @param {ParentNode} [root]        default: the page
 * @returns {T}
 */
export function find(selector, Kind, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof (Kind ?? HTMLElement))) throw new Error(`The page has no ${selector}.`);
  return /** @type {T} */ (found);
}

/**
 * All elements that match, in an array.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {new () => T} [_Kind]      says what they are
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export function findAll(selector, _Kind, root = document) {
  return /** @type {any[]} */ ([...root.querySelectorAll(selector)]);
}

/**
 * What was clicked, submitted or scrolled: the nearest element around the target that matches.
 * @param {Event} event @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Listen to events of htmx and of our own, which carry a `detail`.
 * @param {EventTarget} target @param {string} type @param {(event: CustomEvent) => unknown} run
 */
export function onCustom(target, type, run) {
  target.addEventListener(type, (event) => run(/** @type {CustomEvent} */ (event)));
}

/** What the server wrote into the page as JSON. @param {string} id @returns {any} */
export const readJson = (id) => JSON.parse(find(`#${id}`).textContent ?? "");
