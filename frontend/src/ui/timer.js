// The timer pill. Time left is the server's: deadline minus server time, moved on by performance.now(),
// so a wrong clock on the device changes nothing.
import { mount } from "./mount.js";

const ANNOUNCED = [
  [300, "5 minutes left."],
  [60, "1 minute left."],
  [0, "Time is up."],
];

/** "12:41", "1:02:03" */
export function clockText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** When the page's own answer arrived, on the clock of performance.now(). */
function answeredAt() {
  return performance.getEntriesByType?.("navigation")[0]?.responseStart || 0;
}

function liveRegion() {
  const region = document.createElement("span");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  return document.body.appendChild(region);
}

/**
 * @param {HTMLElement} element a `.timer` with data-deadline and data-server-time (ISO 8601)
 * @param {{onEnd?: () => void, onSecond?: (left: number) => void}} options
 */
export function createTimer(element, { onEnd, onSecond } = {}) {
  const text = element.querySelector("[data-time-left]") ?? element.appendChild(document.createElement("span"));
  const region = liveRegion();
  let endsAt = null; // on the clock of performance.now(), milliseconds
  let previous = null;
  let [wall, steady] = [Date.now(), performance.now()];

  const left = () => (endsAt - performance.now()) / 1000;

  /** Correct the timer from any answer that carries the server's time. */
  function sync({ server_time: serverTime, deadline }, at = performance.now()) {
    if (!deadline || !serverTime) return;
    endsAt = at + (Date.parse(deadline) - Date.parse(serverTime));
    if (previous !== null && previous <= 0 && left() > 0) previous = null;
    tick();
  }

  function announce(now) {
    for (const [limit, words] of ANNOUNCED) {
      if (previous !== null && previous > limit && now <= limit) region.textContent = words;
    }
    if (previous !== null && previous > 0 && now <= 0) {
      onEnd?.();
      element.dispatchEvent(new CustomEvent("timer:end", { bubbles: true }));
    }
    previous = now;
  }

  function tick() {
    if (endsAt === null) return;
    const now = left();
    text.textContent = now > 0 ? clockText(now) : "0:00";
    element.dataset.state = now <= 0 ? "over" : now <= 60 ? "last" : now <= 300 ? "soon" : "calm";
    element.setAttribute("aria-label", now > 60 ? `${Math.ceil(now / 60)} minutes left` : `${Math.max(0, Math.ceil(now))} seconds left`);
    announce(now);
    onSecond?.(now);
  }

  /** performance.now() may stand still while the machine sleeps: count the sleep, and ask the server. */
  function noticeSleep() {
    const slept = Date.now() - wall - (performance.now() - steady);
    if (slept > 3000 && endsAt !== null) {
      endsAt -= slept;
      element.dispatchEvent(new CustomEvent("timer:woke", { bubbles: true }));
    }
    [wall, steady] = [Date.now(), performance.now()];
  }

  element.setAttribute("role", "timer");
  sync({ server_time: element.dataset.serverTime, deadline: element.dataset.deadline }, answeredAt());
  const clock = setInterval(() => (noticeSleep(), tick()), 500);
  return { sync, left, stop: () => clearInterval(clock) };
}

export function setUpTimers() {
  // Pages that need more (onEnd, sync) make their own and mark the element with data-own-timer.
  mount(".timer[data-deadline]:not([data-own-timer])", (element) => createTimer(element));
}
