// The timer pill. Time left is the server's: deadline minus server time, moved on by performance.now(),
// so neither a wrong clock on the device nor a slow answer changes anything.
import { mount } from "./mount.js";
import { ServerClock, sleepWatch } from "./server_clock.js";

/** @type {[number, string][]} */
const ANNOUNCED = [
  [300, "5 minutes left."],
  [60, "1 minute left."],
  [0, "Time is up."],
];

/** "12:41", "1:02:03" @param {number} seconds */
export function clockText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  /** @param {number} number */
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** What was said last for this deadline, remembered from page to page of this tab. @param {string | undefined} deadline */
function memoryOf(deadline) {
  const key = `timer:${deadline}`;
  let known = Infinity;
  try {
    known = Number(sessionStorage.getItem(key) ?? Infinity);
  } catch {
    // No storage on this device: then each page speaks for itself.
  }
  return {
    get limit() {
      return known;
    },
    set limit(seconds) {
      known = seconds;
      try {
        sessionStorage.setItem(key, String(seconds));
      } catch {
        // As above.
      }
    },
  };
}

/** What a page says that opens in the last minutes. @param {number} seconds */
function wordsLeft(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return minutes > 0 ? `${minutes} minute${minutes === 1 ? "" : "s"} left.` : "Time is up.";
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
  /** @type {number | null} */
  let deadline = null; // milliseconds
  /** @type {number | null} */
  let previous = null;
  const said = memoryOf(element.dataset.deadline);

  const left = () => ((deadline ?? 0) - server.now()) / 1000;

  /**
   * A screen reader hears nothing of a region that was filled in the moment it appeared.
   * @param {string} words @param {boolean} later
   */
  function speak(words, later) {
    setTimeout(() => (region.textContent = words), later ? 1000 : 0);
  }

  /**
   * Correct the timer from any answer that carries the server's time; `sent`: performance.now() at its request.
   * @param {{deadline?: string, server_time?: string}} told @param {number} sent
   */
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

  /** Each limit once, also when it passed while the learner went from one page to the next. @param {number} now */
  function announce(now) {
    const [limit, words] = ANNOUNCED.findLast(([seconds]) => now <= seconds) ?? [Infinity, ""];
    if (limit < said.limit) speak(previous === null ? wordsLeft(now) : words, previous === null);
    if (limit !== said.limit) said.limit = limit;
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
    element.setAttribute("aria-label", now > 60 ? `${Math.ceil(now / 60)} minutes left` : now > 0 ? `${Math.ceil(now)} seconds left` : "Time is up");
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
