// "Add a box": the board for the keyboard. A box or a text by its words, with an arrow if wanted.

const option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });

const named = ({ label }, index) => label || `Box ${index + 1}, without a label`;

/** @param {object} board as whiteboard.js gives it   @param {string} frameId of the question in view */
export function setUpAdding(board, frameId) {
  const menu = document.querySelector("[data-board-add]");
  if (!menu || !frameId) return;
  const form = menu.querySelector("form");
  const { label, from } = form.elements;
  const said = form.querySelector("[role=status]");

  function listBoxes() {
    const boxes = board.boxes(frameId);
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
    const kind = event.submitter?.value ?? "box";
    const arrow = kind === "box" && from.value ? `, with an arrow from “${from.selectedOptions[0].textContent}”` : "";
    board.add({ frameId, kind, label: words, fromId: from.value });
    said.textContent = `Added “${words}”${arrow}.`;
    form.reset();
    listBoxes();
    label.focus();
  });
  menu.hidden = false;
}
