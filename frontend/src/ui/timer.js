// The timer pill. Time left is the server's: deadline minus server time, moved on by performance.now(),
// so neither a wrong clock on the device nor a slow answer changes anything.
import { mount } from "./mount.js";
import { ServerClock, sleepWatch } from "./server_clock.js";

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
  const server = new ServerClock();
  let deadline = null; // milliseconds
  let previous = null;

  const left = () => (deadline - server.now()) / 1000;

  /** Correct the timer from any answer that carries the server's time; `sent`: performance.now() at its request. */
  function sync(told, sent) {
    if (!told.deadline || !told.server_time) return;
    server.learn(told.server_time, sent, performance.now());
    deadline = Date.parse(told.deadline);
    goOn();
  }

  function goOn() {
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
    if (deadline === null) return;
    const now = left();
    text.textContent = now > 0 ? clockText(now) : "0:00";
    element.dataset.state = now <= 0 ? "over" : now <= 60 ? "last" : now <= 300 ? "soon" : "calm";
    element.setAttribute("aria-label", now > 60 ? `${Math.ceil(now / 60)} minutes left` : `${Math.max(0, Math.ceil(now))} seconds left`);
    announce(now);
    onSecond?.(now);
  }

  const noticeSleep = sleepWatch((slept) => {
    if (deadline === null) return;
    if (slept > 0 && server.offset !== null) server.offset += slept;
    element.dispatchEvent(new CustomEvent("timer:woke", { bubbles: true }));
  });

  element.setAttribute("role", "timer");
  if (element.dataset.deadline && element.dataset.serverTime) {
    server.learnFromPage(element.dataset.serverTime);
    deadline = Date.parse(element.dataset.deadline);
    goOn();
  }
  const clock = setInterval(() => (noticeSleep(), tick()), 500);
  return { sync, left, stop: () => clearInterval(clock) };
}

export function setUpTimers() {
  // Pages that need more (onEnd, sync) make their own and mark the element with data-own-timer.
  mount(".timer[data-deadline]:not([data-own-timer])", (element) => createTimer(element));
}
