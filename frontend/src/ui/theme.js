// Light, dark or the system's theme. The server writes the choice into <html>, so nothing flashes.
import { csrfToken } from "../net/request.js";
import { mount } from "./mount.js";
import { closest, findAll } from "./find.js";

const YEAR = 365 * 86400;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} what is shown now */
export function shownTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return dark.matches ? "dark" : "light";
}

/** Tell islands with colors of their own. @returns a function that stops it @param {(theme: "light" | "dark") => void} tell */
export function onTheme(tell) {
  const run = () => tell(shownTheme());
  addEventListener("etude:theme", run);
  dark.addEventListener("change", run);
  return () => (removeEventListener("etude:theme", run), dark.removeEventListener("change", run));
}

/** @param {string} theme @param {string | undefined} saveUrl */
function choose(theme, saveUrl) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  dispatchEvent(new Event("etude:theme"));
  if (!saveUrl) return;
  const body = new URLSearchParams({ theme, csrfmiddlewaretoken: csrfToken() });
  fetch(saveUrl, { method: "POST", body, credentials: "same-origin" }).catch(() => {}); // the cookie holds it anyway
}

export function setUpTheme() {
  mount("[data-theme-switch]", (group) => {
    group.addEventListener("click", (event) => {
      const button = closest(event, "button[value]");
      if (!(button instanceof HTMLButtonElement)) return;
      for (const other of findAll("[data-theme-switch] button", HTMLButtonElement)) other.setAttribute("aria-pressed", String(other.value === button.value));
      choose(button.value, group.dataset.save);
    });
  });
}
