// The page before the test: checks that tell the candidate what will work, then the start.
import { call, Refused } from "./api.js";
import { clock as serverClock, serverNow } from "./clock.js";
import { drop, keep } from "./kept.js";
import { sender } from "./tab.js";

export function startPage(data) {
  serverClock.learnFromPage(data.server_time);
  check("connection", connection);
  check("storage", () => storage(data.candidate_id));
  check("clock", clock);
  const button = document.querySelector("[data-start]");
  button.addEventListener("click", () => start(button, data.candidate_id));
}

async function check(name, run) {
  const line = document.querySelector(`[data-check="${name}"]`);
  try {
    line.textContent = await run();
    line.dataset.state = "good";
  } catch (error) {
    line.textContent = error.message;
    line.dataset.state = "bad";
  }
}

async function connection() {
  const trips = [];
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    const reply = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (!reply?.ok) throw new Error("Connection: we cannot reach the server. Check your network, then load this page again.");
    trips.push(performance.now() - started);
  }
  return `Connection: good, the server answers in ${Math.round(Math.min(...trips))} ms.`;
}

async function storage(candidate) {
  try {
    await keep(candidate, "check", { answers: {}, sections: [] });
    await drop(candidate, "check");
  } catch {
    throw new Error("Keeping answers on this device: not possible in this window. The test works, but do not close the page while it says offline.");
  }
  return "Keeping answers on this device: works, an outage loses nothing.";
}

async function clock() {
  const off = Math.round((Date.now() - serverNow()) / 1000);
  if (Math.abs(off) < 30) return "Clock: right. The test goes by the server's clock.";
  return `Clock: yours is ${Math.abs(off)} s ${off > 0 ? "fast" : "slow"}. That does no harm: the test goes by the server's clock.`;
}

async function start(button, candidate) {
  const words = document.querySelector("[data-start-error]");
  button.setAttribute("aria-busy", "true");
  words.hidden = true;
  try {
    await call("POST", "/test-session", { candidate_id: candidate, ...sender() });
    location.assign("/test");
  } catch (error) {
    button.removeAttribute("aria-busy");
    words.textContent =
      error instanceof Refused ? error.message : "We could not reach the server. Nothing has started; please try again.";
    words.hidden = false;
  }
}
