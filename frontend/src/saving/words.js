// What a save state says. Words first; nothing here ever claims more than is true.

/** @import {ShownState, State, Words} from "./types.js" */

/**
 * @param {Pick<State, "state" | "error" | "seconds" | "device">} now
 * @returns {Words} `wait` counts down
 */
export function wordsFor({ state, error, seconds, device }) {
  const kept = device === "ok" ? "kept on this device" : "this device cannot keep it, so leave this page open";
  const wait = seconds ? `Trying again in ${seconds} s.` : "";
  /** @param {string} words */
  const calm = (words) => ({ words, wait: "", canRetry: false, alarming: false });
  /** @param {string} words */
  const waiting = (words) => ({ words, wait, canRetry: true, alarming: true });
  /** @param {string} words */
  const alarm = (words) => ({ words, wait: "", canRetry: false, alarming: true });
  switch (state) {
    case "saved":
      return calm("Saved");
    case "saving":
      return device === "full" ? alarm("Saving… This device's storage is full: keep this page open.") : calm("Saving…");
    case "offline":
      return waiting(`Offline: ${kept}.`);
    case "retrying":
      return waiting(`Could not save: ${kept}.`);
    default:
      return alarm(refusal(error, kept));
  }
}

/** @param {State["error"]} error @param {string} kept */
function refusal(error, kept) {
  if (error?.status === 401) return `You are signed out: ${kept}. Sign in again, then it is saved.`;
  if (error?.status === 413) return `Too large to save: ${kept}. Make it shorter.`;
  return `Not saved: ${error?.message ?? "the server refused it."} Your text is ${kept}.`;
}

/** @param {HTMLElement} element @param {string} name @returns {HTMLElement} */
function part(element, name) {
  let found = /** @type {HTMLElement | null} */ (element.querySelector(`[data-${name}]`));
  if (!found) {
    found = element.appendChild(document.createElement("span"));
    found.dataset[name] = "";
  }
  return found;
}

/** @param {HTMLElement} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Show a state in a `.save-state` element, with [Try now] where that helps.
 * Only what is out of the ordinary is announced to screen readers, and never the seconds.
 * @param {HTMLElement} element @param {ShownState} now
 */
export function showSaveState(element, { state, words, wait = "", canRetry, alarming, device, retry }) {
  element.dataset.state = device === "full" && state !== "saved" ? "store-full" : state;
  element.setAttribute("aria-live", alarming ? "polite" : "off");
  if (!element.querySelector("[data-words]")) element.replaceChildren();
  put(part(element, "words"), words);
  const seconds = part(element, "wait");
  seconds.setAttribute("aria-hidden", "true");
  put(seconds, wait);
  let button = element.querySelector("button");
  if (!canRetry) return void button?.remove();
  if (!button) {
    button = element.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = "Try now";
  }
  button.onclick = retry;
}
