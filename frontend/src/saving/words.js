// What a save state says. Words first; nothing here ever claims more than is true.

/**
 * @param {{state: string, error: object|null, seconds: number|null, device: "ok"|"full"|"none"}} now
 * @returns {{words: string, canRetry: boolean, alarming: boolean}}
 */
export function wordsFor({ state, error, seconds, device }) {
  const kept = device === "ok" ? "kept on this device" : "this device cannot keep it, so leave this page open";
  const soon = seconds ? `, trying again in ${seconds} s` : "";
  switch (state) {
    case "saved":
      return { words: "Saved", canRetry: false, alarming: false };
    case "saving":
      return device === "full"
        ? { words: "Saving… This device's storage is full: keep this page open.", canRetry: false, alarming: true }
        : { words: "Saving…", canRetry: false, alarming: false };
    case "offline":
      return { words: `Offline: ${kept}${soon}.`, canRetry: true, alarming: true };
    case "retrying":
      return { words: `Could not save: ${kept}${soon}.`, canRetry: true, alarming: true };
    default:
      return { words: refusal(error, kept), canRetry: false, alarming: true };
  }
}

function refusal(error, kept) {
  if (error?.status === 401) return `You are signed out: ${kept}. Sign in again, then it is saved.`;
  if (error?.status === 413) return `Too large to save: ${kept}. Make it shorter.`;
  return `Not saved: ${error?.message ?? "the server refused it."} Your text is ${kept}.`;
}

/**
 * Show a state in a `.save-state` element, with [Try now] where that helps.
 * Only what is out of the ordinary is announced to screen readers.
 */
export function showSaveState(element, { state, words, canRetry, alarming, device, retry }) {
  element.dataset.state = device === "full" && state !== "saved" ? "store-full" : state;
  element.setAttribute("aria-live", alarming ? "polite" : "off");
  let text = element.querySelector("[data-words]");
  if (!text) {
    element.replaceChildren();
    text = element.appendChild(document.createElement("span"));
    text.dataset.words = "";
  }
  if (text.textContent !== words) text.textContent = words;
  let button = element.querySelector("button");
  if (!canRetry) return button?.remove();
  if (!button) {
    button = element.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = "Try now";
  }
  button.onclick = retry;
  return undefined;
}
