// Forms that cannot be sent twice, and counts that keep up with the typing.
import { newKey } from "../net/request.js";
import { mount } from "./mount.js";
import { findAll } from "./find.js";

const LET_GO_MS = 15000; // an answer that is a download leaves the page standing

/** @param {Element | null | undefined} button @param {boolean} busy */
export function setBusy(button, busy) {
  if (!button) return;
  if (busy) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

/** @param {SubmitEvent} event */
function refuseSecondSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get" || form.matches("[hx-post],[hx-put]")) return;
  if (form.dataset.sent) return void event.preventDefault();
  if (event.submitter?.matches("[hx-post],[hx-put]") || form.target === "_blank" || form.dataset.download !== undefined) return;
  form.dataset.sent = "true";
  setBusy(event.submitter ?? form.querySelector("button:not([type=button])"), true);
  setTimeout(letGoAgain, LET_GO_MS);
}

function letGoAgain() {
  for (const form of findAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy=true]")) setBusy(button, false);
}

/** @param {string} text */
export const countWords = (text) => (text.match(/\S+/g) ?? []).length;

/**
 * A live count: <span class="field-count" data-count-for="answer" data-count="words|characters" data-min data-max>
 * @param {HTMLElement} element
 */
function setUpCount(element) {
  const field = document.getElementById(element.dataset.countFor ?? "");
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const { count = "words", min = 0, max = 0 } = element.dataset;
  const show = () => {
    const amount = count === "words" ? countWords(field.value) : field.value.length;
    const unit = count === "words" ? (amount === 1 ? "word" : "words") : amount === 1 ? "character" : "characters";
    const left = Number(min) - amount;
    const more = left > 0 ? `, ${left} more needed` : Number(max) ? ` of ${Number(max).toLocaleString("en")}` : "";
    element.textContent = `${amount.toLocaleString("en")} ${unit}${more}`;
    element.dataset.state = left > 0 ? "short" : Number(max) && amount > Number(max) ? "over" : "good";
  };
  field.addEventListener("input", show);
  field.addEventListener("etude:written", show);
  show();
}

/** @param {HTMLElement} drop */
function setUpFileDrop(drop) {
  const input = /** @type {HTMLInputElement | null} */ (drop.querySelector("input[type=file]"));
  const name = drop.querySelector("[data-file-name]");
  /** @param {string} state */
  const over = (state) => () => (drop.dataset.state = state);
  drop.addEventListener("dragover", over("over"));
  drop.addEventListener("dragleave", over(""));
  drop.addEventListener("drop", over(""));
  input?.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    const most = Number(drop.dataset.mostMegabytes ?? 0);
    const size = Math.ceil(file.size / 1048576);
    // Said before a long upload, which the server would refuse.
    const refusal = most && size > most ? `This file has ${size} MB; it may have at most ${most} MB.` : "";
    if (refusal) input.value = ""; // and choosing the same file again, made smaller, is a change
    if (name) name.textContent = refusal ? `${file.name}: ${refusal}` : file.name;
  });
}

export function setUpForms() {
  document.addEventListener("submit", refuseSecondSubmit);
  addEventListener("pageshow", letGoAgain);
  mount("[data-count-for]", setUpCount);
  mount(".file-drop", setUpFileDrop);
  // Sign-up tells the zone that days and streaks follow.
  mount("input[data-browser-zone]", (/** @type {HTMLInputElement} */ input) => (input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""));
  // Filters that apply by themselves: <form data-autosubmit>; without scripts the button does it.
  mount("form[data-autosubmit]", (/** @type {HTMLFormElement} */ form) => form.addEventListener("change", () => form.requestSubmit()));
}

/**
 * Every creating request of htmx carries a key; the same click repeated by a retry carries the same one.
 * @param {HTMLElement} element
 */
export function keyFor(element) {
  element.dataset.requestKey ||= newKey();
  return element.dataset.requestKey;
}
