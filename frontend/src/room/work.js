// Questions and the editor: which one is open, in which language, and what counts as an answer.
import { askWhichAnswer, bothAnswers, codeOf, LANGUAGE_WORDS } from "./conflict.js";
import { notice, withdraw } from "./notices.js";
import { report } from "./reports.js";

const find = (selector) => document.querySelector(selector);

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
  static async open(data, answers) {
    const work = new Work(data, answers);
    work.editor = await loadEditor(find("[data-editor]"), {
      nonce: find("[data-room]").dataset.nonce,
      onChange: (text) => work.write(text),
      onPaste: (length) => report("paste", { characters: length, question: work.current?.number }),
    });
    work.listen();
    if (work.questions.length) work.show(work.firstOpen());
    return work;
  }

  constructor(data, answers) {
    this.answers = answers;
    this.sections = data.sections;
    this.questions = data.sections.flatMap((section) => section.questions.map((question) => ({ ...question, section: section.key })));
    this.languages = new Map();
  }

  listen() {
    find("[data-previous]").addEventListener("click", () => this.step(-1));
    find("[data-next]").addEventListener("click", () => this.step(1));
    find("[data-language]").addEventListener("change", (event) => this.choose(event.target.value));
    for (const button of document.querySelectorAll("[data-section]")) {
      button.addEventListener("click", () => this.show(this.questions.find((question) => question.section === button.dataset.section)));
    }
    document.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      event.preventDefault();
      this.step(event.key === "ArrowLeft" ? -1 : 1);
    });
  }

  firstOpen() {
    return this.unanswered()[0] ?? this.questions[0];
  }

  step(by) {
    const index = this.questions.indexOf(this.current) + by;
    const next = this.questions[index];
    if (!next) return;
    if (by > 0 && next.section !== this.current.section) this.answers.finishSection(this.current.section);
    this.show(next);
  }

  show(question) {
    if (!question) return;
    this.current = question;
    for (const article of document.querySelectorAll("[data-question]")) article.hidden = article.dataset.question !== question.id;
    this.showLanguages();
    this.showText();
    this.describe();
    find(".exam-question-pane").scrollTop = 0;
    const index = this.questions.indexOf(question);
    find("[data-previous]").disabled = index === 0;
    const last = index === this.questions.length - 1;
    find("[data-next]").hidden = last;
    find("[data-finish]").classList.toggle("button-primary", last);
    find("[data-position]").textContent = `Question ${index + 1} of ${this.questions.length}`;
  }

  showLanguages() {
    const select = find("[data-language]");
    const options = this.current.languages.map((key) => new Option(LANGUAGE_WORDS[key] ?? key, key));
    select.replaceChildren(...options);
    select.value = this.language();
  }

  language(question = this.current) {
    const saved = this.answers.values[question.id]?.language;
    return this.languages.get(question.id) ?? saved ?? this.lastLanguage ?? question.languages[0] ?? "";
  }

  text(question = this.current) {
    const saved = this.answers.values[question.id];
    const language = this.language(question);
    if (typeof saved === "string") return saved;
    if (saved?.language === language) return saved.code;
    const aside = this.answers.values[`${question.id}/${language}`];
    return aside?.code ?? question.boiler_plate[language] ?? "";
  }

  showText() {
    this.editor.show(this.text(), this.language(), `Your answer to ${this.current.title}, in ${LANGUAGE_WORDS[this.language()] ?? "text"}`);
  }

  write(text) {
    const language = this.language();
    this.answers.set(this.current.id, { code: text, language });
    withdraw("elsewhere");
    this.describe();
  }

  /** Another language: the code written so far is set aside under its own key, and comes back with its language. */
  choose(language) {
    const question = this.current;
    const saved = this.answers.values[question.id];
    if (saved?.code && saved.language !== language && saved.code !== question.boiler_plate[saved.language]) {
      this.answers.set(`${question.id}/${saved.language}`, saved);
    }
    this.languages.set(question.id, language);
    this.lastLanguage = language;
    const aside = this.answers.values[`${question.id}/${language}`];
    if (aside?.code) this.answers.set(question.id, { code: aside.code, language });
    this.showText();
    this.describe();
    this.editor.focus();
  }

  /** Another tab changed this answer and this page had nothing newer: it shows here too. */
  adopt(key) {
    const question = this.questions.find(({ id }) => id === key);
    if (!question) return;
    this.languages.delete(key);
    notice("elsewhere", `“${question.title}” was changed in your other tab. Its text is shown here too.`);
    if (question !== this.current) return;
    this.showLanguages();
    if (this.text() !== this.editor.text) this.showText();
  }

  /** This page replaced a text of another tab that it had never seen: both are shown. */
  async settle(key, theirs) {
    const question = this.questions.find(({ id }) => id === key);
    const mine = this.answers.values[key];
    if (!question || this.asking || codeOf(mine) === codeOf(theirs) || codeOf(theirs) === question.boiler_plate[theirs.language]) return;
    this.asking = true;
    const chosen = await askWhichAnswer({ title: question.title, mine, theirs });
    this.asking = false;
    const now = this.answers.values[key];
    const written = { mine: [], theirs: [[key, theirs]], both: bothAnswers(key, now, theirs) }[chosen];
    for (const [name, value] of written) this.answers.set(name, value);
    if (written.length) this.showAgain(key);
  }

  showAgain(key) {
    if (key !== this.current?.id) return;
    this.languages.delete(key);
    this.showLanguages();
    this.showText();
    this.describe();
    this.editor.focus();
  }

  isAnswered(question) {
    const saved = this.answers.values[question.id];
    const code = codeOf(saved);
    return Boolean(code.trim()) && code !== question.boiler_plate[saved.language];
  }

  unanswered() {
    return this.questions.filter((question) => !this.isAnswered(question));
  }

  finishSections(sections) {
    for (const section of sections) this.answers.finishSection(section.key);
  }

  describe() {
    if (!this.current) return;
    find("[data-question-state]").textContent = this.isAnswered(this.current) ? "Answered" : "No answer yet";
    for (const button of document.querySelectorAll("[data-section]")) {
      const own = this.questions.filter((question) => question.section === button.dataset.section);
      button.dataset.state = own.every((question) => this.isAnswered(question)) ? "done" : "open";
      if (button.dataset.section === this.current.section) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
  }
}
