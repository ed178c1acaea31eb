// Time in the room: the pill, the warnings, and what happens at zero.
import { clockText } from "../ui/timer.js";
import { find } from "../ui/find.js";
import { sleepWatch } from "../ui/server_clock.js";
import { serverNow } from "./clock.js";
import { announce, notice, withdraw } from "./notices.js";

const MINUTE = 60000;
/** @type {[number, string, string][]} */
const WARNINGS = [
  [1, "danger", "Less than 1 minute left. What stands in the editor is saved as it stands."],
  [5, "warning", "Less than 5 minutes left."],
];

export class Time {
  /** @param {string} deadline @param {{onZero: () => void, onSleep: () => void}} listener `onZero`: again and again until more time is heard of */
  constructor(deadline, listener) {
    this.deadline = Date.parse(deadline);
    this.listener = listener;
    this.heard = 0;
    this.warned = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.clock = undefined;
  }

  start() {
    const noticeSleep = sleepWatch(this.listener.onSleep);
    this.clock = setInterval(() => (noticeSleep(), this.tick()), 250);
    this.tick();
  }

  stop() {
    clearInterval(this.clock);
  }

  /**
   * The deadline of a reply, unless a younger one has been heard: replies may overtake each other.
   * @param {{server_time: string, deadline?: string}} reply
   */
  heed({ server_time: text, deadline }) {
    const at = Date.parse(text);
    if (!deadline || at < this.heard) return;
    this.heard = at;
    this.deadline = Date.parse(deadline);
  }

  get left() {
    return this.deadline - serverNow();
  }

  tick() {
    const left = this.left;
    const pill = find("[data-timer]");
    find("[data-timer-text]").textContent = clockText(left / 1000);
    pill.dataset.state = left <= 0 ? "over" : left <= MINUTE ? "last" : left <= 5 * MINUTE ? "soon" : "running";
    if (left <= 0) this.listener.onZero();
    else this.warn(left);
  }

  /** @param {number} left */
  warn(left) {
    const [minutes, tone, words] = WARNINGS.find(([limit]) => left <= limit * MINUTE) ?? [0, "", ""];
    if (minutes === this.warned) return;
    this.warned = minutes;
    if (!minutes) return withdraw("time"); // staff gave more time
    announce(words);
    notice("time", words, { tone });
  }
}
