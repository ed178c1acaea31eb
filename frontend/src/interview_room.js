// The interview room: clock, words being saved, handing in, ending. Without it the same forms work.
import { RequestError, newKey, send, sendWithRetry } from "./net/request.js";
import { MENDED, conflictResolver, createSaver, mendField, showSaveState, tooLong } from "./saving/index.js";
import { countWords, setBusy } from "./ui/forms.js";
import { clockText, createTimer } from "./ui/timer.js";
import { toast } from "./ui/toasts.js";
import { find, findAll } from "./ui/find.js";

/** @import {Saver} from "./saving/saver.js" */

const BEAT_MS = 30_000;
const LONGEST = 50_000;

const room = find("#interview-room");
const SHORTEST = Number(room.dataset.shortest ?? 50); // characters of an answer
const SCORED_FROM = Number(room.dataset.scoredFrom ?? 0); // words; fewer are kept without a score
const api = room.dataset.api;
const summary = room.dataset.summary ?? "";
/** @type {{json: any, key: string | undefined}} */
const tried = { json: null, key: undefined }; // the answer that was last sent, and its key
/** @param {string} id @returns {any} a control of this page; null where the page has none now */
const byId = (id) => document.getElementById(id);

const { question, attempt, followUp } = room.dataset;
/** What is written here: the answer to a question, or the reply to what the interviewer asked back about an answer. */
const subject = followUp
  ? {
      key: `${attempt}:follow-up:${followUp}`,
      draft: `${api}/attempts/${attempt}/follow-ups/${followUp}/draft`,
      submit: `${api}/attempts/${attempt}/follow-ups/${followUp}/answer`,
      beat: { attempt_id: Number(attempt), follow_up: Number(followUp) },
    }
  : {
      key: question,
      draft: `${api}/questions/${question}/draft`,
      submit: `${api}/attempts`,
      beat: { question_id: Number(question) },
    };

const timer = startTimer();
const saver = byId("answer-form") ? startAnswer() : null;
startBeats();
startEnding();
// Tests wait for it: from here on nothing this device had kept comes into the field any more.
Promise.resolve(saver?.restored).then(() => (room.dataset.ready = "true"));

/** The server's clock; after the end it counts on, since late answers are still taken. */
function startTimer() {
  const pill = byId("room-timer");
  if (!pill) return null;
  const label = pill.querySelector("[data-time-left]");
  return createTimer(pill, {
    onSecond(left) {
      if (byId("late-note")) byId("late-note").hidden = left > 0;
      label.textContent = left > 0 ? `${clockText(left)} left` : `${clockText(-left)} over`;
    },
    onEnd() {
      toast("Time is up. You can still hand in; the answer is marked late.", { tone: "warning", stay: true });
    },
  });
}

/** Tells the server that somebody is here, and takes its time. Hidden pages stay silent. */
function startBeats() {
  if (!byId("end-form")) return;
  const beat = async () => {
    if (document.hidden) return;
    const [sent, version] = [performance.now(), saver?.base ?? null];
    try {
      const told = await send(`${api}/beat`, { method: "POST", json: saver ? subject.beat : {} });
      if (told.ended_at) return location.assign(summary);
      timer?.sync(told, sent);
      saver?.heard(told.draft_version, version);
    } catch (error) {
      // Not reached: the clock goes on, the next beat corrects it.
      if (error instanceof RequestError && [401, 404].includes(error.status)) saver?.keepHere(error);
    }
  };
  beat();
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", beat);
  document.addEventListener("timer:woke", beat);
  addEventListener("online", beat);
  addEventListener("pageshow", (event) => event.persisted && beat());
}

/** Ask before ending (without scripts a page asks); what was typed last is saved first. */
function startEnding() {
  const form = byId("end-form");
  const dialog = byId("end-dialog");
  if (!form) return;
  byId("leave-form").addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    dialog.showModal();
  });
  let warned = false;
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    setBusy(form.querySelector("button"), true);
    await soon(saver?.flush());
    if (saver?.refusal && !warned) {
      warned = true; // once: whoever ends all the same may
      setBusy(form.querySelector("button"), false);
      return void toast("What stands in your answer is not saved. Shorten or copy it first, or press the button again to end without it.", { tone: "warning", stay: true });
    }
    form.submit(); // not requestSubmit: inside the submit event it would be ignored
  });
  if (dialog.open) {
    dialog.close();
    dialog.showModal();
  }
}

/** Wait for what saves, but not long: leaving the page saves too. @param {Promise<unknown> | undefined} work */
function soon(work) {
  return Promise.race([work, new Promise((done) => setTimeout(done, 2000))]);
}

function startAnswer() {
  const form = byId("answer-form");
  const field = byId("answer");
  const spent = watchTime();
  const saver = saveDraft(field);
  const show = () => showCount(field.value);
  field.addEventListener("input", () => {
    if (mendField(field)) toast(MENDED, { tone: "warning" });
    show();
    saver.changed();
  });
  show();
  if (field.value !== (field.dataset.saved ?? field.defaultValue)) saver.changed();
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(byId("hand-in"));
  });
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (event.submitter === byId("skip")) skip(form, saver);
    else handIn(field, spent, saver);
  });
  for (const button of findAll("[data-put-back]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = byId(button.dataset.putBack ?? "").textContent;
      show();
      saver.changed();
      field.focus();
    });
  }
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  return saver;
}

/** "Another question" and "No more questions" are plain forms; what was typed last is saved first. @param {HTMLFormElement} form @param {Saver} saver */
async function skip(form, saver) {
  await soon(saver.flush());
  form.action = byId("skip").formAction;
  form.submit();
}

/** @param {HTMLTextAreaElement} field */
function saveDraft(field) {
  const { session, version } = room.dataset;
  const url = subject.draft;
  const writeValue = (/** @type {string} */ text) => {
    field.value = text;
    showCount(text);
  };
  let told = false;
  const saver = createSaver({
    key: `interview:${session}:${subject.key}`,
    url,
    readValue: () => field.value,
    writeValue,
    savedValue: field.dataset.saved ?? field.defaultValue, // not what was typed before this script came
    baseVersion: Number(version),
    explain: (_error, text) => tooLong(text),
    onMended: () => toast(MENDED, { tone: "warning" }),
    onLost: () => toast("The server had lost its latest data and went back to a backup. Your answer was sent again from this page.", { tone: "warning", stay: true }),
    onState: (state) => showSaveState(byId("save-state"), state),
    onConflict: conflictResolver({ writeValue, loadTheirs: () => replacedText(url) }),
    onTabs(count) {
      if (count && !told) toast("This question is open in another tab too. What one tab saves, the other shows.");
      told = count > 0;
    },
  });
  // Not before what this device may have kept is on the server.
  if (Number(version)) saver.ready.then(() => saver.state.state === "saved" && !saver.pending && saver.show("saved"));
  return saver;
}

/** The text that the last save replaced: the newest revision marked as a conflict. @param {string} url */
async function replacedText(url) {
  const { results } = await send(`${url}/revisions?page_size=1`);
  return results[0]?.conflict ? results[0].answer_text : null;
}

/** @param {HTMLTextAreaElement} field @param {() => number} spent @param {Saver} saver */
async function handIn(field, spent, saver) {
  const button = byId("hand-in");
  if (button.getAttribute("aria-busy") === "true") return;
  const text = field.value;
  const problem = problemOf(text);
  showError(problem);
  if (problem) return void field.focus();
  // The same words go as the same request under the same key: a repeated try never makes a second answer.
  if (tried.json?.answer_text !== text) {
    tried.json = followUp ? { answer_text: text } : { question_id: Number(question), answer_text: text, time_spent_sec: spent() };
    tried.key = newKey();
  }
  setBusy(button, true);
  try {
    const sent = await sendWithRetry(subject.submit, { method: "POST", ...tried }, { tries: 3 });
    // Nothing of this text stays behind on the device, to be sent when the interview has ended.
    await soon(saver.flush());
    location.assign(room.dataset.next ?? `${room.dataset.answers}${sent.id}`);
  } catch (error) {
    setBusy(button, false);
    if (!(error instanceof RequestError)) throw error;
    refuse(error);
  }
}

/** @param {RequestError} error */
function refuse(error) {
  const field = Object.values(error.body?.fields ?? {}).flat()[0];
  const safe = error.retryable ? " Your words are kept; try again in a moment." : "";
  showError(`${field ?? error.message}${safe}`);
  if (error.code === "session_ended") setTimeout(() => location.assign(summary), 2500);
}

/** @param {string} text */
function characters(text) {
  return [...text].length;
}

/** @param {string} text */
function problemOf(text) {
  const length = characters(text);
  if (SHORTEST === 1 && !text.trim()) return "Write an answer first, or take no more questions.";
  if (length < SHORTEST) return `An answer has at least ${SHORTEST} characters; this has ${length}.`;
  if (length > LONGEST) return `An answer has at most 50,000 characters; this has ${length.toLocaleString("en")}.`;
  return "";
}

/** @param {string} sentence */
function showError(sentence) {
  byId("answer-error").textContent = sentence;
  byId("answer").setAttribute("aria-invalid", String(Boolean(sentence)));
}

/**
 * Words once there are enough characters, before that how many are missing. Few words get no score: say so.
 * @param {string} text
 */
function showCount(text) {
  const length = characters(text);
  const words = countWords(text);
  const missing = SHORTEST - length;
  const place = byId("answer-count");
  if (missing > 0 && SHORTEST > 1) place.textContent = length ? `${missing} more character${missing === 1 ? "" : "s"} needed` : `${SHORTEST} characters at least`;
  else place.textContent = `${words.toLocaleString("en")} word${words === 1 ? "" : "s"}${words < SCORED_FROM ? `, scored from ${SCORED_FROM}` : ""}`;
  place.dataset.state = length > LONGEST ? "over" : missing > 0 && length ? "short" : "";
}

/** Whole seconds that this question was in view. */
function watchTime() {
  let seconds = 0;
  /** @type {number | null} */
  let since = document.hidden ? null : performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && since !== null) {
      seconds += (performance.now() - since) / 1000;
      since = null;
    } else if (!document.hidden) since ??= performance.now();
  });
  return () => Math.min(86_400, Math.round(seconds + (since === null ? 0 : (performance.now() - since) / 1000)));
}
