// Saving that never loses a word. One saver per text (or board):
//   change -> kept on this device -> sent in order, each with its idempotency key and base version
// A queue holds at most what was tried (its outcome may be unknown) and what was written since.
import { backoff, newKey, send } from "../net/request.js";
import { deviceStore, reasonOf } from "./store.js";
import { TAB, browserTabs } from "./tabs.js";
import { wordsFor } from "./words.js";

const KEEPALIVE_BYTES = 60000; // browsers refuse larger requests while a page closes

const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * @typedef {object} SaverOptions
 * @property {string} key            names the text on this device, e.g. "draft:12:3"
 * @property {string} url            where it is saved
 * @property {string} [method]       PUT
 * @property {() => any} readValue   the text (string) or scene (plain object) as it is now
 * @property {(value: any) => void} [writeValue]   put a text back (restore, "take theirs")
 * @property {any} [savedValue]      what the server has; default: readValue() now
 * @property {number|null} [baseVersion]           the server's version of it
 * @property {(value: any, base: number|null) => object} [toBody]   default {answer_text, base_version}
 * @property {(answer: object) => number|null} [versionOf]          default answer.version
 * @property {(value: any) => string} [fingerprint]  when equal, nothing is saved
 * @property {string} [owner]        whose text it is; default <body data-user>
 * @property {object} [headers]      more request headers
 * @property {(state: object) => void} [onState]    see words.js
 * @property {(answer: object, value: any) => void} [onSaved]
 * @property {(conflict: {mine: any, answer: object, saver: object}) => void} [onConflict]
 * @property {(error: object, value: any) => void} [onRefused]
 * @property {(count: number) => void} [onTabs]     other tabs with the same text
 * @property {(value: any) => void} [onRestored]    a text from before the reload was put back
 * @property {number} [delay] @property {number} [jitter] @property {number} [longest]  milliseconds
 */

export class Saver {
  /** @param {SaverOptions} options */
  constructor(options) {
    const owner = options.owner ?? globalThis.document?.body?.dataset.user ?? "";
    this.options = {
      method: "PUT", headers: {}, owner, delay: 1200, jitter: 400, longest: 8000, keepEvery: 250,
      toBody: (value, base) => ({ answer_text: value, base_version: base }),
      versionOf: (answer) => answer?.version ?? null,
      fingerprint: asText, store: deviceStore, sender: send, browser: browserTabs, firstWait: 1000, ...options,
    };
    this.base = options.baseVersion ?? null;
    this.saved = this.print(options.savedValue ?? options.readValue());
    this.queue = [];
    this.device = "ok";
    this.tries = 0;
    this.state = { state: "saved", at: null };
    this.listening = [];
    this.waiters = [];
    this.ready = this.start();
  }

  print(value) {
    return this.options.fingerprint(value);
  }

  // --- Life ------------------------------------------------------------------------------------

  async start() {
    this.listen(globalThis.window, "online", () => this.retryNow());
    this.listen(globalThis.window, "pagehide", () => this.leaving());
    this.listen(globalThis.document, "visibilitychange", () => document.hidden && this.leaving());
    this.tabs = this.options.browser.join(this.options.key, {
      onTabs: (count) => this.options.onTabs?.(count),
      onSaved: (news) => this.savedElsewhere(news),
    });
    await this.options.browser.hold();
    await this.restore();
  }

  listen(target, type, work) {
    if (!target?.addEventListener) return;
    target.addEventListener(type, work);
    this.listening.push(() => target.removeEventListener(type, work));
  }

  /** Stop listening; what is queued stays on the device and is sent later. */
  close() {
    this.closed = true;
    for (const stop of this.listening) stop();
    for (const timer of ["timer", "keepTimer", "retryTimer", "countdown"]) clearTimeout(this[timer]);
    this.tabs?.leave();
    this.settle(false);
  }

  // --- From the page ---------------------------------------------------------------------------

  /** Tell that the text may have changed; cheap, call it on each input. */
  changed() {
    if (!this.isDirty()) {
      if (!this.queue.length) this.show("saved");
      return;
    }
    this.dirtySince ??= Date.now();
    if (!["offline", "retrying"].includes(this.state.state)) this.show("saving");
    this.keepTimer ??= setTimeout(() => this.enqueue(), this.options.keepEvery);
    const left = this.options.longest - (Date.now() - this.dirtySince);
    const wait = Math.min(this.options.delay + Math.random() * this.options.jitter, Math.max(0, left));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.push(), wait);
  }

  /** Is there anything the server has not confirmed? */
  get pending() {
    return this.queue.length > 0 || this.isDirty();
  }

  /** Save now. Resolves true when everything is on the server, false when it has to wait or is refused. */
  async flush() {
    await this.ready;
    clearTimeout(this.timer);
    if (!this.pending) return true;
    const done = new Promise((resolve) => this.waiters.push(resolve));
    this.retryNow();
    return done;
  }

  /** The person pressed "Try now", or the connection came back. */
  retryNow() {
    clearTimeout(this.retryTimer);
    this.retryTimer = null;
    return this.push();
  }

  /** The server got this text by another way (a submission): go on from its version. */
  adopt({ value, version }) {
    this.lastAnswered = this.base = version ?? this.base;
    this.saved = this.print(value);
    if (!this.isDirty() && !this.queue.length) this.show("saved");
  }

  // --- The queue -------------------------------------------------------------------------------

  newest() {
    const last = this.queue.at(-1);
    return last ? this.print(last.value) : this.saved;
  }

  isDirty() {
    return this.print(this.options.readValue()) !== this.newest();
  }

  /** Put the text as it is now at the end of the queue and on the device. */
  enqueue() {
    clearTimeout(this.keepTimer);
    this.keepTimer = null;
    const value = this.options.readValue();
    if (this.print(value) === this.newest()) return Promise.resolve();
    let entry = this.queue.at(-1);
    if (!entry || entry.body) {
      const { key, url, method, owner } = this.options;
      entry = { id: newKey(), key, url, method, owner, tab: TAB, base: this.base, at: Date.now() };
      this.queue.push(entry);
    }
    entry.value = value;
    entry.draft = JSON.stringify(this.options.toBody(value, entry.base));
    return this.keep(entry);
  }

  async keep(entry) {
    try {
      await this.options.store.put(entry);
      this.device = "ok";
    } catch (error) {
      this.device = reasonOf(error);
      if (this.device === "full") this.show(this.state.state, this.state);
    }
  }

  async forget(entry) {
    this.queue = this.queue.filter((other) => other !== entry);
    await this.options.store.remove(entry.id).catch(() => {});
  }

  /** Send what is queued, oldest first, one at a time. */
  async push() {
    if (this.pushing || this.closed || this.retryTimer) return;
    this.pushing = true;
    try {
      this.enqueue();
      while (this.queue.length && !this.closed) {
        this.show("saving");
        if (!(await this.attempt(this.queue[0]))) return this.settle(false);
        this.enqueue();
      }
      this.dirtySince = null;
      this.show("saved", { at: Date.now() });
      this.settle(true);
    } catch (error) {
      this.settle(false);
      throw error;
    } finally {
      this.pushing = false;
    }
  }

  settle(done) {
    for (const resolve of this.waiters.splice(0)) resolve(done);
  }

  /** Freeze an entry into the request that every later try repeats byte for byte. */
  freeze(entry) {
    if (entry.body) return;
    if (this.lastAnswered !== undefined) entry.base = this.base;
    entry.body = JSON.stringify(this.options.toBody(entry.value, entry.base));
    entry.idem = newKey();
  }

  async attempt(entry) {
    const firstTry = !entry.body;
    this.freeze(entry);
    const kept = firstTry ? this.keep(entry) : null;
    if (!this.hidden) await kept; // a closing page has no time to wait
    try {
      const answer = await this.options.sender(entry.url, this.request(entry));
      await this.accepted(entry, answer);
      return true;
    } catch (error) {
      if (!("retryable" in error)) throw error;
      return this.failed(entry, error);
    }
  }

  request(entry) {
    const { headers, method } = this.options;
    return { method, text: entry.body, key: entry.idem, headers, keepalive: this.isSmall(entry) && this.hidden };
  }

  isSmall(entry) {
    return new TextEncoder().encode(entry.body).length < KEEPALIVE_BYTES;
  }

  async accepted(entry, answer) {
    this.tries = 0;
    this.lastAnswered = this.base = this.options.versionOf(answer) ?? this.base;
    this.saved = this.print(entry.value);
    await this.forget(entry);
    this.tabs.saved(this.base, entry.value);
    this.options.onSaved?.(answer, entry.value);
    if (answer?.conflict) this.options.onConflict?.({ mine: entry.value, answer, saver: this });
  }

  async failed(entry, error) {
    if (error.status === 422 && error.code === "idempotency_key_reused") {
      entry.body = entry.idem = null; // should never be; a fresh key is the way out
      return this.later(error);
    }
    return error.retryable ? this.later(error) : this.refused(entry, error);
  }

  /** Try again by itself; the text is safe on the device meanwhile. */
  later(error) {
    this.tries += 1;
    const wait = backoff(this.tries, error.retryAfter, { first: this.options.firstWait });
    const name = error.offline ? "offline" : "retrying";
    this.show(name, { error, retryAt: Date.now() + wait });
    this.retryTimer = setTimeout(() => this.retryNow(), wait);
    return false;
  }

  /** The server said no for good: say why, keep the text on the device, do not send it again. */
  async refused(entry, error) {
    this.queue = this.queue.filter((other) => other !== entry);
    this.saved = this.print(entry.value); // what is typed next is a new try
    entry.refused = { status: error.status, error: error.message };
    // Signed out: the same entry may be sent once the person is back.
    if (error.status === 401) delete entry.refused;
    await this.keep(entry);
    this.show("refused", { error });
    this.options.onRefused?.(error, entry.value);
    return this.queue.length > 0 && ![401, 403].includes(error.status);
  }

  // --- After a reload or a crash -----------------------------------------------------------------

  /** Take over what tabs that are gone have left, show the newest text, and send it. */
  async restore() {
    let left = [];
    try {
      const isOrphan = await this.options.browser.orphanTest();
      const all = await this.options.store.list(this.options.key);
      left = all.filter((entry) => !entry.refused && entry.owner === this.options.owner && isOrphan(entry));
    } catch (error) {
      this.device = reasonOf(error);
    }
    if (!left.length || this.closed || !this.options.writeValue) return;
    const before = { value: this.options.readValue(), base: this.base };
    const typed = this.isDirty();
    this.queue.unshift(...left);
    for (const entry of left) {
      entry.tab = TAB;
      await this.keep(entry);
    }
    const text = left.at(-1).value;
    if (!typed && this.print(text) !== this.saved) {
      this.options.writeValue(text);
      this.options.onRestored?.(text);
    }
    await this.options.browser.alone(`replay:${this.options.key}`, () => this.push());
    this.putBackNewer(before, text);
  }

  /** What we replayed had reached the server long ago and was replaced there since: show the newer text. */
  putBackNewer(before, text) {
    const newer = before.base !== null && this.base !== null && this.base < before.base;
    if (!newer || this.queue.length) return;
    this.base = before.base;
    this.saved = this.print(before.value);
    if (this.print(this.options.readValue()) === this.print(text)) this.options.writeValue?.(before.value);
    else this.changed();
  }

  // --- Other tabs, leaving -----------------------------------------------------------------------

  /** Another tab saved: follow it silently unless this tab has words of its own. */
  savedElsewhere({ version, value }) {
    if (this.pending || this.pushing || !this.options.writeValue) return;
    if (version !== null && this.base !== null && version <= this.base) return;
    this.base = version;
    this.saved = this.print(value);
    this.options.writeValue(value);
  }

  /** The page goes away: keep the text now, and try to send it with what time is left. */
  leaving() {
    this.hidden = true;
    this.enqueue();
    clearTimeout(this.timer);
    this.push();
    setTimeout(() => (this.hidden = false), 0);
  }

  // --- What the person sees ----------------------------------------------------------------------

  show(name, { at = this.state.at, error = null, retryAt = null } = {}) {
    clearTimeout(this.countdown);
    const seconds = retryAt ? Math.max(1, Math.ceil((retryAt - Date.now()) / 1000)) : null;
    this.state = { state: name, at, error, retryAt, seconds, device: this.device };
    this.options.onState?.({ ...this.state, ...wordsFor(this.state), retry: () => this.retryNow() });
    if (retryAt && retryAt > Date.now()) {
      this.countdown = setTimeout(() => this.show(name, { at, error, retryAt }), 1000);
    }
  }
}

/** @param {SaverOptions} options */
export function createSaver(options) {
  return new Saver(options);
}
