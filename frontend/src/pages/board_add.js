// "Add a box": the board for the keyboard. A box or a text by its words, with an arrow if wanted.
import { find } from "../ui/find.js";


/** @param {string} value @param {string} text */
const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });

/** @param {{label: string}} box @param {number} index */
const named = ({ label }, index) => label || `Box ${index + 1}, without a label`;

/**
 * @param {import("../whiteboard/types.js").MountedBoard} board
 * @param {string | undefined} frameId of the question in view
 * @returns {() => void} to be called when the board has changed: an open menu lists its boxes anew
 */
export function setUpAdding(board, frameId) {
  const found = document.querySelector("[data-board-add]");
  if (!(found instanceof HTMLDetailsElement) || !frameId) return () => {};
  const menu = found;
  const id = frameId;
  const form = find("form", HTMLFormElement, menu);
  const label = find("[name=label]", HTMLInputElement, form);
  const from = find("[name=from]", HTMLSelectElement, form);
  const said = find("[role=status]", HTMLElement, form);

  function listBoxes() {
    const boxes = board.boxes(id);
    from.replaceChildren(option("", "No arrow"), ...boxes.map((box, index) => option(box.id, named(box, index))));
    return boxes;
  }

  function chooseSelected() {
    from.value = listBoxes().find((box) => box.selected)?.id ?? "";
  }

  /** The board changed under the open menu: the choice stays where its box does. */
  function refresh() {
    if (!menu.open) return;
    const chosen = from.value;
    from.value = listBoxes().some((box) => box.id === chosen) ? chosen : "";
  }

  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    said.textContent = "";
    chooseSelected();
    label.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = label.value.trim();
    if (!words) return;
    const kind = (event.submitter instanceof HTMLButtonElement && event.submitter.value) || "box";
    const arrow = kind === "box" && from.value ? `, with an arrow from “${from.selectedOptions[0].textContent}”` : "";
    board.add({ frameId: id, kind, label: words, fromId: from.value });
    said.textContent = `Added “${words}”${arrow}.`;
    form.reset();
    chooseSelected();
    label.focus();
  });
  menu.hidden = false;
  return refresh;
}
