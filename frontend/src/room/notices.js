// Sentences above the panes: one of each kind at a time, the most pressing on top.
import { find } from "../ui/find.js";

/** @returns {HTMLElement} */
const area = () => find("[data-notices]");

/** @param {string} kind @param {string} words @param {{tone?: string, button?: string, onPress?: () => void}} [more] */
export function notice(kind, words, { tone = "info", button, onPress } = {}) {
  let line = /** @type {HTMLElement | null} */ (area().querySelector(`[data-notice="${kind}"]`));
  if (!line) {
    line = document.createElement("div");
    line.className = "exam-notice";
    line.dataset.notice = kind;
    area().append(line);
  }
  line.dataset.tone = tone;
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  line.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
  if (button) {
    const press = Object.assign(document.createElement("button"), { type: "button", className: "button button-compact", textContent: button });
    press.onclick = onPress ?? null;
    line.append(press);
  }
}

/** @param {string} kind */
export function withdraw(kind) {
  area().querySelector(`[data-notice="${kind}"]`)?.remove();
}

/** @param {string} words */
export function announce(words) {
  find("[data-announce]").textContent = words;
}
