// Signs of life: a beat every 30 s with jitter, activity at most every 10 s, and the beacon of a page that goes.
import { RequestError } from "../net/request.js";
import { call, isRefusal } from "./api.js";
import { sender } from "./tab.js";

/** @import {BeatListener} from "./types.js" */

const EVERY = 30000;
const RETRY = 5000;
const ACTIVITY_EVERY = 10000;

export class Beats {
  /** @param {string} candidate @param {BeatListener} listener */
  constructor(candidate, listener) {
    this.candidate = candidate;
    this.listener = listener;
    this.stopped = false;
    this.lastActivity = -Infinity;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    for (const name of ["click", "keydown", "scroll"]) {
      document.addEventListener(name, () => this.active(), { capture: true, passive: true });
    }
  }

  start() {
    this.schedule();
    addEventListener("online", () => this.beat());
    document.addEventListener("visibilitychange", () => document.hidden || this.beat());
  }

  schedule(wait = EVERY * (0.9 + Math.random() / 5)) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.beat(), wait);
  }

  /** Resolves true when the server answered that the test goes on. */
  async beat() {
    if (this.stopped) return false;
    const known = this.listener.version();
    try {
      const reply = await call("PUT", `/test-session/${this.candidate}/heartbeat`, sender());
      this.listener.alive(reply, known);
      this.schedule();
      return true;
    } catch (error) {
      if (error instanceof RequestError && isRefusal(error)) this.listener.refused(error);
      else this.listener.lost();
      this.schedule(RETRY);
      return false;
    }
  }

  async active() {
    if (this.stopped || performance.now() - this.lastActivity < ACTIVITY_EVERY) return;
    this.lastActivity = performance.now();
    const known = this.listener.version();
    try {
      this.listener.alive(await call("PUT", `/test-session/${this.candidate}/activity`), known);
    } catch {
      // The next beat finds out what is wrong.
    }
  }

  /** Tell the server that this page is gone. It may come back: the server waits. */
  leave() {
    if (this.stopped) return;
    const body = JSON.stringify({ completion_method: "tab_close", ...sender() });
    navigator.sendBeacon(`/api/test-session/${this.candidate}/abandon`, body);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
