// Native <dialog>: opened by [data-open-dialog="id"], closed by [data-close-dialog], Escape or a click outside.
import { makeIcon } from "./icons.js";
import { closest, findAll, onCustom } from "./find.js";

/** @template {keyof HTMLElementTagNameMap} K @param {K} name @param {string} className @param {string} [text] @returns {HTMLElementTagNameMap[K]} */
const element = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

/**
 * Ask something that no template prepared.
 * @param {{title: string, body: string|Node, choices: {value: string, label: string, variant?: string}[], wide?: boolean}} what
 * @returns {Promise<string>} the chosen value, "" when it was closed
 */
export function openDialog({ title, body, choices, wide = false }) {
  const dialog = element("dialog", wide ? "dialog dialog-wide" : "dialog");
  const head = element("div", "dialog-head");
  const heading = element("h2", "dialog-title", title);
  heading.id = `dialog-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  const close = element("button", "button button-quiet button-icon button-compact");
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  close.append(makeIcon("x"));
  close.onclick = () => dialog.close("");
  head.append(heading, close);
  const middle = element("div", "dialog-body");
  middle.append(body);
  const foot = element("div", "dialog-foot");
  for (const { value, label, variant } of choices) {
    const button = element("button", variant ? `button button-${variant}` : "button", label);
    button.type = "button";
    button.onclick = () => dialog.close(value);
    button.autofocus = variant === "primary";
    foot.append(button);
  }
  dialog.append(head, middle, foot);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => (dialog.remove(), done(dialog.returnValue)));
  });
}

/** Ask before something that cannot be taken back: `data-confirm="…"` on a form or its button. @param {SubmitEvent} event */
async function confirmSubmit(event) {
  const { submitter, target } = event;
  if (!(target instanceof HTMLFormElement)) return;
  const question = submitter?.dataset.confirm ?? target.dataset.confirm;
  if (!question || target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const label = submitter?.dataset.confirmLabel || submitter?.textContent.trim() || "Go on";
  const chosen = await openDialog({
    title: submitter?.dataset.confirmTitle || target.dataset.confirmTitle || "Are you sure?",
    body: question,
    choices: [{ value: "", label: "Cancel" }, { value: "yes", label, variant: submitter?.dataset.confirmVariant || target.dataset.confirmVariant || "danger" }],
  });
  if (chosen !== "yes") return;
  target.dataset.confirmed = "true";
  target.requestSubmit(submitter);
  delete target.dataset.confirmed;
}

/** @param {MouseEvent} event */
function onClick(event) {
  const opener = closest(event, "[data-open-dialog]");
  const dialog = document.getElementById(opener?.dataset.openDialog ?? "");
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
  closest(event, "[data-close-dialog]")?.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
  for (const menu of findAll("details[data-menu][open]", HTMLDetailsElement)) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  }
}

/** @param {MouseEvent} event */
function isOutside({ target, clientX, clientY, detail }) {
  if (!detail) return false; // a key press on a button, not a pointer
  const box = /** @type {Element} */ (target).getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key !== "Escape") return;
  const open = "details[data-menu][open]";
  const menu = document.activeElement?.closest(open) ?? document.querySelector(open);
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

export function setUpDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", confirmSubmit, true);
  // htmx asks through the same dialog: hx-confirm="…"
  onCustom(document, "htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    const label = event.detail.elt.dataset.confirmLabel || event.detail.elt.textContent.trim() || "Go on";
    const choices = [{ value: "", label: "Cancel" }, { value: "yes", label, variant: "danger" }];
    const chosen = await openDialog({ title: "Are you sure?", body: event.detail.question, choices });
    if (chosen === "yes") event.detail.issueRequest(true);
  });
}
