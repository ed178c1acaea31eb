// The server's clock on the page. Only differences are taken from the device: `performance.now()`
// does not move when somebody sets the device's time, so an hour of skew changes nothing.

const WARNINGS = [
  [300_000, "5 minutes left."],
  [60_000, "1 minute left."],
  [0, "Time is up. You can still hand in; the answer will be marked late."],
];

/** `12:41 left`, `1:02:03 left`, `2:10 over`. */
export function words(leftMs) {
  const seconds = leftMs > 0 ? Math.ceil(leftMs / 1000) : Math.floor(-leftMs / 1000);
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const shown = hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  return `${shown} ${leftMs > 0 ? "left" : "over"}`;
}

/** "" | soon (5 minutes and less) | last (1 minute and less) | over. */
export function state(leftMs) {
  if (leftMs <= 0) return "over";
  if (leftMs <= 60_000) return "last";
  return leftMs <= 300_000 ? "soon" : "";
}

export class Clock {
  #leftAtStart;
  #startedAt;
  #before;

  /** `onTick(leftMs)` each second, `onWarning(sentence)` once each time a warning is passed. */
  constructor(leftMs, { onTick, onWarning }) {
    this.onTick = onTick;
    this.onWarning = onWarning;
    this.set(leftMs);
    this.#before = leftMs;
    setInterval(() => this.tick(), 1000);
    this.tick();
  }

  /** The server said how much is left; what the page believed is dropped. */
  set(leftMs) {
    this.#leftAtStart = leftMs;
    this.#startedAt = performance.now();
  }

  get leftMs() {
    return this.#leftAtStart - (performance.now() - this.#startedAt);
  }

  tick() {
    const left = this.leftMs;
    const passed = WARNINGS.filter(([at]) => this.#before > at && left <= at);
    this.#before = left;
    this.onTick(left);
    if (passed.length) this.onWarning(passed.at(-1)[1]);
  }
}
