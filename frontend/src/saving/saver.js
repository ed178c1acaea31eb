// Saving that never loses a word. One saver per text (or board):
//   change -> kept on this device -> sent in order, each with its idempotency key and base version
import { send } from "../net/request.js";
import { SendQueue } from "./queue.js";
import { deviceStore, reasonOf } from "./store.js";
import { TAB, browserTabs } from "./tabs.js";
import { wordsFor } from "./words.js";

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

export class Saver extends SendQueue {
  /** @param {SaverOptions} options */
  constructor(options) {
    const owner = options.owner ?? globalThis.document?.body?.dataset.user ?? "";
    super({
      method: "PUT", headers: {}, owner, delay: 1200, jitter: 400, longest: 8000, keepEvery: 250,
      toBody: (value, base) => ({ answer_text: value, base_version: base }),
      versionOf: (answer) => answer?.version ?? null,
      fingerprint: asText, store: deviceStore, sender: send, browser: browserTabs, firstWait: 1000, ...options,
    });
    this.state = { state: "saved", at: null };
    this.listening = [];
    this.ready = this.start();
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
