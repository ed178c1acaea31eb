// Running code: the candidate's answer against the samples or an input of their own. A run changes no answer, and nothing
// waits for it: one writes, moves, leaves and finishes as ever.
import { RequestError, backoff, newKey, sleep } from "../net/request.js";
import { mendField } from "../saving/index.js";
import { find } from "../ui/find.js";
import { onKey } from "../ui/keys.js";
import { call, isRefusal } from "./api.js";
import { resultOf } from "./run_result.js";
import { awayLanguages, isLive, languageWords, refusalWords, resultWords, waitingWords } from "./run_words.js";

/** @import {Run, RunPaths, RoomQuestion} from "./types.js" */
/** @import {Work} from "./work.js" */

const TRIES = 3;
const LOOK_AGAIN = [250, 400, 600, 1000, 1500]; // ms between two looks at a run; then the last again and again
const SLOW = 60000;
const UNDER_WAY = "request_in_progress"; // a request with the same key
const SLOW_WORDS = "This takes longer than usual. Go on writing; the result appears here when it is there.";
const ASK_LANGUAGES = 30000; // while nothing can be run
const WRITTEN_SINCE = "The code has been changed since.";

/** @param {string} candidate @returns {RunPaths} */
export const pathsOfTest = (candidate) => ({
  languages: `/test-session/${candidate}/languages`,
  runsOf: (question) => `/test-session/${candidate}/questions/${question}/runs`,
  run: (id) => `/test-session/${candidate}/runs/${id}`,
});

/** Of the practice room, which has one question. @param {string} candidate @returns {RunPaths} */
export const pathsOfTrial = (candidate) => ({
  languages: `/test-session/${candidate}/languages`,
  runsOf: () => `/test-session/${candidate}/trial/runs`,
  run: (id) => `/test-session/${candidate}/trial/runs/${id}`,
});

export class Runs {
  /**
   * @param {RunPaths} paths @param {Work} work
   * @param {(error: RequestError) => unknown} refused   the test does not go on, or we may not ask
   */
  constructor(paths, work, refused) {
    this.paths = paths;
    this.work = work;
    this.refused = refused;
    this.stopped = false;
    this.asking = false;
    this.isOut = false; // the server has said that nothing can be run
    /** @type {Map<string, Run | null>} the last run of each question; null while it is asked for, or there is none */
    this.last = new Map();
    /** @type {Map<string, string>} the code that the run of a question was made of, where this page knows it */
    this.codes = new Map();
    /** @type {Map<string, string>} own input, by question */
    this.inputs = new Map();
    /** @type {RoomQuestion | null} whose run is under way */
    this.live = null;
    /** @type {RoomQuestion | undefined} */
    this.shown = undefined;
    this.drawnIn = "";

    this.button = find("[data-run]");
    this.line = find("[data-run-state]");
    this.own = find("[data-own-input]", HTMLInputElement);
    this.field = find("[data-input]", HTMLTextAreaElement);
    this.results = find("[data-results]");
    if (!work.questions.length) {
      find("[data-runs]").hidden = true;
      return;
    }
    this.button.addEventListener("click", () => this.run());
    onKey("mod+Enter", () => (document.querySelector("dialog[open]") ? false : void this.run()));
    this.own.addEventListener("change", () => this.showInput());
    this.field.addEventListener("input", () => {
      mendField(this.field);
      this.inputs.set(this.work.current.id, this.field.value);
    });
    work.onDescribed = () => this.refresh();
    this.refresh();
    this.askForLanguages();
  }

  stop() {
    this.stopped = true;
  }

  /** @param {string} words @param {string} [tone] */
  say(words, tone = "") {
    if (this.line.textContent !== words) this.line.textContent = words;
    this.line.dataset.tone = tone;
  }

  // --- What can be run ------------------------------------------------------------------------------

  /** Asked again as long as nothing can be run: it comes back without a reload. */
  async askForLanguages() {
    if (this.asking) return;
    this.asking = true;
    while (!this.stopped && !((await this.learnLanguages()) && this.hasRunner)) await sleep(ASK_LANGUAGES);
    this.asking = false;
  }

  /** True when the server answered; what cannot be run is also said when it is tried. */
  async learnLanguages() {
    const reply = await call("GET", this.paths.languages).catch(() => null);
    if (reply) this.work.offer(reply.languages);
    return Boolean(reply);
  }

  get hasRunner() {
    return [...this.work.offered.values()].some(({ available }) => available);
  }

  /** Why the answer that is open cannot be run, or "". */
  get away() {
    const { work } = this;
    return languageWords(work.offered.get(work.language()), this.hasRunner, work.texts.areKept);
  }

  // --- One run -----------------------------------------------------------------------------------------

  /** Save, post, look until it has ended. */
  async run() {
    if (this.stopped) return;
    if (this.live) return this.say("One run at a time: the last one has not ended yet.");
    const { work } = this;
    const question = work.current;
    const input = this.own.checked ? this.field.value : null;
    if (this.away) {
      this.say("Not run. The reason is below.", "warning");
      this.learnLanguages(); // it may be back, and is offered then
      return;
    }
    const [language, code] = [work.language(question), work.text(question)];
    if (!code.trim()) return this.say("There is no code to run yet.", "warning");
    this.begin(question);
    this.say(work.texts.areKept ? "Saving…" : "Sending…");
    try {
      const saved = await work.texts.saverOf(question.id).flush();
      if (!saved) this.say("This answer could not be saved yet. Running it…", "warning");
      const { run_id: id } = await this.post(question, { language, code, input });
      this.codes.set(question.id, code);
      await this.watch(question, id);
    } catch (error) {
      this.end();
      if (!(error instanceof RequestError)) throw error;
      this.say(refusalWords(error, work.texts.areKept), "warning");
      if ([401, 404, 409].includes(error.status) && error.code !== UNDER_WAY) await this.refused(error);
      if (error.code === "runner_unavailable") this.askForLanguages();
    }
  }

  /** The same key each time: a run whose answer was lost is not made twice. @param {RoomQuestion} question @param {object} body */
  async post({ id }, body) {
    const key = newKey();
    for (let tries = 1; ; tries += 1) {
      try {
        return await call("POST", this.paths.runsOf(id), body, { key });
      } catch (error) {
        const isUnheard = error instanceof RequestError && (error.offline || error.code === UNDER_WAY);
        if (!isUnheard || tries >= TRIES || this.stopped) throw error;
        await sleep(backoff(tries, error.retryAfter));
      }
    }
  }

  /** Look at a run until it has ended or the test has. Without a connection it looks on. @param {RoomQuestion} question @param {string} id */
  async watch(question, id) {
    const started = performance.now();
    for (let looks = 0; !this.stopped; looks += 1) {
      try {
        const { run } = await call("GET", this.paths.run(id));
        if (!isLive(run)) return this.show(question, run);
        const isLong = performance.now() - started > SLOW;
        this.say(isLong ? SLOW_WORDS : waitingWords(run, question === this.work.current ? "" : question.title));
      } catch (error) {
        if (!(error instanceof RequestError) || isRefusal(error)) throw error;
        this.say("We cannot reach the server. The result appears here when the connection is back.", "warning");
      }
      await sleep(LOOK_AGAIN[Math.min(looks, LOOK_AGAIN.length - 1)]);
    }
  }

  /** @param {RoomQuestion} question */
  begin(question) {
    this.live = question;
    this.button.setAttribute("aria-busy", "true");
  }

  end() {
    this.live = null;
    this.button.removeAttribute("aria-busy");
  }

  /** @param {RoomQuestion} question @param {Run} run */
  show(question, run) {
    this.end();
    this.last.set(question.id, run);
    this.say(question === this.work.current ? resultWords(run) : `“${question.title}”: ${resultWords(run)}`);
    if (question !== this.work.current) return;
    this.draw();
    this.refresh();
    // Whoever writes on is left alone.
    if (!document.activeElement?.closest(".exam-editor")) this.results.scrollIntoView({ block: "nearest" });
  }

  // --- The question that is open -----------------------------------------------------------------------

  /** At every change of text, language or question. */
  refresh() {
    const question = this.work.current;
    if (question !== this.shown) this.open(question);
    else if (this.drawnIn !== this.work.language()) this.draw(); // its lines lead into the code of one language
    const { away } = this;
    const note = find("[data-run-away]");
    if (this.isOut && this.hasRunner) this.say("Code can be run again.");
    this.isOut = this.work.offered.size > 0 && !this.hasRunner;
    note.textContent = away;
    note.hidden = !away;
    if (away) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
    const others = [...this.work.offered.values()].filter(({ language, available }) => !available && language !== this.work.language());
    find("[data-languages-away]").textContent = away && !this.work.isAway(this.work.language()) ? "" : awayLanguages(others);
    const code = this.codes.get(question.id);
    find("[data-run-since]").textContent = code !== undefined && code !== this.work.text() ? WRITTEN_SINCE : "";
  }

  /** @param {RoomQuestion} question */
  open(question) {
    this.shown = question;
    this.say("");
    this.field.value = this.inputs.get(question.id) ?? "";
    this.draw();
    if (!this.last.has(question.id)) this.recall(question);
  }

  showInput() {
    find("[data-input-field]").hidden = !this.own.checked;
    if (this.own.checked) this.field.focus();
  }

  /** What was run before a reload, or in another tab. @param {RoomQuestion} question */
  async recall(question) {
    this.last.set(question.id, null);
    let isWatching = false;
    try {
      const { runs } = await call("GET", this.paths.runsOf(question.id));
      const [run] = /** @type {Run[]} */ (runs);
      if (!run || this.last.get(question.id)) return;
      if (!isLive(run)) {
        this.last.set(question.id, run);
        if (question === this.work.current) this.draw();
      } else if (!this.live) {
        isWatching = true;
        this.begin(question);
        await this.watch(question, run.run_id);
      }
    } catch {
      if (isWatching) this.end();
      if (!this.last.get(question.id)) this.last.delete(question.id); // asked again when the question is opened again
    }
  }

  draw() {
    const { work } = this;
    const run = this.last.get(work.current.id);
    this.drawnIn = work.language();
    this.results.hidden = !run;
    find("[data-runs]").dataset.state = run ? "shown" : "empty";
    find(".divider-level").hidden = !run;
    if (!run) return this.results.replaceChildren();
    /** @param {number} line @param {number} column */
    const goTo = (line, column) => work.editor.goTo(line, column);
    this.results.replaceChildren(...resultOf(run, run.language === work.language() ? goTo : null));
    for (const mark of /** @type {NodeListOf<HTMLElement>} */ (this.results.querySelectorAll("mark"))) {
      const text = /** @type {HTMLElement} */ (mark.offsetParent);
      if (text) text.scrollTop = Math.max(0, mark.offsetTop - 40);
    }
  }
}
