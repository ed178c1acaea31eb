// What the page notes about the sitting, as the candidate was told: it never ends a test, and no text is sent.
import { call } from "./api.js";
import { serverIso } from "./clock.js";
import { tabId } from "./tab.js";

const EVERY = 10000;
const MOST_KEPT = 200;
const BATCH = 50;

/** @type {object[]} */
let waiting = [];
let candidate = "";

/** @param {string} type @param {object} [detail] */
export function report(type, detail = {}) {
  if (waiting.length < MOST_KEPT) waiting.push({ type, at: serverIso(), detail: { tab: tabId.slice(0, 8), ...detail } });
}

export async function sendReports() {
  const batch = waiting.slice(0, BATCH);
  if (!batch.length) return;
  try {
    await call("POST", `/test-session/${candidate}/events`, { events: batch });
    waiting = waiting.slice(batch.length);
  } catch {
    // They wait; an outage is one of the things to report.
  }
}

/** @param {string} id */
export function watchSitting(id) {
  candidate = id;
  document.addEventListener("visibilitychange", () => report(document.hidden ? "tab_hidden" : "tab_visible"));
  addEventListener("blur", () => report("window_blur"));
  addEventListener("focus", () => report("window_focus"));
  addEventListener("offline", () => report("offline"));
  addEventListener("online", () => report("online"));
  document.addEventListener("fullscreenchange", () => {
    report(document.fullscreenElement ? "fullscreen_entered" : "fullscreen_left");
  });
  setInterval(sendReports, EVERY);
}
