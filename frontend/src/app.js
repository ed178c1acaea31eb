// What every page has: theme, dialogs, toasts, htmx, forms, times, keys, timers, panes, quotes.
import { sendLeftovers } from "./saving/leftovers.js";
import { setUpDialogs } from "./ui/dialogs.js";
import { setUpForms } from "./ui/forms.js";
import { setUpHtmx } from "./ui/htmx.js";
import { setUpKeys } from "./ui/keys.js";
import { setUpPanes } from "./ui/panes.js";
import { setUpQuotes } from "./ui/quotes.js";
import { setUpReach } from "./ui/reach.js";
import { setUpAddPoint } from "./ui/add_point.js";
import { setUpTheme } from "./ui/theme.js";
import { setUpTimers } from "./ui/timer.js";
import { setUpTimes } from "./ui/times.js";
import { setUpToasts, toast } from "./ui/toasts.js";

const LEFTOVERS_AFTER_MS = 4000; // a page that saves the same text itself comes first

async function bringHomeLeftovers() {
  const waiting = await sendLeftovers();
  if (waiting) toast("Some of your texts still wait on this device. They are saved as soon as the server can be reached.");
}

for (const setUp of [
  setUpTheme, setUpToasts, setUpDialogs, setUpForms, setUpHtmx, setUpTimes, setUpKeys, setUpTimers, setUpPanes, setUpQuotes, setUpAddPoint, setUpReach,
]) {
  setUp();
}
if (document.body.dataset.user) {
  setTimeout(() => bringHomeLeftovers().catch(() => {}), LEFTOVERS_AFTER_MS);
  addEventListener("online", () => bringHomeLeftovers().catch(() => {}));
}
document.documentElement.dataset.ready = "true"; // tests wait for it
