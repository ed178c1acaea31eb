// The same face as codemirror.js over a text area: when the editor cannot be loaded, writing still works.
import { mendField } from "../saving/index.js";

/** @import {Editor, EditorOptions} from "./types.js" */

/** @param {Element} parent @param {EditorOptions} options @returns {Editor} */
export function makeEditor(parent, { onChange, onPaste, onMended }) {
  const area = document.createElement("textarea");
  area.className = "exam-plain-editor";
  area.spellcheck = false;
  area.addEventListener("input", () => {
    if (mendField(area)) onMended();
    onChange(area.value);
  });
  area.addEventListener("paste", (event) => onPaste(event.clipboardData?.getData("text/plain").length ?? 0));
  parent.append(area);
  return {
    get text() {
      return area.value;
    },
    show(_key, text, _kind, label) {
      if (area.value !== text) area.value = text;
      area.setAttribute("aria-label", label);
    },
    focus: () => area.focus(),
    goTo(line, column) {
      const before = area.value.split("\n").slice(0, line - 1);
      const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
      area.focus();
      area.setSelectionRange(at, at);
    },
    measure() {},
    async useKeys(name) {
      if (name) throw new Error("A text area has its own keys.");
    },
  };
}
