// Who this tab is, and the how-manieth thing it sends: the server tells old news from new by it.
import { newKey } from "../net/request.js";

const TAB = "etude-room-tab";
const SEQUENCE = "etude-room-sequence";

/** @param {string} name @param {string} fallback */
function stored(name, fallback) {
  try {
    return sessionStorage.getItem(name) ?? fallback;
  } catch {
    return fallback;
  }
}

/** @param {string} name @param {string} value */
function store(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // A tab without storage is a new tab at every load.
  }
}

let tab = stored(TAB, "");
// A duplicated tab copies its sessionStorage; a reload or a return keeps it.
const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const isCopy = tab && entry?.type === "navigate" && stored("etude-room-open", "") === "yes";
if (!tab || isCopy) {
  tab = newKey();
  store(TAB, tab);
}
store("etude-room-open", "yes");
addEventListener("pagehide", () => store("etude-room-open", "no"));
addEventListener("pageshow", () => store("etude-room-open", "yes"));

let sequence = Number(stored(SEQUENCE, "0")) || 0;

export const tabId = tab;

/** `{tab_id, sequence}`, higher every time, also across reloads. */
export function sender() {
  sequence += 1;
  store(SEQUENCE, String(sequence));
  return { tab_id: tabId, sequence };
}
