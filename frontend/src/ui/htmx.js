// What htmx needs from us: the CSRF token as it is now, a key per creating request, and failures said in words.
import { csrfToken } from "../net/request.js";
import { keyFor, setBusy } from "./forms.js";
import { toast } from "./toasts.js";
import { onCustom } from "./find.js";

/** The button that was pressed; none for what asks by itself. @param {any} detail htmx's */
function buttonOf({ elt, requestConfig }) {
  if (requestConfig.verb === "get") return null;
  if (elt.matches("button")) return elt;
  return requestConfig.triggeringEvent?.submitter ?? elt.querySelector("button:not([type=button])");
}

/** @param {CustomEvent} event */
function beforeRequest({ detail }) {
  if (detail.verb === "get") return;
  detail.headers["x-csrftoken"] = csrfToken();
  detail.headers["Idempotency-Key"] = keyFor(detail.elt);
}

/** The sentence of an error fragment, JSON body, or a general one. @param {XMLHttpRequest} xhr */
function sentenceOf(xhr) {
  try {
    return JSON.parse(xhr.responseText).error;
  } catch {
    const page = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
    const said = page.querySelector("[role=alert] p, .notice p, h1")?.textContent.trim();
    return said || "Something went wrong on our side. What you saved is safe.";
  }
}

/**
 * Do again what started the request: a click, a submit, or another event.
 * @param {HTMLElement} element @param {string | undefined} type
 */
function repeat(element, type) {
  if (element instanceof HTMLFormElement && type === "submit") return element.requestSubmit();
  if (!type || type === "click" || type === "htmx:load") return element.click();
  return /** @type {any} */ (window).htmx.trigger(element, type);
}

/** @param {XMLHttpRequest} xhr @param {any} config @param {string} words */
const reportOf = (xhr, config, words) => ({
  requestId: xhr.getResponseHeader("X-Request-ID") ?? "",
  path: `${config?.verb?.toUpperCase() ?? ""} ${config?.path ?? location.pathname}`.trim(),
  note: words,
});

/** @param {HTMLElement} element @param {Event | undefined} event */
const again = (element, event) => ({ label: "Try again", run: () => repeat(element, event?.type) });

/** @param {CustomEvent} event */
function failed({ detail }) {
  const { elt, xhr, requestConfig } = detail;
  if (elt.matches("[hx-trigger*=every],[hx-trigger*=load]")) return; // it asks again by itself
  if (xhr?.status === 401 || (xhr?.status === 403 && !csrfToken())) {
    toast("You are signed out. Sign in again to go on.", {
      tone: "warning",
      action: { label: "Sign in", run: () => location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`) },
    });
    return;
  }
  const retry = !xhr?.status || xhr.status >= 500 ? again(elt, requestConfig?.triggeringEvent) : undefined;
  const words = xhr?.status ? sentenceOf(xhr) : "We could not reach the server. What you wrote is still here.";
  // Without an answer there is nobody to report to; a refusal is no fault of ours.
  const report = xhr?.status >= 500 ? reportOf(xhr, requestConfig, words) : undefined;
  toast(words, { tone: "danger", action: retry, stay: true, report });
}

export function setUpHtmx() {
  const body = document.body;
  onCustom(body, "htmx:configRequest", beforeRequest);
  onCustom(body, "htmx:beforeRequest", ({ detail }) => setBusy(buttonOf(detail), true));
  onCustom(body, "htmx:afterRequest", ({ detail }) => {
    setBusy(buttonOf(detail), false);
    if (detail.xhr?.status && detail.xhr.status < 500) delete detail.elt.dataset.requestKey; // answered: the next click is a new request
  });
  onCustom(body, "htmx:responseError", failed);
  onCustom(body, "htmx:sendError", failed);
  onCustom(body, "htmx:timeout", failed);
}
