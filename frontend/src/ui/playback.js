// How an answer grew: one save after the other, by a slider, by the keyboard, or played.
import { send } from "../net/request.js";
import { find, findAll } from "./find.js";

/** @typedef {[number, number, number, string, string, boolean]} Step  seconds, start, removed, inserted, language, pasted */

const CHECKPOINT = 100; // texts kept, so that going back is quick
const LONGEST_PAUSE_MS = 1500; // between two steps, however long it really took
const SHORTEST_MS = 30;

/** @param {Step[]} steps @returns {(number: number) => string} the text after so many steps */
export function textAfter(steps) {
  const kept = [""];
  return (number) => {
    const from = Math.min(Math.floor(number / CHECKPOINT), kept.length - 1);
    let text = kept[from];
    for (let at = from * CHECKPOINT; at < number; at += 1) {
      const [, start, removed, inserted] = steps[at];
      text = text.slice(0, start) + inserted + text.slice(start + removed);
      if ((at + 1) % CHECKPOINT === 0) kept[(at + 1) / CHECKPOINT] = text;
    }
    return text;
  };
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = String(Math.floor(whole / 60)).padStart(2, "0");
  return `${minutes}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {HTMLElement} box @param {Step[]} steps */
function player(box, steps) {
  const after = textAfter(steps);
  const slider = find("input[type=range]", HTMLInputElement, box);
  const button = find("[data-play]", HTMLButtonElement, box);
  const speed = find("select", HTMLSelectElement, box);
  const words = find("output", HTMLOutputElement, box);
  const text = find("pre", HTMLElement, box);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} number */
  const show = (number) => {
    const whole = after(number);
    const step = steps[number - 1];
    slider.value = String(number);
    const said = step
      ? `${clock(step[0])} after the start, save ${number} of ${steps.length}, ${whole.length} characters${step[5] ? ", pasted" : ""}`
      : "Before the first save";
    words.textContent = said;
    slider.setAttribute("aria-valuetext", said);
    if (!step) {
      text.replaceChildren();
      return;
    }
    const [, start, , inserted, , pasted] = step;
    const mark = Object.assign(document.createElement("mark"), { textContent: inserted });
    mark.dataset.kind = pasted ? "pasted" : "new";
    text.replaceChildren(whole.slice(0, start), mark, whole.slice(start + inserted.length));
    // Within its own box only: the page stays where it is.
    const line = mark.offsetTop - text.offsetTop;
    if (line < text.scrollTop || line > text.scrollTop + text.clientHeight - 24) text.scrollTop = line - text.clientHeight / 2;
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = "Play";
  };
  const next = () => {
    const number = Number(slider.value);
    if (number >= steps.length) {
      stop();
      return;
    }
    show(number + 1);
    const wait = number + 1 < steps.length ? ((steps[number + 1][0] - steps[number][0]) * 1000) / Number(speed.value) : 0;
    timer = setTimeout(next, Math.min(Math.max(wait, SHORTEST_MS), LONGEST_PAUSE_MS));
  };
  slider.max = String(steps.length);
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  button.addEventListener("click", () => {
    if (timer !== undefined) {
      stop();
      return;
    }
    if (Number(slider.value) >= steps.length) show(0);
    button.textContent = "Pause";
    next();
  });
  show(steps.length);
}

/** @param {HTMLElement} box */
function setUp(box) {
  const opener = find("[data-open]", HTMLButtonElement, box);
  const status = find("[role=status]", HTMLElement, box);
  opener.hidden = false;
  opener.addEventListener("click", async () => {
    opener.disabled = true;
    try {
      const { steps } = await send(box.dataset.playback ?? "");
      const controls = find("[data-player]", HTMLElement, box);
      controls.hidden = false;
      opener.hidden = true;
      status.textContent = "";
      player(box, steps);
      find("input[type=range]", HTMLInputElement, box).focus();
    } catch {
      opener.disabled = false;
      status.textContent = "It could not be loaded. Try again.";
    }
  });
}

export function setUpPlayback() {
  findAll("[data-playback]").forEach(setUp);
}
