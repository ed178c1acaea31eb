// Saving that never loses a word. One saver per text (or board):
//   change -> kept on this device -> sent in order, each with its idempotency key and base version
// How a text reaches the server is the business of `sender` and `toBody`; frontend/src/room/texts.js has its own.
import { send } from "../net/request.js";
import { ABOUT_THE_TEXT, SendQueue } from "./queue.js";
import { deviceStore, reasonOf } from "./store.js";
import { TAB, browserTabs } from "./tabs.js";

/** @import {Answer, Entry, News, SaveRequest, ShownState, State, StateName, Store, Tabs, Version} from "./types.js" */
/** @import {RequestError} from "../net/request.js" */

/** @param {any} value @returns {string} */
const asText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/**
 * @typedef {object} SaverOptions
 * @property {string} key            names the text on this device, e.g. "draft:12:3"
 * @property {string} url            where it is saved
 * @property {string} [method]       PUT
 * @property {() => any} readValue   the text (string) or scene (plain object) as it is now
 * @property {(value: any) => void} [writeValue]   put a text back (restore, "take theirs")
 * @property {any} [savedValue]      what the server has; default: readValue() now
 * @property {Version} [baseVersion]    the server's version of it: a number that grows, or a mark of the text
 * @property {(value: any, base: Version) => object} [toBody]   default {answer_text, base_version}
 * @property {(answer: Answer) => Version} [versionOf]          default answer.version
 * @property {(url: string, request: SaveRequest, entry: Entry) => Promise<Answer | null>} [sender]   default net/request.js send;
 *           resolves with an object that has `version` and, when it replaced unseen words, `conflict`
 * @property {boolean} [overtakes]   a closing page may send its last words beside a request that is under way
 * @property {(value: any) => string} [fingerprint]  when equal, nothing is saved
 * @property {string} [owner]        whose text it is; default <body data-user>
 * @property {Record<string, string>} [headers]      more request headers
 * @property {(state: ShownState) => void} [onState]    see words.js
 * @property {(answer: Answer, value: any) => void} [onSaved]
 * @property {(conflict: {mine: any, answer: Answer, saver: Saver}) => void} [onConflict]
 * @property {(error: RequestError, value: any) => void} [onRefused]
 * @property {(error: RequestError, value: any) => string} [explain]   the cause of a refusal in words; "": the server's
 * @property {() => void} [onMended]    something that no database takes was taken out of the text
 * @property {() => void} [onLost]      the server went back to before what it had acknowledged; that is sent again
 * @property {() => number} [standing]  the version at which the server has this text, as far as this page knows;
 *           default: the base version
 * @property {(count: number) => void} [onTabs]     other tabs with the same text
 * @property {(value: any) => void} [onRestored]    a text from before the reload was put back
 * @property {(value: any) => void} [onFollowed]    another tab's or device's newer text was put in place
 * @property {Store} [store] @property {Tabs} [browser]   other than the device's, for tests
 * @property {number} [keepEvery] @property {number} [delay] @property {number} [jitter] @property {number} [longest]  milliseconds
 * @property {number} [firstWait] @property {number} [longestWait]  milliseconds between tries
 */

export class Saver extends SendQueue {
  /** @param {SaverOptions} options */
  constructor(options) {
    const owner = options.owner ?? globalThis.document?.body?.dataset.user ?? "";
    super({
      method: "PUT", headers: {}, owner, delay: 1200, jitter: 400, longest: 8000, keepEvery: 250,
      toBody: (value, base) => ({ answer_text: value, base_version: base }),
      versionOf: (answer) => answer?.version ?? null,
      fingerprint: asText, store: deviceStore, sender: send, browser: browserTabs,
      explain: () => "", firstWait: 1000, longestWait: 30000, overtakes: false, ...options,
    });
    /** @type {(() => void)[]} */
    this.listening = [];
    this.isRestored = () => {};
    /** Resolves when what this device had kept is in its place, before it is sent. */
    this.restored = /** @type {Promise<void>} */ (new Promise((done) => (this.isRestored = done)));
    this.ready = this.start().finally(this.isRestored);
  }

  // --- Life ------------------------------------------------------------------------------------

  async start() {
    this.listen(globalThis.window, "online", () => this.retryNow());
    this.listen(globalThis.window, "pagehide", () => this.leaving({ forGood: true }));
    this.listen(globalThis.document, "visibilitychange", () => (document.hidden ? this.leaving() : this.comesBack()));
    this.tabs = this.options.browser.join(this.options.key, {
      onTabs: (count) => this.options.onTabs?.(count),
      onSaved: (news) => this.follow(news),
    });
    await this.options.browser.hold();
    await this.restore();
  }

  /** @param {EventTarget | undefined} target @param {string} type @param {() => void} work */
  listen(target, type, work) {
    if (!target?.addEventListener) return;
    target.addEventListener(type, work);
    this.listening.push(() => target.removeEventListener(type, work));
  }

  /** Stop listening; what is queued stays on the device and is sent later. */
  close() {
    this.closed = true;
    for (const stop of this.listening) stop();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.tabs?.leave();
    this.settle(false);
  }

  // --- From the page ---------------------------------------------------------------------------

  /** Tell that the text may have changed; cheap, call it on each input. */
  changed() {
    if (!this.isDirty()) {
      if (!this.queue.length) this.rest();
      return;
    }
    this.dirtySince ??= Date.now();
    if (!["offline", "retrying"].includes(this.state.state)) this.show("saving");
    this.timers.keep ??= setTimeout(() => this.enqueue(), this.options.keepEvery);
    const left = this.options.longest - (Date.now() - this.dirtySince);
    const wait = Math.min(this.options.delay + Math.random() * this.options.jitter, Math.max(0, left));
    clearTimeout(this.timers.push);
    this.timers.push = setTimeout(() => this.push(), wait);
  }

  /** Is there anything the server has not confirmed? */
  get pending() {
    return this.queue.length > 0 || this.isDirty();
  }

  /** Save now. Resolves true when everything is on the server, false when it has to wait or is refused. */
  async flush() {
    await this.ready;
    this.stop("push");
    if (!this.pending) return !this.refusal;
    if (this.closed) return false;
    const done = /** @type {Promise<boolean>} */ (new Promise((resolve) => this.waiters.push(resolve)));
    this.retryNow();
    return done;
  }

  // --- When the server went back -----------------------------------------------------------------

  get standing() {
    return this.options.standing?.() ?? (typeof this.base === "number" ? this.base : 0);
  }

  /**
   * The server says at which version it has this text. Below `before`, what this page knew when it asked, it was restored
   * from a backup. @param {number} version @param {Version} before
   */
  heard(version, before) {
    if (typeof before === "number" && version < before && this.base === before) this.sendAgain();
  }

  /** What the server had acknowledged is gone there: it is sent again, as a new version. */
  sendAgain() {
    if (this.pending || this.refusal || this.closed) return;
    this.saved = null;
    this.options.onLost?.();
    this.changed();
  }

  /**
   * The server knows neither this text nor its reader any more: what it had acknowledged is kept on this device as well.
   * @param {RequestError} error 401 or 404
   */
  async keepHere(error) {
    await this.ready;
    if (this.closed || this.refusal || this.queue.some(({ known }) => known !== undefined)) return;
    const known = this.standing;
    if (!this.pending && known) {
      this.saved = null;
      this.enqueue();
      const entry = this.queue[this.queue.length - 1];
      entry.known = known;
      await this.keep(entry);
    }
    if (this.queue.length) this.show("refused", { error });
  }

  /** The server got this text by another way (a submission): go on from its version. @param {News} news */
  adopt({ value, version }) {
    this.standsAt(version ?? this.base, value);
    this.lastAnswered = this.base;
    if (this.refusal && this.print(this.refusal.value) === this.saved) this.dropRefusal();
    if (!this.isDirty() && !this.queue.length) this.rest();
  }

  // --- After a reload or a crash -----------------------------------------------------------------

  /** Take over what tabs that are gone have left, show the newest text, and send what may be sent. */
  async restore() {
    /** @type {Entry[]} */
    let left = [];
    try {
      const isOrphan = await this.options.browser.orphanTest();
      const all = await this.options.store.list(this.options.key);
      left = all.filter((entry) => entry.owner === this.options.owner && isOrphan(entry));
      left = await this.withoutKnown(left);
    } catch (error) {
      this.device = reasonOf(error);
    }
    if (!left.length || this.closed || !this.options.writeValue) return;
    const before = { value: this.options.readValue(), version: this.base };
    const typed = this.isDirty();
    await this.takeOver(left);
    const text = left[left.length - 1].value;
    if (!typed && this.print(text) !== this.saved) {
      this.options.writeValue(text);
      this.options.onRestored?.(text);
    }
    this.isRestored();
    if (this.refusal) this.rest();
    if (!this.queue.length) return;
    await this.options.browser.alone(`replay:${this.options.key}`, () => this.push());
    this.putBackNewer(before, text);
  }

  /** Of what was only kept because the server had forgotten it, without what it has again. @param {Entry[]} left */
  async withoutKnown(left) {
    const isThere = (/** @type {Entry} */ { known }) => known !== undefined && known <= this.standing;
    for (const entry of left.filter(isThere)) await this.options.store.remove(entry.id);
    return left.filter((entry) => !isThere(entry));
  }

  /** Words that the server refused for their content wait for a change; everything else is queued. @param {Entry[]} left */
  async takeOver(left) {
    const refusal = left.findLastIndex(({ refused }) => refused && ABOUT_THE_TEXT.includes(refused.status));
    for (const [index, entry] of left.entries()) {
      entry.tab = TAB;
      entry.older = index < refusal;
      if (index === refusal) this.refusal = entry;
      else delete entry.refused;
      await this.keep(entry);
    }
    this.queue.unshift(...left.filter((entry) => !entry.refused));
  }

  /**
   * What we replayed had reached the server long ago and was replaced there since: show the newer text.
   * @param {News} before @param {any} text
   */
  putBackNewer(before, text) {
    if (!isOlder(this.base, before.version) || this.queue.length || this.refusal) return;
    this.standsAt(before.version, before.value);
    if (this.print(this.options.readValue()) === this.print(text)) this.options.writeValue?.(before.value);
    else this.changed();
  }

  // --- Other tabs, leaving -----------------------------------------------------------------------

  /** Somebody else saved: show that, unless this tab has words of its own, be they refused ones. @param {News} news */
  follow({ version, value }) {
    if (this.pending || this.refusal || this.pushing || !this.options.writeValue) return;
    if (version !== null && (version === this.base || isOlder(version, this.base))) return;
    this.standsAt(version, value);
    this.options.writeValue(value);
    this.options.onFollowed?.(value);
  }

  /** Seen again: somebody may have signed in meanwhile, in another tab. */
  comesBack() {
    if (this.state.state === "refused" && this.queue.length) this.retryNow();
  }

  /** The page goes away: keep the text now, and try to send it with what time is left. @param {{forGood?: boolean}} [how] */
  leaving({ forGood = false } = {}) {
    this.hidden = true;
    this.enqueue();
    this.stop("push");
    if (forGood && this.pushing && this.options.overtakes) this.overtake(this.queue.at(-1));
    if (forGood) this.retryNow();
    else this.push();
    setTimeout(() => (this.hidden = false), 0);
  }

  /**
   * The request under way may die with the page: send the last words beside it. They stay on the device as well.
   * @param {Entry | undefined} entry
   */
  overtake(entry) {
    if (!entry || this.closed) return;
    const text = entry.body ?? entry.draft;
    if (this.isSmall(text)) this.options.sender(entry.url, { method: entry.method, text, keepalive: true }, entry).catch(() => {});
  }
}

/** Versions that are numbers grow; marks of a text have no order. @param {Version} one @param {Version} other */
function isOlder(one, other) {
  return typeof one === "number" && typeof other === "number" && one < other;
}

/** @param {SaverOptions} options */
export function createSaver(options) {
  return new Saver(options);
}
