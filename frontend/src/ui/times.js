// "2 h ago", kept fresh; the full time stands in the title. The same words as `in_words` in common/templatetags/etude.py.
import { mount } from "./mount.js";
import { findAll } from "./find.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** @param {Date} moment @param {Date} [now] */
export function relativeTime(moment, now = new Date()) {
  const seconds = (now.getTime() - moment.getTime()) / 1000;
  const amount = Math.abs(seconds);
  if (amount < 45) return seconds >= 0 ? "just now" : "in a moment";
  const text = inUnits(amount);
  if (text) return seconds >= 0 ? `${text} ago` : `in ${text}`;
  const sameYear = moment.getFullYear() === now.getFullYear();
  return moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: sameYear ? undefined : "numeric" });
}

/** @param {number} seconds */
function inUnits(seconds) {
  if (seconds < 45 * MINUTE) return `${Math.max(1, Math.round(seconds / MINUTE))} min`;
  if (seconds < 22 * HOUR) return `${Math.max(1, Math.round(seconds / HOUR))} h`;
  const days = Math.max(1, Math.round(seconds / DAY));
  if (days > 14) return "";
  return days === 1 ? "1 day" : `${days} days`;
}

export function setUpTimes() {
  /** @param {HTMLTimeElement} element */
  const refresh = (element) => (element.textContent = relativeTime(new Date(element.dateTime)));
  mount("time[data-relative]", (/** @type {HTMLTimeElement} */ element) => {
    if (!element.title) element.title = new Date(element.dateTime).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" });
    refresh(element);
  });
  setInterval(() => findAll("time[data-relative]", HTMLTimeElement).forEach(refresh), 30000);
}
