// Swagger UI's own markup, put right for those who hear the page. It draws by itself, so what it draws is watched.
import { find } from "./ui/find.js";


const host = find("#swagger-ui");

/** @param {string} name */
const isRegion = (name) => (/** @type {Element} */ element) => (element.setAttribute("role", "region"), element.setAttribute("aria-label", name));

/** @type {[string, (element: Element) => void][]} */
const FIXES = [
  [".information-container:not([role])", isRegion("About the API")],
  [".scheme-container:not([role])", isRegion("Your token")],
  // A group follows the page's first heading, and what an operation shows follows its group.
  ["h3.opblock-tag:not([aria-level])", (heading) => heading.setAttribute("aria-level", "2")],
  [".modal-ux-header h3:not([aria-level])", (heading) => heading.setAttribute("aria-level", "2")],
  [".close-modal:not([aria-label])", (button) => button.setAttribute("aria-label", "Close")],
  ["h4:not([aria-level])", (heading) => heading.setAttribute("aria-level", "3")],
  ["h5:not([aria-level])", (heading) => heading.setAttribute("aria-level", "4")],
  // The path is a link inside of the button that opens the operation; a press reaches that button anyway.
  ["button a.nostyle[href]", (link) => link.removeAttribute("href")],
  ["textarea.body-param__text:not([aria-label])", (field) => field.setAttribute("aria-label", "Request body")],
  ["select:not([aria-label]):not([id])", (select) => select.setAttribute("aria-label", "Media type")],
];

function fixAll() {
  for (const [selector, fix] of FIXES) host.querySelectorAll(selector).forEach(fix);
}

new MutationObserver(fixAll).observe(host, { childList: true, subtree: true });
fixAll();
