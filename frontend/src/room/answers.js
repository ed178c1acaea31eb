// The answers of this page: what is written, what has been acknowledged, what is still to be sent.
//
// One save is under way at a time and carries only the keys that changed. What is unsent is kept on the device
// first, so neither a reload nor an outage loses a word. A failed save waits longer each time, up to 20 s.
import { call, Refused } from "./api.js";
import { drop, keep, readKept } from "./kept.js";
import { Seen } from "./seen.js";
import { sender, tabId } from "./tab.js";

const PAUSE = 800;
const LONGEST_WAIT = 20000;
const KEEPALIVE_LIMIT = 60000; // browsers take 64 KiB in a request that outlives its page

export class Answers {
  constructor(candidate, { answers, sections_completed: sections }, listener) {
    Object.assign(this, { candidate, listener, values: { ...answers }, sections: [...sections] });
    this.unsent = {};
    this.unsentSections = [];
    this.seen = new Seen(answers);
    this.failures = 0;
    this.closed = this.paused = false;
  }

  /** Take up what an earlier page could not send. Newer words of another tab that it replaces are shown beside it. */
  async recover() {
    let found = [];
    try {
      found = await readKept(this.candidate);
    } catch {
      this.listener.cannotKeep();
      return;
    }
    for (const { answers, sections, seen } of found) {
      Object.assign(this.unsent, answers);
      this.seen.takeUp(seen);
      this.unsentSections.push(...(sections || []));
    }
    Object.assign(this.values, this.unsent);
    await this.keepUnsent();
    for (const { tab } of found) if (tab !== tabId) await drop(this.candidate, tab).catch(() => {});
  }

  /** What the server had when this page took the test up. */
  startFrom(answers) {
    Object.assign(this.values, answers);
    this.seen.restart(answers);
  }

  get hasUnsent() {
    return Object.keys(this.unsent).length > 0 || this.unsentSections.length > 0;
  }

  set(key, value) {
    if (JSON.stringify(this.values[key]) === JSON.stringify(value)) return;
    this.values[key] = value;
    this.unsent[key] = value;
    this.changed();
  }

  finishSection(key) {
    if (this.sections.includes(key)) return;
    this.sections.push(key);
    this.unsentSections.push(key);
    this.changed();
  }

  changed() {
    this.keepUnsent();
    this.listener.saving(this.failures ? "retrying" : "saving");
    if (!this.failures) this.schedule(PAUSE);
  }

  async keepUnsent() {
    try {
      if (this.hasUnsent || this.inFlight) {
        const answers = { ...this.inFlight?.answers, ...this.unsent };
        const sections = [...(this.inFlight?.sections || []), ...this.unsentSections];
        await keep(this.candidate, tabId, { answers, sections, seen: this.seen.of(Object.keys(answers)) });
      } else {
        await drop(this.candidate, tabId);
      }
    } catch {
      this.listener.cannotKeep();
    }
  }

  schedule(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Send what is unsent; resolves true when everything has been acknowledged. */
  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.hasUnsent || this.closed || this.paused) return !this.hasUnsent;
    this.running = this.send();
    const done = await this.running;
    this.running = null;
    if (done && this.hasUnsent) return this.flush();
    return done;
  }

  async send() {
    const save = { answers: this.unsent, sections: this.unsentSections };
    this.inFlight = save;
    this.unsent = {};
    this.unsentSections = [];
    this.seen.note(save.answers);
    this.listener.saving(this.failures ? "retrying" : "saving");
    try {
      const reply = await call("PUT", `/test-session/${this.candidate}/progress`, this.body(save));
      this.inFlight = null;
      this.failures = 0;
      this.adopt(reply, save);
      await this.keepUnsent();
      if (!this.hasUnsent) this.listener.saving("saved");
      return true;
    } catch (error) {
      this.inFlight = null;
      this.unsent = { ...save.answers, ...this.unsent };
      this.unsentSections = [...save.sections, ...this.unsentSections];
      return this.failed(error, save);
    }
  }

  body(save) {
    return { pending_answers: save.answers, sections_completed: save.sections, ...sender() };
  }

  failed(error, save) {
    if (error instanceof Refused && [400, 413].includes(error.status)) {
      // Sending it again would not help: say so, and leave the text in the editor and on the device.
      for (const key of Object.keys(save.answers)) delete this.unsent[key];
      this.unsentSections = [];
      this.listener.saving("refused", error);
      return false;
    }
    if (error instanceof Refused && [401, 403, 404, 409].includes(error.status)) {
      this.listener.refused(error);
      return false;
    }
    this.failures += 1;
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.failures) * (0.8 + Math.random() / 5);
    this.listener.saving("retrying", error, wait);
    this.schedule(wait);
    return false;
  }

  /** What stands on the server now shows here too, except where this page has words that it has not sent yet. */
  takeIn(answers) {
    const mine = { ...this.inFlight?.answers, ...this.unsent };
    for (const [key, value] of Object.entries(answers)) {
      if (key in mine || this.seen.isLast(key, value)) continue;
      this.seen.takeUp({ [key]: [JSON.stringify(value)] });
      this.values[key] = value;
      this.listener.fromElsewhere(key);
    }
  }

  /** The merged state. What this save replaced without having seen it is put before the candidate. */
  adopt(reply, save) {
    const unseen = Object.entries(reply.replaced).filter(([key, value]) => !this.seen.has(key, value));
    this.takeIn(reply.pending_answers);
    this.seen.restart(reply.pending_answers, this.unsent);
    this.sections = [...new Set([...reply.sections_completed, ...this.sections])];
    this.listener.acknowledged(reply, save.answers);
    for (const [key, theirs] of unseen) this.listener.conflict(key, theirs);
  }

  /** The page goes: send what fits into a request that outlives it. */
  sendLast() {
    if (this.closed || !(this.hasUnsent || this.inFlight)) return;
    const save = {
      answers: { ...this.inFlight?.answers, ...this.unsent },
      sections: [...(this.inFlight?.sections || []), ...this.unsentSections],
    };
    const body = this.body(save);
    if (JSON.stringify(body).length > KEEPALIVE_LIMIT) return;
    call("PUT", `/test-session/${this.candidate}/progress`, body, { keepalive: true }).catch(() => {});
  }
}
