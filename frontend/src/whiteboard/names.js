// What Excalidraw leaves without a name or names twice, put right for those who hear the page.

/** @type {[string, (element: Element) => void][]} */
const FIXES = [
  [".main-menu-trigger:not([aria-label])", (button) => button.setAttribute("aria-label", "Board menu")],
  // The page has a footer of its own; the board's is a row of tools.
  ["footer[role='contentinfo']", (footer) => footer.setAttribute("role", "group")],
];

/** @param {Element} host */
function fixAll(host) {
  for (const [selector, fix] of FIXES) host.querySelectorAll(selector).forEach(fix);
}

/** Keep it so, also when the board draws its tools anew. @returns {() => void} stops it @param {Element} host */
export function keepNames(host) {
  fixAll(host);
  const observer = new MutationObserver(() => fixAll(host));
  observer.observe(host, { childList: true, subtree: true });
  return () => observer.disconnect();
}
