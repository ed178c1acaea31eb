// How somebody likes the editor: font size, keys of Vim or Emacs. Kept on this device, for every test on it.
import { find, findAll } from "../ui/find.js";
import { notice, withdraw } from "./notices.js";

/** @import {Editor} from "./types.js" */

const [LEAST, USUAL, MOST] = [11, 14, 24]; // px
const SIZE = "etude-editor-size";
const KEYS = "etude-editor-keys";

/** @param {string} name */
function recall(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage it holds until the page is left.
  }
}

/** @param {Editor} editor */
export function setUpPreferences(editor) {
  setUpSize(editor);
  setUpKeys(editor);
}

/** @param {Editor} editor */
function setUpSize(editor) {
  let size = USUAL;
  /** @param {number} wanted */
  const set = (wanted) => {
    size = Math.min(MOST, Math.max(LEAST, Math.round(wanted)));
    find("[data-editor]").style.setProperty("--editor-size", `${size}px`);
    find("[data-size]").textContent = `${size} px`;
    editor.measure();
  };
  for (const button of findAll("[data-size-by]", HTMLButtonElement)) {
    button.addEventListener("click", () => {
      set(size + Number(button.dataset.sizeBy));
      remember(SIZE, String(size));
    });
  }
  set(Number(recall(SIZE)) || USUAL);
}

/** @param {Editor} editor */
function setUpKeys(editor) {
  const select = find("[data-keys]", HTMLSelectElement);
  const use = async () => {
    try {
      await editor.useKeys(select.value);
      withdraw("keys");
    } catch {
      notice("keys", "These keys could not be loaded. The editor has the standard ones.", { tone: "warning" });
      select.value = "";
    }
  };
  select.addEventListener("change", () => {
    remember(KEYS, select.value);
    use();
  });
  select.value = recall(KEYS);
  if (select.selectedIndex < 0) select.value = "";
  if (select.value) use();
}
