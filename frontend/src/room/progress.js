// How answers reach the server: one PUT at a time with the changed keys of all texts that wait; the server merges them
// by key. No version and no idempotency key: `tab_id` and `sequence` tell new words from old ones.
import { RequestError } from "../net/request.js";
import { ABOUT_THE_TEXT } from "../saving/index.js";
import { call, wasLeft } from "./api.js";
import { sender } from "./tab.js";

/** @import {SaveRequest} from "../saving/types.js" */

/** @typedef {{pending_answers: Record<string, any>, sections_completed: string[]}} ProgressBody */
/** @typedef {{body: ProgressBody, resolve: (reply: any) => void, reject: (error: unknown) => void}} Part a text that waits */

export class Progress {
  /**
   * @param {string} candidate
   * @param {{comeBack: () => Promise<void>, version: () => number, onReply: (reply: any, known: number, isLatest: boolean) => void}} listener
   *   `comeBack`: take up a test that was left; throws when that must wait. `version`: of the answers, as far as is known;
   *   `onReply` is told which one it was when the request left
   */
  constructor(candidate, listener) {
    this.path = `/test-session/${candidate}/progress`;
    this.listener = listener;
    /** @type {Part[]} */
    this.waiting = [];
    this.isOpen = this.running = false;
    this.news = 0; // counts what was saved and heard of: a reply that was under way meanwhile tells old news
  }

  /** From now on what waits is sent: before, nobody could be shown what a save brings to light. */
  open() {
    this.isOpen = true;
    this.run();
  }

  /** The page was told to go: what it sends now would say that it is still there. */
  close() {
    this.isOpen = false;
  }

  /**
   * The `sender` of a saver: resolves with the reply to the PUT that carried this text.
   * @param {SaveRequest} request @returns {Promise<any>}
   */
  send({ text, keepalive = false }) {
    return new Promise((resolve, reject) => {
      const part = { body: JSON.parse(text), resolve, reject };
      if (keepalive && this.isOpen) return this.put([part], { keepalive });
      this.waiting.push(part);
      return this.run();
    });
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.isOpen && this.waiting.length) await this.put(this.waiting.splice(0));
    this.running = false;
  }

  /**
   * When a PUT of several texts is refused, each goes alone: the good ones pass.
   * @param {Part[]} parts @param {{keepalive?: boolean}} [options] @returns {Promise<void>}
   */
  async put(parts, options) {
    const [before, known] = [this.news, this.listener.version()];
    try {
      const reply = await this.request(merged(parts), options);
      if (!reply) throw new RequestError("The answer did not come from our server.");
      for (const part of parts) part.resolve(reply);
      this.listener.onReply(reply, known, before === this.news);
    } catch (error) {
      if (parts.length > 1 && error instanceof RequestError && ABOUT_THE_TEXT.includes(error.status)) for (const part of parts) await this.put([part], options);
      else for (const part of parts) part.reject(error);
    }
  }

  /** @param {ProgressBody} body @param {{keepalive?: boolean}} [options] */
  async request(body, options) {
    const put = () => call("PUT", this.path, { ...body, ...sender() }, options);
    try {
      return await put();
    } catch (error) {
      if (!(error instanceof RequestError && wasLeft(error))) throw error;
      await this.listener.comeBack();
      return put();
    }
  }
}

/** @param {Part[]} parts @returns {ProgressBody} */
function merged(parts) {
  const bodies = parts.map(({ body }) => body);
  return {
    pending_answers: Object.assign({}, ...bodies.map((body) => body.pending_answers)),
    sections_completed: bodies.flatMap((body) => body.sections_completed),
  };
}
