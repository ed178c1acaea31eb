// The answers on this page: one saver for each (frontend/src/saving), and one for the finished sections; they share one
// transport. The version of an answer is a mark of its text, so a save that replaces any other text is a conflict.
import { bytesOf, conflictResolver, createSaver, deviceStore, sendLeftovers, sizeInWords, wordsFor } from "../saving/index.js";
import { takeOverOldStore } from "./old_store.js";

/** @import {Saver, SaverOptions} from "../saving/saver.js" */
/** @import {Progress} from "./progress.js" */
/** @import {RequestError} from "../net/request.js" */
/** @import {RoomData, Standing, TextsListener} from "./types.js" */

const SECTIONS = "sections";
const MAX_ANSWER = 64 * 1024;
const MAX_ANSWERS = 256 * 1024;
const GRAVITY = ["saved", "saving", "retrying", "offline", "refused"];

/** @param {string} candidate */
export const ownerOf = (candidate) => `candidate-${candidate}`;

/** A mark of a text; the database keeps no order of keys. @param {any} value @returns {string} */
function markOf(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param {string} candidate */
const urlOf = (candidate) => `/api/test-session/${candidate}/progress`;

/** @param {string} key @param {any} value */
const bodyOf = (key, value) => ({ pending_answers: { [key]: value }, sections_completed: [] });

/** @param {any} sections */
const bodyOfSections = (sections) => ({ pending_answers: {}, sections_completed: sections });

/** Words of a page of before that still lie where the room used to keep them. @param {string} candidate */
export function takeOverWords(candidate) {
  const common = { owner: ownerOf(candidate), url: urlOf(candidate) };
  return takeOverOldStore(candidate, (key, value, base) => ({
    ...common,
    key: `test:${candidate}:${key || SECTIONS}`,
    base: base && markOf(JSON.parse(base)),
    draft: JSON.stringify(key ? bodyOf(key, value) : bodyOfSections(value)),
  }));
}

export class Texts {
  /**
   * @param {RoomData} data
   * @param {Progress} progress
   * @param {TextsListener} listener
   */
  constructor(data, progress, listener) {
    this.candidate = data.candidate_id;
    this.progress = progress;
    this.listener = listener;
    /** @type {Map<string, Saver>} */
    this.savers = new Map();
    /** @type {Record<string, any>} */
    this.values = { ...data.answers };
    this.version = data.answers_version; // of the answers: the last that a reply has named
    /** @type {Map<string, number>} the version of the save that wrote what this page shows of an answer */
    this.acknowledged = new Map(Object.entries(data.writers).map(([key, writer]) => [key, writer[2] ?? 0]));
    this.areKept = true; // saved and scored, unlike those of the practice room
    this.hasTabs = false; // another tab of this browser has the test open, or had
    this.finished = [...data.sections_completed];
    const questions = data.sections.flatMap((section) => section.questions);
    const asides = questions.flatMap(({ id, languages }) => languages.map((language) => `${id}/${language}`));
    for (const key of new Set([...Object.keys(this.values), ...questions.map(({ id }) => id), ...asides])) this.saverOf(key);
    this.sections = this.save(SECTIONS, {
      readValue: () => this.finished,
      writeValue: (/** @type {string[]} */ sections) => (this.finished = [...new Set([...this.finished, ...sections])]),
      toBody: bodyOfSections,
      sender: (url, request) => this.progress.send(request),
    });
  }

  /** Texts of before a reload or crash are in place; they are sent once the transport is open. */
  async restored() {
    await Promise.all(this.all.map((saver) => saver.restored));
  }

  get all() {
    return [...this.savers.values()];
  }

  /** @param {string} key */
  saverOf(key) {
    return this.savers.get(key) ?? this.openSaver(key);
  }

  /** @param {string} key @returns {Saver} */
  openSaver(key) {
    const { progress } = this;
    /** @param {any} value */
    const writeValue = (value) => {
      progress.news += 1;
      this.values[key] = value;
      this.listener.onWritten(key);
    };
    return this.save(key, {
      baseVersion: key in this.values ? markOf(this.values[key]) : null,
      readValue: () => this.values[key] ?? null,
      writeValue,
      toBody: (value) => bodyOf(key, value),
      standing: () => this.acknowledged.get(key) ?? 0,
      explain: (error, value) => this.explain(key, error, value),
      sender: async (url, request, entry) => {
        const reply = await progress.send(request);
        this.acknowledged.set(key, reply.answers_version);
        const theirs = reply.replaced[key] ?? null;
        return { version: markOf(entry.value), conflict: theirs !== null && markOf(theirs) !== entry.base, theirs };
      },
      onSaved: () => {
        progress.news += 1;
        this.retryWhereRoomWasMade();
      },
      onFollowed: () => this.listener.onFollowed(key),
      onConflict: conflictResolver({
        loadTheirs: async ({ theirs }) => theirs,
        writeValue,
        ask: (both) => this.listener.ask(key, both),
        join: (both) => this.listener.join(key, both),
        same: (mine, theirs) => this.listener.same(key, mine, theirs),
      }),
    });
  }

  /** @param {string} key @param {Partial<SaverOptions> & {readValue: () => any}} options */
  save(key, options) {
    const saver = createSaver({
      key: `test:${this.candidate}:${key}`,
      url: urlOf(this.candidate),
      owner: ownerOf(this.candidate),
      fingerprint: markOf,
      delay: 800, jitter: 0, longestWait: 20000, overtakes: true,
      onState: () => this.show(),
      onRefused: (error) => this.listener.onRefused(error),
      onMended: () => this.listener.onMended(),
      onTabs: (count) => {
        this.hasTabs ||= count > 0;
        if (count > 0) this.listener.onTab();
      },
      ...options,
    });
    this.savers.set(key, saver);
    return saver;
  }

  // --- From the page ---------------------------------------------------------------------------

  /** @param {string} key @param {any} value */
  set(key, value) {
    if (markOf(this.values[key] ?? null) === markOf(value)) return;
    const saver = this.saverOf(key);
    this.values[key] = value;
    saver.changed();
  }

  /** @param {string} key */
  finishSection(key) {
    if (this.finished.includes(key)) return;
    this.finished = [...this.finished, key];
    this.sections.changed();
  }

  get hasUnsent() {
    return this.all.some((saver) => saver.pending);
  }

  /** The keys of the answers that the server refuses. */
  get refused() {
    return [...this.savers].filter(([, saver]) => saver.refusal).map(([key]) => key);
  }

  get canKeep() {
    return this.all.every((saver) => saver.device === "ok");
  }

  /** Save now. True when nothing waits any more: all is on the server but what it refuses. */
  async flush() {
    await Promise.all(this.all.map((saver) => saver.flush()));
    return !this.hasUnsent;
  }

  /** The server can be reached again: do not wait for the next try. */
  retry() {
    for (const saver of this.all) if (saver.queue.length) saver.retryNow();
  }

  close() {
    for (const saver of this.all) saver.close();
  }

  // --- What the server has ------------------------------------------------------------------------

  /** Whether some answer stands there as this page has neither sent nor seen it. @param {Record<string, any>} answers */
  differs(answers) {
    return Object.entries(answers).some(([key, value]) => {
      const saver = this.saverOf(key);
      return !saver.pending && markOf(value) !== saver.saved;
    });
  }

  /**
   * How everything stands on the server. What another tab or device wrote is taken over wherever this page has no words
   * of its own; what the server had acknowledged to this page and lost since, in a restore, is sent again.
   * @param {Standing} standing @returns {number} how many answers are sent again
   */
  takeIn({ pending_answers: answers, answers_version: version, writers, sections_completed: sections }) {
    let lost = 0;
    for (const key of new Set([...Object.keys(answers), ...this.acknowledged.keys()])) {
      const saver = this.saverOf(key);
      const value = answers[key] ?? null;
      const stored = writers[key]?.[2] ?? 0;
      const isLost = stored < (this.acknowledged.get(key) ?? 0) && markOf(value) !== saver.saved;
      this.acknowledged.set(key, stored);
      if (isLost && (this.values[key] ?? null) !== null) {
        lost += 1;
        saver.sendAgain();
      } else if (value !== null) saver.follow({ version: markOf(value), value });
    }
    const isShort = version < this.version && this.finished.some((key) => !sections.includes(key));
    if (isShort) this.sections.sendAgain();
    this.version = version;
    return lost;
  }

  /** The server knows this test no more: everything stays on this device. @param {RequestError} error */
  keepHere(error) {
    for (const saver of this.all) if (saver !== this.sections) saver.keepHere(error);
  }

  // --- What the server refuses ----------------------------------------------------------------------

  /** @param {string} key @param {RequestError} error @param {any} value */
  explain(key, { status }, value) {
    if (status !== 413) return "";
    const own = bytesOf(value);
    if (own > MAX_ANSWER) return `It has ${sizeInWords(own)}, and one answer may have ${sizeInWords(MAX_ANSWER)}.`;
    const all = bytesOf({ ...this.values, [key]: value });
    return all > MAX_ANSWERS ? `All answers together have ${sizeInWords(all)}, and they may have ${sizeInWords(MAX_ANSWERS)}.` : "";
  }

  /** An answer that is refused because all together are too large fits once another one has become shorter. */
  retryWhereRoomWasMade() {
    if (!this.refused.length || bytesOf(this.values) > MAX_ANSWERS) return;
    for (const key of this.refused) {
      const saver = this.saverOf(key);
      if (saver.refusal?.refused?.status === 413 && bytesOf(saver.refusal.value) <= MAX_ANSWER) saver.tryAgain();
    }
  }

  // --- What the candidate sees -------------------------------------------------------------------

  /** The one line about all texts shows the gravest state. */
  show() {
    const [key, saver] = [...this.savers].reduce((one, other) => (gravity(other) > gravity(one) ? other : one));
    this.listener.onState({ ...saver.state, ...wordsFor(saver.state), retry: () => saver.tryAgain() }, key);
  }
}

/** @param {[string, Saver]} one */
const gravity = ([, saver]) => GRAVITY.indexOf(saver.state.state);

/**
 * The test is over. What had not reached the server goes there now: it comes too late and is kept beside the answers.
 * Then this device forgets it.
 * @param {string} candidate
 */
export async function handOverLate(candidate) {
  const owner = ownerOf(candidate);
  await takeOverWords(candidate).catch(() => {});
  await sendLeftovers({ owner });
  for (const entry of await deviceStore.list()) {
    if (entry.owner === owner && entry.refused?.status === 409) await deviceStore.remove(entry.id);
  }
}
