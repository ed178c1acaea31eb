// "Report this": what went wrong, where, and the reference under which we find it in our logs.
import { csrfToken } from "../net/request.js";

const THANKS = "Thank you. We have your report and the reference.";
const LATER = "The report did not reach us. The reference helps us later: ";

/**
 * @param {{requestId?: string, path?: string, note?: string}} what
 * @returns {Promise<boolean>} whether the server took it
 */
export async function sendReport({ requestId = "", path = location.pathname, note = "" }) {
  const body = new URLSearchParams({ request_id: requestId, path: path.slice(0, 300), note: note.slice(0, 2000) });
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  try {
    const answer = await fetch("/report-problem", { method: "POST", body, headers, credentials: "same-origin" });
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * The button of a failure toast; pressed once, it says what became of the report in its place.
 * @param {{requestId?: string, path?: string, note?: string}} what
 */
export function reportButton(what) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-action";
  button.textContent = "Report this";
  button.addEventListener("click", async () => {
    button.disabled = true;
    const taken = await sendReport(what);
    const words = document.createElement("span");
    words.className = "toast-text";
    words.textContent = taken ? THANKS : LATER + (what.requestId || "none");
    button.replaceWith(words);
  });
  return button;
}
