// Questions and the editor: which one is open, in which language, and what counts as an answer.
import { codeOf, written } from "./answered.js";
import { COMMENT, LANGUAGE_WORDS } from "./languages.js";
import { MENDED, askWhichText, joinTexts } from "../saving/index.js";
import { notice, withdraw } from "./notices.js";
import { keepPlace, placeOf } from "./place.js";
import { setUpPreferences } from "./preferences.js";
import { report } from "./reports.js";
import { find } from "../ui/find.js";

/** @import {AnswerTexts, Editor, EditorOptions, OfferedLanguage, RoomData, RoomQuestion, RoomSection} from "./types.js" */

/** @param {HTMLElement} parent @param {EditorOptions} options */
async function loadEditor(parent, options) {
  try {
    const { makeEditor } = await import("./codemirror.js");
    return makeEditor(parent, options);
  } catch {
    const { makeEditor } = await import("./plain-editor.js");
    return makeEditor(parent, options);
  }
}

export class Work {
  /** @param {RoomData} data @param {AnswerTexts} texts */
  static async open(data, texts) {
    const work = new Work(data, texts);
    work.editor = await loadEditor(find("[data-editor]"), {
      nonce: find("[data-nonce]").dataset.nonce ?? "",
      onChange: (text) => work.write(text),
      onMended: () => notice("mended", MENDED, { tone: "warning" }),
      onPaste: (length) => report("paste", { characters: length, question: work.current?.number }),
    });
    setUpPreferences(work.editor);
    work.listen();
    if (work.questions.length) work.show(work.firstOpen());
    return work;
  }

  /** @param {RoomData} data @param {AnswerTexts} texts */
  constructor(data, texts) {
    this.candidate = data.candidate_id;
    this.texts = texts;
    this.sections = data.sections;
    /** @type {RoomQuestion[]} */
    this.questions = data.sections.flatMap((section) => section.questions.map((question) => ({ ...question, section: section.key })));
    this.current = this.questions[0];
    this.editor = /** @type {Editor} */ ({}); // open() puts it in
    /** @type {Map<string, string>} chosen, by question */
    this.languages = new Map();
    /** @type {string | undefined} */
    this.lastLanguage = undefined;
    /** @type {Map<string, OfferedLanguage>} empty until the server has said what can be run */
    this.offered = new Map();
    /** What is open, its text or its language has changed. */
    this.onDescribed = () => {};
    /** @type {Promise<unknown>} the last question about a conflict */
    this.asked = Promise.resolve();
  }

  listen() {
    find("[data-previous]").addEventListener("click", () => this.step(-1));
    find("[data-next]").addEventListener("click", () => this.step(1));
    find("[data-language]").addEventListener("change", (event) => this.choose(/** @type {HTMLSelectElement} */ (event.target).value));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-section]"))) {
      button.addEventListener("click", () => this.show(this.questions.find((question) => question.section === button.dataset.section)));
    }
    document.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      event.preventDefault();
      this.step(event.key === "ArrowLeft" ? -1 : 1);
    });
  }

  /** Where one was before a reload or a crash, else the first question without an answer. */
  firstOpen() {
    const place = placeOf(this.candidate);
    return this.questions.find(({ id }) => id === place) ?? this.unanswered()[0] ?? this.questions[0];
  }

  /** @param {number} by */
  step(by) {
    const index = this.questions.indexOf(this.current) + by;
    const next = this.questions[index];
    if (!next) return;
    if (by > 0 && next.section !== this.current.section) this.texts.finishSection(this.current.section);
    this.show(next);
  }

  /** @param {RoomQuestion | undefined} question */
  show(question) {
    if (!question) return;
    this.current = question;
    keepPlace(this.candidate, question.id);
    for (const article of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-question]"))) article.hidden = article.dataset.question !== question.id;
    this.showLanguages();
    this.showText();
    this.describe();
    find(".exam-question-pane").scrollTop = 0;
    const index = this.questions.indexOf(question);
    find("[data-previous]", HTMLButtonElement).disabled = index === 0;
    const last = index === this.questions.length - 1;
    find("[data-next]").hidden = last;
    find("[data-finish]").classList.toggle("button-primary", last);
    find("[data-position]").textContent = `Question ${index + 1} of ${this.questions.length}`;
  }

  showLanguages() {
    const select = find("[data-language]", HTMLSelectElement);
    const own = this.language();
    const options = this.current.languages.map((key) => {
      const isAway = this.isAway(key);
      const option = new Option(`${LANGUAGE_WORDS[key] ?? key}${isAway ? " (not available)" : ""}`, key);
      option.disabled = isAway && key !== own;
      return option;
    });
    select.replaceChildren(...options);
    select.value = own;
  }

  /** Other languages of this question can be run, this one cannot. When none can, all stay open for writing. @param {string} key */
  isAway(key, question = this.current) {
    if (this.offered.get(key)?.available ?? true) return false;
    return question.languages.some((other) => this.offered.get(other)?.available);
  }

  /** What the server can run now. @param {OfferedLanguage[]} languages */
  offer(languages) {
    const isSame = JSON.stringify([...this.offered.values()]) === JSON.stringify(languages);
    if (isSame || !this.current) return; // an open list of languages stays as it is
    this.offered = new Map(languages.map((one) => [one.language, one]));
    this.showLanguages();
    if (this.text() !== this.editor.text) this.showText(); // untouched, and in another language than before
    this.describe();
  }

  /** @returns {string} */
  language(question = this.current) {
    const saved = this.texts.values[question.id]?.language;
    const [first] = question.languages;
    return this.languages.get(question.id) ?? saved ?? this.lastLanguage ?? question.languages.find((key) => !this.isAway(key, question)) ?? first ?? "";
  }

  /** @returns {string} */
  text(question = this.current) {
    const saved = this.texts.values[question.id];
    const language = this.language(question);
    if (typeof saved === "string") return saved;
    if (saved?.language === language) return saved.code;
    const aside = this.texts.values[`${question.id}/${language}`];
    return aside?.code ?? question.boiler_plate[language] ?? "";
  }

  showText() {
    const key = `${this.current.id}/${this.language()}`;
    this.editor.show(key, this.text(), this.language(), `Your answer to ${this.current.title}, in ${LANGUAGE_WORDS[this.language()] ?? "text"}`);
  }

  /** @param {string} text */
  write(text) {
    const language = this.language();
    this.texts.set(this.current.id, { code: text, language });
    withdraw("elsewhere");
    this.describe();
  }

  /**
   * Another language: the code written so far is set aside under its own key, and comes back with its language.
   * @param {string} language
   */
  choose(language) {
    const question = this.current;
    const saved = this.texts.values[question.id];
    if (saved?.code && saved.language !== language && saved.code !== question.boiler_plate[saved.language]) {
      this.texts.set(`${question.id}/${saved.language}`, saved);
    }
    this.languages.set(question.id, language);
    this.lastLanguage = language;
    const aside = this.texts.values[`${question.id}/${language}`];
    if (aside?.code) this.texts.set(question.id, { code: aside.code, language });
    this.showText();
    this.describe();
    this.editor.focus();
  }

  /** The question of an answer, also of code that was set aside under `id/language`. @param {string} key */
  questionOf(key) {
    return this.questions.find(({ id }) => id === key.split("/")[0]);
  }

  /** An answer was written by somebody else than the editor: it shows. @param {string} key */
  refresh(key) {
    this.languages.delete(key);
    if (key !== this.current?.id) return;
    this.showLanguages();
    if (this.text() !== this.editor.text) this.showText();
    this.describe();
  }

  /** Another tab or device changed this answer and this page had nothing newer. @param {string} key */
  sayFollowed(key) {
    const question = this.questions.find(({ id }) => id === key);
    const where = this.place === "tab" ? "in your other tab" : "on your other device";
    if (question) notice("elsewhere", `“${question.title}” was changed ${where}. Its text is shown here too.`);
  }

  /** Where else the test is open. */
  get place() {
    return this.texts.hasTabs ? "tab" : "device";
  }

  // --- One answer, changed in two places: the server has one as the answer and keeps the other for the reviewers -------

  /** @param {string} key @param {any} mine @param {any} theirs */
  isSame(key, mine, theirs) {
    const code = codeOf(theirs);
    return codeOf(mine) === code || code === this.questionOf(key)?.boiler_plate[theirs.language];
  }

  /**
   * One question at a time; closing it keeps mine.
   * @param {string} key @param {{mine: any, theirs: any}} both @returns {Promise<string>}
   */
  ask(key, { mine, theirs }) {
    const title = this.questionOf(key)?.title ?? "An answer";
    const place = this.place;
    const lead = `You changed “${title}” ${place === "tab" ? "in another tab" : "on another device"} too. Which text shall be your answer? The other one is kept for the people who review the test.`;
    const words = { title: "Two versions of one answer", lead };
    const titled = (/** @type {string} */ name, /** @type {any} */ value) => [name, LANGUAGE_WORDS[value.language]].filter(Boolean).join(", in ");
    const titles = { beforeTitle: titled(`The other ${place}`, theirs), afterTitle: titled(`This ${place}`, mine) };
    const ask = () => askWhichText({ mine: codeOf(mine), theirs: codeOf(theirs), words, titles });
    const answer = this.asked.then(ask).finally(() => this.editor.focus());
    this.asked = answer;
    return answer;
  }

  /**
   * Of one language the texts one below the other; of two languages theirs is set aside, as when one changes it by hand.
   * @param {string} key @param {{mine: any, theirs: any}} both
   */
  join(key, { mine, theirs }) {
    if (theirs.language && theirs.language !== mine.language) {
      this.texts.set(`${key}/${theirs.language}`, theirs);
      return mine;
    }
    const mark = `${COMMENT[mine.language] ?? "//"} --- the version of the other ${this.place} ---`;
    const code = joinTexts({ mine: codeOf(mine), theirs: codeOf(theirs) }, mark);
    return typeof mine === "string" ? code : { ...mine, code };
  }

  /** @param {RoomQuestion} question @returns {number} characters */
  written(question) {
    return written(this.texts.values[question.id], question.boiler_plate);
  }

  /** @param {RoomQuestion} question */
  isAnswered(question) {
    return this.written(question) > 1;
  }

  unanswered() {
    return this.questions.filter((question) => !this.isAnswered(question));
  }

  /** @param {RoomSection[]} sections */
  finishSections(sections) {
    for (const section of sections) this.texts.finishSection(section.key);
  }

  describe() {
    if (!this.current) return;
    find("[data-question-state]").textContent = ["No answer yet", "One character changed"][this.written(this.current)] ?? "Answered";
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-section]"))) {
      const own = this.questions.filter((question) => question.section === button.dataset.section);
      button.dataset.state = own.every((question) => this.isAnswered(question)) ? "done" : "open";
      if (button.dataset.section === this.current.section) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    this.onDescribed();
  }
}
