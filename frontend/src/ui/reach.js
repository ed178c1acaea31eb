// Links and buttons that leave a page only when the server can be reached: <a data-when-reachable>.
import { isReachable } from "../net/request.js";
import { setBusy } from "./forms.js";
import { mount } from "./mount.js";
import { toast } from "./toasts.js";

/** @param {MouseEvent} event */
async function leaveWhenReachable(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  const control = /** @type {HTMLAnchorElement | HTMLButtonElement} */ (event.currentTarget);
  event.preventDefault();
  if (control instanceof HTMLButtonElement && !control.form?.reportValidity()) return;
  setBusy(control, true);
  const isThere = await isReachable();
  setBusy(control, false);
  if (!isThere) return void toast("Etude cannot be reached. This page stays open; try again when the connection is back.", { tone: "warning" });
  if (control instanceof HTMLAnchorElement) location.assign(control.href);
  else control.form?.requestSubmit(control);
}

export function setUpReach() {
  mount("[data-when-reachable]", (/** @type {HTMLElement} */ control) => control.addEventListener("click", leaveWhenReachable));
}
