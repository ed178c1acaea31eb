// The queue of one text: what was tried and what was written since, sent in order, one at a time.
import { RequestError, backoff, newKey } from "../net/request.js";
import { mended } from "./mend.js";
import { reasonOf } from "./store.js";
import { TAB } from "./tabs.js";
import { wordsFor } from "./words.js";

/** @import {Answer, Entry, SaveRequest, State, StateName, TabLine, Version} from "./types.js" */
/** @import {Saver, SaverOptions} from "./saver.js" */

/**
 * What the caller may leave out is filled in by saver.js.
 * @typedef {SaverOptions & Required<Pick<SaverOptions, "method" | "headers" | "owner" | "fingerprint" | "toBody" | "versionOf" | "sender"
 *   | "explain" | "store" | "browser" | "delay" | "jitter" | "longest" | "keepEvery" | "firstWait" | "longestWait" | "overtakes">>} QueueOptions
 */

const KEEPALIVE_BYTES = 60000; // browsers refuse larger requests while a page closes
export const ABOUT_THE_TEXT = [400, 413, 422]; // sending the same again would be refused again
const ABOUT_ACCESS = [401, 403, 404]; // the text itself is good: the same request may pass once access is back

/** What the server says of the text itself, where it says more than "not valid". @param {RequestError} error @returns {string} */
function causeOf({ body, message }) {
  const said = Object.values(body?.fields ?? {}).flat()[0];
  return typeof said === "string" ? said : message;
}

/**
 * What saver.js builds on. The queue holds at most what was tried (its outcome may be unknown) and what was written
 * since. `refusal` is the newest entry that the server refused for good: on the device, not in the queue.
 */
export class SendQueue {
  /** @type {Version} the version that the next request builds on */
  base = null;
  /** @type {Version | undefined} what the last answer named */
  lastAnswered = undefined;
  /** @type {string | null} the print of what the server has; null: it went back, so whatever stands here is sent */
  saved = null;
  /** @type {Entry[]} */
  queue = [];
  /** @type {Entry | null} */
  refusal = null;
  /** @type {State} */
  state = { state: "saved", at: null, error: null, retryAt: null, seconds: null, device: "ok" };
  /** @type {State["device"]} */
  device = "ok";
  /** @type {((done: boolean) => void)[]} */
  waiters = [];
  /** @type {TabLine | null} */
  tabs = null;
  /** @type {number | null} when the first change was made that is not yet saved */
  dirtySince = null;
  /** @type {Record<"push" | "keep" | "retry" | "countdown", ReturnType<typeof setTimeout> | undefined>} */
  timers = { push: undefined, keep: undefined, retry: undefined, countdown: undefined };
  tries = 0;
  pushing = false;
  closed = false;
  hidden = false;

  /** @param {QueueOptions} options */
  constructor(options) {
    this.options = options;
    this.base = options.baseVersion ?? null;
    this.saved = this.print(options.savedValue ?? options.readValue());
  }

  /** @param {any} value @returns {string} */
  print(value) {
    return this.options.fingerprint(value);
  }

  /** @param {Version} version @param {any} value what the server has */
  standsAt(version, value) {
    this.base = version;
    this.saved = this.print(value);
  }

  /** The print of what was last put on the device or on the server. */
  newest() {
    const last = this.queue.findLast((entry) => !entry.older) ?? this.refusal ?? this.queue.at(-1);
    return last ? this.print(last.value) : this.saved;
  }

  isDirty() {
    return this.print(this.options.readValue()) !== this.newest();
  }

  /** Put the text as it is now at the end of the queue and on the device. */
  enqueue() {
    this.stop("keep");
    const value = this.mend(this.options.readValue());
    if (this.print(value) === this.newest()) return Promise.resolve();
    const last = this.queue.at(-1);
    const entry = last && !last.body && !last.older ? last : this.newEntry();
    entry.value = value;
    entry.draft = JSON.stringify(this.options.toBody(value, entry.base));
    return this.keep(entry);
  }

  /** What no database takes is taken out on the page too, before it is sent. @param {any} value */
  mend(value) {
    const good = mended(value);
    if (good === value) return value;
    this.options.writeValue?.(good);
    this.options.onMended?.();
    return good;
  }

  newEntry() {
    const { key, url, method, owner } = this.options;
    const more = { tab: TAB, base: this.base, at: Date.now(), value: null, draft: "" };
    /** @type {Entry} */
    const entry = { id: newKey(), key, url, method, owner, ...more };
    this.queue.push(entry);
    return entry;
  }

  /** @param {Entry} entry */
  async keep(entry) {
    try {
      await this.options.store.put(entry);
      this.device = "ok";
    } catch (error) {
      this.device = reasonOf(error);
      if (this.device === "full") this.show(this.state.state, this.state);
    }
  }

  /** @param {Entry} entry */
  async forget(entry) {
    this.queue = this.queue.filter((other) => other !== entry);
    await this.options.store.remove(entry.id).catch(() => {});
  }

  /** @param {keyof SendQueue["timers"]} name */
  stop(name) {
    clearTimeout(this.timers[name]);
    this.timers[name] = undefined;
  }

  /** The connection came back, or it is worth a try for another reason. */
  retryNow() {
    this.stop("retry");
    return this.push();
  }

  /** The person pressed "Try now", or room was made: what was refused is tried once more, too. */
  tryAgain() {
    this.enqueue();
    const entry = this.refusal;
    if (entry && !this.queue.length) {
      this.refusal = null;
      entry.body = entry.idem = null;
      delete entry.refused;
      this.queue.push(entry);
    }
    return this.retryNow();
  }

  /** Send what is queued, oldest first, one at a time. */
  async push() {
    if (this.pushing || this.closed || this.timers.retry) return;
    this.pushing = true;
    try {
      this.enqueue();
      while (this.queue.length && !this.closed) {
        this.show("saving");
        if (!(await this.attempt(this.queue[0]))) return void this.settle(false);
        this.enqueue();
      }
      this.dirtySince = null;
      this.rest({ at: Date.now() });
      this.settle(!this.refusal);
    } catch (error) {
      this.settle(false);
      throw error;
    } finally {
      this.pushing = false;
    }
  }

  /** Nothing is on its way: everything is saved, except what is refused. @param {{at?: number}} [more] */
  rest(more = {}) {
    if (this.refusal) this.show("refused", { ...more, error: this.refusal.refused });
    else this.show("saved", more);
  }

  /** @param {boolean} done */
  settle(done) {
    for (const resolve of this.waiters.splice(0)) resolve(done);
  }

  /** Freeze an entry into the request that every later try repeats byte for byte. @param {Entry} entry */
  freeze(entry) {
    if (entry.body) return;
    if (this.lastAnswered !== undefined) entry.base = this.base;
    entry.body = JSON.stringify(this.options.toBody(entry.value, entry.base));
    entry.idem = newKey();
  }

  /** @param {Entry} entry @returns {Promise<boolean>} */
  async attempt(entry) {
    const firstTry = !entry.body;
    this.freeze(entry);
    const kept = firstTry ? this.keep(entry) : null;
    if (!this.hidden) await kept; // a closing page has no time to wait
    try {
      const answer = await this.options.sender(entry.url, this.request(entry), entry);
      if (!answer) throw new RequestError("The answer did not come from our server."); // a hotel's sign-in page
      await this.accepted(entry, answer);
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return this.failed(entry, error);
    }
  }

  /** @param {Entry} entry */
  request(entry) {
    const { headers, method } = this.options;
    const text = entry.body ?? "";
    return { method, text, key: entry.idem ?? undefined, headers, keepalive: this.isSmall(text) && this.hidden };
  }

  /** @param {string} text */
  isSmall(text) {
    return new TextEncoder().encode(text).length < KEEPALIVE_BYTES;
  }

  /** @param {Entry} entry @param {Answer} answer */
  async accepted(entry, answer) {
    this.tries = 0;
    this.lastAnswered = this.base = this.options.versionOf(answer) ?? this.base;
    this.saved = this.print(entry.value);
    await this.forget(entry);
    if (!entry.older) await this.dropRefusal();
    this.tabs?.saved(this.base, entry.value);
    this.options.onSaved?.(answer, entry.value);
    if (answer.conflict) this.options.onConflict?.({ mine: entry.value, answer, saver: /** @type {Saver} */ (/** @type {unknown} */ (this)) });
  }

  /** @param {Entry} entry @param {RequestError} error */
  async failed(entry, error) {
    if (error.status === 422 && error.code === "idempotency_key_reused") {
      entry.body = entry.idem = null; // should never be; a fresh key is the way out
      return this.later(error);
    }
    if (error.retryable) return this.later(error);
    return ABOUT_ACCESS.includes(error.status) ? this.blocked(entry, error) : this.refused(entry, error);
  }

  /** Try again by itself; the text is safe on the device meanwhile. @param {RequestError} error */
  later(error) {
    this.tries += 1;
    const wait = backoff(this.tries, error.retryAfter, { first: this.options.firstWait, most: this.options.longestWait });
    const name = error.offline ? "offline" : "retrying";
    this.show(name, { error, retryAt: Date.now() + wait });
    this.timers.retry = setTimeout(() => this.retryNow(), wait);
    return false;
  }

  /**
   * Signed out or without access: the entry keeps its place and is tried again with the next change or page.
   * @param {Entry} entry @param {RequestError} error
   */
  blocked(entry, error) {
    this.show("refused", { error });
    this.options.onRefused?.(error, entry.value);
    return false;
  }

  /**
   * The server refused this text for good: it stays on the device with the cause, and what is typed next is a new try.
   * @param {Entry} entry @param {RequestError} error
   */
  async refused(entry, error) {
    if (entry.older) {
      await this.forget(entry);
    } else {
      this.queue = this.queue.filter((other) => other !== entry);
      await this.dropRefusal();
      this.refusal = entry;
      const message = this.options.explain(error, entry.value) || causeOf(error);
      entry.refused = { status: error.status, code: error.code, message };
      await this.keep(entry);
    }
    this.rest();
    this.options.onRefused?.(error, entry.value);
    return this.queue.length > 0;
  }

  /** Newer words of the same text took the place of the refused ones. */
  async dropRefusal() {
    const entry = this.refusal;
    this.refusal = null;
    if (entry) await this.forget(entry);
  }

  // --- What the person sees ----------------------------------------------------------------------

  /** @param {StateName} name @param {{at?: number | null, error?: State["error"], retryAt?: number | null}} [more] */
  show(name, { at = this.state.at, error = null, retryAt = null } = {}) {
    this.stop("countdown");
    const seconds = retryAt ? Math.max(1, Math.ceil((retryAt - Date.now()) / 1000)) : null;
    this.state = { state: name, at, error, retryAt, seconds, device: this.device };
    this.options.onState?.({ ...this.state, ...wordsFor(this.state), retry: () => this.tryAgain() });
    if (retryAt && retryAt > Date.now()) {
      this.timers.countdown = setTimeout(() => this.show(name, { at, error, retryAt }), 1000);
    }
  }
}
