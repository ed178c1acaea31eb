// The answers on this page: one saver for each (frontend/src/saving), and one for the finished sections; they share one
// transport. The version of an answer is a mark of its text, so a save that replaces any other text is a conflict.
import { conflictResolver, createSaver, deviceStore, sendLeftovers, wordsFor } from "../saving/index.js";

/** @import {Saver, SaverOptions} from "../saving/saver.js" */
/** @import {Progress} from "./progress.js" */
/** @import {RoomData, TextsListener} from "./types.js" */

const SECTIONS = "sections";
const GRAVITY = ["saved", "saving", "retrying", "offline", "refused"];

/** @param {string} candidate */
export const ownerOf = (candidate) => `candidate-${candidate}`;

/** A mark of a text; the database keeps no order of keys. @param {any} value @returns {string} */
function markOf(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
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
    this.finished = [...data.sections_completed];
    const questions = data.sections.flatMap((section) => section.questions);
    const asides = questions.flatMap(({ id, languages }) => languages.map((language) => `${id}/${language}`));
    for (const key of new Set([...Object.keys(this.values), ...questions.map(({ id }) => id), ...asides])) this.saverOf(key);
    this.sections = this.save(SECTIONS, {
      readValue: () => this.finished,
      writeValue: (/** @type {string[]} */ sections) => (this.finished = [...new Set([...this.finished, ...sections])]),
      toBody: (/** @type {string[]} */ sections) => ({ pending_answers: {}, sections_completed: sections }),
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
      toBody: (value) => ({ pending_answers: { [key]: value }, sections_completed: [] }),
      sender: async (url, request, entry) => {
        const reply = await progress.send(request);
        const theirs = reply.replaced[key] ?? null;
        return { version: markOf(entry.value), conflict: theirs !== null && markOf(theirs) !== entry.base, theirs };
      },
      onSaved: () => (progress.news += 1),
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
      url: `/api/test-session/${this.candidate}/progress`,
      owner: ownerOf(this.candidate),
      fingerprint: markOf,
      delay: 800, jitter: 0, longestWait: 20000, overtakes: true,
      onState: () => this.show(),
      onRefused: (error) => this.listener.onRefused(error),
      onTabs: (count) => count > 0 && this.listener.onTab(),
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

  /**
   * How everything stands on the server: taken over wherever this page has no words of its own.
   * @param {Record<string, any>} answers
   */
  takeIn(answers) {
    for (const [key, value] of Object.entries(answers)) this.saverOf(key).follow({ version: markOf(value), value });
  }

  // --- What the candidate sees -------------------------------------------------------------------

  /** The one line about all texts shows the gravest state. */
  show() {
    const [key, { state }] = [...this.savers].reduce((one, other) => (gravity(other) > gravity(one) ? other : one));
    this.listener.onState({ ...state, ...wordsFor(state), retry: () => this.retry() }, key);
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
  await sendLeftovers({ owner });
  for (const entry of await deviceStore.list()) {
    if (entry.owner === owner && entry.refused?.status === 409) await deviceStore.remove(entry.id);
  }
}
