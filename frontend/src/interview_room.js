// The interview room: clock, words being saved, handing in, ending. Without it the same forms work.
import { call } from "./interviews/api.js";
import { Clock, state, words } from "./interviews/clock.js";
import { Draft } from "./interviews/draft.js";

const BEAT_MS = 30_000;
const SHORTEST = 50;
const LONGEST = 50_000;

const room = document.getElementById("interview-room");
const api = room.dataset.api;
const byId = (id) => document.getElementById(id);

const clock = startClock();
startBeats();
startEnding();
if (byId("answer-form")) startAnswer();

function startClock() {
  const pill = byId("room-timer");
  if (!pill) return null;
  const label = byId("room-timer-label");
  const passed = performance.now(); // the page was made about when this document was asked for
  const clock = new Clock(Number(pill.dataset.leftMs) - Math.max(0, passed - responseStart()), {
    onTick(left) {
      label.textContent = words(left);
      pill.dataset.state = state(left);
    },
    onWarning: announce,
  });
  return clock;
}

function responseStart() {
  return performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now();
}

function announce(sentence) {
  const place = byId("room-announcer");
  if (place) place.textContent = sentence;
}

/** Tells the server that somebody is here, and takes its time. Hidden pages stay silent. */
function startBeats() {
  if (!byId("end-form")) return;
  const beat = async () => {
    if (document.hidden) return;
    try {
      const told = await call("POST", `${api}/beat`, {});
      if (told.ended_at) return location.assign(room.dataset.summary);
      if (told.deadline && clock) clock.set(Date.parse(told.deadline) - Date.parse(told.server_time));
    } catch {
      // Not reached: the clock goes on, the next beat corrects it.
    }
  };
  beat();
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", beat);
  window.addEventListener("online", beat);
  window.addEventListener("pageshow", (event) => event.persisted && beat());
}

function startEnding() {
  const form = byId("end-form");
  const dialog = byId("end-dialog");
  if (!form || !dialog) return;
  let sure = false;
  form.addEventListener("submit", (event) => {
    if (sure) return;
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "end") return;
    sure = true;
    await room.draft?.flush();
    form.requestSubmit();
  });
}

function startAnswer() {
  const form = byId("answer-form");
  const field = byId("answer");
  const button = byId("hand-in");
  const { question, session } = room.dataset;
  const draft = new Draft({
    url: `${api}/questions/${question}/draft`,
    field,
    version: Number(room.dataset.version),
    badge: byId("save-state"),
    storeKey: `interview-draft:${session}:${question}`,
  });
  room.draft = draft;
  const handIn = { key: crypto.randomUUID(), text: null };
  const spent = watchTime();

  const count = () => showCount(field.value);
  field.addEventListener("input", count);
  count();
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(button);
    }
  });

  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter !== button) return; // "Another question" goes its own way
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const text = field.value;
    const problem = problemOf(text);
    showError(problem);
    if (problem) return field.focus();
    // The same words under the same key: a repeated try never makes a second answer.
    if (handIn.text !== text) Object.assign(handIn, { text, key: crypto.randomUUID() });
    button.setAttribute("aria-busy", "true");
    try {
      const body = { question_id: Number(question), answer_text: text, time_spent_sec: spent() };
      const attempt = await call("POST", `${api}/attempts`, body, handIn.key);
      localStorage.removeItem(draft.storeKey);
      location.assign(`${room.dataset.answers}${attempt.id}`);
    } catch (error) {
      button.removeAttribute("aria-busy");
      const safe = error.status ? "" : " Your words are kept on this device. Try again in a moment.";
      showError(`${error.message}${safe}`);
      if (error.code === "session_ended") setTimeout(() => location.assign(room.dataset.summary), 2500);
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

function problemOf(text) {
  const length = [...text].length;
  if (length < SHORTEST) return `An answer has at least ${SHORTEST} characters; this has ${length}.`;
  if (length > LONGEST) return `An answer has at most 50,000 characters; this has ${length}.`;
  return "";
}

function showError(sentence) {
  byId("answer-error").textContent = sentence;
  byId("answer").setAttribute("aria-invalid", String(Boolean(sentence)));
}

function showCount(text) {
  const length = [...text].length;
  const count = text.trim() ? text.trim().split(/\s+/).length : 0;
  const place = byId("answer-count");
  const missing = SHORTEST - length;
  place.textContent = missing > 0 ? `${missing} more character${missing === 1 ? "" : "s"} needed` : `${count} words`;
  place.dataset.state = length > LONGEST ? "over" : missing > 0 && length ? "short" : "";
}

/** Whole seconds that this question was in view. */
function watchTime() {
  let seconds = 0;
  let since = document.hidden ? null : performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && since !== null) {
      seconds += (performance.now() - since) / 1000;
      since = null;
    } else if (!document.hidden) since = performance.now();
  });
  return () => Math.min(86_400, Math.round(seconds + (since === null ? 0 : (performance.now() - since) / 1000)));
}
