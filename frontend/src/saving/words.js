// What a save state says. Words first; nothing here ever claims more than is true.

/** @import {ShownState, State, Words} from "./types.js" */

const WORTH_A_TRY = [401, 403, 404, 413]; // access may be back, room may have been made

/**
 * @param {Pick<State, "state" | "error" | "seconds" | "device">} now
 * @returns {Words} `wait` counts down
 */
export function wordsFor({ state, error, seconds, device }) {
  const kept = device === "ok" ? "kept on this device" : "this device cannot keep it, so leave this page open";
  const isKept = device === "ok" ? "It is kept on this device." : "This device cannot keep it, so leave this page open.";
  const wait = seconds ? `Trying again in ${seconds} s.` : "";
  /** @param {string} words */
  const calm = (words) => ({ words, wait: "", canRetry: false, alarming: false });
  /** @param {string} words */
  const waiting = (words) => ({ words, wait, canRetry: true, alarming: true });
  /** @param {string} words */
  const alarm = (words, canRetry = false) => ({ words, wait: "", canRetry, alarming: true });
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
      return alarm(refusal(error, kept, isKept), WORTH_A_TRY.includes(error?.status ?? 0));
  }
}

/** @param {State["error"]} error @param {string} kept @param {string} isKept */
function refusal(error, kept, isKept) {
  if (error?.status === 401) return `You are signed out: ${kept}. Sign in again, then it is saved.`;
  return `Not saved: ${error?.message ?? "the server refused it."} ${isKept}`;
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
