// "Add a box": the board for the keyboard. A box or a text by its words, with an arrow if wanted.
import { find } from "../ui/find.js";


/** @param {string} value @param {string} text */
const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });

/** @param {{label: string}} box @param {number} index */
const named = ({ label }, index) => label || `Box ${index + 1}, without a label`;

/**
 * @param {import("../whiteboard/types.js").MountedBoard} board
 * @param {string | undefined} frameId of the question in view
 */
export function setUpAdding(board, frameId) {
  const menu = document.querySelector("[data-board-add]");
  if (!(menu instanceof HTMLDetailsElement) || !frameId) return;
  const id = frameId;
  const form = find("form", HTMLFormElement, menu);
  const label = find("[name=label]", HTMLInputElement, form);
  const from = find("[name=from]", HTMLSelectElement, form);
  const said = find("[role=status]", HTMLElement, form);

  function listBoxes() {
    const boxes = board.boxes(id);
    const chosen = boxes.find((box) => box.selected);
    from.replaceChildren(option("", "No arrow"), ...boxes.map((box, index) => option(box.id, named(box, index))));
    from.value = chosen?.id ?? "";
  }

  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    said.textContent = "";
    listBoxes();
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
    listBoxes();
    label.focus();
  });
  menu.hidden = false;
}
