// Icons for markup that scripts make; pages use {% icon "name" %}.
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name @param {string} [size] */
export function makeIcon(name, size = "") {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", size ? `icon icon-${size}` : "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = icon.appendChild(document.createElementNS(SVG, "use"));
  use.setAttribute("href", `${staticUrl("icons.svg")}#${name}`);
  return icon;
}

/** Address of a built file; the page says where they stand. @param {string} name */
export const staticUrl = (name) => `${document.body.dataset.static || "/static/dist/"}${name}`;
