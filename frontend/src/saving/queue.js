// The queue of one text: what was tried and what was written since, sent in order, one at a time.
import { backoff, newKey } from "../net/request.js";
import { reasonOf } from "./store.js";
import { TAB } from "./tabs.js";

const KEEPALIVE_BYTES = 60000; // browsers refuse larger requests while a page closes

/** What saver.js builds on. It holds at most what was tried (its outcome may be unknown) and what was written since. */
export class SendQueue {
  constructor(options) {
    this.options = options;
    this.base = options.baseVersion ?? null;
    this.saved = this.print(options.savedValue ?? options.readValue());
    this.queue = [];
    this.device = "ok";
    this.tries = 0;
    this.waiters = [];
  }

  print(value) {
    return this.options.fingerprint(value);
  }

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
}
